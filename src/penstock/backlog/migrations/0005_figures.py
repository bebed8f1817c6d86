"""Indexes from which figures are read without the tables."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("backlog", "0004_walls"),
        ("catalog", "0003_walls"),
        ("contacts", "0003_walls"),
        ("flow", "0004_open_items"),
        ("users", "0002_walls"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="entry",
            name="backlog_entry_by_time",
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["workspace", "occurred_at", "id"],
                include=(
                    "order",
                    "line",
                    "kind",
                    "quantity",
                    "value",
                    "hours",
                    "known_at",
                    "is_void",
                ),
                name="backlog_entry_since",
            ),
        ),
        migrations.AddIndex(
            model_name="line",
            index=models.Index(
                condition=models.Q(
                    ("remaining_quantity__gt", 0),
                    ("remaining_value__gt", 0),
                    ("remaining_hours__gt", 0),
                    _connector="OR",
                ),
                fields=["workspace", "order", "id"],
                include=("sort", "remaining_quantity", "remaining_value", "remaining_hours"),
                name="backlog_line_rest",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("fulfilled_at", None)),
                fields=["workspace", "promised_on", "accepted_at", "item"],
                include=("currency", "company"),
                name="backlog_order_queue",
            ),
        ),
    ]
