"""Why deals are lost: by reason and by the stage in which they died."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from penstock.analytics import conversion
from penstock.analytics.conversion import Share
from penstock.base.calendar import Window, end_of
from penstock.base.money import ZERO
from penstock.catalog.exchange import Exchange, InOne, Part
from penstock.flow.models import LossReason, Stage
from penstock.reports import rows
from penstock.reports.filters import DealFilter
from penstock.reports.pipeline import ALL, Money, narrowing, seen
from penstock.users.models import Member

#: The code of the reason that says that nobody said one.
NOT_STATED = "unknown"


@dataclass(frozen=True, slots=True)
class Lost:
    """Deals lost for one reason, or in one stage; ``pk`` is None where no reason was said.

    ``in_one`` is the value in the workspace's currency, each deal at the rate of the day it was lost.
    ``share`` is that of all deals lost in the window, counted, with Wilson's interval.
    """

    pk: int | None
    name: str
    n: int
    value: Money
    in_one: InOne
    n_without_amount: int
    share: Share


@dataclass(frozen=True, slots=True)
class Losses:
    """Deals lost in a window that stayed lost to its end; values are those in force at its end."""

    window: Window
    n: int
    value: Money
    in_one: InOne
    n_without_amount: int
    n_without_reason: int
    by_reason: tuple[Lost, ...]
    by_stage: tuple[Lost, ...]


@dataclass(frozen=True, slots=True)
class _Count:
    reason_id: int | None
    stage_id: int
    currency: str
    day: date | None
    n: int
    n_with_amount: int
    total: Decimal | None


def in_window(
    member: Member, window: Window, *, known: date | None = None, only: DealFilter = ALL
) -> Losses:
    """Deals lost in a window, by reason and by stage, most first."""
    counts = _counts(member, window, known=known, only=only)
    reasons = {row.pk: row for row in LossReason.objects.filter(workspace_id=member.workspace_id)}
    stages = Stage.objects.filter(workspace_id=member.workspace_id)
    rates = Exchange(
        member.workspace,
        day=window.last,
        known=None if known is None else end_of(known, zone=window.zone),
    )
    rates.learn(_parts(counts))
    silent = {None, *(pk for pk, row in reasons.items() if row.code == NOT_STATED)}
    return Losses(
        window=window,
        n=sum(one.n for one in counts),
        value=_sums(counts),
        in_one=rates.in_one(_parts(counts)),
        n_without_amount=sum(one.n - one.n_with_amount for one in counts),
        n_without_reason=sum(one.n for one in counts if one.reason_id in silent),
        by_reason=_grouped(counts, lambda one: one.reason_id, _labels(reasons.values()), rates),
        by_stage=_grouped(counts, lambda one: one.stage_id, _labels(stages), rates),
    )


def deals(
    member: Member,
    window: Window,
    *,
    known: date | None = None,
    only: DealFilter = ALL,
    reason: int | None = None,
    stage: int | None = None,
) -> list[int]:
    """The items of the deals behind a figure, the last lost first; 0 as reason for those without one."""
    query, params = _lost(member, window, known=known, only=only)
    wanted = ["true"]
    if reason is not None:
        wanted.append("lost.reason_id IS NULL" if reason == 0 else "lost.reason_id = %(reason)s")
    if stage is not None:
        wanted.append("place.value = %(stage)s")
    found = rows.ask(
        f"{query} SELECT lost.item_id FROM lost CROSS JOIN LATERAL "  # noqa: S608 -- fragments of this room; values are parameters
        f"({rows.last('flow_transition', 'stage_id', of='lost.item_id')}) place "
        f"WHERE {' AND '.join(wanted)} ORDER BY lost.occurred_at DESC, lost.item_id DESC",
        params | {"reason": reason, "stage": stage},
    )
    return [item_id for (item_id,) in found]


def _counts(
    member: Member, window: Window, *, known: date | None, only: DealFilter
) -> list[_Count]:
    query, params = _lost(member, window, known=known, only=only)
    told = _kept_or_told() if known is None else _told("lost")
    query += f"""
        {told}
        SELECT reason_id, stage_id, currency,
               CASE WHEN currency <> %(own)s THEN (occurred_at AT TIME ZONE %(zone)s)::date END,
               count(*), count(amount), sum(amount)
        FROM told GROUP BY 1, 2, 3, 4
    """  # noqa: S608 -- fragments of this room; values are parameters
    return [_Count(*row) for row in rows.ask(query, params)]


def _kept_or_told() -> str:
    """What is kept with deals that stand as they stood when they ended (``sales.closings``); of others, their rows."""
    return f"""
        , beside AS MATERIALIZED (
            SELECT lost.item_id, lost.reason_id, lost.occurred_at, item.stage_id, kept.currency::text, kept.amount,
                   kept.closed_at IS NOT NULL AND item.entered_at < %(at)s AS is_kept
            FROM lost JOIN sales_deal kept ON kept.item_id = lost.item_id JOIN flow_item item ON item.id = lost.item_id)
        {_told("(SELECT * FROM beside WHERE NOT is_kept)", name="of_rows")}
        , told AS (SELECT reason_id, occurred_at, stage_id, currency, amount FROM of_rows
                   UNION ALL
                   SELECT reason_id, occurred_at, stage_id, currency, amount FROM beside WHERE is_kept)
    """  # noqa: S608 -- fragments of this room


def _told(lost: str, *, name: str = "told") -> str:
    """Stage, currency and amount of lost deals from their rows."""
    return f"""
        , {name} AS (SELECT one.reason_id, one.occurred_at, place.value AS stage_id,
                          coalesce(currency.value, %(own)s) AS currency, amount.value::numeric AS amount
        FROM {lost} one
        CROSS JOIN LATERAL ({rows.last("flow_transition", "stage_id", of="one.item_id")}) place
        LEFT JOIN LATERAL ({rows.field("amount", of="one.item_id")}) amount ON true
        LEFT JOIN LATERAL ({rows.field("currency", of="one.item_id")}) currency ON true)
    """  # noqa: S608 -- fragments of this room


def _lost(
    member: Member, window: Window, *, known: date | None, only: DealFilter
) -> tuple[str, rows.Params]:
    """The deals whose last word in the window was that they are lost."""
    narrow, params = narrowing(only, of="ended.item_id")
    visible, more = rows.embedded(seen(member, only).values("item_id"))
    query = f"""
        WITH ended AS (SELECT DISTINCT ON (r.item_id) r.item_id, r.verdict, r.occurred_at, r.reason_id
                       FROM flow_outcome r
                       WHERE r.occurred_at >= %(first)s AND {rows.counting("flow_outcome")}
                         AND r.verdict IN ('won', 'lost', 'open')
                       ORDER BY r.item_id, r.occurred_at DESC, r.id DESC),
             lost AS (SELECT ended.* FROM ended JOIN ({visible}) d USING (item_id) {narrow}
                      WHERE ended.verdict = 'lost')
    """  # noqa: S608 -- fragments of this room; values are parameters
    known_at = None if known is None else end_of(known, zone=window.zone)
    params |= more | rows.times(at=window.stop, known=known_at)
    params |= {
        "first": window.start,
        "workspace": member.workspace_id,
        "own": member.workspace.currency,
        "zone": str(window.zone),
    }
    return query, params


def _grouped(
    counts: Sequence[_Count],
    key: Callable[[_Count], int | None],
    names: Mapping[int | None, str],
    rates: Exchange,
) -> tuple[Lost, ...]:
    groups: dict[int | None, list[_Count]] = defaultdict(list)
    for one in counts:
        groups[key(one)].append(one)
    total = sum(one.n for one in counts)
    found = [
        Lost(
            pk=pk,
            name=names.get(pk, ""),
            n=sum(one.n for one in mine),
            value=_sums(mine),
            in_one=rates.in_one(_parts(mine)),
            n_without_amount=sum(one.n - one.n_with_amount for one in mine),
            share=conversion.share(sum(one.n for one in mine), of=total),
        )
        for pk, mine in groups.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.n, one.name)))


def _labels(found: Iterable[LossReason | Stage]) -> dict[int | None, str]:
    return {row.pk: row.label for row in found}


def _parts(counts: Sequence[_Count]) -> list[Part]:
    return [
        Part(one.currency, one.total, one.n_with_amount, one.day)
        for one in counts
        if one.total is not None
    ]


def _sums(counts: Sequence[_Count]) -> Money:
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for one in counts:
        if one.total is not None:
            sums[one.currency] += one.total
    return dict(sorted(sums.items()))
