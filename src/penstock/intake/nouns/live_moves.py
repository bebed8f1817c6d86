"""Moves of a file that come after all that is known of a deal: they are asked what every door asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from penstock.flow import gates, items, moves
from penstock.flow.dating import today
from penstock.flow.models import Item, Override, OverrideWording, Stage, Transition
from penstock.intake.nouns.cells import Parsed
from penstock.intake.nouns.played import Entry
from penstock.intake.nouns.ruling import Ruling, conflict, reject
from penstock.intake.nouns.run import Run
from penstock.sales import facts

#: What a file may do at a gate: hold as at every door, or pass for a reason that is kept.
OPTION = "despite"


@dataclass(slots=True)
class Place:
    """Where a deal stands while the rows of a file are read, one after the other."""

    item: Item
    stage: Stage
    since: datetime
    is_open: bool
    is_written_by_hand: bool

    def is_live(self, at: datetime) -> bool:
        """Whether what happened then would change where it stands."""
        return self.is_open and at >= self.since


class LiveMoves:
    """Gates, limits and endings, asked set-wise for the deals of one chunk."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._stages: dict[int, Stage] = {}
        self._room: dict[int, int] = {}
        self._known: dict[int, set[str]] = {}
        #: What was missing where a move passed a gate, by the key of its transition.
        self.lacking: dict[str, list[str]] = {}
        #: Where deals came to stand, and from where, by their items; what was lost is not there.
        self.entries: dict[int, Entry] = {}

    def begin(self, deals: Iterable[Item]) -> None:
        """Read what a chunk of deals needs: their stages, the room in them, and what is known."""
        listed, self.lacking, self.entries = list(deals), {}, {}
        stages = Stage.objects.filter(pipeline__in={item.pipeline_id for item in listed})
        self._stages = {stage.pk: stage for stage in stages}
        for stage in self._stages.values():
            if stage.wip_limit is not None and stage.pk not in self._room:
                self._room[stage.pk] = stage.wip_limit - self._standing_in(stage)
        asks = any(stage.needs for stage in self._stages.values())
        self._known = facts.of_many(listed) if asks else {}

    def place(self, item: Item, told: Sequence[Transition]) -> Place:
        """Where a deal stands before its rows are read."""
        last = told[-1] if told else None
        return Place(
            item=item,
            stage=self._stages[item.stage_id],
            since=item.entered_at if item.is_open else item.decided_at or item.entered_at,
            is_open=item.is_open,
            is_written_by_hand=last is not None and not last.is_assumed,
        )

    def refusal(
        self, place: Place, row: Parsed, *, to: Stage, at: datetime, is_end: bool
    ) -> Ruling | None:
        """Why a move is not taken, or None; what is older than the deal's last word is history.

        An end after an end is another word on how it ended, and no move.
        """
        if to.pipeline_id != place.item.pipeline_id:
            return _refused(row, "flow.stage_elsewhere", items.ELSEWHERE)
        if not place.is_open and not is_end and at > place.since:
            return _refused(row, "flow.closed", moves.CLOSED)
        lacking = self._lacking(place, to) if place.is_live(at) else []
        if lacking and not self._run.option(OPTION):
            needs = ", ".join(str(facts.LABELS.get(need, need)) for need in lacking)
            return reject(row, "flow.gate", needs=needs)
        return None

    def stale(
        self, place: Place, row: Parsed, origin: Stage | None, *, at: datetime
    ) -> Ruling | None:
        """A conflict where somebody moved the deal by hand from where a file says that it stood."""
        is_known = place.is_written_by_hand and place.is_live(at)
        if not is_known or origin is None or origin.pk == place.stage.pk:
            return None
        return conflict(row, "flow.moved_meanwhile", stage=place.stage.label)

    def full(self, place: Place, row: Parsed, *, to: Stage, at: datetime) -> Ruling | None:
        """A refusal where the stage in which a deal comes to stand has no place left for it."""
        is_free = to.pk == place.stage.pk or self._room.get(to.pk, 1) > 0
        if is_free or not place.is_live(at):
            return None
        return reject(row, "flow.wip_limit", stage=to.label, limit=to.wip_limit)

    def enter(self, place: Place, *, to: Stage, at: datetime, key: str | None) -> None:
        """Note that a move was taken; what is older than the deal's last word changes no place."""
        if not place.is_live(at):
            return
        lacking = self._lacking(place, to)
        if lacking and key:
            self.lacking[key] = lacking
        before = self.entries.get(place.item.pk)
        origin_id = before.origin_id if before else place.stage.pk
        self.entries[place.item.pk] = Entry(place.item.pk, origin_id, to.pk, at)
        self._leave(place)
        place.stage, place.since, place.is_written_by_hand = to, at, False
        if to.pk in self._room:
            self._room[to.pk] -= 1

    def end(self, place: Place, *, at: datetime, is_won: bool) -> None:
        """Note that a deal was won or lost: it takes no place any more."""
        if at >= place.since:
            if not is_won:
                self.entries.pop(place.item.pk, None)
            self._leave(place)
            place.is_open, place.since = False, at

    def _lacking(self, place: Place, to: Stage) -> list[str]:
        in_use = [
            stage
            for stage in self._stages.values()
            if stage.pipeline_id == place.item.pipeline_id and stage.retired_at is None
        ]
        wanted = gates.asked(in_use, origin=place.stage, to=to)
        known = self._known.get(place.item.pk, set())
        return [need for need in wanted if need not in known]

    def _leave(self, place: Place) -> None:
        if place.is_open and place.stage.pk in self._room:
            self._room[place.stage.pk] += 1

    def _standing_in(self, stage: Stage) -> int:
        return Item.objects.active(today(self._run.workspace)).filter(stage=stage).count()


def _refused(row: Parsed, code: str, message: Promise) -> Ruling:
    return reject(row, code, message=str(message))


def remember(run: Run, lacking: Mapping[str, Sequence[str]]) -> None:
    """Write the overrides of moves that passed a gate, by the keys of their transitions."""
    rows = Transition.objects.filter(workspace_id=run.workspace.pk, source_key__in=list(lacking))
    made = Override.objects.bulk_create(
        Override(
            workspace_id=row.workspace_id,
            item_id=row.item_id,
            transition=row,
            needs=list(lacking[row.source_key or ""]),
            occurred_at=row.occurred_at,
            known_at=row.known_at,
            is_assumed=row.is_assumed,
            by=run.by,
            batch=row.batch,
        )
        for row in rows
    )
    reason = str(run.option(OPTION, ""))[:500]
    OverrideWording.objects.bulk_create(
        OverrideWording(workspace_id=one.workspace_id, override=one, text=reason) for one in made
    )
    run.made["overrides"] += len(made)
