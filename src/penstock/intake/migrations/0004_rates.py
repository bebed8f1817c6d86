"""Files of exchange rates."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0003_statistics"),
    ]

    operations = [
        migrations.AlterField(
            model_name="changeset",
            name="noun",
            field=models.CharField(
                choices=[
                    ("companies", "Companies"),
                    ("people", "People"),
                    ("products", "Products"),
                    ("members", "Members and teams"),
                    ("deals", "Deals"),
                    ("stage_history", "Stage history of deals"),
                    ("orders", "Orders"),
                    ("order_lines", "Order lines"),
                    ("order_events", "Order events"),
                    ("rates", "Exchange rates"),
                ],
                max_length=16,
                verbose_name="content",
            ),
        ),
    ]
