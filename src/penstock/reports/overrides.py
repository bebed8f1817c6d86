"""How often gates are passed without their answers: of the moves of a window, and which answers were missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from penstock.analytics import conversion
from penstock.analytics.conversion import Share
from penstock.base.calendar import Window, end_of
from penstock.flow.models import Override
from penstock.reports import rows
from penstock.reports.filters import DealFilter
from penstock.reports.pipeline import ALL, narrowing, seen
from penstock.users.models import Member


@dataclass(frozen=True, slots=True)
class Passed:
    """Moves that passed a gate without its answers, and all moves; ``pk`` is that of who moved, if told apart."""

    pk: int | None
    name: str
    share: Share


@dataclass(frozen=True, slots=True)
class Overrides:
    """Overrides of a window; ``by_need`` counts moves per missing answer, so a move may count more than once.

    ``ids`` are those of the overrides, the latest first.
    """

    window: Window
    share: Share
    by_need: tuple[tuple[str, int], ...]
    by_member: tuple[Passed, ...]
    ids: tuple[int, ...]


def in_window(
    member: Member, window: Window, *, known: date | None = None, only: DealFilter = ALL
) -> Overrides:
    """Moves from stage to stage in a window, and those of them that passed a gate by override.

    Openings are no moves, and what was taken back by then is left out.
    """
    moves = _moves(member, window, known=known, only=only)
    needs = Counter(need for _id, _by, lacking in moves for need in lacking or ())
    return Overrides(
        window=window,
        share=_share(moves),
        by_need=tuple(sorted(needs.items(), key=lambda one: (-one[1], one[0]))),
        by_member=_by_member(member, moves),
        ids=tuple(number for number, _by, _lacking in moves if number is not None),
    )


def behind(ids: Iterable[int]) -> list[Override]:
    """The overrides behind a figure, in its order, with their deals, stages, movers and reasons."""
    wanted = list(ids)
    found = Override.objects.select_related(
        "item__deal__company", "transition__stage", "by", "wording"
    ).in_bulk(wanted)
    return [found[pk] for pk in wanted if pk in found]


Row = tuple[int | None, int | None, list[str] | None]


def _moves(member: Member, window: Window, *, known: date | None, only: DealFilter) -> list[Row]:
    """Of each move: its override, who moved, what was missing; the latest first."""
    narrow, params = narrowing(only, of="moved.item_id")
    visible, more = rows.embedded(seen(member, only).values("item_id"))
    query = f"""
        WITH moved AS (SELECT r.id, r.item_id, r.by_id, r.occurred_at
                       FROM flow_transition r JOIN flow_item i ON i.id = r.item_id
                       WHERE r.occurred_at >= %(first)s AND r.occurred_at > i.opened_at
                         AND i.kind = 'deal' AND {rows.counting("flow_transition")}),
             passed AS (SELECT r.id, r.transition_id, r.needs FROM flow_override r
                        WHERE {rows.counting("flow_override")})
        SELECT passed.id, moved.by_id, passed.needs
        FROM moved JOIN ({visible}) d USING (item_id) {narrow}
        LEFT JOIN passed ON passed.transition_id = moved.id
        ORDER BY moved.occurred_at DESC, moved.id DESC
    """  # noqa: S608 -- fragments of this room; values are parameters
    known_at = None if known is None else end_of(known, zone=window.zone)
    params |= more | rows.times(at=window.stop, known=known_at)
    params |= {"first": window.start, "workspace": member.workspace_id}
    return rows.ask(query, params)


def _by_member(member: Member, moves: Iterable[Row]) -> tuple[Passed, ...]:
    """Who passed gates by override, of the moves of each; those who did so most first."""
    mine: dict[int | None, list[Row]] = {}
    for row in moves:
        mine.setdefault(row[1], []).append(row)
    names = dict(Member.objects.filter(workspace_id=member.workspace_id).values_list("pk", "name"))
    found = [Passed(pk, names.get(pk or 0, ""), _share(rows)) for pk, rows in mine.items()]
    passed = [one for one in found if one.share.n]
    return tuple(sorted(passed, key=lambda one: (-one.share.n, one.name)))


def _share(moves: list[Row]) -> Share:
    return conversion.share(sum(row[0] is not None for row in moves), of=len(moves))
