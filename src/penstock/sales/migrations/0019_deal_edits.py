"""Acts on several deals at once."""

import django.db.models.deletion
from django.db import migrations, models

from penstock.users import walls


class Migration(migrations.Migration):
    """Keep them, so that they can be taken back."""

    dependencies = [
        ("flow", "0008_overrides"),
        ("sales", "0018_playbooks"),
        ("users", "0006_overrides"),
    ]

    operations = [
        migrations.CreateModel(
            name="DealEdit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("move", "Move"),
                            ("assign", "Assign"),
                            ("close_on", "Set the expected close"),
                            ("park", "Park"),
                            ("lose", "Lose"),
                        ],
                        max_length=16,
                    ),
                ),
                ("done_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    walls.WorkspaceKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
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
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DealEditRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("before", models.CharField(blank=True, max_length=40)),
                ("after", models.CharField(blank=True, max_length=40)),
                (
                    "edit",
                    walls.WorkspaceKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="sales.dealedit",
                    ),
                ),
                (
                    "item",
                    walls.WorkspaceKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="flow.item",
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace", "edit", "item"), name="sales_dealeditrow_once"
                    )
                ],
            },
        ),
        walls.Wall("DealEdit", "DealEditRow"),
    ]
