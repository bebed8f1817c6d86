import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

from penstock.users import walls


class Migration(migrations.Migration):
    """Letters that are written once, and tasks of playbooks that offer them."""

    dependencies = [
        ("sales", "0021_closings"),
        ("users", "0007_late_share"),
    ]

    operations = [
        migrations.CreateModel(
            name="MailTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("language", models.CharField(max_length=8, verbose_name="language")),
                ("subject", models.CharField(max_length=250, verbose_name="subject")),
                ("text", models.TextField(max_length=8000, verbose_name="text")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
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
        migrations.AddField(
            model_name="playbooktask",
            name="template",
            field=walls.WorkspaceKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sales.mailtemplate",
            ),
        ),
        migrations.AddConstraint(
            model_name="mailtemplate",
            constraint=models.UniqueConstraint(
                models.F("workspace"),
                models.F("language"),
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("retired_at", None)),
                name="sales_mailtemplate_name_once",
            ),
        ),
        walls.Wall("MailTemplate"),
        walls.Key("PlaybookTask", "template"),
    ]
