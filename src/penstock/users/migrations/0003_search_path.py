"""Temporary tables come last where a function looks for names with the owner's rights."""

from django.db import migrations


class Migration(migrations.Migration):
    """Keep whoever may make temporary tables from putting one in place of the workspaces.

    A search path that does not name ``pg_temp`` begins with it.
    """

    dependencies = [
        ("users", "0002_walls"),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER FUNCTION penstock_workspace_ids() SET search_path = pg_catalog, public, pg_temp",
            "ALTER FUNCTION penstock_workspace_ids() SET search_path = pg_catalog, public",
        ),
    ]
