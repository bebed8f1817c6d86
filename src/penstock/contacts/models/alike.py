"""Which records are possibly one."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef

from penstock.analytics.duplicates import Match, Reason
from penstock.contacts.models.merge import Apart, Noun
from penstock.users.walls import Walled


class AlikeQuerySet(models.QuerySet["Alike"]):
    """Questions about pairs."""

    def open(self) -> AlikeQuerySet:
        """Those of which nobody said that they are not the same."""
        said = Apart.objects.filter(
            noun=OuterRef("noun"), low_id=OuterRef("low_id"), high_id=OuterRef("high_id")
        )
        return self.exclude(Exists(said))


class Alike(Walled):
    """Two companies or two people that are possibly one: derived, and kept so that it need not be looked for.

    Follows the pieces of both (:mod:`penstock.contacts.pairs`): rewritten whenever one of them is
    added, changed, merged, withdrawn or erased. Reasons are codes, never texts of the records.
    """

    noun = models.CharField(max_length=8, choices=Noun.choices)
    low_id = models.BigIntegerField()
    high_id = models.BigIntegerField()
    score = models.FloatField()
    reasons = models.JSONField(default=list)

    objects = AlikeQuerySet.as_manager()

    class Meta:
        """Kept once, the smaller id first; found by rank, and by either of the two."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "noun", "low_id", "high_id"], name="contacts_alike_once"
            ),
            models.CheckConstraint(
                condition=models.Q(low_id__lt=models.F("high_id")), name="contacts_alike_in_order"
            ),
        ]
        indexes = [
            models.Index(
                "workspace",
                "noun",
                models.F("score").desc(),
                "low_id",
                "high_id",
                name="contacts_alike_by_rank",
            ),
            models.Index(fields=["workspace", "noun", "high_id"], name="contacts_alike_high"),
        ]

    def __str__(self) -> str:
        return f"{self.noun} {self.low_id} ~ {self.high_id}"

    @property
    def match(self) -> Match:
        """How probable it is, and why."""
        return Match(self.score, tuple(Reason(code, likeness) for code, likeness in self.reasons))
