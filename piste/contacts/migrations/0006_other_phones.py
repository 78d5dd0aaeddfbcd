"""The other number of customers that were there before there was a column for it."""

from typing import Any

from django.db import migrations

from piste.contacts.refilling import fill_other_phones


def fill(apps: Any, schema_editor: Any) -> None:
    company = apps.get_model("accounts", "Company")
    home = company.objects.values_list("country", flat=True).first() or company().country
    fill_other_phones(schema_editor.connection, "contacts_contact", "contacts_contactevent", home=home)


class Migration(migrations.Migration):
    # Each batch for itself, so that no million rows stay locked; what an interrupted run has done, the next leaves out.
    atomic = False
    dependencies = [("accounts", "0003_uses_leads"), ("contacts", "0005_duplicates")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
