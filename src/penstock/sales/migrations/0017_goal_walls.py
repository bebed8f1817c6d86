"""Row-level security and foreign keys that carry the workspace."""

from django.db import migrations

from penstock.users import walls


class Migration(migrations.Migration):
    """Build the walls of goals."""

    dependencies = [
        ("sales", "0016_goals"),
        ("catalog", "0003_walls"),
        ("users", "0002_walls"),
    ]

    operations = [
        walls.Wall("Goal"),
    ]
