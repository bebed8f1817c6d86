"""The pipeline on a day: what stood in each stage, now or then, as it was known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, FloatField, Func, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from penstock.analytics.ageing import Ages, ages
from penstock.base.money import ZERO, exact
from penstock.catalog.exchange import Exchange, InOne, Part
from penstock.flow.models import Item, Kind, Stage
from penstock.reports import rows
from penstock.reports.filters import DealFilter
from penstock.reports.moment import Moment, moment
from penstock.sales import access
from penstock.sales.models import Deal
from penstock.users.models import Member

Money = Mapping[str, Decimal]
ALL = DealFilter()


@dataclass(frozen=True, slots=True)
class Held:
    """What some open deals come to; money is per currency, ages count from the opening.

    ``in_one`` is the sum in the workspace's currency at the rates of the day, as they were known.

    ``weighted`` is the sum times the stage's probability of winning; stages without one add nothing.
    """

    n: int
    sums: Money
    weighted: Money
    n_without_amount: int
    ages: Ages
    in_one: InOne
    weighted_in_one: InOne


@dataclass(frozen=True, slots=True)
class StageOnDay:
    """One stage and the open deals that stood in it, parked ones left out."""

    stage_id: int
    pipeline_id: int
    code: str
    label: str
    position: int
    probability: Decimal | None
    held: Held


@dataclass(frozen=True, slots=True)
class PipelineOnDay:
    """Open deals by stage; ``total`` is their sum, ``parked`` stands apart from it."""

    moment: Moment
    stages: tuple[StageOnDay, ...]
    total: Held
    parked: Held


@dataclass(frozen=True, slots=True)
class _Group:
    """Open deals of one stage and currency, all parked or none."""

    stage_id: int
    is_parked: bool
    currency: str
    n: int
    n_with_amount: int
    total: Decimal | None
    age_days: Sequence[float]


def on_day(
    member: Member,
    *,
    on: date | None = None,
    known: date | None = None,
    only: DealFilter = ALL,
) -> PipelineOnDay:
    """What the pipeline held at the end of a day; without a day, now.

    Won and lost deals are in no sum, parked ones apart. Stages have today's names and probabilities; amount,
    owner, company and channel are those in force on the day.

    Raises:
        RuleBroken: ``reports.future``.
    """
    when = moment(member.workspace, on=on, known=known)
    groups = _now(member, when, only) if when.is_now else _then(member, when, only)
    exchange = Exchange(member.workspace, day=when.on, known=when.known_at)
    exchange.learn(_parts(groups))
    return _assembled(when, groups, stages=_stages(member, only, groups), exchange=exchange)


def _now(member: Member, when: Moment, only: DealFilter) -> list[_Group]:
    """The groups from the state kept on items and deals."""
    found = (
        _current(Deal.objects.visible_to(member).open(), only)
        .annotate(is_parked=Coalesce(Q(item__parked_until__gt=when.on), False))
        .values_list("item__stage_id", "is_parked", "currency")
        .annotate(
            n=Count("pk"), n_with=Count("amount"), sum=Sum("amount"), ages=ArrayAgg(_age(when))
        )
        .order_by()
    )
    return [_Group(*row) for row in found]


def _age(when: Moment) -> Func:
    return Func(
        Value(when.at),
        F("item__opened_at"),
        template="(extract(epoch FROM %(expressions)s)::float8 / 86400)",
        arg_joiner=" - ",
        output_field=FloatField(),
    )


def _current(deals: QuerySet[Deal], only: DealFilter) -> QuerySet[Deal]:
    wanted = {
        "item__pipeline": only.pipeline,
        "item__owner": only.owner,
        "item__owner__team": only.team,
        "company": only.company,
        "channel": only.channel,
        "product": only.product,
        "company__segment": only.segment,
    }
    return deals.filter(**{name: value for name, value in wanted.items() if value is not None})


def _then(member: Member, when: Moment, only: DealFilter) -> list[_Group]:
    """The groups replayed from the append-only rows in one query."""
    narrow, params = narrowing(only, of="d.item_id")
    # In the order of the story's index: probes at random take nearly twice as long.
    deals, more = rows.embedded(
        seen(member, only, present_at=when.known_at).values(
            "item_id", opened_at=F("item__opened_at")
        )
    )
    query = f"""
        WITH ended AS ({rows.last_of_each("flow_outcome", "verdict")}),
             waiting AS ({rows.last_of_each("flow_parking", "until")})
        SELECT place.value, coalesce(waiting.value > %(on)s, false), coalesce(currency.value, %(own)s),
               count(*), count(amount.value), sum(amount.value::numeric),
               array_agg(extract(epoch FROM %(at)s - d.opened_at)::float8 / 86400)
        FROM ({deals}) d
        CROSS JOIN LATERAL ({rows.last("flow_transition", "stage_id", of="d.item_id")}) place
        LEFT JOIN LATERAL ({rows.field("amount", of="d.item_id")}) amount ON true
        LEFT JOIN LATERAL ({rows.field("currency", of="d.item_id")}) currency ON true
        LEFT JOIN waiting ON waiting.item_id = d.item_id
        {narrow}
        WHERE NOT EXISTS (
            SELECT 1 FROM ended WHERE ended.item_id = d.item_id AND ended.value <> 'open')
        GROUP BY 1, 2, 3
    """  # noqa: S608 -- fragments of this room; values are parameters
    params |= more | rows.times(at=when.at, known=when.known_at)
    params |= {"workspace": member.workspace_id, "on": when.on, "own": member.workspace.currency}
    return [_Group(*row) for row in rows.ask(query, params)]


def seen(member: Member, only: DealFilter, *, present_at: datetime | None = None) -> QuerySet[Deal]:
    """The deals that a figure may be about: visible to the member, in the pipeline asked for.

    ``present_at`` adds those of imports that were taken back only at that moment or later.
    """
    deals = Deal.objects.visible_to(member, present_at=present_at)
    return deals.filter(item__pipeline=only.pipeline) if only.pipeline else deals


def items(member: Member, only: DealFilter) -> QuerySet[Item]:
    """The items of the same deals: their days of opening are read from an index alone."""
    found = access.items_for(member)
    return found.filter(pipeline=only.pipeline) if only.pipeline else found


def narrowing(only: DealFilter, *, of: str, before: str = "%(at)s") -> tuple[str, rows.Params]:
    """Joins that keep only deals for which what was in force is what is asked for; see :class:`DealFilter`."""
    wanted: dict[str, str | None] = {
        "owner": str(only.owner.pk) if only.owner else None,
        "company": str(only.company.pk) if only.company else None,
        "channel": only.channel,
        "product": str(only.product.pk) if only.product else None,
    }
    asked: rows.Params = {name: value for name, value in wanted.items() if value is not None}
    joins = [
        f"JOIN LATERAL ({rows.field(name, of=of, before=before)}) is_{name} "
        f"ON is_{name}.value = %({name})s"
        for name in asked
    ]
    if only.team is not None:
        asked["team"] = only.team.pk
        joins.append(
            f"JOIN LATERAL ({rows.field('owner', of=of, before=before)}) whose ON true "
            "JOIN users_member mate ON mate.id = whose.value::bigint AND mate.team_id = %(team)s"
        )
    if only.segment is not None:
        asked["segment"] = only.segment
        joins.append(
            f"JOIN LATERAL ({rows.field('company', of=of, before=before)}) whom ON true "
            "JOIN contacts_company client ON client.id = whom.value::bigint AND client.segment = %(segment)s"
        )
    return "\n".join(joins), asked


def _stages(member: Member, only: DealFilter, groups: Iterable[_Group]) -> list[Stage]:
    """Stages in use, and retired ones in which something stood."""
    stood = {group.stage_id for group in groups}
    stages = Stage.objects.filter(
        Q(retired_at=None, pipeline__retired_at=None) | Q(pk__in=stood),
        workspace_id=member.workspace_id,
        pipeline__kind=Kind.DEAL,
    )
    if only.pipeline is not None:
        stages = stages.filter(pipeline=only.pipeline)
    return list(stages.order_by("pipeline__position", "pipeline_id", "position", "id"))


def _assembled(
    when: Moment, groups: Sequence[_Group], *, stages: Sequence[Stage], exchange: Exchange
) -> PipelineOnDay:
    chances = {stage.pk: stage.probability for stage in stages}
    active = [group for group in groups if not group.is_parked]
    return PipelineOnDay(
        moment=when,
        stages=tuple(
            StageOnDay(
                stage_id=stage.pk,
                pipeline_id=stage.pipeline_id,
                code=stage.code,
                label=stage.label,
                position=stage.position,
                probability=stage.probability,
                held=_held(
                    [group for group in active if group.stage_id == stage.pk], chances, exchange
                ),
            )
            for stage in stages
        ),
        total=_held(active, chances, exchange),
        parked=_held([group for group in groups if group.is_parked], chances, exchange),
    )


def _parts(groups: Iterable[_Group]) -> list[Part]:
    return [
        Part(group.currency, group.total, group.n_with_amount)
        for group in groups
        if group.total is not None
    ]


def _held(groups: Sequence[_Group], chances: Mapping[int, Any], exchange: Exchange) -> Held:
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    weighted: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for group in groups:
        if group.total is None:
            continue
        sums[group.currency] += group.total
        chance = chances[group.stage_id]
        if chance is not None:
            weighted[group.currency] += group.total * chance
    chance_of = {name: exact(value) for name, value in sorted(weighted.items())}
    return Held(
        n=sum(group.n for group in groups),
        sums=dict(sorted(sums.items())),
        weighted=chance_of,
        n_without_amount=sum(group.n - group.n_with_amount for group in groups),
        ages=ages([days for group in groups for days in group.age_days]),
        in_one=exchange.in_one(_parts(groups)),
        weighted_in_one=exchange.of(chance_of),
    )
