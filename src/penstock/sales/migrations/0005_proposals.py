"""Proposals, their versions and lines, and what happens to them."""

from decimal import Decimal

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import penstock.users.walls


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0003_walls"),
        ("contacts", "0003_walls"),
        ("flow", "0005_figures"),
        ("sales", "0004_followup"),
        ("users", "0003_search_path"),
    ]

    operations = [
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=24, verbose_name="number")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("language", models.CharField(max_length=8, verbose_name="language")),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ProposalVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=250, verbose_name="title")),
                (
                    "introduction",
                    models.TextField(blank=True, max_length=4000, verbose_name="introduction"),
                ),
                ("terms", models.TextField(blank=True, max_length=20000, verbose_name="terms")),
                ("valid_until", models.DateField(verbose_name="valid until")),
                ("created_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "net",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=19, null=True),
                ),
                (
                    "tax",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=19, null=True),
                ),
            ],
            options={
                "ordering": ["proposal", "number"],
            },
        ),
        migrations.CreateModel(
            name="ProposalEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("occurred_at", models.DateTimeField()),
                ("known_at", models.DateTimeField()),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("is_assumed", models.BooleanField(default=False)),
                ("is_void", models.BooleanField(default=False)),
                ("source_key", models.CharField(blank=True, max_length=200, null=True)),
                ("batch", models.BigIntegerField(blank=True, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sent", "Proposal sent"),
                            ("viewed", "Proposal viewed"),
                            ("commented", "Comment on the proposal"),
                            ("accepted", "Proposal accepted"),
                            ("declined", "Proposal declined"),
                            ("withdrawn", "Proposal withdrawn"),
                            ("reopened", "Proposal open again"),
                            ("ordered", "Proposal ordered"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=19, null=True),
                ),
                ("options", models.JSONField(blank=True, default=list)),
                ("mark", models.PositiveIntegerField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ProposalLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mark", models.PositiveIntegerField()),
                ("position", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=250, verbose_name="title")),
                (
                    "description",
                    models.TextField(blank=True, max_length=4000, verbose_name="description"),
                ),
                ("unit", models.CharField(blank=True, max_length=24, verbose_name="unit")),
                (
                    "quantity",
                    models.DecimalField(decimal_places=4, max_digits=19, verbose_name="quantity"),
                ),
                (
                    "unit_price",
                    models.DecimalField(decimal_places=4, max_digits=19, verbose_name="price"),
                ),
                (
                    "discount_share",
                    models.DecimalField(decimal_places=6, default=Decimal("0"), max_digits=9),
                ),
                (
                    "tax_share",
                    models.DecimalField(decimal_places=6, default=Decimal("0"), max_digits=9),
                ),
                (
                    "hours",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=19, null=True),
                ),
                ("is_optional", models.BooleanField(default=False, verbose_name="optional")),
            ],
            options={
                "ordering": ["version", "position"],
            },
        ),
        migrations.CreateModel(
            name="ProposalLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_hash", models.CharField(max_length=64)),
                ("is_mailed", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ProposalSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "accepting_wins",
                    models.BooleanField(
                        default=True, verbose_name="an accepted proposal wins its deal"
                    ),
                ),
                (
                    "valid_days",
                    models.PositiveIntegerField(default=30, verbose_name="valid for days"),
                ),
                ("seller", models.TextField(blank=True, max_length=1000, verbose_name="sender")),
                ("footer", models.CharField(blank=True, max_length=250, verbose_name="foot line")),
                ("terms", models.JSONField(blank=True, default=dict)),
                ("logo", models.BinaryField(blank=True, default=bytes)),
                ("logo_type", models.CharField(blank=True, max_length=16)),
            ],
        ),
        migrations.CreateModel(
            name="ProposalTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=8, verbose_name="language")),
                ("source", models.TextField(max_length=60000, verbose_name="template")),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="deal",
            name="offered_amount",
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=19, null=True),
        ),
        migrations.AddField(
            model_name="deal",
            name="offered_currency",
            field=models.CharField(blank=True, max_length=3),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                condition=models.Q(("offered_amount__isnull", False)),
                fields=["workspace", "item"],
                name="sales_deal_offered",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
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
            model_name="proposal",
            name="deal",
            field=penstock.users.walls.WorkspaceKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposals",
                to="sales.deal",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="person",
            field=penstock.users.walls.WorkspaceKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposals",
                to="contacts.person",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="workspace",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.workspace",
            ),
        ),
        migrations.CreateModel(
            name="ProposalDocument",
            fields=[
                (
                    "version",
                    penstock.users.walls.WorkspaceOneToOne(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="document",
                        serialize=False,
                        to="sales.proposalversion",
                    ),
                ),
                ("data", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="proposalversion",
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
            model_name="proposalversion",
            name="proposal",
            field=penstock.users.walls.WorkspaceKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="versions",
                to="sales.proposal",
            ),
        ),
        migrations.AddField(
            model_name="proposalversion",
            name="workspace",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.workspace",
            ),
        ),
        migrations.CreateModel(
            name="ProposalNote",
            fields=[
                (
                    "event",
                    penstock.users.walls.WorkspaceOneToOne(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="note",
                        serialize=False,
                        to="sales.proposalevent",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                ("text", models.TextField(blank=True, max_length=4000, verbose_name="text")),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="proposalevent",
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
            model_name="proposalevent",
            name="item",
            field=penstock.users.walls.WorkspaceKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="flow.item",
            ),
        ),
        migrations.AddField(
            model_name="proposalevent",
            name="proposal",
            field=penstock.users.walls.WorkspaceKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="sales.proposal",
            ),
        ),
        migrations.AddField(
            model_name="proposalevent",
            name="supersedes",
            field=penstock.users.walls.WorkspaceKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="superseded_by",
                to="sales.proposalevent",
            ),
        ),
        migrations.AddField(
            model_name="proposalevent",
            name="version",
            field=penstock.users.walls.WorkspaceKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="sales.proposalversion",
            ),
        ),
        migrations.AddField(
            model_name="proposalevent",
            name="workspace",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.workspace",
            ),
        ),
        migrations.AddField(
            model_name="proposalline",
            name="product",
            field=penstock.users.walls.WorkspaceKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.product",
            ),
        ),
        migrations.AddField(
            model_name="proposalline",
            name="version",
            field=penstock.users.walls.WorkspaceKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="sales.proposalversion",
            ),
        ),
        migrations.AddField(
            model_name="proposalline",
            name="workspace",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.workspace",
            ),
        ),
        migrations.AddField(
            model_name="proposallink",
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
            model_name="proposallink",
            name="proposal",
            field=penstock.users.walls.WorkspaceKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="links",
                to="sales.proposal",
            ),
        ),
        migrations.AddField(
            model_name="proposallink",
            name="workspace",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.workspace",
            ),
        ),
        migrations.AddField(
            model_name="proposalsettings",
            name="workspace",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.workspace",
            ),
        ),
        migrations.AddField(
            model_name="proposaltemplate",
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
            model_name="proposaltemplate",
            name="workspace",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.workspace",
            ),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["workspace", "deal"], name="sales_proposal_of_deal"),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["workspace", "person"], name="sales_proposal_of_person"),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                fields=("workspace", "key"), name="sales_proposal_key_once"
            ),
        ),
        migrations.AddField(
            model_name="proposaldocument",
            name="workspace",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.workspace",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposalversion",
            constraint=models.UniqueConstraint(
                fields=("workspace", "proposal", "number"), name="sales_proposalversion_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="proposalversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("sent_at", None)),
                fields=("workspace", "proposal"),
                name="sales_proposalversion_one_draft",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposalversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sent_at", None),
                    models.Q(("net__isnull", False), ("tax__isnull", False)),
                    _connector="OR",
                ),
                name="sales_proposalversion_sums_when_sent",
            ),
        ),
        migrations.AddField(
            model_name="proposalnote",
            name="person",
            field=penstock.users.walls.WorkspaceKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="contacts.person",
            ),
        ),
        migrations.AddField(
            model_name="proposalnote",
            name="workspace",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.workspace",
            ),
        ),
        migrations.AddIndex(
            model_name="proposalevent",
            index=models.Index(
                fields=["workspace", "item", "occurred_at", "id"], name="sales_proposalevent_story"
            ),
        ),
        migrations.AddIndex(
            model_name="proposalevent",
            index=models.Index(
                condition=models.Q(("batch__isnull", False)),
                fields=["batch"],
                name="sales_proposalevent_batch",
            ),
        ),
        migrations.AddIndex(
            model_name="proposalevent",
            index=models.Index(
                fields=["workspace", "version", "kind", "occurred_at", "id"],
                name="sales_proposalevent_of_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposalevent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("source_key__isnull", False)),
                fields=("workspace", "source_key"),
                name="sales_proposalevent_source_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposalevent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("supersedes__isnull", False)),
                fields=("workspace", "supersedes"),
                name="sales_proposalevent_superseded_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposalline",
            constraint=models.UniqueConstraint(
                fields=("workspace", "version", "mark"), name="sales_proposalline_mark_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="proposalline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="sales_proposalline_quantity"
            ),
        ),
        migrations.AddConstraint(
            model_name="proposalline",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit_price__gte", 0)), name="sales_proposalline_price"
            ),
        ),
        migrations.AddConstraint(
            model_name="proposalline",
            constraint=models.CheckConstraint(
                condition=models.Q(("discount_share__gte", 0), ("discount_share__lte", 1)),
                name="sales_proposalline_discount",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposalline",
            constraint=models.CheckConstraint(
                condition=models.Q(("tax_share__gte", 0), ("tax_share__lte", 1)),
                name="sales_proposalline_tax",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposalline",
            constraint=models.CheckConstraint(
                condition=models.Q(("hours__isnull", True), ("hours__gte", 0), _connector="OR"),
                name="sales_proposalline_hours",
            ),
        ),
        migrations.AddIndex(
            model_name="proposallink",
            index=models.Index(
                fields=["workspace", "proposal"], name="sales_proposallink_of_proposal"
            ),
        ),
        migrations.AddConstraint(
            model_name="proposallink",
            constraint=models.UniqueConstraint(
                fields=("workspace", "token_hash"), name="sales_proposallink_token_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="proposalsettings",
            constraint=models.UniqueConstraint(
                fields=("workspace",), name="sales_proposalsettings_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="proposaltemplate",
            constraint=models.UniqueConstraint(
                fields=("workspace", "language"), name="sales_proposaltemplate_once"
            ),
        ),
        migrations.AddIndex(
            model_name="proposalnote",
            index=models.Index(fields=["workspace", "person"], name="sales_proposalnote_of_person"),
        ),
    ]
