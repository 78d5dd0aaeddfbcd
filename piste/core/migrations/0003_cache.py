"""The table behind counters that all processes share, such as failed sign-ins."""

from django.db import migrations

TABLE = """
CREATE UNLOGGED TABLE piste_cache (
    cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
);
CREATE INDEX piste_cache_expires ON piste_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_initial")]
    operations = [migrations.RunSQL(TABLE, "DROP TABLE piste_cache")]
