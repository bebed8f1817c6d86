import django.db.models.deletion
from django.db import migrations, models

import penstock.users.walls
from penstock.users import walls


class Migration(migrations.Migration):
    """Playbooks of stages, and what they planned."""

    dependencies = [
        ("flow", "0008_overrides"),
        ("sales", "0017_goal_walls"),
        ("users", "0007_late_share"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlaybookTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("call", "Call"),
                            ("meeting", "Meeting"),
                            ("email", "E-mail"),
                            ("task", "Task"),
                            ("note", "Note"),
                        ],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(max_length=250, verbose_name="title")),
                ("link", models.URLField(blank=True, max_length=500, verbose_name="document")),
                ("days", models.PositiveSmallIntegerField(default=0, verbose_name="working days")),
                (
                    "counted",
                    models.CharField(
                        choices=[
                            ("entry", "after it enters the stage"),
                            ("close", "before the expected close"),
                        ],
                        default="entry",
                        max_length=8,
                    ),
                ),
                (
                    "who",
                    models.CharField(
                        choices=[
                            ("owner", "Owner of the deal"),
                            ("lead", "Lead of the owner’s team"),
                            ("member", "A certain member"),
                        ],
                        default="owner",
                        max_length=8,
                        verbose_name="who",
                    ),
                ),
                (
                    "least_amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=19,
                        null=True,
                        verbose_name="only from this amount",
                    ),
                ),
                ("is_required", models.BooleanField(default=False, verbose_name="required")),
                (
                    "ends_with_stage",
                    models.BooleanField(
                        default=True, verbose_name="called off when the deal leaves"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "member",
                    penstock.users.walls.WorkspaceKey(
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
                    "stage",
                    penstock.users.walls.WorkspaceKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="playbook",
                        to="flow.stage",
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
        ),
        migrations.CreateModel(
            name="PlayedTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "activity",
                    penstock.users.walls.WorkspaceOneToOne(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="played",
                        to="sales.activity",
                    ),
                ),
                (
                    "item",
                    penstock.users.walls.WorkspaceKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="flow.item",
                    ),
                ),
                (
                    "task",
                    penstock.users.walls.WorkspaceKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="played",
                        to="sales.playbooktask",
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
        ),
        migrations.AddIndex(
            model_name="playbooktask",
            index=models.Index(
                condition=models.Q(("retired_at", None)),
                fields=["workspace", "stage", "position", "id"],
                name="sales_playbooktask_of_stage",
            ),
        ),
        migrations.AddConstraint(
            model_name="playbooktask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("who", "member"), _negated=True),
                    ("member__isnull", False),
                    _connector="OR",
                ),
                name="sales_playbooktask_names_member",
            ),
        ),
        migrations.AddIndex(
            model_name="playedtask",
            index=models.Index(fields=["workspace", "item"], name="sales_playedtask_of_item"),
        ),
        walls.Wall("PlaybookTask", "PlayedTask"),
    ]
