"""Row-level security and foreign keys that carry the workspace."""

from django.db import migrations

from penstock.users import walls


class Migration(migrations.Migration):
    """Build the walls of this room."""

    dependencies = [
        ("backlog", "0003_initial"),
        ("users", "0002_walls"),
        ("contacts", "0003_walls"),
        ("catalog", "0003_walls"),
        ("flow", "0003_walls"),
    ]

    operations = [
        walls.Wall(
            "Order",
            "Line",
            "Entry",
            "WorkItem",
        ),
    ]
