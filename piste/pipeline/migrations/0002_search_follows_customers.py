"""A customer's new name is found on its deals, and on those of the people who work for it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION deals_follow_contact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE pipeline_deal SET contact_id = contact_id
    WHERE contact_id = NEW.id OR contact_id IN (SELECT id FROM contacts_contact WHERE parent_id = NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER deals_follow_contact AFTER UPDATE OF name, parent_id ON contacts_contact FOR EACH ROW
WHEN (OLD.name IS DISTINCT FROM NEW.name OR OLD.parent_id IS DISTINCT FROM NEW.parent_id)
EXECUTE FUNCTION deals_follow_contact();
"""
BACK = """
DROP TRIGGER deals_follow_contact ON contacts_contact;
DROP FUNCTION deals_follow_contact();
"""


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
