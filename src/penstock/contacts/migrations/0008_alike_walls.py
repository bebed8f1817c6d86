"""The wall of the pairs that are possibly one; the worker finds those of what is here already within the hour."""

from django.db import migrations

from penstock.users import walls


class Migration(migrations.Migration):
    """Build the wall."""

    dependencies = [("contacts", "0007_alike"), ("users", "0002_walls")]

    operations = [walls.Wall("Alike")]
