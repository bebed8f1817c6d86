"""What somebody should do next: matters of several sources, in one order, each with the reason it is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from penstock.analytics import priority
from penstock.analytics.priority import Matter
from penstock.catalog.exchange import Exchange, Part
from penstock.flow.dating import today as today_in
from penstock.reports import today_sources
from penstock.reports.today_followups import followups
from penstock.reports.today_proposals import proposals
from penstock.reports.today_sources import Asked, Found, Source
from penstock.sales import snoozes
from penstock.users import roles
from penstock.users.models import Member, Team

#: So many are shown; a longer list is no help.
N_SHOWN = 60
#: All sources; a new one adds its line here, its urgency to ``analytics.priority``, its words to the page.
SOURCES: tuple[Source, ...] = (
    today_sources.leads,
    today_sources.steps,
    proposals,
    followups,
    today_sources.no_step,
)
#: That nothing is planned; whatever else there is to say about a deal says more.
FORGOTTEN = ("no_step", "late_in_stage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """One matter with its place: what was found, what it is worth, and its score."""

    found: Found
    expected: Decimal | None
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """The list of a day: the first of ``n``, how many of each kind, and how many sleep."""

    on: date
    todos: Sequence[Todo]
    n: int
    n_by_kind: Mapping[str, int]
    n_snoozed: int
    currency: str
    is_team: bool


def teams_of(member: Member) -> list[Team]:
    """The teams that a member leads."""
    return list(Team.objects.filter(lead=member, retired_at=None).order_by("sort_key", "pk"))


def may_see_team(member: Member) -> bool:
    """Whether there is a list of others to look at: of one's teams, or of everybody for who steers."""
    return roles.may_steer(member) or bool(teams_of(member))


def for_member(member: Member, *, of_team: bool = False) -> Today:
    """What a member should do next; ``of_team`` asks for all whom the member leads."""
    today = today_in(member.workspace)
    asked = Asked(member=member, owners=owners(member, of_team=of_team), today=today)
    found = [one for source in SOURCES for one in source(asked)]
    ranked = _each_once(_ranked(found, exchange=Exchange(member.workspace, day=today)))
    asleep = snoozes.asleep(member, on=today)
    todos = [one for one in ranked if (one.found.item_id, one.found.kind) not in asleep]
    return Today(
        on=today,
        todos=todos[:N_SHOWN],
        n=len(todos),
        n_by_kind=Counter(one.found.kind for one in todos),
        n_snoozed=len(ranked) - len(todos),
        currency=member.workspace.currency,
        is_team=of_team,
    )


def owners(member: Member, *, of_team: bool) -> frozenset[int] | None:
    """Whose matters: one's own, those of the teams that one leads, or None for everybody's."""
    if not of_team:
        return frozenset({member.pk})
    if roles.may_steer(member):
        return None
    team = Member.objects.filter(team__in=teams_of(member)).values_list("pk", flat=True)
    return frozenset({member.pk, *team})


def _ranked(found: Sequence[Found], *, exchange: Exchange) -> list[Todo]:
    exchange.learn(Part(one.currency, one.amount) for one in found if one.amount is not None)
    expected = [_expected(one, exchange=exchange) for one in found]
    matters = [
        Matter(
            kind=one.kind,
            late_days=one.late_days,
            value=None if value is None else float(value),
            is_high=one.is_high,
            key=number,
        )
        for number, (one, value) in enumerate(zip(found, expected, strict=True))
    ]
    return [
        Todo(
            found=found[ranked.matter.key],
            expected=expected[ranked.matter.key],
            score=ranked.score,
        )
        for ranked in priority.rank(matters)
    ]


def _each_once(ranked: Sequence[Todo]) -> list[Todo]:
    """Every step, and one matter of all else about an item, for it has one button.

    What somebody waits for comes before that nothing is planned, and then what presses most.
    """
    first: dict[int, Todo] = {}
    for one in ranked:
        if one.found.activity_id is None:
            kept = first.setdefault(one.found.item_id, one)
            if kept.found.kind in FORGOTTEN and one.found.kind not in FORGOTTEN:
                first[one.found.item_id] = one
    return [
        one
        for one in ranked
        if one.found.activity_id is not None or first[one.found.item_id] is one
    ]


def _expected(one: Found, *, exchange: Exchange) -> Decimal | None:
    """Amount times chance of its stage, in the currency of the workspace; None where a part is unknown."""
    if one.amount is None:
        return None
    rate = exchange.rate_of(Part(one.currency, one.amount))
    chance = Decimal(1) if one.chance is None else one.chance
    return None if rate is None else one.amount * rate * chance
