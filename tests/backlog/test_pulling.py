"""Taking the next task: the first that can be begun, for one person only, within the limits."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from penstock.backlog import dependencies, holds, orders, pulling, work
from penstock.backlog.holds import Why
from penstock.backlog.models import Dependency, WorkItem
from penstock.base.errors import PenstockError, RuleBroken
from penstock.flow.models import FieldChange, Item, Kind, Override, Stage
from penstock.users.models import Member, Role, Workspace
from tests import make
from tests.together import together

pytestmark = pytest.mark.django_db

MAY = datetime(2026, 5, 1, 12, tzinfo=UTC)


def worker(workspace: Workspace) -> Member:
    return make.member(workspace, role=Role.OPERATIONS)


def task(workspace: Workspace, *, day: int | None = None, title: str = "Wheel") -> WorkItem:
    promised = None if day is None else date(2026, 6, day)
    order = make.order(workspace, at=MAY, lines=[make.line(title=title)], promised_on=promised)
    return WorkItem.objects.select_related("item").get(line__order=order)


def limit(workspace: Workspace, n: int | None) -> None:
    Stage.objects.filter(pk=make.stage(workspace, "in_work", Kind.WORK).pk).update(wip_limit=n)


def pulled(member: Member, **asked: object) -> int | None:
    found = pulling.pull(member, **asked)  # type: ignore[arg-type]  # -- as told
    return found.work.pk if found else None


def test_earliest_promise_comes_first_and_the_taker_owns_it() -> None:
    workspace = make.workspace()
    late, early, never = task(workspace, day=9), task(workspace, day=2), task(workspace)
    bob = worker(workspace)

    taken = [pulled(bob) for _number in range(4)]

    assert taken == [early.pk, late.pk, never.pk, None]
    item = Item.objects.select_related("stage").get(pk=early.pk)
    assert (item.owner_id, item.stage.code) == (bob.pk, "in_work")
    assert FieldChange.objects.filter(item=item, field="owner").get().value == str(bob.pk)
    order = Item.objects.select_related("stage").get(pk=early.line.order_id)  # type: ignore[union-attr]  # -- it has a line
    assert order.stage.code == "in_work"


def test_first_come_first_served_looks_at_acceptance_alone() -> None:
    workspace = make.workspace()
    first = task(workspace, day=9)
    task(workspace, day=2)

    assert pulled(worker(workspace), policy="fcfs") == first.pk


def test_what_is_held_delivered_or_of_others_is_not_handed_out() -> None:
    workspace = make.workspace()
    held_order, held_line, done, other = (task(workspace, day=day) for day in (1, 2, 3, 4))
    free = task(workspace, day=5)
    holds.hold(held_order.line.order, Why("payment", "customer"), by=None)  # type: ignore[union-attr]  # -- it has a line
    holds.hold_line(held_line.line, Why("payment", "customer"), by=None)  # type: ignore[arg-type]  # -- it has a line
    orders.fulfil_all(done.line.order, by=None)  # type: ignore[union-attr]  # -- it has a line
    Item.objects.filter(pk=other.pk).update(owner=make.owner_of(workspace))

    assert [pulled(worker(workspace)), pulled(worker(workspace))] == [free.pk, None]


def test_team_gets_its_own_work_and_that_of_nobody() -> None:
    workspace = make.workspace()
    north, south = make.team(workspace, "North"), make.team(workspace, "South")
    theirs, mine, anyones = (task(workspace, day=day) for day in (1, 2, 3))
    dependencies.give(theirs, team=south, by=None)
    dependencies.give(mine, team=north, by=None)
    bob = worker(workspace)

    assert [pulled(bob, team=north) for _n in range(3)] == [mine.pk, anyones.pk, None]


def test_work_waits_until_all_before_it_is_done() -> None:
    workspace = make.workspace()
    after, before = task(workspace, day=1), task(workspace, day=2)
    dependencies.add(before, after=after, by=None)
    bob = worker(workspace)

    assert [pulled(bob), pulled(bob)] == [before.pk, None]

    work.move(before, to=make.stage(workspace, "done", Kind.WORK), by=None)

    assert pulled(bob) == after.pk


def test_circles_of_dependencies_are_refused() -> None:
    workspace = make.workspace()
    one, two, three = (task(workspace) for _number in range(3))
    dependencies.add(one, after=two, by=None)
    dependencies.add(two, after=three, by=None)

    for before, after in ((three, one), (two, one), (one, one)):
        with pytest.raises(RuleBroken) as refused:
            dependencies.add(before, after=after, by=None)
        assert refused.value.code == "backlog.dependency_circle"
    assert Dependency.objects.count() == 2


def test_full_stage_refuses_and_a_reason_passes_and_is_kept() -> None:
    workspace = make.workspace()
    limit(workspace, 1)
    task(workspace, day=1)
    second = task(workspace, day=2)
    bob = worker(workspace)
    pulled(bob)

    with pytest.raises(RuleBroken) as refused:
        pulled(bob)
    assert refused.value.code == "flow.wip_limit"
    assert Item.objects.get(pk=second.pk).owner_id is None

    assert pulled(bob, despite="The customer stands at the door") == second.pk
    override = Override.objects.select_related("wording").get()
    assert (override.needs, override.wording.text) == (
        ["wip_limit"],
        "The customer stands at the door",
    )


def test_put_back_it_waits_for_whoever_comes_next() -> None:
    workspace = make.workspace()
    one = task(workspace)
    bob, eve = worker(workspace), worker(workspace)
    pulled(bob)

    pulling.put_back(one, by=bob)

    item = Item.objects.select_related("stage").get(pk=one.pk)
    assert (item.owner_id, item.stage.code) == (None, "to_do")
    assert pulled(eve) == one.pk


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_never_get_the_same_and_never_break_the_limit() -> None:
    """Twenty places, thirty items of ten orders, fifty people."""
    workspace = make.workspace()
    limit(workspace, 20)
    for _number in range(10):
        make.order(workspace, lines=[make.line(), make.line(), make.line()])
    people = [make.owner_of(workspace), *(worker(workspace) for _number in range(4))]

    got = together(50, lambda number: pulled(people[number % 5]), workspace_id=workspace.pk)

    refused = [one for one in got if isinstance(one, PenstockError)]
    taken = [one for one in got if isinstance(one, int)]
    begun = Item.objects.filter(kind=Kind.WORK, stage__code="in_work").count()
    assert {one.code for one in refused} <= {"flow.wip_limit"}
    assert len(set(taken)) == len(taken) == begun == 20


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_take_all_that_waits_where_nothing_is_limited() -> None:
    workspace = make.workspace()
    for _number in range(8):
        make.order(workspace, lines=[make.line(), make.line(), make.line()])
    people = [worker(workspace) for _number in range(5)]

    got = together(50, lambda number: pulled(people[number % 5]), workspace_id=workspace.pk)

    taken = [one for one in got if isinstance(one, int)]
    assert len(set(taken)) == len(taken)
    while (last := pulled(people[0])) is not None:
        taken.append(last)
    assert sorted(taken) == sorted(WorkItem.objects.values_list("pk", flat=True))


def test_hours_of_the_line_are_untouched() -> None:
    workspace = make.workspace()
    one = task(workspace)

    pulled(worker(workspace))

    assert WorkItem.objects.select_related("line").get(pk=one.pk).line.remaining_hours == Decimal(
        20
    )  # type: ignore[union-attr]  # -- it has a line
