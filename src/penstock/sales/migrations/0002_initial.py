import django.db.models.deletion
from django.db import migrations, models

import penstock.users.walls


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contacts", "0002_initial"),
        ("sales", "0001_initial"),
        ("users", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="deal",
            name="workspace",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.workspace",
            ),
        ),
        migrations.AddField(
            model_name="dealperson",
            name="deal",
            field=penstock.users.walls.WorkspaceKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="people",
                to="sales.deal",
            ),
        ),
        migrations.AddField(
            model_name="dealperson",
            name="person",
            field=penstock.users.walls.WorkspaceKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deals",
                to="contacts.person",
            ),
        ),
        migrations.AddField(
            model_name="dealperson",
            name="workspace",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.workspace",
            ),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(fields=["workspace", "company"], name="sales_deal_of_company"),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(fields=["workspace", "close_on"], name="sales_deal_by_close"),
        ),
        migrations.AddConstraint(
            model_name="deal",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__isnull", True), ("amount__gte", 0), _connector="OR"),
                name="sales_deal_amount_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="dealperson",
            constraint=models.UniqueConstraint(
                fields=("workspace", "deal", "person"), name="sales_deal_person_once"
            ),
        ),
    ]
