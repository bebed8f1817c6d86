"""That two records are one, or are not."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from penstock.users.walls import Walled, WorkspaceKey


class Noun(models.TextChoices):
    """What can be merged; deals are merged by ``sales``, and remembered here."""

    COMPANY = "company", _("Companies")
    PERSON = "person", _("People")
    DEAL = "deal", _("Deals")


class Merge(Walled):
    """One record answers for another, until this is undone.

    ``moved`` says which rows were tied to the survivor (ids only), ``before`` what stood in the
    fields of the survivor that took the other's value. What stood there may be personal: it is
    emptied when the person is erased, therefore this row is not append-only.
    """

    noun = models.CharField(max_length=8, choices=Noun.choices)
    gone_id = models.BigIntegerField()
    kept_id = models.BigIntegerField()
    by = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")
    merged_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")
    moved = models.JSONField(default=dict, blank=True)
    before = models.JSONField(default=dict, blank=True)

    class Meta:
        """A record is merged away at most once at a time, and never into itself."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "noun", "gone_id"],
                name="contacts_merge_once",
                condition=models.Q(undone_at=None),
            ),
            models.CheckConstraint(
                condition=~models.Q(gone_id=models.F("kept_id")), name="contacts_merge_of_two"
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "noun", "kept_id"], name="contacts_merge_kept")
        ]

    def __str__(self) -> str:
        return f"{self.noun} {self.gone_id} → {self.kept_id}"


class Apart(Walled):
    """Somebody said that two records are not the same; they are not shown as a pair any more."""

    noun = models.CharField(max_length=8, choices=Noun.choices)
    low_id = models.BigIntegerField()
    high_id = models.BigIntegerField()
    by = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        """Said once for a pair, whose smaller id stands first."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "noun", "low_id", "high_id"], name="contacts_apart_once"
            ),
            models.CheckConstraint(
                condition=models.Q(low_id__lt=models.F("high_id")), name="contacts_apart_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.noun} {self.low_id} ≠ {self.high_id}"
