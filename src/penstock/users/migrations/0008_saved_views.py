"""What people want to see of a list, kept under a name."""

import django.db.models.deletion
from django.db import migrations, models

from penstock.users import walls


class Migration(migrations.Migration):
    """Views, and with which of them a list opens."""

    dependencies = [
        ("users", "0007_late_share"),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.CharField(max_length=24)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("sort_key", models.CharField(max_length=200)),
                ("query", models.CharField(blank=True, max_length=2000)),
                ("is_shared", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "owner",
                    walls.WorkspaceKey(
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
        ),
        migrations.CreateModel(
            name="FirstView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.CharField(max_length=24)),
                (
                    "member",
                    walls.WorkspaceKey(
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
                (
                    "view",
                    walls.WorkspaceKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="users.savedview",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="savedview",
            index=models.Index(fields=["workspace", "place"], name="users_savedview_by_place"),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None)),
                fields=("workspace", "owner", "place", "name"),
                name="users_savedview_name_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="firstview",
            constraint=models.UniqueConstraint(
                fields=("workspace", "member", "place"), name="users_firstview_once"
            ),
        ),
        walls.Wall("SavedView", "FirstView"),
    ]
