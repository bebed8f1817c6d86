"""Gates that were passed without their answers, and why."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import penstock.users.walls
from penstock.users import walls


class Migration(migrations.Migration):
    """Overrides and their words."""

    dependencies = [
        ("flow", "0007_parked"),
        ("users", "0006_overrides"),
    ]

    operations = [
        migrations.CreateModel(
            name="Override",
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
                    "needs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), size=None
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
                        to="flow.override",
                    ),
                ),
                (
                    "transition",
                    penstock.users.walls.WorkspaceKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overrides",
                        to="flow.transition",
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
            name="OverrideWording",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=500, verbose_name="reason")),
                (
                    "override",
                    penstock.users.walls.WorkspaceOneToOne(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="wording",
                        to="flow.override",
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
        migrations.AddIndex(
            model_name="override",
            index=models.Index(
                fields=["workspace", "item", "occurred_at", "id"], name="flow_override_story"
            ),
        ),
        migrations.AddIndex(
            model_name="override",
            index=models.Index(
                condition=models.Q(("batch__isnull", False)),
                fields=["batch"],
                name="flow_override_batch",
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.UniqueConstraint(
                condition=models.Q(("source_key__isnull", False)),
                fields=("workspace", "source_key"),
                name="flow_override_source_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.UniqueConstraint(
                condition=models.Q(("supersedes__isnull", False)),
                fields=("workspace", "supersedes"),
                name="flow_override_superseded_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_void", False)),
                fields=("workspace", "transition"),
                name="flow_override_of_transition_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=models.Q(("needs", []), _negated=True),
                name="flow_override_lacks_something",
            ),
        ),
        walls.Wall("Override", "OverrideWording"),
    ]
