"""Who leads a team, and teams that are used no longer."""

import django.db.models.deletion
from django.db import migrations, models

import penstock.users.walls


class Migration(migrations.Migration):
    """Two columns of a team."""

    dependencies = [
        ("users", "0003_search_path"),
    ]

    operations = [
        migrations.AddField(
            model_name="team",
            name="lead",
            field=penstock.users.walls.WorkspaceKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="leads",
                to="users.member",
            ),
        ),
        migrations.AddField(
            model_name="team",
            name="retired_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        penstock.users.walls.Key("Team", "lead"),
    ]
