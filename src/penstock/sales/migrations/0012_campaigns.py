"""Campaigns, their costs, channels and touches."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import penstock.users.walls
from penstock.users import walls


class Migration(migrations.Migration):
    """Campaigns with their costs, channels, and how customers came."""

    dependencies = [
        ("flow", "0007_parked"),
        ("sales", "0011_proposal_mail"),
        ("users", "0005_open"),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("code", models.CharField(blank=True, max_length=120, verbose_name="code")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("content", "Content"),
                            ("social", "Social media"),
                            ("paid", "Paid advertising"),
                            ("search", "Search"),
                            ("referral", "Referral"),
                            ("email", "E-mail"),
                            ("event", "Event"),
                            ("phone", "Phone"),
                            ("direct", "Direct"),
                        ],
                        max_length=16,
                        verbose_name="channel",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
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
        migrations.CreateModel(
            name="CampaignCost",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first", models.DateField(verbose_name="from")),
                ("last", models.DateField(verbose_name="until")),
                (
                    "amount",
                    models.DecimalField(decimal_places=4, max_digits=19, verbose_name="amount"),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("is_void", models.BooleanField(default=False)),
                ("known_at", models.DateTimeField()),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "by",
                    penstock.users.walls.WorkspaceKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="users.member",
                    ),
                ),
                (
                    "campaign",
                    penstock.users.walls.WorkspaceKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="costs",
                        to="sales.campaign",
                    ),
                ),
                (
                    "supersedes",
                    penstock.users.walls.WorkspaceKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="sales.campaigncost",
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
            name="ChannelRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sort",
                    models.CharField(
                        choices=[
                            ("stated", "Stated source"),
                            ("utm_campaign", "utm_campaign"),
                            ("utm_source", "utm_source"),
                            ("utm_medium", "utm_medium"),
                            ("referrer", "Referring site"),
                        ],
                        max_length=16,
                        verbose_name="compared with",
                    ),
                ),
                ("text", models.CharField(max_length=200, verbose_name="word")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("content", "Content"),
                            ("social", "Social media"),
                            ("paid", "Paid advertising"),
                            ("search", "Search"),
                            ("referral", "Referral"),
                            ("email", "E-mail"),
                            ("event", "Event"),
                            ("phone", "Phone"),
                            ("direct", "Direct"),
                        ],
                        max_length=16,
                        verbose_name="channel",
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
            name="Touch",
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
                    "channel",
                    models.CharField(
                        choices=[
                            ("content", "Content"),
                            ("social", "Social media"),
                            ("paid", "Paid advertising"),
                            ("search", "Search"),
                            ("referral", "Referral"),
                            ("email", "E-mail"),
                            ("event", "Event"),
                            ("phone", "Phone"),
                            ("direct", "Direct"),
                        ],
                        max_length=16,
                        verbose_name="channel",
                    ),
                ),
                (
                    "by",
                    penstock.users.walls.WorkspaceKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="users.member",
                    ),
                ),
                (
                    "campaign",
                    penstock.users.walls.WorkspaceKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="touches",
                        to="sales.campaign",
                    ),
                ),
                (
                    "item",
                    penstock.users.walls.WorkspaceKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="flow.item",
                    ),
                ),
                (
                    "supersedes",
                    penstock.users.walls.WorkspaceKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="sales.touch",
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
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TouchTrace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("utm_source", models.CharField(blank=True, max_length=200)),
                ("utm_medium", models.CharField(blank=True, max_length=200)),
                ("utm_campaign", models.CharField(blank=True, max_length=200)),
                ("utm_term", models.CharField(blank=True, max_length=200)),
                ("utm_content", models.CharField(blank=True, max_length=200)),
                ("landing", models.CharField(blank=True, max_length=200)),
                ("referrer", models.CharField(blank=True, max_length=200)),
                (
                    "touch",
                    penstock.users.walls.WorkspaceOneToOne(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trace",
                        to="sales.touch",
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
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.UniqueConstraint(
                condition=models.Q(("code", ""), _negated=True),
                fields=("workspace", "code"),
                name="sales_campaign_code_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on__isnull", True),
                    ("ends_on__gte", models.F("starts_on")),
                    _connector="OR",
                ),
                name="sales_campaign_ends_after_start",
            ),
        ),
        migrations.AddIndex(
            model_name="campaigncost",
            index=models.Index(
                fields=["workspace", "campaign", "first"], name="sales_campaign_cost_of"
            ),
        ),
        migrations.AddConstraint(
            model_name="campaigncost",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 0)), name="sales_campaign_cost_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="campaigncost",
            constraint=models.CheckConstraint(
                condition=models.Q(("last__gte", models.F("first"))),
                name="sales_campaign_cost_of_a_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaigncost",
            constraint=models.UniqueConstraint(
                condition=models.Q(("supersedes__isnull", False)),
                fields=("workspace", "supersedes"),
                name="sales_campaign_cost_superseded_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="channelrule",
            constraint=models.UniqueConstraint(
                fields=("workspace", "sort", "text"), name="sales_channel_rule_once"
            ),
        ),
        migrations.AddIndex(
            model_name="touch",
            index=models.Index(
                fields=["workspace", "item", "occurred_at", "id"], name="sales_touch_story"
            ),
        ),
        migrations.AddIndex(
            model_name="touch",
            index=models.Index(
                condition=models.Q(("batch__isnull", False)),
                fields=["batch"],
                name="sales_touch_batch",
            ),
        ),
        migrations.AddIndex(
            model_name="touch",
            index=models.Index(
                condition=models.Q(("campaign__isnull", False)),
                fields=["workspace", "campaign"],
                name="sales_touch_by_campaign",
            ),
        ),
        migrations.AddConstraint(
            model_name="touch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("source_key__isnull", False)),
                fields=("workspace", "source_key"),
                name="sales_touch_source_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="touch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("supersedes__isnull", False)),
                fields=("workspace", "supersedes"),
                name="sales_touch_superseded_once",
            ),
        ),
        walls.Wall("Campaign", "CampaignCost", "ChannelRule", "Touch", "TouchTrace"),
    ]
