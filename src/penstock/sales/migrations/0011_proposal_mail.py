import django.db.models.deletion
from django.db import migrations, models

from penstock.users import walls


class Migration(migrations.Migration):
    """Links of proposals know where they were mailed."""

    dependencies = [
        ("contacts", "0006_duplicates_walls"),
        ("sales", "0010_claims"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="proposallink",
            name="is_mailed",
        ),
        migrations.AddField(
            model_name="proposallink",
            name="address",
            field=models.EmailField(blank=True, max_length=254, verbose_name="e-mail"),
        ),
        migrations.AddField(
            model_name="proposallink",
            name="person",
            field=walls.WorkspaceKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="contacts.person",
            ),
        ),
        walls.Key("ProposalLink", "person"),
    ]
