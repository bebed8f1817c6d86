import django.db.models.deletion
from django.db import migrations, models

import penstock.users.walls


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contacts", "0001_initial"),
        ("users", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="company",
            name="workspace",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.workspace",
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="company",
            field=penstock.users.walls.WorkspaceKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="people",
                to="contacts.company",
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="workspace",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.workspace",
            ),
        ),
        migrations.AddIndex(
            model_name="company",
            index=models.Index(fields=["workspace", "sort_key"], name="contacts_company_by_name"),
        ),
        migrations.AddIndex(
            model_name="company",
            index=models.Index(fields=["workspace", "match_key"], name="contacts_company_by_match"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["workspace", "sort_key"], name="contacts_person_by_name"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["workspace", "email"], name="contacts_person_by_email"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["workspace", "company"], name="contacts_person_of_company"),
        ),
    ]
