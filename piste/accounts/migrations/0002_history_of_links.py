"""The history of a record finds the links to it without reading all of them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='membershipevent',
            index=models.Index(fields=['team'], name='membership_event_team'),
        ),
    ]
