"""Row-level security and foreign keys that carry the workspace."""

from django.db import migrations

from penstock.users import walls


class Migration(migrations.Migration):
    """Build the walls of this room."""

    dependencies = [
        ("intake", "0001_initial"),
        ("users", "0002_walls"),
    ]

    operations = [
        walls.Wall(
            "ChangeSet",
            "Chunk",
            "ChangeRow",
            "Mapping",
            "Identity",
        ),
    ]
