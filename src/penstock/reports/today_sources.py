"""Where the matters of Today come from: one small function each, all of them on one list."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from penstock.flow.models import Item, Kind, Pipeline
from penstock.reports import ageing
from penstock.reports.ageing import Ages
from penstock.sales import access
from penstock.sales.models import Activity, AnswerClock
from penstock.users.models import Member

if TYPE_CHECKING:
    from penstock.analytics.ageing_in_stage import Left

#: Of each source the most that are ranked.
MOST = 200
#: What a survey plans when somebody is unhappy.
UNHAPPY = "survey"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whose matters are asked for: by whom, of which owners (None for all), on which day."""

    member: Member
    owners: frozenset[int] | None
    today: date

    def of_owner(self, field: str) -> Q:
        """Only what belongs to those owners; what is nobody's is everybody's to see."""
        if self.owners is None:
            return Q()
        return Q(**{f"{field}__in": self.owners})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A matter as its source found it.

    Attributes:
        kind: As in ``analytics.priority.PRESSING``; the page has its sentence and its button.
        late_days: Days since it was due or began; negative when it lies ahead.
        about: What the page names: the words of an activity, the number of a proposal, what is followed up.
        n: How many times the customer looked at a proposal.
        activity_id: The activity to complete, if it is one.
        chance: That the deal is won, by its stage; None where that does not matter.
        left: How many of the won deals had left the stage by its age, where that is known.
    """

    kind: str
    item_id: int
    item_kind: str
    key: str
    title: str
    company: str
    owner: str
    late_days: float
    amount: Decimal | None
    currency: str
    chance: Decimal | None = None
    about: str = ""
    activity_id: int | None = None
    activity_kind: str = ""
    due_on: date | None = None
    due_at: Any = None
    is_high: bool = False
    left: Left | None = None
    n: int = 0


Source = Callable[[Asked], Iterable[Found]]
#: The columns from which :func:`of_deal` makes a matter.
DEAL = (
    *("id", "kind", "key", "title", "owner__name", "stage__probability", "entered_at"),
    *("pipeline_id", "stage_id", "parked_until"),
    *("deal__company__name", "deal__amount", "deal__currency"),
)


def steps(asked: Asked) -> Iterable[Found]:
    """Planned activities that are due today or were due before, of deals, orders and work alike."""
    rows = (
        access.activities_for(asked.member)
        .waiting(asked.today)
        .filter(asked.of_owner("owner"), due_on__lte=asked.today)
        .in_order()
        .select_related("item__stage", "owner", "item__deal__company", "item__order__company")
    )
    for row in rows[:MOST]:
        yield _step(row, today=asked.today)


def _step(row: Activity, *, today: date) -> Found:
    deal = getattr(row.item, "deal", None)
    assert row.due_on is not None, "what is planned has a day"
    return Found(
        kind="unhappy" if row.source == UNHAPPY else "step",
        item_id=row.item_id,
        item_kind=row.item.kind,
        key=row.item.key,
        title=row.item.title,
        company=_customer(row.item),
        owner=row.owner.name if row.owner else "",
        late_days=(today - row.due_on).days,
        amount=deal.amount if deal else None,
        currency=deal.currency if deal else "",
        chance=row.item.stage.probability if deal and row.item.is_open else None,
        about=row.subject,
        activity_id=row.pk,
        activity_kind=row.kind,
        due_on=row.due_on,
        due_at=row.due_at,
        is_high=row.priority > 0,
    )


def _customer(item: Item) -> str:
    """The company of a deal or an order; a piece of work names none."""
    for name in ("deal", "order"):
        if (one := getattr(item, name, None)) is not None and one.company is not None:
            return str(one.company.name)
    return ""


def no_step(asked: Asked) -> Iterable[Found]:
    """Open deals that wait for nobody and have no next step: nobody will think of them.

    Those that stand in their stage longer than most deals that were won did are more pressing.
    """
    rows = open_deals(asked).filter(deal__next_step_on=None).order_by("-deal__amount", "pk")
    # A lead that waits for an answer is a matter of its own.
    rows = rows.exclude(pk__in=AnswerClock.objects.running().values("deal_id"))
    ages: dict[int, Ages] = {}
    for row in rows.values(*DEAL)[:MOST]:
        known = ages.get(row["pipeline_id"]) or _ages(asked.member, row["pipeline_id"])
        ages[row["pipeline_id"]] = known
        since = ageing.since(row["entered_at"], row["parked_until"], member=asked.member)
        left = known.left(row["stage_id"], since=since)
        is_late = known.is_late(left, step_on=None, item_id=row["id"])
        kind = "late_in_stage" if is_late else "no_step"
        yield of_deal(row, kind=kind, late_days=int(known.days(since)), left=left)


def _ages(member: Member, pipeline_id: int) -> Ages:
    return ageing.of_pipeline(member, Pipeline.objects.get(pk=pipeline_id))


def leads(asked: Asked) -> Iterable[Found]:
    """Leads that nobody answered yet, those first whose time is over or ends first."""
    clocks = AnswerClock.objects.running().filter(deal__item__in=open_deals(asked))
    due = dict(clocks.order_by("due_at", "pk").values_list("deal_id", "due_at")[:MOST])
    now = timezone.now()
    for row in open_deals(asked).filter(pk__in=list(due)).values(*DEAL):
        late = (now - due[row["id"]]).total_seconds() / 86400
        yield replace(of_deal(row, kind="lead", late_days=late), due_at=due[row["id"]])


def of_deal(
    row: Any, *, kind: str, late_days: float, about: str = "", left: Left | None = None
) -> Found:
    """A matter about a deal, of the columns that a source asks for."""
    return Found(
        kind=kind,
        item_id=row["id"],
        item_kind=row["kind"],
        key=row["key"],
        title=row["title"],
        company=row["deal__company__name"] or "",
        owner=row["owner__name"] or "",
        late_days=late_days,
        amount=row["deal__amount"],
        currency=row["deal__currency"],
        chance=row["stage__probability"],
        about=about,
        left=left,
    )


def open_deals(asked: Asked) -> QuerySet[Item]:
    """Open deals that are not parked, of those who are asked for."""
    deals = access.items_for(asked.member).filter(kind=Kind.DEAL, outcome="")
    return deals.filter(asked.of_owner("owner")).exclude(parked_until__gt=asked.today)
