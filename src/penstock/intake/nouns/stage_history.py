"""Which stage a deal entered when, one row per move."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from penstock.base.keys import parse_key
from penstock.flow import bulk, replay
from penstock.flow.models import Item, Kind, Outcome, Stage, Transition
from penstock.intake.models import Verdict
from penstock.intake.nouns.cells import Moment, Parsed
from penstock.intake.nouns.deal_updates import closing_instant
from penstock.intake.nouns.field import Field, Sort
from penstock.intake.nouns.live_moves import LiveMoves, Place, remember
from penstock.intake.nouns.played import play
from penstock.intake.nouns.ruling import Group, Ruling, reject, same
from penstock.intake.nouns.run import Run
from penstock.intake.nouns.stages import Stages, Standing

Row = TypeVar("Row", Transition, Outcome)
NAME = "stage_history"
FIELDS = (
    Field(
        "key",
        _("Deal"),
        Sort.TEXT,
        ("opp id", "opportunity id", "deal id", "deal", "record id", "id", "сделка"),
        is_required=True,
    ),
    Field(
        "stage",
        _("Stage"),
        Sort.TEXT,
        ("stage name", "to", "to stage", "new stage", "new value", "этап"),
        is_required=True,
    ),
    Field(
        "from_stage",
        _("From stage"),
        Sort.TEXT,
        ("from", "old stage", "old value", "previous stage", "из этапа"),
    ),
    Field(
        "at",
        _("When"),
        Sort.MOMENT,
        ("created date", "date", "changed at", "timestamp", "entered", "moved at", "дата"),
        is_required=True,
    ),
    Field("loss_reason", _("Loss reason"), Sort.TEXT, ("lost reason", "причина проигрыша")),
)


@dataclass(slots=True)
class _Written:
    """Rows of a chunk, ready to be written set-wise."""

    moves: list[tuple[int, int, datetime, str | None]] = field(default_factory=list)
    endings: list[tuple[int, str, datetime, int | None, str | None]] = field(default_factory=list)
    corrections: list[tuple[Transition, int | None]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Told:
    """The moves and endings of a deal that are here already."""

    moves: set[tuple[int, datetime]]
    endings: set[tuple[str, datetime]]

    def has(self, verdict: str | None, stage: Stage | None, at: datetime) -> bool:
        """Whether a row says nothing new."""
        if verdict:
            return (verdict, at) in self.endings
        return stage is None or (stage.pk, at) in self.moves


class StageHistory:
    """Writes moves and endings of deals that are here, each in its place in time."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._stages = Stages(run)
        self._live = LiveMoves(run)

    def handle(self, groups: Sequence[Group]) -> list[Ruling]:
        """Judge and write one chunk of rows, grouped by deal."""
        ids = self._deals([group.key for group in groups])
        items = Item.objects.present().filter(kind=Kind.DEAL).in_bulk(list(ids.values()))
        self._moves = _by_item(
            Transition.objects.filter(item__in=items).order_by("occurred_at", "id")
        )
        self._endings = _by_item(
            Outcome.objects.filter(item__in=items).order_by("occurred_at", "id")
        )
        self._live.begin(items.values())
        written, rulings = _Written(), []
        for group in groups:
            item = items.get(ids.get(group.key, 0))
            if group.key in self._run.merged:
                rulings += [same(row, ids[group.key], "merged") for row in group.rows]
            elif item is None:
                rulings += [reject(row, "unknown_deal", key=group.key) for row in group.rows]
            else:
                rulings += self._deal(item, group, written)
        self._write(written)
        return rulings

    def _deals(self, keys: Sequence[str]) -> dict[str, int]:
        ids = self._run.known(keys, noun="deals")
        own = [key for key in keys if key not in ids and parse_key(key)]
        rows = Item.objects.present().filter(kind=Kind.DEAL, key__in=[key.upper() for key in own])
        by_key = dict(rows.values_list("key", "pk"))
        return ids | {key: by_key[key.upper()] for key in own if key.upper() in by_key}

    def _deal(self, item: Item, group: Group, written: _Written) -> list[Ruling]:
        rows = sorted(group.rows, key=lambda row: (row.get("at").at, row.number))
        moves = replay.effective(self._moves.get(item.pk, []))
        opening = _assumed_opening(item, moves)
        if opening and rows[0].get("at").at < item.opened_at:
            # The deal stood somewhere before it was opened, so where it was assumed to open is wrong.
            written.corrections.append((opening, None))
            moves.remove(opening)
        place = self._live.place(item, moves)
        if opening in moves:
            self._mend(opening, rows[0], written, place)
        there = {(row.stage_id, row.occurred_at) for row in moves}
        ended = {(row.verdict, row.occurred_at) for row in self._endings.get(item.pk, [])}
        told = _Told(there, ended)
        return [self._row(place, row, told, written, is_last=row is rows[-1]) for row in rows]

    def _row(
        self, place: Place, row: Parsed, told: _Told, written: _Written, *, is_last: bool
    ) -> Ruling:
        standing = self._stages.standing(row.get("stage"))
        if standing is None:
            return reject(row, "unknown_stage", text=row.get("stage"))
        if row.get("at").at > self._run.now:
            return reject(row, "future", field="at")
        opened = Moment(place.item.opened_at, is_day=False)
        at = closing_instant(row.get("at"), opened=opened, run=self._run)
        return self._judged(place, row, standing, at, told=told, written=written, is_last=is_last)

    def _judged(  # noqa: PLR0913 -- a row and all that it is weighed against
        self,
        place: Place,
        row: Parsed,
        standing: Standing,
        at: datetime,
        *,
        told: _Told,
        written: _Written,
        is_last: bool,
    ) -> Ruling:
        if told.has(standing.verdict, self._entered(standing), at):
            return same(row, place.item.pk)
        if refusal := self._refusal(place, row, standing, at, is_last=is_last):
            return refusal
        self._take(place, row, standing, at, told=told, written=written)
        return self._noted(place.item, row, at)

    def _entered(self, standing: Standing) -> Stage | None:
        return self._stages.follow_up if standing.verdict == "won" else standing.stage

    def _take(
        self,
        place: Place,
        row: Parsed,
        standing: Standing,
        at: datetime,
        *,
        told: _Told,
        written: _Written,
    ) -> None:
        item, verdict, stage = place.item, standing.verdict, self._entered(standing)
        key = self._run.batch.key(row.get("key"), at.isoformat(), row.get("stage"))
        if stage is not None and (stage.pk, at) not in told.moves:
            written.moves.append((item.pk, stage.pk, at, key))
            self._live.enter(place, to=stage, at=at, key=key)
        if verdict:
            reason = self._run.lookups.reason(row.get("loss_reason")) if verdict == "lost" else None
            written.endings.append((item.pk, verdict, at, reason, key))
            self._live.end(place, at=at, is_won=verdict == "won")

    def _noted(self, item: Item, row: Parsed, at: datetime) -> Ruling:
        ruling = Ruling(row, Verdict.CREATE, target_kind="deal", target_id=item.pk)
        if at < item.opened_at:
            key = self._run.batch.key(row.get("key"), at.isoformat(), row.get("stage"))
            code = self._run.found(
                item.pk,
                "moved_before_opened",
                key,
                at=at.isoformat(),
                opened_at=item.opened_at.isoformat(),
            )
            ruling.notes.append(code)
        return ruling

    def _refusal(
        self, place: Place, row: Parsed, standing: Standing, at: datetime, *, is_last: bool
    ) -> Ruling | None:
        """What every door asks of a move that comes after all that is known of a deal."""
        origin, to = self._stages.standing(row.get("from_stage")), self._entered(standing)
        if to is None:
            return None
        return (
            self._live.stale(place, row, origin.stage if origin else None, at=at)
            or self._live.refusal(place, row, to=to, at=at, is_end=bool(standing.verdict))
            or (
                self._live.full(place, row, to=to, at=at)
                if is_last and not standing.verdict
                else None
            )
        )

    def _mend(
        self, opening: Transition | None, first: Parsed, written: _Written, place: Place
    ) -> None:
        """A file that says where the first move came from says where the deal was opened."""
        origin = self._stages.standing(first.get("from_stage"))
        if opening and origin and origin.stage and origin.stage.pk != opening.stage_id:
            written.corrections.append((opening, origin.stage.pk))
            if place.stage.pk == opening.stage_id:
                place.stage = origin.stage

    def _write(self, written: _Written) -> None:
        batch = self._run.batch
        bulk.enter_stages(written.moves, batch=batch)
        bulk.decide(written.endings, batch=batch)
        bulk.correct_stages(written.corrections, known=self._run.now, batch=batch)
        touched = {row[0] for row in written.moves} | {row[0] for row in written.endings}
        touched |= {row.item_id for row, _stage in written.corrections}
        bulk.settle(sorted(touched))
        remember(self._run, self._live.lacking)
        play(self._run, self._live.entries.values())
        self._run.made["transitions"] += len(written.moves)
        self._run.made["outcomes"] += len(written.endings)


def key_of(run: Run, raw: dict[str, str]) -> str:
    """The deal that a row speaks of."""
    return run.cells.key_of("key", raw)


def _assumed_opening(item: Item, moves: Sequence[Transition]) -> Transition | None:
    opening = moves[0] if moves else None
    is_assumed = (
        opening is not None and opening.is_assumed and opening.occurred_at == item.opened_at
    )
    return opening if is_assumed else None


def _by_item(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.item_id, []).append(row)
    return found
