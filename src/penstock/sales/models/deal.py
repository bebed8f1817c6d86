"""A possible sale, from first touch to follow-up."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from penstock.users.models import Member
from penstock.users.models.workspace import Sees
from penstock.users.walls import Walled, WorkspaceKey, WorkspaceOneToOne


class DealQuerySet(models.QuerySet["Deal"]):
    """Questions about many deals."""

    def visible_to(self, member: Member, *, present_at: datetime | None = None) -> DealQuerySet:
        """What this member may see: reps only own and nobody's where the workspace says so.

        ``present_at`` adds those that were withdrawn only at that moment or later.
        """
        present = models.Q(item__withdrawn_at=None)
        if present_at is not None:
            present |= models.Q(item__withdrawn_at__gte=present_at)
        deals = self.filter(present, workspace_id=member.workspace_id)
        if member.role == "rep" and member.workspace.reps_see == Sees.OWN:
            return deals.filter(models.Q(item__owner=member) | models.Q(item__owner=None))
        return deals

    def open(self) -> DealQuerySet:
        """Neither won nor lost; parked deals are open."""
        return self.filter(item__outcome="")

    def differing(self) -> DealQuerySet:
        """Whose amount is not what their proposal comes to."""
        same = models.Q(
            amount__isnull=False,
            amount=models.F("offered_amount"),
            currency=models.F("offered_currency"),
        )
        return self.filter(offered_amount__isnull=False).exclude(same)


class Deal(Walled):
    """What is special to a sale; identity, stage, title and owner are its item's.

    A lead is a deal that is not qualified yet: one record from the first touch to the last
    delivery.
    """

    item = WorkspaceOneToOne("flow.Item", primary_key=True, related_name="deal")
    company = WorkspaceKey("contacts.Company", null=True, blank=True, related_name="deals")
    product = WorkspaceKey("catalog.Product", null=True, blank=True, related_name="deals")
    amount = models.DecimalField(
        _("amount"), max_digits=19, decimal_places=4, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3)
    close_on = models.DateField(_("expected close"), null=True, blank=True)
    channel = models.CharField(_("channel"), max_length=60, blank=True)
    qualified_at = models.DateTimeField(null=True, blank=True)
    # What its accepted proposal comes to, or else the one sent last; kept by penstock.sales.offers.
    offered_amount = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)
    # Imports write deals set-wise and know nothing of offers.
    offered_currency = models.CharField(max_length=3, blank=True, db_default="")
    extra = models.JSONField(default=dict, blank=True)
    # The earliest planned activity and its day, kept by the verbs of activities.
    next_step = WorkspaceKey("sales.Activity", null=True, blank=True, related_name="+")
    next_step_on = models.DateField(null=True, blank=True)
    # How it was closed, where that and its amount are all there is to say; otherwise, if it ever
    # was, its rows are read. Kept by penstock.sales.closings for figures over many deals.
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_as = models.CharField(max_length=16, blank=True, db_default="")
    is_retold = models.BooleanField(db_default=False)

    objects = DealQuerySet.as_manager()

    class Meta:
        """An amount is unknown or not negative."""

        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gte=0),
                name="sales_deal_amount_not_negative",
            )
        ]
        indexes = [
            models.Index(fields=["workspace", "company"], name="sales_deal_of_company"),
            models.Index(fields=["workspace", "close_on"], name="sales_deal_by_close"),
            models.Index(
                fields=["workspace", "item"],
                name="sales_deal_offered",
                condition=models.Q(offered_amount__isnull=False),
            ),
            # Sums of won and lost deals are read from this index alone, without the table.
            models.Index(
                fields=["workspace", "closed_at"],
                include=["item", "closed_as", "currency", "amount"],
                name="sales_deal_closed",
                condition=models.Q(closed_at__isnull=False),
            ),
            models.Index(
                fields=["workspace", "item"],
                name="sales_deal_retold",
                condition=models.Q(is_retold=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.item)

    @property
    def is_lead(self) -> bool:
        """Not qualified yet."""
        return self.qualified_at is None

    @property
    def is_open(self) -> bool:
        """Neither won nor lost."""
        return bool(self.item.is_open)

    @property
    def differs_from_offer(self) -> bool:
        """Somebody set another amount than its proposal comes to."""
        offered = (self.offered_amount, self.offered_currency)
        return self.offered_amount is not None and offered != (self.amount, self.currency)


class DealPerson(Walled):
    """A person on a deal, with a part in the decision."""

    class Part(models.TextChoices):
        """What the person is in the decision."""

        DECIDES = "decides", _("Decides")
        PAYS = "pays", _("Holds the budget")
        INFLUENCES = "influences", _("Influences")
        USES = "uses", _("Will use it")
        BLOCKS = "blocks", _("Is against")
        CONTACT = "contact", _("Contact")

    deal = WorkspaceKey(Deal, related_name="people")
    person = WorkspaceKey("contacts.Person", related_name="deals")
    part = models.CharField(
        _("part in the decision"), max_length=16, choices=Part.choices, default=Part.CONTACT
    )

    class Meta:
        """A person stands on a deal once."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "deal", "person"], name="sales_deal_person_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.part}"
