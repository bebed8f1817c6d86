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
            mine=f"workspace_id = (SELECT {walls.WORKSPACE})",
            readable=f"account_id = (SELECT {walls.ACCOUNT})",
        ),
        walls.Policy(
            "Workspace",
            mine=f"id = (SELECT {walls.WORKSPACE})",
            readable=(
                "id IN (SELECT workspace_id FROM users_member "  # noqa: S608 -- constants only
                f"WHERE account_id = (SELECT {walls.ACCOUNT}))"
            ),
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
