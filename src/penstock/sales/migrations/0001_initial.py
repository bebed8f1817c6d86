import django.db.models.deletion
from django.db import migrations, models

import penstock.users.walls


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalog", "0001_initial"),
        ("contacts", "0001_initial"),
        ("flow", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="DealPerson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("decides", "Decides"),
                            ("pays", "Holds the budget"),
                            ("influences", "Influences"),
                            ("uses", "Will use it"),
                            ("blocks", "Is against"),
                            ("contact", "Contact"),
                        ],
                        default="contact",
                        max_length=16,
                        verbose_name="part in the decision",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Deal",
            fields=[
                (
                    "item",
                    penstock.users.walls.WorkspaceOneToOne(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="deal",
                        serialize=False,
                        to="flow.item",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=19,
                        null=True,
                        verbose_name="amount",
                    ),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "close_on",
                    models.DateField(blank=True, null=True, verbose_name="expected close"),
                ),
                ("channel", models.CharField(blank=True, max_length=60, verbose_name="channel")),
                ("qualified_at", models.DateTimeField(blank=True, null=True)),
                ("extra", models.JSONField(blank=True, default=dict)),
                (
                    "company",
                    penstock.users.walls.WorkspaceKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deals",
                        to="contacts.company",
                    ),
                ),
                (
                    "product",
                    penstock.users.walls.WorkspaceKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deals",
                        to="catalog.product",
                    ),
                ),
            ],
        ),
    ]
