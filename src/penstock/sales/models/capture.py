"""Doors by which leads come in by themselves, and what came in by them."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.flow.models import Pipeline
from penstock.sales.models.campaign import Campaign, Channel
from penstock.users.walls import Walled, WorkspaceKey


class OwnerRule(models.TextChoices):
    """To whom a lead is given that comes in."""

    NOBODY = "nobody", _("Nobody: whoever takes it")
    MEMBER = "member", _("Always the same member")
    TEAM = "team", _("The members of a team in turn")


class CaptureForm(Walled):
    """A form that visitors fill in, and what becomes of it: pipeline, owner, channel.

    Its ``token`` stands in its address and is no secret. Retired, never deleted.
    """

    name = models.CharField(_("name"), max_length=120)
    heading = models.CharField(_("heading"), max_length=200, blank=True)
    intro = models.TextField(_("introduction"), blank=True)
    thanks = models.TextField(_("thanks"), blank=True)
    token = models.CharField(max_length=64)
    fields = models.JSONField(default=list)
    pipeline = WorkspaceKey(Pipeline, related_name="+")
    owner_rule = models.CharField(
        _("owner"), max_length=16, choices=OwnerRule.choices, default=OwnerRule.NOBODY
    )
    member = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")
    team = WorkspaceKey("users.Team", null=True, blank=True, related_name="+")
    last_given = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")
    channel = models.CharField(_("channel"), max_length=16, choices=Channel.choices, blank=True)
    campaign = WorkspaceKey(Campaign, null=True, blank=True, related_name="+")
    origins = models.JSONField(default=list, blank=True)
    is_on = models.BooleanField(_("open"), default=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """One per address; whom its rule names is there."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "token"], name="sales_capture_form_address_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(owner_rule=OwnerRule.MEMBER) | models.Q(member__isnull=False),
                name="sales_capture_form_has_member",
            ),
            models.CheckConstraint(
                condition=~models.Q(owner_rule=OwnerRule.TEAM) | models.Q(team__isnull=False),
                name="sales_capture_form_has_team",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def takes(self) -> bool:
        """Whether it takes anything in."""
        return self.is_on and self.retired_at is None


class ConsentText(Walled):
    """What visitors of a form agree to; another text is another version. Empty: nothing is asked."""

    append_only = True

    form = WorkspaceKey(CaptureForm, related_name="consent_texts")
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    recorded_at = models.DateTimeField(db_default=Now())
    by = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")

    class Meta:
        """Versions are counted."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "form", "number"], name="sales_consent_text_number_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.form_id} v{self.number}"


class CaptureKey(Walled):
    """With it another program signs what it sends to a form. Its secret is derived, not kept."""

    form = WorkspaceKey(CaptureForm, related_name="keys")
    name = models.CharField(_("name"), max_length=120)
    public_id = models.CharField(max_length=32)
    made_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    by = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")

    class Meta:
        """Found by its public name."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "public_id"], name="sales_capture_key_name_once"
            )
        ]

    def __str__(self) -> str:
        return self.public_id


class SeenSignature(Walled):
    """A signature that was used; kept for as long as it could be sent again."""

    key = WorkspaceKey(CaptureKey, related_name="+")
    digest = models.CharField(max_length=64)
    seen_at = models.DateTimeField()

    class Meta:
        """A signature is taken once."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "key", "digest"], name="sales_seen_signature_once"
            )
        ]
        indexes = [models.Index(fields=["workspace", "seen_at"], name="sales_seen_signature_age")]

    def __str__(self) -> str:
        return self.digest[:8]


class Submission(Walled):
    """What came in by a form or a signed request, and what became of it.

    ``answers`` and ``page`` are emptied when the person is erased.
    """

    class Verdict(models.TextChoices):
        """What became of it."""

        TAKEN = "taken", pgettext_lazy("submission", "Opened a lead")
        REPEATED = "repeated", pgettext_lazy("submission", "Said the same again")
        HELD = "held", pgettext_lazy("submission", "Held back")
        DROPPED = "dropped", pgettext_lazy("submission", "Dropped")

    form = WorkspaceKey(CaptureForm, related_name="submissions")
    key = WorkspaceKey(CaptureKey, null=True, blank=True, related_name="submissions")
    deal = WorkspaceKey("sales.Deal", null=True, blank=True, related_name="submissions")
    person = WorkspaceKey("contacts.Person", null=True, blank=True, related_name="+")
    received_at = models.DateTimeField()
    verdict = models.CharField(max_length=16, choices=Verdict.choices)
    reason = models.CharField(max_length=60, blank=True)
    answers = models.JSONField(default=dict, blank=True)
    page = models.CharField(max_length=400, blank=True)
    digest = models.CharField(max_length=64)
    source_key = models.CharField(max_length=200)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")

    class Meta:
        """Taken in once, however often it is sent; found by its form, its deal, its words."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "source_key"], name="sales_submission_source_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["workspace", "form", "-received_at"], name="sales_submission_by_form"
            ),
            models.Index(fields=["workspace", "digest"], name="sales_submission_by_words"),
            models.Index(
                fields=["workspace", "deal"],
                name="sales_submission_of_deal",
                condition=models.Q(deal__isnull=False),
            ),
            models.Index(
                fields=["workspace", "received_at"],
                name="sales_submission_held",
                condition=models.Q(verdict="held"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form_id} {self.received_at:%Y-%m-%d %H:%M}"


class Consent(Walled):
    """A person agreed to a version of a text, at a moment; from where, its submission says."""

    append_only = True

    submission = WorkspaceKey(Submission, related_name="consents")
    text = WorkspaceKey(ConsentText, related_name="+")
    person = WorkspaceKey("contacts.Person", null=True, blank=True, related_name="consents")
    given_at = models.DateTimeField()

    class Meta:
        """Found by the person."""

        indexes = [models.Index(fields=["workspace", "person"], name="sales_consent_of_person")]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.text_id}"
