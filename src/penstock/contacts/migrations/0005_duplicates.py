"""Possible duplicates, merges, and the pieces by which they are found."""

import django.db.models.deletion
from django.db import migrations, models

import penstock.users.walls


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0004_segment"),
        ("users", "0003_search_path"),
    ]

    operations = [
        migrations.CreateModel(
            name="Apart",
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
                ("said_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="CompanyToken",
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
                            ("g", "Gram"),
                            ("b", "Band"),
                            ("n", "Name"),
                            ("d", "Domain"),
                            ("e", "Email"),
                            ("p", "Phone"),
                        ],
                        max_length=1,
                    ),
                ),
                ("text", models.CharField(max_length=250)),
                ("n_grams", models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Merge",
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
                ("gone_id", models.BigIntegerField()),
                ("kept_id", models.BigIntegerField()),
                ("merged_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("moved", models.JSONField(blank=True, default=dict)),
                ("before", models.JSONField(blank=True, default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="PersonToken",
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
                            ("g", "Gram"),
                            ("b", "Band"),
                            ("n", "Name"),
                            ("d", "Domain"),
                            ("e", "Email"),
                            ("p", "Phone"),
                        ],
                        max_length=1,
                    ),
                ),
                ("text", models.CharField(max_length=250)),
                ("n_grams", models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        migrations.AddField(
            model_name="company",
            name="merged_into",
            field=penstock.users.walls.WorkspaceKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="absorbed",
                to="contacts.company",
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="merged_into",
            field=penstock.users.walls.WorkspaceKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="absorbed",
                to="contacts.person",
            ),
        ),
        migrations.AddIndex(
            model_name="company",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["workspace", "merged_into"],
                name="contacts_company_merged",
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["workspace", "merged_into"],
                name="contacts_person_merged",
            ),
        ),
        migrations.AddField(
            model_name="apart",
            name="by",
            field=penstock.users.walls.WorkspaceKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.member",
            ),
        ),
        migrations.AddField(
            model_name="apart",
            name="workspace",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.workspace",
            ),
        ),
        migrations.AddField(
            model_name="companytoken",
            name="company",
            field=penstock.users.walls.WorkspaceKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tokens",
                to="contacts.company",
            ),
        ),
        migrations.AddField(
            model_name="companytoken",
            name="workspace",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.workspace",
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="by",
            field=penstock.users.walls.WorkspaceKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.member",
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="undone_by",
            field=penstock.users.walls.WorkspaceKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.member",
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="workspace",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.workspace",
            ),
        ),
        migrations.AddField(
            model_name="persontoken",
            name="person",
            field=penstock.users.walls.WorkspaceKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tokens",
                to="contacts.person",
            ),
        ),
        migrations.AddField(
            model_name="persontoken",
            name="workspace",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.workspace",
            ),
        ),
        migrations.AddConstraint(
            model_name="apart",
            constraint=models.UniqueConstraint(
                fields=("workspace", "noun", "low_id", "high_id"), name="contacts_apart_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="apart",
            constraint=models.CheckConstraint(
                condition=models.Q(("low_id__lt", models.F("high_id"))),
                name="contacts_apart_in_order",
            ),
        ),
        migrations.AddIndex(
            model_name="companytoken",
            index=models.Index(
                fields=["workspace", "kind", "text"],
                include=("company", "n_grams"),
                name="contacts_company_alike",
            ),
        ),
        migrations.AddIndex(
            model_name="companytoken",
            index=models.Index(fields=["company"], name="contacts_tokens_of_company"),
        ),
        migrations.AddIndex(
            model_name="merge",
            index=models.Index(fields=["workspace", "noun", "kept_id"], name="contacts_merge_kept"),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at", None)),
                fields=("workspace", "noun", "gone_id"),
                name="contacts_merge_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.CheckConstraint(
                condition=models.Q(("gone_id", models.F("kept_id")), _negated=True),
                name="contacts_merge_of_two",
            ),
        ),
        migrations.AddIndex(
            model_name="persontoken",
            index=models.Index(
                fields=["workspace", "kind", "text"],
                include=("person", "n_grams"),
                name="contacts_person_alike",
            ),
        ),
        migrations.AddIndex(
            model_name="persontoken",
            index=models.Index(fields=["person"], name="contacts_tokens_of_person"),
        ),
    ]
