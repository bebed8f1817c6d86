"""One file that is brought in: what is to happen to it, what came of it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.users.walls import Walled, WorkspaceKey


class NounName(models.TextChoices):
    """What the rows of a file are."""

    COMPANIES = "companies", _("Companies")
    PEOPLE = "people", _("People")
    PRODUCTS = "products", _("Products")
    MEMBERS = "members", _("Members and teams")
    DEALS = "deals", _("Deals")
    STAGE_HISTORY = "stage_history", _("Stage history of deals")
    ORDERS = "orders", _("Orders")
    ORDER_LINES = "order_lines", _("Order lines")
    ORDER_EVENTS = "order_events", _("Order events")
    RATES = "rates", _("Exchange rates")


class State(models.TextChoices):
    """How far a change set has come."""

    DRAFT = "draft", pgettext_lazy("change set", "Draft")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    APPLYING = "applying", _("Being applied")
    APPLIED = "applied", _("Applied")
    FAILED = "failed", _("Failed")
    REVERTING = "reverting", _("Being reverted")
    REVERTED = "reverted", _("Reverted")


class Verdict(models.TextChoices):
    """What a row of a file does."""

    CREATE = "create", pgettext_lazy("verdict", "Create")
    UPDATE = "update", pgettext_lazy("verdict", "Update")
    SAME = "same", pgettext_lazy("verdict", "Same")
    CONFLICT = "conflict", pgettext_lazy("verdict", "Conflict")
    REJECT = "reject", pgettext_lazy("verdict", "Reject")


class ChangeSet(Walled):
    """A file and what becomes of it: checked as often as one likes, applied once, reverted at most once.

    ``generation`` counts how often imports of the source were taken back before, and is part of the keys by which a
    repeated fact is recognised: so a file can be imported again after a revert.
    """

    noun = models.CharField(_("content"), max_length=16, choices=NounName.choices)
    filename = models.CharField(_("file"), max_length=255)
    source = models.CharField(_("source"), max_length=60)
    n_bytes = models.BigIntegerField(default=0)
    mapping = models.JSONField(default=dict, blank=True)
    options = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.DRAFT)
    counts = models.JSONField(default=dict, blank=True)
    made = models.JSONField(default=dict, blank=True)
    n_rows = models.PositiveIntegerField(null=True, blank=True)
    n_done = models.PositiveIntegerField(default=0)
    generation = models.PositiveIntegerField(default=1)
    error = models.JSONField(default=dict, blank=True)
    by = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    reverted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """The newest first."""

        ordering = ["-id"]
        indexes = [models.Index(fields=["workspace", "-id"], name="intake_change_set_newest")]

    def __str__(self) -> str:
        return f"{self.filename} ({self.noun})"

    @property
    def is_running(self) -> bool:
        """Being checked, applied or reverted in the background."""
        return self.state in (State.CHECKING, State.APPLYING, State.REVERTING)

    @property
    def done_share(self) -> float:
        """How much of the running work is done, from 0 to 1."""
        return min(1.0, self.n_done / self.n_rows) if self.n_rows else 0.0

    @property
    def n_changes(self) -> int:
        """Rows that create or update something."""
        return int(self.counts.get(Verdict.CREATE, 0)) + int(self.counts.get(Verdict.UPDATE, 0))


class Chunk(Walled):
    """A piece of the uploaded file: kept in the database, so that a worker on another machine can read it."""

    change_set = WorkspaceKey(ChangeSet, related_name="chunks")
    position = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        """In order, each once."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "change_set", "position"], name="intake_chunk_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.change_set_id}/{self.position}"


class ChangeRow(Walled):
    """What one row of the file does or would do, and why; its content can be erased."""

    change_set = WorkspaceKey(ChangeSet, related_name="rows")
    number = models.PositiveIntegerField()
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    reason = models.CharField(max_length=40, blank=True)
    params = models.JSONField(default=dict, blank=True)
    notes = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    raw = models.JSONField(default=dict, blank=True)
    before = models.JSONField(default=dict, blank=True)
    target_kind = models.CharField(max_length=16, blank=True)
    target_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        """Read in order, and by verdict."""

        ordering = ["change_set", "number"]
        indexes = [
            models.Index(fields=["workspace", "change_set", "number"], name="intake_row_in_order"),
            models.Index(
                fields=["workspace", "change_set", "verdict", "number"],
                name="intake_row_by_verdict",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.verdict} {self.reason}".strip()
