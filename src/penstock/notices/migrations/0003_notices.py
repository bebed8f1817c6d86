import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import penstock.users.walls
from penstock.users import walls


class Migration(migrations.Migration):
    """The bell, and how members wish to be reminded."""

    dependencies = [
        ("flow", "0008_overrides"),
        ("notices", "0002_proposal_mail"),
        ("sales", "0015_snooze"),
        ("users", "0006_overrides"),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
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
                        choices=[("given", "Given to you"), ("soon", "Due soon")], max_length=16
                    ),
                ),
                ("source_key", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
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
                    "member",
                    penstock.users.walls.WorkspaceKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
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
                        condition=models.Q(("read_at", None)),
                        fields=["workspace", "member"],
                        name="notices_notice_unread",
                    ),
                    models.Index(
                        fields=["workspace", "member", "-created_at"], name="notices_notice_new"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace", "source_key"), name="notices_notice_source_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Wishes",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "has_digest",
                    models.BooleanField(default=True, verbose_name="a list each working day"),
                ),
                (
                    "digest_hour",
                    models.PositiveSmallIntegerField(
                        default=8,
                        validators=[django.core.validators.MaxValueValidator(23)],
                        verbose_name="from which hour",
                    ),
                ),
                (
                    "minutes_before",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[django.core.validators.MaxValueValidator(1440)],
                        verbose_name="minutes before something is due",
                    ),
                ),
                (
                    "member",
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace", "member"), name="notices_wishes_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("digest_hour__lte", 23), ("minutes_before__lte", 1440)),
                        name="notices_wishes_within_a_day",
                    ),
                ],
            },
        ),
        walls.Wall("Notice", "Wishes"),
    ]
