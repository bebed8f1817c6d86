import django.db.models.deletion
from django.db import migrations, models

import penstock.users.walls


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("backlog", "0001_initial"),
        ("flow", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                (
                    "item",
                    penstock.users.walls.WorkspaceOneToOne(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="order",
                        serialize=False,
                        to="flow.item",
                    ),
                ),
                (
                    "reference",
                    models.CharField(blank=True, max_length=120, verbose_name="reference"),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("requested_on", models.DateField(blank=True, null=True, verbose_name="requested")),
                ("promised_on", models.DateField(blank=True, null=True, verbose_name="promised")),
                ("planned_on", models.DateField(blank=True, null=True, verbose_name="planned")),
                ("expected_on", models.DateField(blank=True, null=True, verbose_name="expected")),
                ("fulfilled_at", models.DateTimeField(blank=True, null=True)),
                ("extra", models.JSONField(blank=True, default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="WorkItem",
            fields=[
                (
                    "item",
                    penstock.users.walls.WorkspaceOneToOne(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="work_item",
                        serialize=False,
                        to="flow.item",
                    ),
                ),
                (
                    "hours",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=19,
                        null=True,
                        verbose_name="work hours",
                    ),
                ),
            ],
        ),
    ]
