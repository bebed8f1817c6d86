"""A function with which the run-time login tells the planner about many new rows."""

from django.db import migrations

CREATE = """
CREATE FUNCTION penstock_refresh_statistics() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $body$
DECLARE
    name text;
BEGIN
    FOR name IN
        SELECT c.relname FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relrowsecurity
        ORDER BY c.relname
    LOOP
        EXECUTE format('ANALYZE public.%I', name);
    END LOOP;
END
$body$
"""


class Migration(migrations.Migration):
    """Only the owner of a table may analyze it, and imports run as the run-time login."""

    dependencies = [
        ("intake", "0002_walls"),
    ]

    operations = [
        migrations.RunSQL(CREATE, "DROP FUNCTION penstock_refresh_statistics()"),
    ]
