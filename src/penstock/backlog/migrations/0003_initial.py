import django.db.models.deletion
from django.db import migrations, models

import penstock.users.walls


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("backlog", "0002_initial"),
        ("catalog", "0001_initial"),
        ("contacts", "0001_initial"),
        ("users", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
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
            model_name="entry",
            name="supersedes",
            field=penstock.users.walls.WorkspaceKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="superseded_by",
                to="backlog.entry",
            ),
        ),
        migrations.AddField(
            model_name="entry",
            name="workspace",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.workspace",
            ),
        ),
        migrations.AddField(
            model_name="line",
            name="product",
            field=penstock.users.walls.WorkspaceKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="catalog.product",
            ),
        ),
        migrations.AddField(
            model_name="line",
            name="workspace",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.workspace",
            ),
        ),
        migrations.AddField(
            model_name="entry",
            name="line",
            field=penstock.users.walls.WorkspaceKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="backlog.line",
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="company",
            field=penstock.users.walls.WorkspaceKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="orders",
                to="contacts.company",
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="workspace",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.workspace",
            ),
        ),
        migrations.AddField(
            model_name="line",
            name="order",
            field=penstock.users.walls.WorkspaceKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="backlog.order",
            ),
        ),
        migrations.AddField(
            model_name="entry",
            name="order",
            field=penstock.users.walls.WorkspaceKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="backlog.order",
            ),
        ),
        migrations.AddField(
            model_name="workitem",
            name="line",
            field=penstock.users.walls.WorkspaceKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="work_items",
                to="backlog.line",
            ),
        ),
        migrations.AddField(
            model_name="workitem",
            name="workspace",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.workspace",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["workspace", "company"], name="backlog_order_of_company"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                fields=["workspace", "reference"], name="backlog_order_by_reference"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                fields=["workspace", "promised_on"], name="backlog_order_by_promise"
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.UniqueConstraint(
                fields=("workspace", "order", "position"), name="backlog_line_position_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(("remaining_quantity__gte", 0)),
                name="backlog_line_quantity_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(("remaining_value__gte", 0)),
                name="backlog_line_value_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("remaining_hours__isnull", True), ("remaining_hours__gte", 0), _connector="OR"
                ),
                name="backlog_line_hours_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit_price__gte", 0)), name="backlog_line_price_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(("discount_share__gte", 0), ("discount_share__lte", 1)),
                name="backlog_line_discount_is_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(("tax_share__gte", 0)), name="backlog_line_tax_not_negative"
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["workspace", "occurred_at", "order"], name="backlog_entry_by_time"
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["workspace", "order"], name="backlog_entry_of_order"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["workspace", "line", "occurred_at", "id"], name="backlog_entry_story"
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("batch__isnull", False)),
                fields=["batch"],
                name="backlog_entry_batch",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("source_key__isnull", False)),
                fields=("workspace", "source_key"),
                name="backlog_entry_source_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("supersedes__isnull", False)),
                fields=("workspace", "supersedes"),
                name="backlog_entry_superseded_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_void", True),
                    models.Q(
                        ("kind__in", ["accepted", "reversed", "reinstated", "returned"]),
                        ("quantity__gt", 0),
                    ),
                    models.Q(("kind__in", ["fulfilled", "cancelled"]), ("quantity__lt", 0)),
                    ("kind", "amended"),
                    models.Q(("kind", "revalued"), ("quantity", 0)),
                    _connector="OR",
                ),
                name="backlog_entry_sign_of_kind",
            ),
        ),
        migrations.AddIndex(
            model_name="workitem",
            index=models.Index(fields=["workspace", "line"], name="backlog_work_item_of_line"),
        ),
        migrations.AddConstraint(
            model_name="workitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("hours__isnull", True), ("hours__gte", 0), _connector="OR"),
                name="backlog_work_item_hours_not_negative",
            ),
        ),
    ]
