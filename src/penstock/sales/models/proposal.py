"""An offer in writing: its versions and their lines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Case, Count, Exists, Max, Min, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from penstock.base.totals import Position
from penstock.sales.models.deal import Deal
from penstock.users.models import Member
from penstock.users.models.workspace import Sees
from penstock.users.walls import Walled, WorkspaceKey


class ProposalState(models.TextChoices):
    """Where a proposal stands; always derived from its rows, never typed."""

    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Sent")
    VIEWED = "viewed", _("Viewed")
    COMMENTED = "commented", _("Commented")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Withdrawn")


#: Sent, and the customer has neither accepted nor declined yet.
WAITING = (ProposalState.SENT, ProposalState.VIEWED, ProposalState.COMMENTED)


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Questions about many proposals."""

    def visible_to(self, member: Member) -> ProposalQuerySet:
        """Those on deals that this member may see."""
        found = self.filter(workspace_id=member.workspace_id, deal__item__withdrawn_at=None)
        if member.role == "rep" and member.workspace.reps_see == Sees.OWN:
            return found.filter(Q(deal__item__owner=member) | Q(deal__item__owner=None))
        return found

    def standing(self, *, today: date) -> ProposalQuerySet:
        """Each with its ``state`` and what it follows from: the last sent version and its events.

        Adds ``sent_version``, ``sent_number``, ``sent_net``, ``valid_until``, ``verdict``,
        ``n_views``, ``first_viewed_at``, ``last_viewed_at``, ``n_comments`` (the customer's) and
        ``has_draft``.
        """
        from penstock.sales.models.proposal_event import ProposalEvent  # noqa: PLC0415 -- it names this module

        kinds = ProposalEvent.Kind
        versions = ProposalVersion.objects.filter(proposal=OuterRef("pk"))
        last = versions.filter(sent_at__isnull=False).order_by("-number")
        about = ProposalEvent.objects.filter(version_id=OuterRef("sent_version"))
        verdicts = about.filter(kind__in=ProposalEvent.VERDICTS).order_by("-occurred_at", "-pk")
        views = about.filter(kind=kinds.VIEWED).values("version")
        comments = about.filter(kind=kinds.COMMENTED, by=None).values("version")
        return self.annotate(
            sent_version=Subquery(last.values("pk")[:1]),
            sent_number=Subquery(last.values("number")[:1]),
            sent_net=Subquery(last.values("net")[:1]),
            valid_until=Subquery(last.values("valid_until")[:1]),
            has_draft=Exists(versions.filter(sent_at=None)),
        ).annotate(
            verdict=Subquery(verdicts.values("kind")[:1]),
            n_views=_counted(views),
            first_viewed_at=Subquery(views.annotate(first=Min("occurred_at")).values("first")),
            last_viewed_at=Subquery(views.annotate(last=Max("occurred_at")).values("last")),
            n_comments=_counted(comments),
            state=_state(today),
        )


def _counted(rows: models.QuerySet[Any, Any]) -> models.Func:
    return models.functions.Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), Value(0))


def _state(today: date) -> Case:
    states = ProposalState
    return Case(
        When(sent_version=None, then=Value(states.DRAFT)),
        When(verdict="accepted", then=Value(states.ACCEPTED)),
        When(verdict="declined", then=Value(states.DECLINED)),
        When(verdict="withdrawn", then=Value(states.WITHDRAWN)),
        When(valid_until__lt=today, then=Value(states.EXPIRED)),
        When(n_comments__gt=0, then=Value(states.COMMENTED)),
        When(n_views__gt=0, then=Value(states.VIEWED)),
        default=Value(states.SENT),
        output_field=models.CharField(),
    )


class Proposal(Walled):
    """What a customer is offered on a deal, in one currency and one language, over its versions."""

    deal = WorkspaceKey(Deal, related_name="proposals")
    key = models.CharField(_("number"), max_length=24)
    currency = models.CharField(_("currency"), max_length=3)
    language = models.CharField(_("language"), max_length=8)
    person = WorkspaceKey("contacts.Person", null=True, blank=True, related_name="proposals")
    by = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    objects = ProposalQuerySet.as_manager()

    class Meta:
        """A key once; found by deal and by person."""

        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="sales_proposal_key_once")
        ]
        indexes = [
            models.Index(fields=["workspace", "deal"], name="sales_proposal_of_deal"),
            models.Index(fields=["workspace", "person"], name="sales_proposal_of_person"),
        ]

    def __str__(self) -> str:
        return self.key


class ProposalVersion(Walled):
    """One wording of a proposal; a draft until it is sent, and then fixed for good.

    Its sums are kept at the sending, its lines and figures can no longer be changed in the database
    either. Texts can be emptied, for they may name people who ask to be erased.
    """

    proposal = WorkspaceKey(Proposal, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=250)
    introduction = models.TextField(_("introduction"), blank=True, max_length=4000)
    terms = models.TextField(_("terms"), blank=True, max_length=20_000)
    valid_until = models.DateField(_("valid until"))
    by = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    net = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)
    tax = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)

    class Meta:
        """Numbered from one; what is sent has its sums."""

        ordering = ["proposal", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "proposal", "number"], name="sales_proposalversion_once"
            ),
            models.UniqueConstraint(
                fields=["workspace", "proposal"],
                name="sales_proposalversion_one_draft",
                condition=Q(sent_at=None),
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(net__isnull=False, tax__isnull=False),
                name="sales_proposalversion_sums_when_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} v{self.number}"

    @property
    def is_draft(self) -> bool:
        """Not sent yet."""
        return self.sent_at is None

    @property
    def gross(self) -> Decimal | None:
        """With tax, once it is sent."""
        return None if self.net is None or self.tax is None else self.net + self.tax


class ProposalLine(Walled):
    """One position of a version; ``mark`` stays the same in every version that has the line.

    An optional line is offered and not in the sums until the customer chooses it. ``hours`` are for
    the whole line, None while unknown.
    """

    version = WorkspaceKey(ProposalVersion, related_name="lines")
    mark = models.PositiveIntegerField()
    position = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=250)
    description = models.TextField(_("description"), blank=True, max_length=4000)
    product = WorkspaceKey("catalog.Product", null=True, blank=True, related_name="+")
    unit = models.CharField(_("unit"), max_length=24, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=19, decimal_places=4)
    unit_price = models.DecimalField(_("price"), max_digits=19, decimal_places=4)
    discount_share = models.DecimalField(max_digits=9, decimal_places=6, default=Decimal(0))
    tax_share = models.DecimalField(max_digits=9, decimal_places=6, default=Decimal(0))
    hours = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)
    is_optional = models.BooleanField(_("optional"), default=False)

    class Meta:
        """In order; shares are shares."""

        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "version", "mark"], name="sales_proposalline_mark_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="sales_proposalline_quantity"),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="sales_proposalline_price"),
            models.CheckConstraint(
                condition=Q(discount_share__gte=0, discount_share__lte=1),
                name="sales_proposalline_discount",
            ),
            models.CheckConstraint(
                condition=Q(tax_share__gte=0, tax_share__lte=1), name="sales_proposalline_tax"
            ),
            models.CheckConstraint(
                condition=Q(hours__isnull=True) | Q(hours__gte=0), name="sales_proposalline_hours"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def figures(self, *, counts: bool | None = None) -> Position:
        """Its figures, for adding up; an optional line counts only where it was chosen."""
        return Position(
            quantity=self.quantity,
            unit_price=self.unit_price,
            discount_share=self.discount_share,
            tax_share=self.tax_share,
            counts=not self.is_optional if counts is None else counts,
        )
