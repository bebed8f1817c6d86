import django.db.models.deletion
from django.db import migrations, models

from penstock.users import walls


class Migration(migrations.Migration):
    """The bell rings for proposals, and members say whether they want letters about them."""

    dependencies = [
        ("notices", "0003_notices"),
        ("sales", "0019_deal_edits"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("given", "Given to you"),
                    ("soon", "Due soon"),
                    ("viewed", "Proposal viewed"),
                    ("commented", "Comment on the proposal"),
                    ("accepted", "Proposal accepted"),
                    ("declined", "Proposal declined"),
                    ("expiring", "Proposal about to expire"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="proposal",
            field=walls.WorkspaceKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sales.proposal",
            ),
        ),
        migrations.AddField(
            model_name="wishes",
            name="has_proposals",
            field=models.BooleanField(
                db_default=True, default=True, verbose_name="what happens to proposals"
            ),
        ),
        walls.Key("Notice", "proposal"),
    ]
