"""What was said about need, budget, authority and time, as dated rows."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.flow.models.dated import Dated
from penstock.sales.models.deal import DealPerson
from penstock.users.walls import Walled, WorkspaceKey, WorkspaceOneToOne


class Topic(models.TextChoices):
    """What has to be known of a deal before it is worth its effort."""

    NEED = "need", _("Need")
    BUDGET = "budget", _("Budget")
    AUTHORITY = "authority", _("Authority")
    TIMELINE = "timeline", _("Timeline")


class Manner(models.TextChoices):
    """How the company knows."""

    CALL = "call", pgettext_lazy("how known", "Call")
    MEETING = "meeting", pgettext_lazy("how known", "Meeting")
    EMAIL = "email", pgettext_lazy("how known", "E-mail")
    DOCUMENT = "document", pgettext_lazy("how known", "Document")
    GUESS = "guess", pgettext_lazy("how known", "Guess")


class Claim(Dated):
    """Somebody said something about a topic of a deal, for it or against it.

    What was said stands in numbers, dates and ids, for the row is never changed; its words are in
    :class:`ClaimWording`, which can be erased. A later claim supersedes it, or a void row withdraws
    it. Nothing else contradicts a claim: those that differ stand side by side.
    """

    topic = models.CharField(_("topic"), max_length=16, choices=Topic.choices)
    is_for = models.BooleanField(_("speaks for the deal"), default=True)
    manner = models.CharField(_("how known"), max_length=16, choices=Manner.choices)
    confidence = models.DecimalField(_("confidence"), max_digits=3, decimal_places=2)
    said_by = WorkspaceKey("contacts.Person", null=True, blank=True, related_name="+")
    amount = models.DecimalField(
        _("amount"), max_digits=19, decimal_places=4, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    is_approved = models.BooleanField(_("approved"), default=False)
    person = WorkspaceKey("contacts.Person", null=True, blank=True, related_name="+")
    part = models.CharField(
        _("part in the decision"), max_length=16, choices=DealPerson.Part.choices, blank=True
    )
    due_on = models.DateField(_("needed by"), null=True, blank=True)

    class Meta(Dated.Meta):
        """A confidence is a share; an amount has a currency; a part belongs to somebody."""

        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(confidence__gte=0, confidence__lte=1),
                name="sales_claim_confidence_is_share",
            ),
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True)
                | models.Q(amount__gte=0) & ~models.Q(currency=""),
                name="sales_claim_amount_with_currency",
            ),
            models.CheckConstraint(
                condition=models.Q(part="") | models.Q(person__isnull=False),
                name="sales_claim_part_of_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.topic} {'+' if self.is_for else '-'}"


class ClaimWording(Walled):
    """What was said, in words: apart from its claim, so that it can be erased."""

    claim = WorkspaceOneToOne(Claim, related_name="wording")
    text = models.TextField(_("what was said"))

    def __str__(self) -> str:
        return f"{self.claim_id}"


class HalfLife(Walled):
    """In how many days a claim about a topic loses half of its weight, where it is not the usual."""

    topic = models.CharField(max_length=16, choices=Topic.choices)
    days = models.PositiveIntegerField(_("half-life in days"))

    class Meta:
        """One per topic, and longer than nothing."""

        constraints = [
            models.UniqueConstraint(fields=["workspace", "topic"], name="sales_half_life_once"),
            models.CheckConstraint(
                condition=models.Q(days__gte=1), name="sales_half_life_not_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.days}"
