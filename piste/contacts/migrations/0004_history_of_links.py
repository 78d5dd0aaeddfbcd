"""The history of a record finds the links to it without reading all of them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0003_phones_are_searched'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='contacttagevent',
            index=models.Index(fields=['contact'], name='contacttag_event_contact'),
        ),
    ]
