"""How soon leads are answered."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import penstock.users.walls
from penstock.users import walls


class Migration(migrations.Migration):
    """Rules and clocks of answers, and who was told of leads that have none."""

    dependencies = [
        ("flow", "0008_overrides"),
        ("sales", "0013_captures"),
        ("users", "0006_overrides"),
    ]

    operations = [
        migrations.CreateModel(
            name="AnswerClock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("arrived_at", models.DateTimeField()),
                ("target_hours", models.DecimalField(decimal_places=2, max_digits=7)),
                ("due_at", models.DateTimeField()),
                ("lead_at", models.DateTimeField()),
                ("manager_at", models.DateTimeField()),
                ("rung", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_hours",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=9, null=True),
                ),
                (
                    "activity",
                    penstock.users.walls.WorkspaceKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sales.activity",
                    ),
                ),
                (
                    "deal",
                    penstock.users.walls.WorkspaceOneToOne(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clock",
                        to="sales.deal",
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
                    models.Index(
                        condition=models.Q(("answered_at", None), ("next_at__isnull", False)),
                        fields=["workspace", "next_at"],
                        name="sales_answer_clock_next",
                    ),
                    models.Index(
                        fields=["workspace", "arrived_at"], name="sales_answer_clock_arrived"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at__isnull", True), ("answered_hours__isnull", True)
                            ),
                            models.Q(
                                ("answered_at__isnull", False), ("answered_hours__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="sales_answer_clock_answer_has_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AnswerRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "target_hours",
                    models.DecimalField(decimal_places=2, max_digits=7, verbose_name="target"),
                ),
                (
                    "lead_hours",
                    models.DecimalField(
                        decimal_places=2, max_digits=7, verbose_name="then the team lead"
                    ),
                ),
                (
                    "manager_hours",
                    models.DecimalField(
                        decimal_places=2, max_digits=7, verbose_name="then the managers"
                    ),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "by",
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
                    "pipeline",
                    penstock.users.walls.WorkspaceKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer_rules",
                        to="flow.pipeline",
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
                    models.Index(
                        fields=["workspace", "pipeline", "-id"], name="sales_answer_rule_last"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lead_hours__gte", 0),
                            ("manager_hours__gte", 0),
                            ("target_hours__gt", 0),
                        ),
                        name="sales_answer_rule_hours",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("occurred_at", models.DateTimeField()),
                ("known_at", models.DateTimeField()),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("is_assumed", models.BooleanField(default=False)),
                ("is_void", models.BooleanField(default=False)),
                ("source_key", models.CharField(blank=True, max_length=200, null=True)),
                ("batch", models.BigIntegerField(blank=True, null=True)),
                (
                    "rung",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Owner"), (2, "Team lead"), (3, "Managers")]
                    ),
                ),
                (
                    "by",
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
                    "item",
                    penstock.users.walls.WorkspaceKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="flow.item",
                    ),
                ),
                (
                    "supersedes",
                    penstock.users.walls.WorkspaceKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="sales.escalation",
                    ),
                ),
                (
                    "to",
                    penstock.users.walls.WorkspaceKey(
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
                "abstract": False,
                "indexes": [
                    models.Index(
                        fields=["workspace", "item", "occurred_at", "id"],
                        name="sales_escalation_story",
                    ),
                    models.Index(
                        condition=models.Q(("batch__isnull", False)),
                        fields=["batch"],
                        name="sales_escalation_batch",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("source_key__isnull", False)),
                        fields=("workspace", "source_key"),
                        name="sales_escalation_source_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("supersedes__isnull", False)),
                        fields=("workspace", "supersedes"),
                        name="sales_escalation_superseded_once",
                    ),
                ],
            },
        ),
        walls.Wall("AnswerRule", "AnswerClock", "Escalation"),
    ]
