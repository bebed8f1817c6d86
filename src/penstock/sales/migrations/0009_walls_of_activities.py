"""Row-level security and foreign keys that carry the workspace."""

from django.db import migrations

from penstock.users import walls


class Migration(migrations.Migration):
    """Build the walls of activities, and the key from a deal to its next step."""

    dependencies = [
        ("sales", "0008_activities"),
    ]

    operations = [
        walls.Wall("Activity", "ActivityChange"),
        walls.Key("Deal", "next_step"),
    ]
