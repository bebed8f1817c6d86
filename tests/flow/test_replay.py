"""The rows say what the columns say: now, on every day past, and as it was known then."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from penstock.base.calendar import end_of
from penstock.flow import moves, replay
from penstock.flow.models import Item, Transition
from tests import histories, make
from tests.histories import START, Life, Step

pytestmark = pytest.mark.django_db

many = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
MOMENT = timedelta(microseconds=1)


@many
@given(story=histories.steps)
def test_replay_gives_the_current_state(story: list[Step], monkeypatch: pytest.MonkeyPatch) -> None:
    with histories.rolled_back(), histories.clock(monkeypatch) as set_clock:
        life = histories.live(story, set_clock)

        assert histories.replayed(life.deal) == histories.state_of(life.deal)
        event(f"steps done: {len(life.done)}")


@many
@given(story=histories.steps)
def test_state_stored_on_a_day_is_the_state_replayed_to_that_day(
    story: list[Step], monkeypatch: pytest.MonkeyPatch
) -> None:
    with histories.rolled_back(), histories.clock(monkeypatch) as set_clock:
        life = histories.live(story, set_clock)

        for moment, stored in [*_states_at_day_ends(life), *_states_between_steps(life)]:
            assert histories.replayed(life.deal, at=moment, known=moment) == stored


@many
@given(story=histories.steps)
def test_history_as_it_was_without_late_records_is_the_history_as_it_was_known(
    story: list[Step], monkeypatch: pytest.MonkeyPatch
) -> None:
    verbs = ("take_back", "correct")
    live = [
        Step(step.gap, step.verb, step.pick, back=None) for step in story if step.verb not in verbs
    ]
    with histories.rolled_back(), histories.clock(monkeypatch) as set_clock:
        life = histories.live(live, set_clock)

        for moment, stored in _states_between_steps(life):
            assert histories.replayed(life.deal, at=moment) == stored


records = st.lists(
    st.tuples(st.integers(1, 200), st.integers(0, 6)),
    min_size=1,
    max_size=8,
    unique_by=lambda record: record[0],
)


@many
@given(records=records, data=st.data())
def test_records_in_any_order_and_repeated_give_one_history(
    records: list[tuple[int, int]], data: st.DataObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    shuffled = data.draw(st.permutations(records * 2))
    with histories.rolled_back(), histories.clock(monkeypatch) as set_clock:
        set_clock(START)
        workspace = make.workspace()
        stages = list(make.pipeline(workspace).stages.order_by("position"))
        item = make.deal(workspace).item
        set_clock(START + timedelta(hours=300))

        for hour, number in shuffled:
            at = START + timedelta(hours=hour)
            moves.move(item, to=stages[number], by=None, at=at, source_key=f"{hour}")

        told = [(0, 0), *sorted(records)]
        for hour in range(1, 202):
            place = [number for at, number in told if at < hour][-1]
            assert _stage_at(item, hour) == stages[place].pk
        assert Item.objects.get(pk=item.pk).stage_id == stages[told[-1][1]].pk


facts = st.lists(
    st.tuples(
        st.sampled_from(["told", "void", "correct"]),
        st.integers(0, 20),
        st.integers(0, 20),
        st.integers(0, 9),
    ),
    max_size=12,
)


@given(facts=facts, at=st.integers(0, 21), known=st.integers(0, 21))
def test_last_agrees_with_telling_the_story_slowly(
    facts: list[tuple[str, int, int, int]], at: int, known: int
) -> None:
    rows = _rows(facts)

    row = replay.last(rows, at=_hour(at), known=_hour(known))

    believed: dict[int, Transition] = {}
    for fact in sorted(rows, key=lambda fact: fact.known_at):
        if fact.known_at < _hour(known):
            believed.pop(fact.supersedes_id or 0, None)
            if not fact.is_void:
                believed[fact.pk] = fact
    then = [fact for fact in believed.values() if fact.occurred_at < _hour(at)]
    assert row == max(then, key=lambda fact: (fact.occurred_at, fact.pk), default=None)


def _states_at_day_ends(life: Life) -> list[tuple[datetime, histories.State]]:
    days = [
        (START + timedelta(days=number)).date() for number in range((life.now - START).days + 2)
    ]
    ends = [end_of(day, zone=life.workspace.zone) for day in days]
    return [(end, [state for moment, state in life.states if moment < end][-1]) for end in ends]


def _states_between_steps(life: Life) -> list[tuple[datetime, histories.State]]:
    """Each stored state with the first and the last moment at which it was the stored one."""
    ends = [*life.states, (life.now + timedelta(days=3), life.states[-1][1])]
    return [
        (moment, state)
        for (begin, state), (end, _next) in pairwise(ends)
        if end > begin
        for moment in (begin + MOMENT, end)
    ]


def _stage_at(item: Item, hour: int) -> int | None:
    row = replay.last(item.transitions.all(), at=START + timedelta(hours=hour))
    return row.stage_id if row else None


def _hour(number: int) -> datetime:
    return START + timedelta(hours=number)


def _rows(facts: list[tuple[str, int, int, int]]) -> list[Transition]:
    """Transitions as verbs write them: each is superseded once, by one that is known later."""
    rows: list[Transition] = []
    for pk, (kind, occurred, known, target) in enumerate(facts, start=1):
        open_rows = [
            row
            for row in rows
            if not row.is_void and row.pk not in {later.supersedes_id for later in rows}
        ]
        old = open_rows[target % len(open_rows)] if open_rows and kind != "told" else None
        rows.append(
            Transition(
                pk=pk,
                occurred_at=old.occurred_at if old else _hour(occurred),
                known_at=max(_hour(known), old.known_at if old else _hour(0)),
                is_void=old is not None and kind == "void",
                supersedes_id=old.pk if old else None,
            )
        )
    return rows
