"""Row-level security and foreign keys that carry the workspace."""

from django.db import migrations

from penstock.users import walls


class Migration(migrations.Migration):
    """Build the walls of this room."""

    dependencies = [
        ("users", "0001_initial"),
    ]

    operations = [
        walls.Wall(
            "Team",
            "Member",
            "AuditEntry",
        ),
        walls.Policy(
            "Member",
            using=f"workspace_id = (SELECT {walls.WORKSPACE}) OR account_id = (SELECT {walls.ACCOUNT})",
            check=f"workspace_id = (SELECT {walls.WORKSPACE})",
        ),
        walls.Policy(
            "Workspace",
            using=(
                f"id = (SELECT {walls.WORKSPACE}) OR id IN "
                f"(SELECT workspace_id FROM users_member WHERE account_id = (SELECT {walls.ACCOUNT}))"
            ),
            check=f"id = (SELECT {walls.WORKSPACE})",
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION penstock_workspace_ids() RETURNS SETOF bigint
            LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
            AS 'SELECT id FROM users_workspace ORDER BY id'
            """,
            "DROP FUNCTION penstock_workspace_ids()",
        ),
    ]
