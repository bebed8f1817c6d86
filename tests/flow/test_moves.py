"""Moving: forwards, backwards, skipping, late, twice, wrongly and by many at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from penstock.base.errors import Conflict, PenstockError, RuleBroken
from penstock.flow import bus, limits, moves, outcomes, pipelines, replay
from penstock.flow.models import Item, Kind, Stage, Transition
from penstock.sales import deals
from penstock.users import walls
from tests import make
from tests.together import together

pytestmark = pytest.mark.django_db

MAY = datetime(2026, 5, 1, tzinfo=UTC)


def codes(item: Item) -> list[str]:
    return [row.stage.code for row in replay.effective(item.transitions.select_related("stage"))]


def test_move_writes_a_row_and_the_place() -> None:
    workspace = make.workspace()
    item, to = make.item(workspace), make.stage(workspace, "qualification")

    row = moves.move(item, to=to, by=make.owner_of(workspace))

    item = Item.objects.get(pk=item.pk)
    assert (item.stage_id, item.entered_at) == (to.pk, row.occurred_at)
    assert row.by == make.owner_of(workspace)


@pytest.mark.parametrize(
    "way",
    [
        ["qualification", "needs_assessment", "proposal"],
        ["negotiation", "lead_generation"],
        ["proposal", "qualification", "proposal"],
    ],
)
def test_move_goes_forwards_backwards_and_skips(way: list[str]) -> None:
    workspace = make.workspace()
    item = make.item(workspace)

    for code in way:
        moves.move(item, to=make.stage(workspace, code), by=None)

    assert codes(item) == ["lead_generation", *way]


def test_move_to_the_same_stage_changes_nothing() -> None:
    workspace = make.workspace()
    item = make.item(workspace)

    moves.move(item, to=item.stage, by=None)

    assert item.transitions.count() == 1


def test_dated_record_of_the_same_stage_outlives_one_that_comes_before_it() -> None:
    workspace = make.workspace()
    item = make.deal(workspace, at=MAY).item
    proposal = make.stage(workspace)
    for day in (2, 9):
        moves.move(item, to=proposal, by=None, at=MAY + timedelta(days=day))

    moves.move(item, to=make.stage(workspace, "qualification"), by=None, at=MAY.replace(day=6))

    assert codes(item) == ["lead_generation", "proposal", "qualification", "proposal"]
    assert Item.objects.get(pk=item.pk).stage == proposal


def test_move_to_the_same_stage_is_not_held_up_by_its_limit() -> None:
    workspace = make.workspace()
    item = make.item(workspace)
    pipelines.tune_stage(item.stage, probability=None, wip_limit=1)

    row = moves.move(item, to=item.stage, by=None, at=datetime.now(UTC))

    assert row.stage_id == item.stage_id


def test_late_move_takes_its_place_in_history_and_leaves_the_present() -> None:
    workspace = make.workspace()
    item = make.deal(workspace, at=MAY).item
    moves.move(item, to=make.stage(workspace, "proposal"), by=None, at=MAY + timedelta(days=9))

    moves.move(item, to=make.stage(workspace, "qualification"), by=None, at=MAY + timedelta(days=2))

    assert codes(item) == ["lead_generation", "qualification", "proposal"]
    item = Item.objects.get(pk=item.pk)
    assert (item.stage.code, item.entered_at) == ("proposal", MAY + timedelta(days=9))


def test_late_move_tells_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = make.workspace()
    item = make.deal(workspace, at=MAY).item
    moves.move(item, to=make.stage(workspace, "proposal"), by=None, at=MAY + timedelta(days=9))
    told: list[object] = []
    monkeypatch.setattr(bus, "tell", told.append)

    moves.move(item, to=make.stage(workspace, "negotiation"), by=None, at=MAY + timedelta(days=2))
    moves.move(item, to=make.stage(workspace, "negotiation"), by=None, at=MAY + timedelta(days=10))

    assert [event.at for event in told if isinstance(event, moves.Moved)] == [
        MAY + timedelta(days=10)
    ]


def test_move_with_a_source_key_happens_once() -> None:
    workspace = make.workspace()
    item = make.item(workspace)
    to, back = make.stage(workspace, "proposal"), item.stage
    first = moves.move(item, to=to, by=None, source_key="row-1")
    moves.move(item, to=back, by=None)

    again = moves.move(item, to=to, by=None, source_key="row-1")

    assert again == first
    assert Item.objects.get(pk=item.pk).stage_id == back.pk


def test_source_key_of_another_move_is_a_conflict() -> None:
    workspace = make.workspace()
    moves.move(make.item(workspace), to=make.stage(workspace), by=None, source_key="row-1")

    with pytest.raises(Conflict) as refusal:
        moves.move(make.item(workspace), to=make.stage(workspace), by=None, source_key="row-1")

    assert refusal.value.code == "flow.source_key"


def test_move_is_refused_into_another_pipeline() -> None:
    workspace = make.workspace()
    other = pipelines.create(workspace, kind=Kind.DEAL, name="Partners", stages=["New", "Done"])

    assert _refusal(make.item(workspace), other.stages.first()) == "flow.stage_elsewhere"


def test_move_is_refused_into_a_stage_of_another_workspace() -> None:
    strange = make.stage(make.workspace(), "proposal")
    workspace = make.workspace()

    assert _refusal(make.item(workspace), strange) == "flow.stage_elsewhere"


def test_move_is_refused_into_a_stage_retired_meanwhile() -> None:
    workspace = make.workspace()
    stale = make.stage(workspace, "proposal")
    pipelines.retire_stage(make.stage(workspace, "proposal"))

    assert _refusal(make.item(workspace), stale) == "flow.stage_retired"


def test_move_is_refused_after_the_end_but_not_before_it() -> None:
    workspace = make.workspace()
    deal = make.deal(workspace, at=MAY)
    moves.move(deal.item, to=make.stage(workspace), by=None, at=MAY + timedelta(days=5))
    deals.lose(deal, reason=make.loss_reason(workspace), by=None)

    assert _refusal(deal.item, make.stage(workspace, "negotiation")) == "flow.closed"
    moves.move(
        deal.item,
        to=make.stage(workspace, "qualification"),
        by=None,
        at=MAY + timedelta(days=2),
    )
    assert codes(deal.item) == ["lead_generation", "qualification", "proposal"]


def test_move_is_refused_before_the_opening() -> None:
    workspace = make.workspace()
    item = make.deal(workspace, at=MAY).item

    with pytest.raises(RuleBroken, match="on or after 1 May 2026") as refusal:
        moves.move(item, to=make.stage(workspace), by=None, at=MAY - timedelta(seconds=1))

    assert refusal.value.code == "flow.before_opening"


def test_move_is_refused_in_the_future() -> None:
    workspace = make.workspace()

    with pytest.raises(RuleBroken) as refusal:
        moves.move(
            make.item(workspace),
            to=make.stage(workspace),
            by=None,
            at=datetime.now(UTC) + timedelta(minutes=6),
        )

    assert refusal.value.code == "flow.future"


def test_move_of_a_clock_that_runs_ahead_happens_now() -> None:
    workspace = make.workspace()

    row = moves.move(
        make.item(workspace),
        to=make.stage(workspace),
        by=None,
        at=datetime.now(UTC) + timedelta(minutes=4),
    )

    assert row.occurred_at == row.known_at <= datetime.now(UTC)


def test_move_of_a_stale_page_is_a_conflict() -> None:
    workspace = make.workspace()
    item = make.item(workspace)
    seen = item.stage_id
    moves.move(item, to=make.stage(workspace, "qualification"), by=None, seen=seen)

    with pytest.raises(Conflict) as refusal:
        moves.move(item, to=make.stage(workspace, "proposal"), by=None, seen=seen)

    assert refusal.value.code == "flow.moved_meanwhile"


def test_gate_asks_for_what_is_missing_on_the_way_forward_only() -> None:
    workspace = make.workspace()
    pipelines.tune_stage(
        make.stage(workspace, "qualification"),
        probability=None,
        wip_limit=None,
        needs=["company", "amount"],
    )
    deal = make.deal(workspace, amount=None)

    with pytest.raises(RuleBroken) as refusal:
        moves.move(deal.item, to=make.stage(workspace, "proposal"), by=None)

    assert (refusal.value.code, refusal.value.needs) == ("flow.gate", ("company", "amount"))
    moves.move(deal.item, to=make.stage(workspace, "qualification"), by=None)
    moves.move(deal.item, to=make.stage(workspace, "lead_generation"), by=None)
    deals.change(deal, by=None, company=make.company(workspace), amount=1)
    moves.move(deal.item, to=make.stage(workspace, "proposal"), by=None)
    assert codes(deal.item)[-1] == "proposal"


def test_take_back_returns_to_the_stage_before_and_keeps_the_wrong_move() -> None:
    workspace = make.workspace()
    item = make.item(workspace)
    wrong = moves.move(item, to=make.stage(workspace, "negotiation"), by=None)

    item = moves.take_back(wrong, by=None)

    assert item.stage.code == "lead_generation"
    assert Transition.objects.filter(item=item).count() == 3
    with pytest.raises(Conflict) as refusal:
        moves.take_back(wrong, by=None)
    assert refusal.value.code == "flow.taken_back"


def test_first_move_is_not_taken_back() -> None:
    item = make.item(make.workspace())

    with pytest.raises(RuleBroken) as refusal:
        moves.take_back(item.transitions.get(), by=None)

    assert refusal.value.code == "flow.first_move"


def test_correct_puts_the_move_elsewhere_at_the_same_moment() -> None:
    workspace = make.workspace()
    item = make.item(workspace)
    wrong = moves.move(item, to=make.stage(workspace, "negotiation"), by=None)

    item = moves.correct(wrong, to=make.stage(workspace, "proposal"), by=None)

    assert (item.stage.code, item.entered_at) == ("proposal", wrong.occurred_at)
    assert codes(item) == ["lead_generation", "proposal"]


def test_correction_is_refused_before_another_move_of_the_same_moment() -> None:
    workspace = make.workspace()
    item = make.item(workspace)
    at = timezone.now()
    first = moves.move(item, to=make.stage(workspace, "negotiation"), by=None, at=at)
    second = moves.move(item, to=make.stage(workspace, "follow_up"), by=None, at=at)

    with pytest.raises(RuleBroken) as refusal:
        moves.correct(first, to=make.stage(workspace, "proposal"), by=None)
    moves.take_back(second, by=None)
    item = moves.correct(first, to=make.stage(workspace, "proposal"), by=None)

    assert refusal.value.code == "flow.same_moment"
    assert codes(item) == ["lead_generation", "proposal"]


def test_correction_is_refused_for_a_closed_deal_and_another_pipeline() -> None:
    workspace = make.workspace()
    row = make.transition(workspace)
    elsewhere = make.stage(workspace, "to_do", Kind.WORK)

    with pytest.raises(RuleBroken) as refusal:
        moves.correct(row, to=elsewhere, by=None)
    assert refusal.value.code == "flow.stage_elsewhere"

    outcomes.decide(row.item, verdict="lost", by=None, times=moves.when(None))
    with pytest.raises(RuleBroken) as refusal:
        moves.take_back(row, by=None)
    assert refusal.value.code == "flow.closed"


def test_failing_consequence_undoes_the_move(monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = make.workspace()
    item = make.item(workspace)

    def refuse(_event: object) -> None:
        raise RuleBroken("test.refused", "no")

    monkeypatch.setitem(bus._tables, "test", {moves.Moved: (refuse,)})
    with pytest.raises(RuleBroken, match="no"):
        moves.move(item, to=make.stage(workspace), by=None)

    assert codes(item) == ["lead_generation"]
    assert Item.objects.get(pk=item.pk).stage_id == item.stage_id


@pytest.mark.django_db(transaction=True)
def test_many_move_one_item_and_leave_one_chain() -> None:
    workspace = make.workspace()
    item = make.item(workspace)
    stages = list(item.pipeline.stages.order_by("position"))

    def walk(number: int) -> tuple[int, int]:
        done = refused = 0
        for turn in range(6):
            seen = Item.objects.get(pk=item.pk).stage_id
            to = stages[(number * 3 + turn * 2 + 1) % 7]
            if to.pk == seen:
                continue
            try:
                moves.move(item, to=to, by=None, seen=seen)
                done += 1
            except Conflict as conflict:
                refused += conflict.code == "flow.moved_meanwhile"
        return done, refused

    results = together(6, walk, workspace_id=workspace.pk)

    rows = list(item.transitions.order_by("occurred_at", "pk"))
    assert len(rows) == 1 + sum(done for done, _refused in results)
    moments = [row.occurred_at for row in rows]
    assert moments == sorted(set(moments))
    assert [row.pk for row in rows] == sorted(row.pk for row in rows)
    assert all(before.stage_id != after.stage_id for before, after in pairwise(rows))
    assert Item.objects.get(pk=item.pk).stage_id == rows[-1].stage_id
    walls.leave()


@pytest.mark.django_db(transaction=True)
def test_of_many_who_saw_the_same_stage_one_moves() -> None:
    workspace = make.workspace()
    item = make.item(workspace)
    stages = list(item.pipeline.stages.order_by("position"))[1:]

    results = together(
        6,
        lambda number: moves.move(item, to=stages[number], by=None, seen=item.stage_id),
        workspace_id=workspace.pk,
    )

    assert [isinstance(result, Transition) for result in results].count(True) == 1
    assert {result.code for result in results if isinstance(result, PenstockError)} == {
        "flow.moved_meanwhile"
    }
    assert item.transitions.count() == 2
    walls.leave()


@pytest.mark.django_db(transaction=True)
def test_limit_holds_against_many_movers() -> None:
    workspace = make.workspace()
    stage = pipelines.tune_stage(make.stage(workspace), probability=None, wip_limit=3)
    waiting = [make.item(workspace) for _number in range(8)]

    results = together(
        8, lambda number: moves.move(waiting[number], to=stage, by=None), workspace_id=workspace.pk
    )

    assert Item.objects.open().filter(stage=stage).count() == 3
    refusals = [result.code for result in results if isinstance(result, PenstockError)]
    assert refusals == ["flow.wip_limit"] * 5
    walls.leave()


@pytest.mark.django_db(transaction=True)
def test_stage_that_is_retired_while_items_come_in_stays_empty() -> None:
    workspace = make.workspace()
    stage = make.stage(workspace)
    waiting = [make.item(workspace) for _number in range(5)]

    def act(number: int) -> Transition | Stage:
        if number == 5:
            return pipelines.retire_stage(stage)
        return moves.move(waiting[number], to=stage, by=None)

    results = together(6, act, workspace_id=workspace.pk)

    is_retired = Stage.objects.get(pk=stage.pk).retired_at is not None
    n_inside = Item.objects.open().filter(stage=stage).count()
    assert is_retired == (n_inside == 0)
    codes = {result.code for result in results if isinstance(result, PenstockError)}
    assert codes == ({"flow.stage_retired"} if is_retired else {"flow.stage_occupied"})
    walls.leave()


def test_limit_says_how_full_the_stage_is() -> None:
    workspace = make.workspace()
    stage = pipelines.tune_stage(make.stage(workspace), probability=None, wip_limit=1)
    moves.move(make.item(workspace), to=stage, by=None)

    with pytest.raises(RuleBroken, match="“Proposal” is full: 1 of 1"):
        limits.check(stage)


def _refusal(item: Item, to: Stage | None) -> str:
    assert to is not None
    with pytest.raises(RuleBroken) as refusal:
        moves.move(item, to=to, by=None)
    return refusal.value.code
