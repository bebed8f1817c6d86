"""Exchange rates."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import penstock.users.walls


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0003_walls"),
        ("users", "0004_team_lead"),
    ]

    operations = [
        migrations.CreateModel(
            name="Rate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("into", models.CharField(max_length=3)),
                ("day", models.DateField(verbose_name="day")),
                (
                    "rate",
                    models.DecimalField(decimal_places=15, max_digits=30, verbose_name="rate"),
                ),
                ("is_void", models.BooleanField(default=False)),
                ("source", models.CharField(blank=True, max_length=60, verbose_name="source")),
                ("known_at", models.DateTimeField()),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("is_assumed", models.BooleanField(default=False)),
                ("batch", models.BigIntegerField(blank=True, null=True)),
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
                        fields=["workspace", "currency", "-day", "-known_at", "-id"],
                        name="catalog_rate_in_force",
                    ),
                    models.Index(
                        condition=models.Q(("batch__isnull", False)),
                        fields=["batch"],
                        name="catalog_rate_batch",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rate__gt", 0)), name="catalog_rate_more_than_nothing"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency", models.F("into")), _negated=True),
                        name="catalog_rate_of_two",
                    ),
                ],
            },
        ),
        penstock.users.walls.Wall("Rate"),
    ]
