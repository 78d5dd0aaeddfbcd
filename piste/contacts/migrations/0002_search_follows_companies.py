"""A company's new name is found on the people who work for it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION people_follow_company() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE contacts_contact SET parent_id = parent_id WHERE parent_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER people_follow_company AFTER UPDATE OF name ON contacts_contact FOR EACH ROW
WHEN (OLD.name IS DISTINCT FROM NEW.name)
EXECUTE FUNCTION people_follow_company();
"""
BACK = """
DROP TRIGGER people_follow_company ON contacts_contact;
DROP FUNCTION people_follow_company();
"""


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
