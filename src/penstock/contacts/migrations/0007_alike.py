"""Pairs that are possibly one are kept."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0006_duplicates_walls"),
        ("users", "0007_late_share"),
    ]

    operations = [
        migrations.CreateModel(
            name="Alike",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "noun",
                    models.CharField(
                        choices=[("company", "Companies"), ("person", "People"), ("deal", "Deals")],
                        max_length=8,
                    ),
                ),
                ("low_id", models.BigIntegerField()),
                ("high_id", models.BigIntegerField()),
                ("score", models.FloatField()),
                ("reasons", models.JSONField(default=list)),
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
                        models.F("workspace"),
                        models.F("noun"),
                        models.OrderBy(models.F("score"), descending=True),
                        models.F("low_id"),
                        models.F("high_id"),
                        name="contacts_alike_by_rank",
                    ),
                    models.Index(
                        fields=["workspace", "noun", "high_id"], name="contacts_alike_high"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace", "noun", "low_id", "high_id"),
                        name="contacts_alike_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("low_id__lt", models.F("high_id"))),
                        name="contacts_alike_in_order",
                    ),
                ],
            },
        ),
    ]
