"""Activities are planned, put off, given away, done and cancelled, and a deal has one next step."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.base.errors import Conflict, NotAllowed, NotFound, PenstockError
from penstock.contacts import people
from penstock.flow import bus, outcomes, timeline
from penstock.flow.dating import lived, today
from penstock.sales import access, activities, deals, steps
from penstock.sales.models import Activity, ActivityChange, Deal
from penstock.users.models import Role, Workspace
from tests import make

pytestmark = pytest.mark.django_db

MAY = datetime(2026, 5, 4, 9, tzinfo=UTC)


def code_of(act: object) -> str:
    with pytest.raises(PenstockError) as refusal:
        act()
    return refusal.value.code


def in_days(workspace: Workspace, days: int) -> date:
    return today(workspace) + timedelta(days=days)


def kept(deal: Deal) -> tuple[int | None, date | None]:
    row = Deal.objects.get(pk=deal.pk)
    return row.next_step_id, row.next_step_on


def test_planned_call_is_the_next_step_of_its_deal() -> None:
    workspace = make.workspace()
    bob = make.member(workspace)
    deal = make.deal(workspace, owner=bob)

    later = activities.plan(
        deal.item, kind="task", due=in_days(workspace, 5), by=bob, subject=" Send the offer "
    )
    sooner = activities.plan(deal.item, kind="call", due=in_days(workspace, 2), by=None)

    assert (later.subject, later.owner, sooner.owner) == ("Send the offer", bob, bob)
    assert kept(deal) == (sooner.pk, in_days(workspace, 2))


def test_moment_is_due_before_a_day_without_time() -> None:
    workspace = make.workspace(time_zone="Asia/Vladivostok")
    deal = make.deal(workspace)
    evening = datetime.combine(
        in_days(workspace, 1), datetime.min.time(), tzinfo=workspace.zone
    ) + timedelta(hours=1)

    activities.plan(deal.item, kind="task", due=in_days(workspace, 1), by=None)
    timed = activities.plan(deal.item, kind="meeting", due=evening, minutes=30, by=None)

    assert timed.due_on == in_days(workspace, 1) != evening.astimezone(UTC).date()
    assert kept(deal)[0] == timed.pk


def test_completing_takes_the_step_away_and_undo_brings_it_back() -> None:
    workspace = make.workspace()
    deal = make.deal(workspace)
    step = make.activity(workspace, about=deal.item)

    done = activities.complete(step, by=None, result="reached", notes="Likes it")
    again = activities.complete(step, by=None)

    assert (done.result, done.notes, again.done_at) == ("reached", "Likes it", done.done_at)
    assert kept(deal) == (None, None)
    back = activities.take_back(activities.last_change(done), by=None)
    assert (back.done_at, back.result, back.due_on) == (None, "", step.due_on)
    assert kept(deal) == (step.pk, step.due_on)


def test_each_act_is_taken_back_to_what_was_before() -> None:
    workspace = make.workspace()
    carol, dave = make.member(workspace, name="Carol"), make.member(workspace, name="Dave")
    step = make.activity(workspace, owner=carol)

    activities.reschedule(step, due=in_days(workspace, 9), by=None)
    given_away = activities.assign(step, owner=dave, by=None)
    cancelled = activities.cancel(step, by=None)

    assert (given_away.owner, cancelled.is_planned) == (dave, False)
    for _act in range(3):
        step = activities.take_back(activities.last_change(step), by=None)
    assert (step.owner, step.due_on, step.is_planned) == (carol, in_days(workspace, 1), True)
    step = activities.take_back(activities.last_change(step), by=None)
    assert step.cancelled_at is not None
    assert activities.last_change(step) is None


def test_nothing_is_taken_back_that_something_followed() -> None:
    step = make.activity(make.workspace())
    first = activities.last_change(step)
    activities.complete(step, by=None)

    with pytest.raises(Conflict) as refusal:
        activities.take_back(first, by=None)

    assert refusal.value.code == "sales.changed_meanwhile"


def test_log_is_done_at_once_and_told() -> None:
    workspace = make.workspace()
    bob = make.member(workspace)
    deal = make.deal(workspace)
    heard: list[object] = []
    bus.connect("test", {activities.ActivityDone: (heard.append,)})

    call = activities.log(deal.item, kind="call", by=bob, result="not_reached", source_key="1")
    same = activities.log(deal.item, kind="call", by=bob, result="not_reached", source_key="1")
    bus.connect("test", {})

    assert (call.pk, call.owner, call.is_planned) == (same.pk, bob, False)
    assert [event.activity.pk for event in heard] == [call.pk]
    assert kept(deal) == (None, None)


def test_source_key_of_something_else_is_a_conflict() -> None:
    workspace = make.workspace()
    make.activity(workspace, source_key="x")

    with pytest.raises(Conflict):
        make.activity(workspace, source_key="x")


def test_refusals_say_what_is_wrong() -> None:
    workspace = make.workspace()
    item = make.item(workspace)
    tomorrow = in_days(workspace, 1)
    plan = activities.plan

    assert code_of(lambda: plan(item, kind="fax", due=tomorrow, by=None)) == "sales.activity_kind"
    assert code_of(lambda: plan(item, kind="note", due=tomorrow, by=None)) == "sales.note_planned"
    assert (
        code_of(lambda: plan(item, kind="call", due=in_days(workspace, -1), by=None))
        == "sales.due_past"
    )
    assert (
        code_of(lambda: plan(item, kind="call", due=tomorrow, minutes=0, by=None))
        == "sales.minutes"
    )
    assert code_of(lambda: activities.log(item, kind="note", by=None)) == "sales.note_empty"
    assert (
        code_of(lambda: activities.log(item, kind="call", result="great", by=None))
        == "sales.result"
    )
    assert (
        code_of(lambda: activities.log(item, kind="call", by=None, at=MAY - timedelta(days=999)))
        == "flow.before_opening"
    )
    done = activities.log(item, kind="call", by=None)
    assert code_of(lambda: activities.cancel(done, by=None)) == "sales.activity_done"
    gone = activities.cancel(make.activity(workspace), by=None)
    assert code_of(lambda: activities.complete(gone, by=None)) == "sales.activity_cancelled"
    assert Activity.objects.filter(item=item).count() == 1


def test_lost_and_parked_deals_are_silent_and_come_back() -> None:
    workspace = make.workspace()
    lost, parked, won = (make.deal(workspace, title=name) for name in ("a", "b", "c"))
    for deal in (lost, parked, won):
        make.activity(workspace, about=deal.item)
    deals.lose(lost, reason=make.loss_reason(workspace), by=None)
    outcomes.park(parked.item, until=in_days(workspace, 9), by=None)
    deals.win(won, by=None)

    waiting = Activity.objects.waiting(today(workspace))

    assert {row.item_id for row in waiting} == {won.pk}
    deals.reopen(lost, by=None)
    outcomes.unpark(parked.item, by=None)
    assert {row.item_id for row in waiting.all()} == {lost.pk, parked.pk, won.pk}


def test_timeline_tells_what_was_done() -> None:
    workspace = make.workspace()
    deal = make.deal(workspace)
    activities.complete(make.activity(workspace, about=deal.item), by=None)

    rows = [event.row for event in timeline.of(deal.item)]

    acts = [row.act for row in rows if isinstance(row, ActivityChange)]
    assert acts == ["done", "planned"]


def test_day_of_the_past_knows_how_it_stood() -> None:
    workspace = make.workspace()
    with lived(MAY):
        deal = make.deal(workspace)
        step = activities.plan(deal.item, kind="call", due=date(2026, 5, 6), by=None)
    with lived(MAY + timedelta(days=3)):
        activities.complete(step, by=None)

    states = [(row.occurred_at, row.state) for row in step.changes.order_by("occurred_at")]

    assert states == [(MAY, "planned"), (MAY + timedelta(days=3), "done")]


def test_erasing_a_person_empties_what_names_them() -> None:
    workspace = make.workspace()
    carol = make.person(workspace, name="Carol Smith", email="carol@acme.test")
    about = make.item(workspace)
    with_her = make.activity(workspace, about=about, person=carol, subject="Lunch")
    naming = make.activity(workspace, about=about, subject="Ask", notes="mail CAROL@acme.test")
    other = make.activity(workspace, about=about, subject="Offer")

    people.erase(carol, by=make.owner_of(workspace))

    words = {row.pk: row.subject + row.notes for row in Activity.objects.all()}
    assert words == {with_her.pk: "", naming.pk: "", other.pk: "Offer"}


def test_owner_of_an_activity_may_change_it_on_a_colleagues_deal() -> None:
    workspace = make.workspace()
    Workspace.objects.update(reps_see="own")
    workspace.refresh_from_db()
    bob, dave = make.member(workspace), make.member(workspace, name="Dave")
    viewer = make.member(workspace, role=Role.VIEWER, name="Vera")
    deal = make.deal(workspace, owner=bob)
    step = make.activity(workspace, about=deal.item, owner=dave)
    own = make.activity(workspace, about=deal.item, owner=bob)

    assert access.activity_for(dave, step.pk, to="edit") == step
    with pytest.raises(NotFound):
        access.activity_for(dave, own.pk)
    with pytest.raises(NotAllowed):
        access.activity_for(viewer, own.pk, to="edit")


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(0, 4)), max_size=12))
def test_kept_next_step_equals_the_computed_one(acts: list[tuple[int, int, int]]) -> None:
    workspace = make.workspace()
    deal = make.deal(workspace)
    rows: list[Activity] = []

    for act, which, days in acts:
        _act(deal, rows, act=act, which=which, days=days)

        step = steps.of(deal.item)
        assert kept(deal) == ((step.pk, step.due_on) if step else (None, None))


def _act(deal: Deal, rows: list[Activity], *, act: int, which: int, days: int) -> None:
    due = in_days(deal.workspace, days)
    if act == 0 or not rows:
        rows.append(activities.plan(deal.item, kind="call", due=due, by=None))
        return
    row = rows[which % len(rows)]
    change = activities.last_change(row)
    verbs = {
        1: lambda: activities.complete(row, by=None),
        2: lambda: activities.cancel(row, by=None),
        3: lambda: activities.reschedule(row, due=due, by=None),
        4: lambda: change and activities.take_back(change, by=None),
        5: lambda: activities.log(deal.item, kind="call", by=None),
    }
    try:
        verbs[act]()
    except PenstockError:
        assert act in (1, 2, 3)
