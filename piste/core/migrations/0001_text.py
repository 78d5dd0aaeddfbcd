"""Extensions for search, and `fold(text)`: lower case without accents, fit for an index."""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

# `SET search_path FROM CURRENT` keeps the dictionary findable where PostgreSQL empties the path
# (dump, restore, index maintenance), whatever schema the company lives in.
FOLD = """
CREATE FUNCTION fold(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path FROM CURRENT
AS $$ SELECT lower(unaccent('unaccent'::regdictionary, $1)) $$;
"""


class Migration(migrations.Migration):
    initial = True
    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(FOLD, "DROP FUNCTION fold(text)"),
    ]
