"""Which workspace a page without sign-in belongs to."""

from django.db import migrations


class Migration(migrations.Migration):
    """Let a visitor who has a link find the workspace that it names, and learn nothing but its id."""

    dependencies = [
        ("users", "0004_team_lead"),
    ]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION penstock_workspace_at(slug text) RETURNS bigint
            LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
            AS 'SELECT id FROM users_workspace w WHERE w.slug = $1'
            """,
            "DROP FUNCTION penstock_workspace_at(text)",
        ),
    ]
