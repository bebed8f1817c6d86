"""Forms, keys and what came in by them."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import penstock.users.walls
from penstock.users import walls


class Migration(migrations.Migration):
    """Forms by which leads come in, their consent texts and keys, and what came in."""

    dependencies = [
        ("contacts", "0006_duplicates_walls"),
        ("flow", "0007_parked"),
        ("sales", "0012_campaigns"),
        ("users", "0005_open"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaptureForm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("heading", models.CharField(blank=True, max_length=200, verbose_name="heading")),
                ("intro", models.TextField(blank=True, verbose_name="introduction")),
                ("thanks", models.TextField(blank=True, verbose_name="thanks")),
                ("token", models.CharField(max_length=64)),
                ("fields", models.JSONField(default=list)),
                (
                    "owner_rule",
                    models.CharField(
                        choices=[
                            ("nobody", "Nobody: whoever takes it"),
                            ("member", "Always the same member"),
                            ("team", "The members of a team in turn"),
                        ],
                        default="nobody",
                        max_length=16,
                        verbose_name="owner",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        blank=True,
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
                ("origins", models.JSONField(blank=True, default=list)),
                ("is_on", models.BooleanField(default=True, verbose_name="open")),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "campaign",
                    penstock.users.walls.WorkspaceKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sales.campaign",
                    ),
                ),
                (
                    "last_given",
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
                    "member",
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
                    "pipeline",
                    penstock.users.walls.WorkspaceKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="flow.pipeline",
                    ),
                ),
                (
                    "team",
                    penstock.users.walls.WorkspaceKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="users.team",
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
            name="CaptureKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("public_id", models.CharField(max_length=32)),
                ("made_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
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
                    "form",
                    penstock.users.walls.WorkspaceKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="keys",
                        to="sales.captureform",
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
            name="ConsentText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField(blank=True)),
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
                    "form",
                    penstock.users.walls.WorkspaceKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consent_texts",
                        to="sales.captureform",
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
            name="SeenSignature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("seen_at", models.DateTimeField()),
                (
                    "key",
                    penstock.users.walls.WorkspaceKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sales.capturekey",
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
            name="Submission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("received_at", models.DateTimeField()),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("taken", "Opened a lead"),
                            ("repeated", "Said the same again"),
                            ("held", "Held back"),
                            ("dropped", "Dropped"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=60)),
                ("answers", models.JSONField(blank=True, default=dict)),
                ("page", models.CharField(blank=True, max_length=400)),
                ("digest", models.CharField(max_length=64)),
                ("source_key", models.CharField(max_length=200)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "deal",
                    penstock.users.walls.WorkspaceKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="sales.deal",
                    ),
                ),
                (
                    "decided_by",
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
                    "form",
                    penstock.users.walls.WorkspaceKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="sales.captureform",
                    ),
                ),
                (
                    "key",
                    penstock.users.walls.WorkspaceKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="sales.capturekey",
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
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("given_at", models.DateTimeField()),
                (
                    "person",
                    penstock.users.walls.WorkspaceKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="contacts.person",
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
                (
                    "text",
                    penstock.users.walls.WorkspaceKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sales.consenttext",
                    ),
                ),
                (
                    "submission",
                    penstock.users.walls.WorkspaceKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="sales.submission",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="captureform",
            constraint=models.UniqueConstraint(
                fields=("workspace", "token"), name="sales_capture_form_address_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="captureform",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("owner_rule", "member"), _negated=True),
                    ("member__isnull", False),
                    _connector="OR",
                ),
                name="sales_capture_form_has_member",
            ),
        ),
        migrations.AddConstraint(
            model_name="captureform",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("owner_rule", "team"), _negated=True),
                    ("team__isnull", False),
                    _connector="OR",
                ),
                name="sales_capture_form_has_team",
            ),
        ),
        migrations.AddConstraint(
            model_name="capturekey",
            constraint=models.UniqueConstraint(
                fields=("workspace", "public_id"), name="sales_capture_key_name_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="consenttext",
            constraint=models.UniqueConstraint(
                fields=("workspace", "form", "number"), name="sales_consent_text_number_once"
            ),
        ),
        migrations.AddIndex(
            model_name="seensignature",
            index=models.Index(fields=["workspace", "seen_at"], name="sales_seen_signature_age"),
        ),
        migrations.AddConstraint(
            model_name="seensignature",
            constraint=models.UniqueConstraint(
                fields=("workspace", "key", "digest"), name="sales_seen_signature_once"
            ),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                fields=["workspace", "form", "-received_at"], name="sales_submission_by_form"
            ),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(fields=["workspace", "digest"], name="sales_submission_by_words"),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                condition=models.Q(("deal__isnull", False)),
                fields=["workspace", "deal"],
                name="sales_submission_of_deal",
            ),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                condition=models.Q(("verdict", "held")),
                fields=["workspace", "received_at"],
                name="sales_submission_held",
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(
                fields=("workspace", "source_key"), name="sales_submission_source_once"
            ),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(fields=["workspace", "person"], name="sales_consent_of_person"),
        ),
        walls.Wall(
            "CaptureForm", "ConsentText", "CaptureKey", "SeenSignature", "Submission", "Consent"
        ),
    ]
