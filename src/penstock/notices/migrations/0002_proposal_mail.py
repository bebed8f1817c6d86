import django.db.models.deletion
from django.db import migrations, models

from penstock.users import walls


class Migration(migrations.Migration):
    """A letter can carry the document of a proposal, and name where answers go."""

    dependencies = [
        ("notices", "0001_initial"),
        ("sales", "0010_claims"),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="version",
            field=walls.WorkspaceKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sales.proposalversion",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="reply_to",
            field=models.EmailField(blank=True, max_length=254, verbose_name="reply to"),
        ),
        migrations.AlterField(
            model_name="attachment",
            name="data",
            field=models.BinaryField(blank=True, default=bytes),
        ),
        walls.Key("Attachment", "version"),
    ]
