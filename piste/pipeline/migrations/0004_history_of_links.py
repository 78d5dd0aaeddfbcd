"""The history of a record finds the links to it without reading all of them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0004_history_of_links'),
        ('pipeline', '0003_phones_are_searched'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='dealtagevent',
            index=models.Index(fields=['deal'], name='dealtag_event_deal'),
        ),
    ]
