"""The envelope of everything that flows."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from penstock.flow.models.pipeline import Kind, Pipeline, Stage
from penstock.users.walls import Walled, WorkspaceKey

OPEN = ""


class ItemQuerySet(models.QuerySet["Item"]):
    """Questions about many items."""

    def present(self) -> ItemQuerySet:
        """Not withdrawn by the revert of an import."""
        return self.filter(withdrawn_at=None)

    def open(self) -> ItemQuerySet:
        """Present and without an outcome, parked or not."""
        return self.present().filter(outcome=OPEN)

    def active(self, today: date) -> ItemQuerySet:
        """Open and not parked on this day."""
        return self.open().exclude(parked_until__gt=today)


class Item(Walled):
    """Identity, place and owner of a deal, an order, a work item or a change.

    Its stage, outcome and parking are the last word of the append-only rows, kept here so that a
    board is one query; only the verbs of ``flow`` write them, in the transaction that writes the
    rows.
    """

    key = models.CharField(max_length=32)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    pipeline = WorkspaceKey(Pipeline, related_name="items")
    stage = WorkspaceKey(Stage, related_name="items")
    title = models.CharField(_("title"), max_length=250)
    owner = WorkspaceKey("users.Member", null=True, blank=True, related_name="items")
    opened_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    outcome = models.CharField(max_length=16, blank=True, default=OPEN)
    decided_at = models.DateTimeField(null=True, blank=True)
    parked_until = models.DateField(null=True, blank=True)
    is_blocked = models.BooleanField(default=False)
    batch = models.BigIntegerField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        """A board column is one index range."""

        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="flow_item_key_once")
        ]
        indexes = [
            models.Index(
                fields=["workspace", "stage", "-entered_at", "id"],
                name="flow_item_column",
                condition=models.Q(withdrawn_at=None),
            ),
            models.Index(
                fields=["workspace", "kind", "-opened_at", "id"],
                name="flow_item_newest",
                condition=models.Q(withdrawn_at=None),
            ),
            # The totals of a board are read from this index alone, without the table.
            models.Index(
                fields=["workspace", "kind", "stage"],
                include=["id", "owner", "parked_until"],
                name="flow_item_open",
                condition=models.Q(outcome=OPEN, withdrawn_at=None),
            ),
            # Few items are parked: they are counted without a look at all that is open.
            models.Index(
                fields=["workspace", "kind", "stage"],
                include=["owner", "parked_until"],
                name="flow_item_parked",
                condition=models.Q(outcome=OPEN, withdrawn_at=None, parked_until__isnull=False),
            ),
            models.Index(fields=["workspace", "owner", "outcome"], name="flow_item_of_owner"),
            # Hardly any item is withdrawn: leaving those few out is cheaper than finding the rest.
            models.Index(
                fields=["workspace", "id"],
                name="flow_item_withdrawn",
                condition=models.Q(withdrawn_at__isnull=False),
            ),
            models.Index(
                fields=["batch"], name="flow_item_batch", condition=models.Q(batch__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.title}"

    @property
    def is_open(self) -> bool:
        """No outcome yet; parked items are open."""
        return self.outcome == OPEN

    def is_parked(self, today: date) -> bool:
        """Whether it is open and waits for a later day."""
        return self.is_open and self.parked_until is not None and self.parked_until > today


class KeyCounter(Walled):
    """The last number given out per prefix, so that keys run 1, 2, 3 in every workspace."""

    prefix = models.CharField(max_length=8)
    last = models.BigIntegerField(default=0)

    class Meta:
        """One counter per prefix."""

        constraints = [
            models.UniqueConstraint(fields=["workspace", "prefix"], name="flow_counter_once")
        ]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.last}"


class Link(Walled):
    """One item led to another: a deal placed an order, a line became work."""

    append_only = True

    source = WorkspaceKey(Item, related_name="links_out")
    target = WorkspaceKey(Item, related_name="links_in")
    kind = models.CharField(max_length=16)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        """A deal places one order, and an order comes from one deal."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "source", "kind"],
                name="flow_link_order_of_deal_once",
                condition=models.Q(kind="placed"),
            ),
            models.UniqueConstraint(
                fields=["workspace", "source", "target", "kind"], name="flow_link_once"
            ),
        ]
        indexes = [models.Index(fields=["workspace", "target"], name="flow_link_by_target")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"
