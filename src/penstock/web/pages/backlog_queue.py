"""The queue: which orders are owed, the most pressing first; now, or as it was on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from penstock.backlog import access, priorities, standing
from penstock.backlog.ledger import ORDERING
from penstock.backlog.models import Entry, Expedite, Line, Order, QueueRule
from penstock.contacts.models import TierChange
from penstock.flow import replay
from penstock.flow.models import FieldChange, Stage, Transition
from penstock.reports import backlog, holds
from penstock.reports.moment import Moment
from penstock.users.models import Member
from penstock.web.pages import hold_words

SORTS = {
    "policy": "promised",
    "promised": "promised",
    "accepted": "accepted_at",
    "company": "company__sort_key",
    "value": "owed_value",
    "reference": "item__key",
}
DEFAULT_SORT = "policy"
#: What is asked as of the moment.
TOLD: Any = ("promised", "first_promised", "expedited", "tier")
COLUMNS = (
    "item_id",
    "accepted_at",
    "expected_on",
    "currency",
    "reference",
    "item__key",
    "item__title",
    "item__stage_id",
    "company__name",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is asked for; as it stands in the address."""

    search: str = ""
    stage_id: int | None = None
    company_id: int | None = None
    is_overdue: bool = False
    has_no_hours: bool = False
    is_held: bool = False
    is_repromised: bool = False
    is_expedited: bool = False
    tier: str = ""
    sort: str = DEFAULT_SORT
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One order that is owed."""

    key: str
    title: str
    company: str
    reference: str
    stage: str
    currency: str
    value: Decimal
    ordered: Decimal
    remaining: Decimal
    n_lines_without_hours: int
    promised_on: date | None
    expected_on: date | None
    accepted_on: date | None
    age_days: int | None
    days_late: int
    held_for: str | None
    first_promised_on: date | None = None
    days_late_at_first: int = 0
    number: int = 0
    reason: str = ""
    ready: str = ""
    is_expedited: bool = False
    tier: str = ""


def queue(
    member: Member, *, asked: Asked, moment: Moment, policy: str = QueueRule.Policy.EDD
) -> QuerySet[Order]:
    """The orders asked for, in order: not yet read, so that a page is one slice of it."""
    orders: QuerySet[Order]
    orders = _owed_now(member) if moment.is_now else _owed_then(member, moment=moment)
    if asked.is_held:
        orders = orders.filter(pk__in=holds.held_ids(member, moment))
    orders = _told(_filtered(orders, asked, moment=moment), asked)
    if asked.sort == DEFAULT_SORT and moment.is_now:
        return orders.order_by(*priorities.order_by(policy), "pk")
    return _sorted(orders, asked)


def rows(orders: QuerySet[Order], *, moment: Moment, member: Member) -> list[QueueRow]:
    """The orders of one page with the sums of their lines and what waits of them, in six queries."""
    # First the order of the page alone: sorting thousands of rows with all columns costs more.
    shown_columns: Any = orders.values("pk", *TOLD)
    promised: dict[int, Any] = {row["pk"]: row for row in shown_columns}
    found = {row["item_id"]: row for row in Order.objects.filter(pk__in=promised).values(*COLUMNS)}
    sums = _sums(list(promised), moment=moment)
    waiting = holds.sides_of(member, list(promised), moment)
    stages = _stages(list(found.values()), moment=moment)
    names = {stage.pk: stage.label for stage in Stage.objects.filter(pk__in=set(stages.values()))}
    return [
        _row(
            {**found[number], **shown, "first": shown["first_promised"]},
            sums.get(number, {}),
            stage=names.get(stages[number], ""),
            moment=moment,
            held_for=waiting.get(number),
        )
        for number, shown in promised.items()
    ]


def _owed_now(member: Member) -> QuerySet[Order]:
    # What is owed has no day of fulfilment: the index of the queue holds few others, in order.
    orders = access.orders_for(member).open().filter(fulfilled_at=None)
    return orders.annotate(
        promised=F("promised_on"),
        first_promised=F("first_promised_on"),
        expedited=F("is_expedited"),
        tier=F("company__tier"),
    )


def _owed_then(member: Member, *, moment: Moment) -> QuerySet[Order]:
    """Orders with something left at the moment; the promise is the one in force then."""
    # As one array: ten thousand parameters cost more than the query.
    owed = RawSQL("SELECT unnest(%s::bigint[])", [backlog.order_ids(member, moment)])
    said = FieldChange.objects.filter(
        item_id=OuterRef("pk"), field="promised_on", occurred_at__lt=moment.at, is_void=False
    )
    later = FieldChange.objects.filter(supersedes=OuterRef("pk"))
    if moment.known_at is not None:
        said = said.filter(known_at__lt=moment.known_at)
        later = later.filter(known_at__lt=moment.known_at)
    counting = said.filter(~Exists(later))
    last = counting.order_by("-occurred_at", "-id").values("value")[:1]
    first = counting.exclude(value=None).order_by("occurred_at", "id").values("value")[:1]
    return (
        access.orders_for(member)
        .filter(pk__in=owed)
        .annotate(
            promised=Subquery(last),
            first_promised=Subquery(first),
            expedited=Coalesce(Subquery(_expedited_then(moment)), Value(value=False)),
            tier=Coalesce(Subquery(_tier_then(moment)), Value("")),
        )
    )


def _expedited_then(moment: Moment) -> QuerySet[Any, Any]:
    rows = Expedite.objects.filter(
        item_id=OuterRef("pk"), is_void=False, superseded_by=None, occurred_at__lt=moment.at
    )
    if moment.known_at is not None:
        rows = rows.filter(known_at__lt=moment.known_at)
    return rows.order_by("-occurred_at", "-id").values("is_on")[:1]


def _tier_then(moment: Moment) -> QuerySet[Any, Any]:
    rows = TierChange.objects.filter(company_id=OuterRef("company_id"), occurred_at__lt=moment.at)
    if moment.known_at is not None:
        rows = rows.filter(known_at__lt=moment.known_at)
    return rows.order_by("-occurred_at", "-id").values("tier")[:1]


def in_force(entries: QuerySet[Entry], *, moment: Moment) -> QuerySet[Entry]:
    """The entries that had happened and were known at a moment."""
    return standing.counting(entries.filter(occurred_at__lt=moment.at), known=moment.known_at)


def _filtered(orders: QuerySet[Order], asked: Asked, *, moment: Moment) -> QuerySet[Order]:
    if asked.search:
        orders = orders.filter(_matches(asked.search))
    if asked.stage_id:
        orders = orders.filter(item__stage_id=asked.stage_id)
    if asked.company_id:
        orders = orders.filter(company_id=asked.company_id)
    if asked.is_overdue:
        orders = orders.filter(Q(promised__lt=_as_stored(moment)))
    if asked.has_no_hours:
        orders = orders.filter(Exists(_without_hours().filter(order_id=OuterRef("pk"))))
    return orders


def _told(orders: QuerySet[Order], asked: Asked) -> QuerySet[Order]:
    """Only what was promised anew, goes before others, is for a tier: as it was at the moment."""
    if asked.is_repromised:
        is_same = Q(first_promised=F("promised"), promised__isnull=False)
        orders = orders.exclude(Q(first_promised=None) | is_same)
    if asked.is_expedited:
        orders = orders.filter(Q(expedited=True))
    if asked.tier:
        orders = orders.filter(Q(tier=asked.tier))
    return orders


def _matches(text: str) -> Q:
    return (
        Q(item__key=text.upper())
        | Q(item__title__icontains=text)
        | Q(reference__icontains=text)
        | Q(company__name__icontains=text)
    )


def _as_stored(moment: Moment) -> Any:
    # The promise of today is a date column, that of a past day the text of a change.
    return moment.on if moment.is_now else moment.on.isoformat()


def _without_hours() -> QuerySet[Line]:
    return Line.objects.filter(remaining_hours=None, remaining_quantity__gt=0, sort=Line.Sort.GOODS)


def _sorted(orders: QuerySet[Order], asked: Asked) -> QuerySet[Order]:
    if asked.sort == "value":
        total = (
            Line.objects.filter(order_id=OuterRef("pk"))
            .values("order_id")
            .annotate(n=Sum("remaining_value"))
        )
        orders = orders.annotate(owed_value=Subquery(total.values("n")))
    field = F(SORTS.get(asked.sort, "promised"))
    first = field.desc(nulls_last=True) if asked.is_descending else field.asc(nulls_last=True)
    if asked.sort == DEFAULT_SORT and not asked.is_descending:
        # In the order of work what was put before all others comes first.
        return orders.order_by(F("expedited").desc(), first, "accepted_at", "pk")
    return orders.order_by(first, "accepted_at", "pk")


def _sums(ids: list[int], *, moment: Moment) -> dict[int, Mapping[str, Any]]:
    found: Any
    if moment.is_now:
        found = Line.objects.filter(order_id__in=ids).values("order_id").annotate(
            ordered=Sum("ordered_quantity"),
            remaining=Sum("remaining_quantity"),
            worth=Sum("remaining_value"),
            n_unknown=Count(
                "pk", filter=Q(remaining_hours=None, remaining_quantity__gt=0, sort="goods")
            ),
        )  # fmt: skip
    else:
        found = in_force(Entry.objects.filter(order_id__in=ids), moment=moment).values(
            "order_id"
        ).annotate(
            ordered=Sum("quantity", filter=Q(kind__in=ORDERING)),
            remaining=Sum("quantity"),
            worth=Sum("value"),
            n_unknown=Count("pk", filter=Q(pk=None)),
        )  # fmt: skip
    return {row["order_id"]: row for row in found}


def _stages(found: Sequence[Mapping[str, Any]], *, moment: Moment) -> dict[int, int]:
    """The stage of each order at the moment, by the moves that count."""
    now = {row["item_id"]: row["item__stage_id"] for row in found}
    if moment.is_now:
        return now
    moves: defaultdict[int, list[Transition]] = defaultdict(list)
    for row in Transition.objects.filter(item_id__in=now):
        moves[row.item_id].append(row)
    stood = {
        number: replay.last(rows, at=moment.at, known=moment.known_at)
        for number, rows in moves.items()
    }
    return {**now, **{number: row.stage_id for number, row in stood.items() if row is not None}}


def _row(
    row: Mapping[str, Any],
    sums: Mapping[str, Any],
    *,
    stage: str,
    moment: Moment,
    held_for: str | None,
) -> QueueRow:
    promised, first = _date(row["promised"]), _date(row["first"])
    if first == promised:
        first = None
    accepted = row["accepted_at"]
    accepted_on = accepted.astimezone(moment.zone).date() if accepted else None
    return QueueRow(
        key=row["item__key"],
        title=row["item__title"],
        company=row["company__name"] or "",
        reference=row["reference"],
        stage=stage,
        currency=row["currency"],
        value=sums.get("worth") or Decimal(0),
        ordered=sums.get("ordered") or Decimal(0),
        remaining=sums.get("remaining") or Decimal(0),
        n_lines_without_hours=sums.get("n_unknown") or 0,
        promised_on=promised,
        expected_on=row["expected_on"] if moment.is_now else None,
        accepted_on=accepted_on,
        age_days=(moment.on - accepted_on).days if accepted_on else None,
        days_late=max(0, (moment.on - promised).days) if promised else 0,
        held_for=None if held_for is None else hold_words.side(held_for),
        number=row["item_id"],
        first_promised_on=first,
        days_late_at_first=max(0, (moment.on - first).days) if first else 0,
        is_expedited=row["expedited"],
        tier=row["tier"] or "",
    )


def _date(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else value or None
