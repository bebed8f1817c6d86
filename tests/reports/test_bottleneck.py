"""The bottleneck from what the log says: a world with one slow team, one with slow stage, and worlds without."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from penstock.analytics import bottleneck as signs
from penstock.backlog import dependencies, ledger, work
from penstock.backlog.models import WorkItem
from penstock.flow import dating, pipelines
from penstock.flow.models import Kind, Stage, StageKind
from penstock.reports import bottleneck
from penstock.users.models import Member, Team
from penstock.web.pages import bottleneck as pages
from tests import make
from tests.reports.days import day, noon, window

pytestmark = pytest.mark.django_db

N_WEEKS = 8
#: Ten o'clock of a day, in the middle of working hours.
START = timedelta(hours=2)


@pytest.fixture
def owner() -> Member:
    return make.owner_of(make.workspace())


@pytest.fixture
def teams(owner: Member) -> tuple[Team, Team]:
    """Two teams with one place each."""
    fast, slow = make.team(owner.workspace, "Fast"), make.team(owner.workspace, "Slow")
    for team in (fast, slow):
        make.place(owner.workspace, at=team, from_on=date(2026, 1, 1))
    return fast, slow


def morning(number: int) -> datetime:
    return noon(number) - START


def given(owner: Member, team: Team, *, at: int) -> WorkItem:
    order = make.order(owner.workspace, at=morning(at))
    return dependencies.give(WorkItem.objects.get(line__order=order), team=team, by=None)


def begin(item: WorkItem, *, at: datetime) -> None:
    stage = make.stage(item.workspace, "in_work", Kind.WORK)
    work.move(item, to=stage, by=None, at=at)


def finish(item: WorkItem, *, at: datetime) -> None:
    assert item.line is not None
    act = ledger.Act(by=None, at=at)
    ledger.fulfil(item.line, quantity=Decimal(10), act=act)


def asked(owner: Member, *, weeks: int = N_WEEKS, **more: object) -> bottleneck.Bottleneck:
    span = window(2, 1 + 7 * weeks, workspace=owner.workspace)
    return bottleneck.in_window(owner, span, **more)  # type: ignore[arg-type]  # -- as told


def fill(owner: Member, fast: Team, slow: Team, *, weeks: int = N_WEEKS) -> None:
    """Both get three pieces a week; the fast one does all, the slow one two, each taking its time."""
    waiting: list[WorkItem] = []
    for week in range(weeks):
        monday = 2 + 7 * week
        for number in range(3):
            item = given(owner, fast, at=monday + number)
            begin(item, at=morning(monday + number) + timedelta(hours=1))
            finish(item, at=morning(monday + number) + timedelta(hours=3))
            waiting.append(given(owner, slow, at=monday + number))
        for number in range(2):
            item = waiting.pop(0)
            begin(item, at=morning(monday + 2 * number + (number == 0)) + timedelta(hours=1))
            finish(item, at=morning(monday + 2 * number + 2) + timedelta(minutes=50))


def test_team_that_cannot_keep_up_is_the_bottleneck(
    owner: Member, teams: tuple[Team, Team]
) -> None:
    fill(owner, *teams)

    found = asked(owner)

    assert found.verdict.code == signs.FOUND
    assert found.found is not None
    assert found.found.name == "Slow"
    fast, slow = found.resources
    assert (fast.n_places, slow.n_places) == (1, 1)
    assert (slow.n_opening, slow.n_closing, fast.n_closing) == (0, N_WEEKS, 0)
    assert slow.trend.slope == pytest.approx(1)
    assert fast.utilisation is not None
    assert slow.utilisation is not None
    assert fast.utilisation == pytest.approx(3 * 2 / 40, abs=1e-6)
    assert slow.utilisation > fast.utilisation
    assert fast.gain is not None
    assert slow.gain is not None
    assert fast.gain.done == 0
    assert slow.gain.done == pytest.approx(0.2 * N_WEEKS)
    assert found.confirmed is slow
    idle = replace(found, resources=(fast, replace(slow, gain=fast.gain)))
    assert idle.confirmed is None
    assert "not confirmed as the bottleneck" in pages.answer(idle)
    assert "A tenth more of it would have finished 0.20 more a week" in pages.answer(found)
    behind = bottleneck.items(
        owner,
        window(2, 1 + 7 * N_WEEKS, workspace=owner.workspace),
        by="team",
        key=slow.key,
    )
    assert len(behind) == N_WEEKS


def test_fewer_weeks_than_it_takes_name_nobody(owner: Member, teams: tuple[Team, Team]) -> None:
    fill(owner, *teams, weeks=2)

    found = asked(owner, weeks=2)

    assert (found.verdict.code, found.found) == (signs.TOO_FEW, None)


def test_one_team_alone_has_nothing_to_compare_to(owner: Member) -> None:
    team = make.team(owner.workspace)
    given(owner, team, at=2)

    found = asked(owner)

    assert found.verdict.code == signs.ALONE
    assert found.resources[0].utilisation is None


def test_no_work_names_nobody(owner: Member) -> None:
    found = asked(owner)

    assert (found.verdict.code, found.resources) == (signs.IDLE, ())


def test_what_was_not_known_then_does_not_count(owner: Member, teams: tuple[Team, Team]) -> None:
    for team in teams:
        with dating.lived(morning(3)):
            item = given(owner, team, at=3)
        # Entered now, long after it happened.
        begin(item, at=morning(4))

    known = asked(owner, known=day(50))

    assert {one.n_closing for one in known.resources} == {1}
    assert all(one.utilisation in {None, 0.0} for one in known.resources)
    assert any(one.sole_share for one in asked(owner).resources)


def test_stages_take_in_the_queue_before_them(owner: Member) -> None:
    pipeline = make.pipeline(owner.workspace, Kind.WORK)
    first = Stage.objects.get(pipeline=pipeline, code="in_work")
    second = pipelines.add_stage(pipeline, name="Paint", kind=StageKind.WORK, by=owner)
    order = make.order(owner.workspace, at=morning(2))
    item = WorkItem.objects.get(line__order=order)
    begin(item, at=morning(5))
    work.move(item, to=second, by=None, at=morning(9))
    waits = make.order(owner.workspace, at=morning(3))

    found = asked(owner, by="stage")

    assert [(one.name, one.n_closing) for one in found.resources] == [
        (first.label, 1),
        ("Paint", 1),
    ]
    assert (found.resources[0].n_waits, found.resources[0].waits_days) == (1, 3)
    span = window(2, 57, workspace=owner.workspace)
    waiting = bottleneck.items(owner, span, by="stage", key=first.pk)
    assert [pk for pk, _days in waiting] == [WorkItem.objects.get(line__order=waits).pk]
