"""Claims about need, budget, authority and time."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import penstock.users.walls
from penstock.users import walls


class Migration(migrations.Migration):
    """Claims, their words, and how fast they fade."""

    dependencies = [
        ("contacts", "0003_walls"),
        ("flow", "0005_figures"),
        ("sales", "0009_walls_of_activities"),
        ("users", "0003_search_path"),
    ]

    operations = [
        migrations.CreateModel(
            name="Claim",
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
                    "topic",
                    models.CharField(
                        choices=[
                            ("need", "Need"),
                            ("budget", "Budget"),
                            ("authority", "Authority"),
                            ("timeline", "Timeline"),
                        ],
                        max_length=16,
                        verbose_name="topic",
                    ),
                ),
                ("is_for", models.BooleanField(default=True, verbose_name="speaks for the deal")),
                (
                    "manner",
                    models.CharField(
                        choices=[
                            ("call", "Call"),
                            ("meeting", "Meeting"),
                            ("email", "E-mail"),
                            ("document", "Document"),
                            ("guess", "Guess"),
                        ],
                        max_length=16,
                        verbose_name="how known",
                    ),
                ),
                (
                    "confidence",
                    models.DecimalField(decimal_places=2, max_digits=3, verbose_name="confidence"),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=19,
                        null=True,
                        verbose_name="amount",
                    ),
                ),
                ("currency", models.CharField(blank=True, max_length=3, verbose_name="currency")),
                ("is_approved", models.BooleanField(default=False, verbose_name="approved")),
                (
                    "part",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("decides", "Decides"),
                            ("pays", "Holds the budget"),
                            ("influences", "Influences"),
                            ("uses", "Will use it"),
                            ("blocks", "Is against"),
                            ("contact", "Contact"),
                        ],
                        max_length=16,
                        verbose_name="part in the decision",
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="needed by")),
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
                    "person",
                    penstock.users.walls.WorkspaceKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contacts.person",
                    ),
                ),
                (
                    "said_by",
                    penstock.users.walls.WorkspaceKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contacts.person",
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
                        to="sales.claim",
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
            name="HalfLife",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "topic",
                    models.CharField(
                        choices=[
                            ("need", "Need"),
                            ("budget", "Budget"),
                            ("authority", "Authority"),
                            ("timeline", "Timeline"),
                        ],
                        max_length=16,
                    ),
                ),
                ("days", models.PositiveIntegerField(verbose_name="half-life in days")),
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
            name="ClaimWording",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "claim",
                    penstock.users.walls.WorkspaceOneToOne(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="wording",
                        to="sales.claim",
                    ),
                ),
                ("text", models.TextField(verbose_name="what was said")),
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
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                fields=["workspace", "item", "occurred_at", "id"], name="sales_claim_story"
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("batch__isnull", False)),
                fields=["batch"],
                name="sales_claim_batch",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                condition=models.Q(("source_key__isnull", False)),
                fields=("workspace", "source_key"),
                name="sales_claim_source_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                condition=models.Q(("supersedes__isnull", False)),
                fields=("workspace", "supersedes"),
                name="sales_claim_superseded_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("confidence__gte", 0), ("confidence__lte", 1)),
                name="sales_claim_confidence_is_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__isnull", True),
                    models.Q(("amount__gte", 0), models.Q(("currency", ""), _negated=True)),
                    _connector="OR",
                ),
                name="sales_claim_amount_with_currency",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("part", ""), ("person__isnull", False), _connector="OR"),
                name="sales_claim_part_of_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="halflife",
            constraint=models.UniqueConstraint(
                fields=("workspace", "topic"), name="sales_half_life_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="halflife",
            constraint=models.CheckConstraint(
                condition=models.Q(("days__gte", 1)), name="sales_half_life_not_nothing"
            ),
        ),
        walls.Wall("Claim", "ClaimWording", "HalfLife"),
    ]
