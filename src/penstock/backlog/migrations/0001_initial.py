from decimal import Decimal

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
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
                            ("accepted", "Accepted"),
                            ("amended", "Amended"),
                            ("fulfilled", "Fulfilled"),
                            ("reversed", "Fulfilment reversed"),
                            ("cancelled", "Cancelled"),
                            ("reinstated", "Reinstated"),
                            ("returned", "Returned"),
                            ("revalued", "Revalued"),
                        ],
                        max_length=16,
                    ),
                ),
                ("quantity", models.DecimalField(decimal_places=4, max_digits=19)),
                ("value", models.DecimalField(decimal_places=4, max_digits=19)),
                (
                    "hours",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=19, null=True),
                ),
                ("reason", models.CharField(blank=True, max_length=40)),
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
            ],
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                (
                    "sort",
                    models.CharField(
                        choices=[("goods", "Goods or service"), ("charge", "Charge")],
                        default="goods",
                        max_length=8,
                    ),
                ),
                ("title", models.CharField(max_length=250, verbose_name="title")),
                ("unit", models.CharField(blank=True, max_length=24, verbose_name="unit")),
                (
                    "unit_price",
                    models.DecimalField(decimal_places=4, max_digits=19, verbose_name="price"),
                ),
                (
                    "discount_share",
                    models.DecimalField(
                        decimal_places=6,
                        default=Decimal("0"),
                        max_digits=9,
                        verbose_name="discount",
                    ),
                ),
                (
                    "tax_share",
                    models.DecimalField(
                        decimal_places=6, default=Decimal("0"), max_digits=9, verbose_name="tax"
                    ),
                ),
                (
                    "ordered_quantity",
                    models.DecimalField(decimal_places=4, default=Decimal("0.0000"), max_digits=19),
                ),
                (
                    "remaining_quantity",
                    models.DecimalField(decimal_places=4, default=Decimal("0.0000"), max_digits=19),
                ),
                (
                    "remaining_value",
                    models.DecimalField(decimal_places=4, default=Decimal("0.0000"), max_digits=19),
                ),
                (
                    "remaining_hours",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=19, null=True),
                ),
                ("batch", models.BigIntegerField(blank=True, null=True)),
                ("extra", models.JSONField(blank=True, default=dict)),
            ],
            options={
                "ordering": ["order", "position"],
            },
        ),
    ]
