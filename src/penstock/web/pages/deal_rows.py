"""The deals that somebody wants to see: which, how many, how much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, Count, DateField, Q, QuerySet, Sum, Value, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import TruncDate

from penstock.base.keys import match_key, parse_key
from penstock.catalog.exchange import Part
from penstock.flow.models import Item, Stage
from penstock.sales import access
from penstock.users.models import Member, Workspace
from penstock.web.forms.deal_filters import (
    ALL,
    IN_CARE,
    LATE,
    LOST,
    NO_STEP,
    NOBODY,
    OPEN,
    PARKED,
    STEP_OVERDUE,
    STEP_TODAY,
    WON,
    Wanted,
)

N_CARDS = 80
#: The stage in which won deals stand: they are cared for there, and count in no sum.
FOLLOW_UP = "follow_up"
COLUMNS = (
    "id",
    "key",
    "title",
    "stage_id",
    "outcome",
    "parked_until",
    "entered_at",
    "opened_at",
    "owner_id",
    "owner__name",
    "deal__company_id",
    "deal__company__name",
    "deal__amount",
    "deal__currency",
    "deal__offered_amount",
    "deal__offered_currency",
    "deal__close_on",
    "deal__channel",
    "deal__next_step_on",
    "deal__qualified_at",
)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Total:
    """What some deals come to: how many, sums per currency, how many lack an amount.

    ``parts`` are the same sums as they are converted: of closed deals each at the day it was closed. How many
    lack a next step, or have one that is overdue, is known where a day was asked for.
    """

    n: int
    sums: Mapping[str, Decimal]
    n_without_amount: int
    parts: tuple[Part, ...] = ()
    n_without_step: int = 0
    n_step_overdue: int = 0


NOTHING = Total(n=0, sums={}, n_without_amount=0)


def chosen(
    member: Member, *, stages: Iterable[Stage], wanted: Wanted, today: date
) -> QuerySet[Item]:
    """The deals in some stages that a member may and wants to see."""
    # Kind and stage together let the figures be read from one index, see flow_item_open.
    deals = access.items_for(member).filter(stage__in=[stage.pk for stage in stages])
    return in_state(filtered(deals, wanted, today=today), wanted.state, today=today)


def in_state(deals: QuerySet[Item], state: str, *, today: date) -> QuerySet[Item]:
    """Only open, parked, won or lost ones, or all."""
    is_parked = Q(parked_until__gt=today)
    conditions = {
        OPEN: Q(outcome="") & ~is_parked,
        IN_CARE: Q(outcome__in=("", "won")) & ~is_parked,
        PARKED: Q(outcome="") & is_parked,
        WON: Q(outcome="won"),
        LOST: Q(outcome="lost"),
        ALL: Q(),
    }
    return deals.filter(conditions[state])


def filtered(deals: QuerySet[Item], wanted: Wanted, *, today: date) -> QuerySet[Item]:
    """All filters but the state."""
    conditions = {
        "deal__company_id": wanted.company,
        "stage_id": wanted.stage,
        "deal__channel__iexact": wanted.channel,
        "deal__amount__gte": wanted.amount_from,
        "deal__amount__lte": wanted.amount_to,
        "deal__close_on__gte": wanted.close_from,
        "deal__close_on__lte": wanted.close_to,
    }
    deals = deals.filter(
        **{name: value for name, value in conditions.items() if value not in (None, "")}
    )
    if wanted.owner == NOBODY:
        deals = deals.filter(owner=None)
    elif wanted.owner:
        deals = deals.filter(owner_id=int(wanted.owner))
    if wanted.has_no_close:
        deals = deals.filter(deal__close_on=None)
    if wanted.step and wanted.step != LATE:
        deals = deals.filter(_step(wanted.step, today=today))
    return deals.filter(_named(wanted.q)) if wanted.q else deals


def _step(lane: str, *, today: date) -> Q:
    """Deals by how their next step stands."""
    lanes = {
        NO_STEP: Q(deal__next_step_on=None),
        STEP_OVERDUE: Q(deal__next_step_on__lt=today),
        STEP_TODAY: Q(deal__next_step_on=today),
    }
    return lanes.get(lane, Q())


def totals(
    deals: QuerySet[Item], *, closed_in: Workspace | None = None, today: date | None = None
) -> dict[int, Total]:
    """What the deals of each stage come to, in one query: all of them, not the cards shown.

    With ``closed_in``, the workspace of closed deals, those in other currencies are kept apart by the day
    they were closed. With ``today`` it is counted how many lack a next step, and how many are late for it.
    """
    # Open deals are read without that day: it stands in no index.
    day = Value(None, DateField()) if closed_in is None else closed_on(closed_in)
    rows = (
        deals.order_by()
        .annotate(closed_on=day)
        .values_list("stage_id", "deal__currency", "closed_on")
        .annotate(Count("pk"), Sum("deal__amount"), Count("deal__amount"), **_lanes(today))
    )
    by_stage: dict[int, list[Any]] = {}
    lanes: dict[int, tuple[int, int]] = {}
    for stage_id, currency, day, n, amount, known, *steps in rows:
        by_stage.setdefault(stage_id, []).append((currency, day, n, amount, known))
        before = lanes.get(stage_id, (0, 0))
        lanes[stage_id] = (before[0] + steps[0], before[1] + steps[1]) if steps else before
    return {stage_id: _total(found, *lanes[stage_id]) for stage_id, found in by_stage.items()}


def _lanes(today: date | None) -> dict[str, Count]:
    if today is None:
        return {}
    lanes = (NO_STEP, STEP_OVERDUE)
    return {f"step_{lane}": Count("pk", filter=_step(lane, today=today)) for lane in lanes}


def part(deals: QuerySet[Item], *, by: OrderBy, first: int, n: int) -> tuple[Total, list[int]]:
    """What some deals come to, and the ids of ``n`` of them in order: all of them are looked at once.

    Names and companies are for the caller to read, for these few alone.
    """
    try:
        matching, params = (
            deals.order_by()
            .values_list("pk", "deal__currency", "deal__amount", by.expression)
            .query.sql_with_params()
        )
    except EmptyResultSet:
        return NOTHING, []
    direction = "DESC" if by.descending else "ASC"
    query = f"""
        WITH m (id, currency, amount, sort) AS MATERIALIZED ({matching})
        SELECT currency, count(*), sum(amount), count(amount), NULL::bigint[] FROM m GROUP BY currency
        UNION ALL SELECT NULL, 0, NULL, 0, ARRAY(
            SELECT id FROM m ORDER BY sort {direction} NULLS LAST, id LIMIT %s OFFSET %s)
    """  # noqa: S608 -- a query of the ORM and a word of ours; values are parameters
    with connection.cursor() as cursor:
        cursor.execute(query, [*params, n, first])
        *sums, (*_nothing, ids) = cursor.fetchall()
    return _total([(row[0], None, *row[1:-1]) for row in sums]), ids


def together(parts: Iterable[Total]) -> Total:
    """Several totals as one."""
    sums: dict[str, Decimal] = {}
    n = n_without = 0
    parts = list(parts)
    for part in parts:
        n, n_without = n + part.n, n_without + part.n_without_amount
        for currency, amount in part.sums.items():
            sums[currency] = sums.get(currency, Decimal(0)) + amount
    return Total(
        n=n,
        sums=sums,
        n_without_amount=n_without,
        parts=tuple(one for part in parts for one in part.parts),
        n_without_step=sum(part.n_without_step for part in parts),
        n_step_overdue=sum(part.n_step_overdue for part in parts),
    )


def weighted(stages: Iterable[Stage], by_stage: Mapping[int, Total]) -> dict[str, Decimal]:
    """Sums times the chance of each stage; a stage without a chance adds nothing."""
    sums: dict[str, Decimal] = {}
    for stage in stages:
        for currency, amount in by_stage.get(stage.pk, NOTHING).sums.items():
            share = stage.probability or Decimal(0)
            sums[currency] = sums.get(currency, Decimal(0)) + amount * share
    return sums


def cards(
    deals: Mapping[int, QuerySet[Item]], *, after: tuple[datetime, int] | None = None
) -> dict[int, list[Row]]:
    """The newest cards of some stages, in one query.

    Args:
        deals: The deals of each stage, and no others.
        after: The moment of entry and id of the last card that is shown already.
    """
    parts: list[Any] = [
        _after(rows, after).order_by("-entered_at", "id").values(*COLUMNS)[:N_CARDS]
        for rows in deals.values()
    ]
    found: dict[int, list[Row]] = {stage_id: [] for stage_id in deals}
    for row in parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]:
        found[row["stage_id"]].append(row)
    return found


def _after(deals: QuerySet[Item], last: tuple[datetime, int] | None) -> QuerySet[Item]:
    if last is None:
        return deals
    at, pk = last
    return deals.filter(
        Q(entered_at__lt=at) | Q(entered_at=at, id__gt=pk),
        entered_at__lte=at,
    )


def _named(text: str) -> Q:
    if key := parse_key(text):
        return Q(key="-".join(map(str, key)))
    condition = Q(title__icontains=text)
    matching = match_key(text)
    return condition | Q(deal__company__match_key__contains=matching) if matching else condition


def closed_on(workspace: Workspace) -> Case:
    """The day by whose rate a deal counts: of a closed one in another currency that of its end, else none."""
    own = Q(deal__currency=workspace.currency) | Q(outcome="")
    return Case(
        When(own, then=Value(None)),
        default=TruncDate("decided_at", tzinfo=workspace.zone),
        output_field=DateField(),
    )


def _total(
    figures: Sequence[tuple[str, date | None, int, Decimal | None, int]],
    n_without_step: int = 0,
    n_step_overdue: int = 0,
) -> Total:
    parts = tuple(
        Part(currency, amount, known, day)
        for currency, day, _n, amount, known in figures
        if amount is not None
    )
    sums: dict[str, Decimal] = {}
    for part in parts:
        sums[part.currency] = sums.get(part.currency, Decimal(0)) + part.amount
    return Total(
        n=sum(n for _currency, _day, n, _sum, _known in figures),
        sums=sums,
        n_without_amount=sum(n - known for _currency, _day, n, _sum, known in figures),
        parts=parts,
        n_without_step=n_without_step,
        n_step_overdue=n_step_overdue,
    )
