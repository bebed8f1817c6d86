"""Which stage a deal entered when, one row per move."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from penstock.base.keys import parse_key
from penstock.flow import bulk, replay
from penstock.flow.models import Item, Kind, Outcome, Transition
from penstock.intake.models import Verdict
from penstock.intake.nouns.cells import Moment, Parsed
from penstock.intake.nouns.deal_updates import closing_instant
from penstock.intake.nouns.field import Field, Sort
from penstock.intake.nouns.ruling import Group, Ruling, reject, same
from penstock.intake.nouns.run import Run
from penstock.intake.nouns.stages import Stages

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


class StageHistory:
    """Writes moves and endings of deals that are here, each in its place in time."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._stages = Stages(run)

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
        written, rulings = _Written(), []
        for group in groups:
            item = items.get(ids.get(group.key, 0))
            if item is None:
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
        elif opening:
            self._mend(opening, rows[0], written)
        there = {(row.stage_id, row.occurred_at) for row in moves}
        ended = {(row.verdict, row.occurred_at) for row in self._endings.get(item.pk, [])}
        return [self._row(item, row, there, ended, written) for row in rows]

    def _row(
        self,
        item: Item,
        row: Parsed,
        there: set[tuple[int, datetime]],
        ended: set[tuple[str, datetime]],
        written: _Written,
    ) -> Ruling:
        standing = self._stages.standing(row.get("stage"))
        if standing is None:
            return reject(row, "unknown_stage", text=row.get("stage"))
        moment = row.get("at")
        if moment.at > self._run.now:
            return reject(row, "future", field="at")
        opened = Moment(item.opened_at, is_day=False)
        at = closing_instant(moment, opened=opened, run=self._run)
        key = self._run.batch.key(row.get("key"), at.isoformat(), row.get("stage"))
        verdict = standing.verdict
        stage = self._stages.follow_up if verdict == "won" else standing.stage
        is_told = (verdict, at) in ended if verdict else stage is None or (stage.pk, at) in there
        if is_told:
            return same(row, item.pk)
        if stage is not None and (stage.pk, at) not in there:
            written.moves.append((item.pk, stage.pk, at, key))
        if verdict:
            reason = self._run.lookups.reason(row.get("loss_reason")) if verdict == "lost" else None
            written.endings.append((item.pk, verdict, at, reason, key))
        ruling = Ruling(row, Verdict.CREATE, target_kind="deal", target_id=item.pk)
        if at < item.opened_at:
            code = self._run.found(
                item.pk,
                "moved_before_opened",
                key,
                at=at.isoformat(),
                opened_at=item.opened_at.isoformat(),
            )
            ruling.notes.append(code)
        return ruling

    def _mend(self, opening: Transition, first: Parsed, written: _Written) -> None:
        """A file that says where the first move came from says where the deal was opened."""
        origin = self._stages.standing(first.get("from_stage"))
        if origin and origin.stage and origin.stage.pk != opening.stage_id:
            written.corrections.append((opening, origin.stage.pk))

    def _write(self, written: _Written) -> None:
        batch = self._run.batch
        bulk.enter_stages(written.moves, batch=batch)
        bulk.decide(written.endings, batch=batch)
        bulk.correct_stages(written.corrections, known=self._run.now, batch=batch)
        touched = {row[0] for row in written.moves} | {row[0] for row in written.endings}
        touched |= {row.item_id for row, _stage in written.corrections}
        bulk.settle(sorted(touched))
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
