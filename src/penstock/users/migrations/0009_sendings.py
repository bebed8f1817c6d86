import django.db.models.deletion
from django.db import migrations, models

from penstock.users import walls


class Migration(migrations.Migration):
    """Forms that were sent, so that each is acted on once."""

    dependencies = [
        ("users", "0008_saved_views"),
    ]

    operations = [
        migrations.CreateModel(
            name="Sending",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("sent_at", models.DateTimeField()),
                ("is_done", models.BooleanField(default=False)),
                ("leads_to", models.CharField(blank=True, max_length=500)),
                (
                    "member",
                    walls.WorkspaceKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="users.member",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="users.workspace",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["workspace", "sent_at"], name="users_sending_age")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace", "member", "digest"), name="users_sending_once"
                    )
                ],
            },
        ),
        walls.Wall("Sending"),
    ]
