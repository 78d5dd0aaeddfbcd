"""The other number of deals that were there before there was a column for it."""

from typing import Any

from django.db import migrations

from piste.contacts.refilling import fill_other_phones


def fill(apps: Any, schema_editor: Any) -> None:
    company = apps.get_model("accounts", "Company")
    home = company.objects.values_list("country", flat=True).first() or company().country
    fill_other_phones(schema_editor.connection, "pipeline_deal", "pipeline_dealevent", home=home)


class Migration(migrations.Migration):
    # As with customers: each batch for itself.
    atomic = False
    dependencies = [("accounts", "0003_uses_leads"), ("pipeline", "0011_read_lanes_in_order")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
