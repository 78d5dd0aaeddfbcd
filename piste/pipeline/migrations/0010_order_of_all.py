from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pipeline", "0009_scores"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                condition=models.Q(("kind", "opportunity")),
                fields=["-priority", "-id"],
                name="deal_order_all",
            ),
        ),
    ]
