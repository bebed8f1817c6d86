"""Random lives of a deal under a simulated clock, with late, repeated and corrected records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import strategies as st

from penstock.base.errors import PenstockError
from penstock.flow import blockers, dating, moves, outcomes, replay
from penstock.flow.models import FieldChange, Item, LossReason, Stage
from penstock.sales import deals
from penstock.sales.models import Deal
from penstock.users.models import Member, Workspace
from tests import make

START = datetime(2026, 1, 5, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Step:
    """After a gap, a verb with some numbers; ``back`` puts it into the past."""

    gap: timedelta
    verb: str
    pick: int
    back: timedelta | None


@dataclass(frozen=True)
class State:
    """What the columns of a deal say at a moment."""

    stage: int
    entered_at: datetime
    outcome: str
    parked_until: Any
    is_blocked: bool
    amount: Decimal | None
    owner: int | None


@dataclass
class Life:
    """A deal, the clock it lives by, and what its columns were after each step."""

    workspace: Workspace
    deal: Deal
    stages: list[Stage]
    members: list[Member]
    reason: LossReason
    now: datetime = START
    states: list[tuple[datetime, State]] = field(default_factory=list)
    done: list[str] = field(default_factory=list)


VERBS: dict[str, Callable[[Life, int, datetime | None], object]] = {
    "move": lambda life, n, at: moves.move(_item(life), to=_stage(life, n), by=None, at=at),
    "move_with_key": lambda life, n, at: moves.move(
        _item(life), to=_stage(life, n), by=None, at=at, source_key=f"row-{n % 5}"
    ),
    "take_back": lambda life, n, at: moves.take_back(_transition(life, n), by=None),
    "correct": lambda life, n, at: moves.correct(
        _transition(life, n), to=_stage(life, n // 7), by=None
    ),
    "park": lambda life, n, at: outcomes.park(
        _item(life), until=(life.now + timedelta(days=n + 1)).date(), by=None, at=at
    ),
    "unpark": lambda life, n, at: outcomes.unpark(_item(life), by=None, at=at),
    "block": lambda life, n, at: blockers.block(
        _item(life), cause="waiting", side="ours", by=None, at=at
    ),
    "clear": lambda life, n, at: blockers.clear(_item(life), by=None, at=at),
    "win": lambda life, n, at: deals.win(life.deal, by=None, at=at),
    "lose": lambda life, n, at: deals.lose(life.deal, reason=life.reason, by=None, at=at),
    "reopen": lambda life, n, at: deals.reopen(life.deal, by=None, at=at),
    "amount": lambda life, n, at: deals.change(life.deal, by=None, at=at, amount=Decimal(n)),
    "assign": lambda life, n, at: deals.assign(life.deal, owner=life.members[n % 2], by=None),
}

hours = st.integers(0, 60).map(lambda n: timedelta(hours=n))
steps = st.lists(
    st.builds(
        Step,
        gap=hours,
        verb=st.sampled_from([*VERBS, "move", "move", "move", "reopen"]),
        pick=st.integers(0, 40),
        back=st.none() | hours,
    ),
    min_size=3,
    max_size=14,
)


@contextmanager
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[datetime], None]]:
    """Stop the one clock; the function that comes out sets it."""
    with monkeypatch.context() as patch:
        yield lambda now: patch.setattr(dating.timezone, "now", lambda: now)


@contextmanager
def rolled_back() -> Iterator[None]:
    """A transaction that leaves nothing behind, whose deferred keys are checked at its end."""
    with transaction.atomic():
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        transaction.set_rollback(True)


def live(story: list[Step], set_clock: Callable[[datetime], None]) -> Life:
    """Let a deal live through a story; what is refused changes nothing."""
    set_clock(START)
    workspace = make.workspace()
    life = Life(
        workspace=workspace,
        deal=make.deal(workspace, amount="100"),
        stages=list(make.pipeline(workspace).stages.order_by("position")),
        members=[make.owner_of(workspace), make.member(workspace)],
        reason=make.loss_reason(workspace),
    )
    life.states.append((life.now, state_of(life.deal)))
    for step in story:
        life.now += step.gap
        set_clock(life.now)
        before = state_of(life.deal)
        try:
            VERBS[step.verb](life, step.pick, _at(life, step))
            life.done.append(step.verb)
        except PenstockError:
            assert state_of(life.deal) == before
        life.states.append((life.now, state_of(life.deal)))
    return life


def state_of(deal: Deal) -> State:
    """What the columns say now."""
    item = Item.objects.get(pk=deal.pk)
    return State(
        stage=item.stage_id,
        entered_at=item.entered_at,
        outcome=item.outcome,
        parked_until=item.parked_until,
        is_blocked=item.is_blocked,
        amount=Deal.objects.get(pk=deal.pk).amount,
        owner=item.owner_id,
    )


def replayed(deal: Deal, *, at: datetime | None = None, known: datetime | None = None) -> State:
    """What the rows say of a moment, as it was known at another."""
    item = Item.objects.get(pk=deal.pk)
    place = replay.last(item.transitions.all(), at=at, known=known)
    ending = replay.last(item.outcomes.all(), at=at, known=known)
    waiting = replay.last(item.parkings.all(), at=at, known=known)
    blocking = replay.last(item.blockers.all(), at=at, known=known)
    amount = _field(item, "amount", at=at, known=known)
    owner = _field(item, "owner", at=at, known=known)
    assert place is not None
    return State(
        stage=place.stage_id,
        entered_at=place.occurred_at,
        outcome=ending.verdict if ending and ending.verdict != "open" else "",
        parked_until=waiting.until if waiting else None,
        is_blocked=bool(blocking and blocking.cause),
        amount=None if amount is None else Decimal(amount),
        owner=None if owner is None else int(owner),
    )


def _field(item: Item, name: str, **moment: Any) -> str | None:
    row = replay.last(FieldChange.objects.filter(item=item, field=name), **moment)
    return row.value if row else None


def _at(life: Life, step: Step) -> datetime | None:
    return None if step.back is None else life.now - step.back


def _item(life: Life) -> Item:
    return Item.objects.get(pk=life.deal.pk)


def _stage(life: Life, n: int) -> Stage:
    return life.stages[n % len(life.stages)]


def _transition(life: Life, n: int) -> Any:
    rows = list(_item(life).transitions.order_by("pk"))
    return rows[n % len(rows)]
