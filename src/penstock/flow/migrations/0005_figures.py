"""Indexes from which figures are read without the tables."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("flow", "0004_open_items"),
        ("users", "0002_walls"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="fieldchange",
            index=models.Index(
                condition=models.Q(("field", "currency")),
                fields=["workspace", "item"],
                name="flow_fieldchange_currency",
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=models.Q(("withdrawn_at__isnull", False)),
                fields=["workspace", "id"],
                name="flow_item_withdrawn",
            ),
        ),
        migrations.AddIndex(
            model_name="outcome",
            index=models.Index(
                condition=models.Q(("verdict__in", ["won", "lost", "open"])),
                fields=["workspace", "occurred_at", "id"],
                include=("item", "verdict", "known_at", "is_void"),
                name="flow_outcome_of_deals",
            ),
        ),
    ]
