"""How soon leads are answered: the clock, its rule, and the ladder."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from penstock.base.errors import RuleBroken
from penstock.catalog import calendars
from penstock.flow import dating
from penstock.sales import activities, answers, captures, deals
from penstock.sales.models import AnswerClock, AnswerRule, Deal, Escalation, Rung
from penstock.users import members, teams
from penstock.users.models import Member, Role, Workspace
from tests import make

pytestmark = pytest.mark.django_db

#: Friday, half past four in the afternoon; people work from nine to six.
FRIDAY = datetime(2026, 3, 6, 16, 30, tzinfo=UTC)
MONDAY = datetime(2026, 3, 9, 0, 0, tzinfo=UTC)


@pytest.fixture
def workspace(db: None) -> Workspace:
    return make.workspace(time_zone="UTC")


@pytest.fixture
def owner(workspace: Workspace) -> Member:
    return make.member(workspace, name="Rep")


@pytest.fixture
def deal(workspace: Workspace, owner: Member) -> Deal:
    make.answer_rule(workspace)
    return make.deal(workspace, at=FRIDAY, owner=owner)


def clock_of(deal: Deal) -> AnswerClock:
    return AnswerClock.objects.get(deal=deal)


def called(deal: Deal, at: datetime, **details: str):
    return activities.log(deal.item, **{"kind": "call", **details}, by=None, at=at)


def test_clock_counts_working_hours_and_leaves_out_weekends_and_holidays(deal: Deal) -> None:
    calendar = calendars.ensure_default(deal.workspace, by=None)
    calendars.add_days(calendar, [(date(2026, 3, 9), "Holiday")], by=None)

    clock = answers.start(deal, at=FRIDAY)

    assert clock.due_at == datetime(2026, 3, 10, 11, 30, tzinfo=UTC)
    assert (clock.lead_at, clock.manager_at) == (
        clock.due_at + timedelta(hours=2),
        clock.due_at + timedelta(hours=4),
    )


def test_first_contact_stops_it(deal: Deal) -> None:
    answers.start(deal, at=FRIDAY)

    called(deal, MONDAY + timedelta(hours=10), result="not_reached")
    called(deal, MONDAY + timedelta(hours=10), kind="note", notes="Tried")
    assert clock_of(deal).answered_at is None
    called(deal, MONDAY + timedelta(hours=11))
    called(deal, MONDAY + timedelta(hours=15), kind="meeting")

    clock = clock_of(deal)
    assert (clock.answered_at, clock.answered_hours) == (
        MONDAY + timedelta(hours=11),
        Decimal("3.50"),
    )


def test_contact_that_is_taken_back_lets_it_run_again(deal: Deal) -> None:
    answers.start(deal, at=FRIDAY)
    call = called(deal, FRIDAY + timedelta(hours=1))
    assert clock_of(deal).answered_hours == Decimal("1.00")

    activities.take_back(call.changes.get(), by=None)

    clock = clock_of(deal)
    assert (clock.answered_at, clock.answered_hours, clock.activity) == (None, None, None)


def test_late_record_of_an_earlier_contact_counts(deal: Deal) -> None:
    answers.start(deal, at=FRIDAY)
    called(deal, FRIDAY + timedelta(hours=1))
    called(deal, FRIDAY + timedelta(minutes=30))

    assert clock_of(deal).answered_hours == Decimal("0.50")


def test_contact_written_before_the_clock_starts_counts(deal: Deal) -> None:
    called(deal, FRIDAY + timedelta(hours=1))

    assert answers.start(deal, at=FRIDAY).pk
    assert clock_of(deal).answered_hours == Decimal("1.00")


def test_clock_starts_once_and_keeps_the_rule_of_its_arrival(deal: Deal) -> None:
    first = answers.start(deal, at=FRIDAY)
    make.answer_rule(deal.workspace, target="40")

    again = answers.start(deal, at=MONDAY)

    assert (again.pk, again.due_at, again.target_hours) == (first.pk, first.due_at, Decimal(4))


def test_lead_from_a_form_has_a_clock_with_the_usual_rule(workspace: Workspace) -> None:
    row = captures.take(make.capture_form(workspace), make.sent())

    assert clock_of(row.deal).target_hours == answers.USUAL[0]


def test_unanswered_lead_climbs_from_owner_to_team_lead_to_managers_once(
    workspace: Workspace, deal: Deal, owner: Member
) -> None:
    lead, manager = make.member(workspace, name="Lead"), make.member(workspace, role=Role.MANAGER)
    team = make.team(workspace)
    teams.set_lead(team, lead=lead, by=None)
    Member.objects.filter(pk=owner.pk).update(team=team)
    answers.start(deal, at=FRIDAY)

    told = []
    for hours in (10, 11.5, 13.5, 15.5, 40):
        with dating.lived(MONDAY + timedelta(hours=hours)):
            told.append([answers.climb(workspace), answers.climb(workspace)])

    assert told == [[0, 0], [1, 0], [1, 0], [1, 0], [0, 0]]
    rows = Escalation.objects.order_by("pk").values_list("rung", "to")
    assert list(rows) == [(1, owner.pk), (2, lead.pk), (3, manager.pk)]


def test_worker_that_slept_tells_everybody_at_once(workspace: Workspace, deal: Deal) -> None:
    answers.start(deal, at=FRIDAY)

    with dating.lived(MONDAY + timedelta(days=9)):
        assert answers.climb(workspace) == 2

    assert {row.to.role for row in Escalation.objects.all()} == {"rep", "owner"}


def test_nobody_is_told_of_what_was_answered_qualified_or_closed(workspace: Workspace) -> None:
    answered, qualified, lost = (make.deal(workspace, at=FRIDAY) for _number in range(3))
    for one in (answered, qualified, lost):
        answers.start(one, at=FRIDAY)
    called(answered, FRIDAY + timedelta(hours=1))
    deals.qualify(qualified, by=None)
    deals.lose(lost, reason=make.loss_reason(workspace), by=None)

    assert answers.climb(workspace) == 0


def test_lead_of_somebody_who_left_goes_to_the_managers_when_its_time_is_over(
    workspace: Workspace, deal: Deal, owner: Member
) -> None:
    answers.start(deal, at=FRIDAY)
    members.deactivate(owner, by=make.owner_of(workspace))

    with dating.lived(MONDAY + timedelta(hours=12)):
        assert answers.climb(workspace) == 1
    with dating.lived(MONDAY + timedelta(days=9)):
        assert answers.climb(workspace) == 0

    row = Escalation.objects.get()
    assert (row.rung, row.to) == (Rung.MANAGER, make.owner_of(workspace))


def test_nobodys_lead_goes_to_the_managers_when_its_time_is_over(workspace: Workspace) -> None:
    make.answer_rule(workspace)
    manager = make.member(workspace, role=Role.MANAGER)
    answers.start(make.deal(workspace, at=FRIDAY), at=FRIDAY)

    told = []
    for hours in (11, 11.5, 40):
        with dating.lived(MONDAY + timedelta(hours=hours)):
            told.append(answers.climb(workspace))

    assert told == [0, 1, 0]
    assert [row.to for row in Escalation.objects.all()] == [manager]


@pytest.mark.parametrize(
    "change", [{"target_hours": 0}, {"lead_hours": -1}, {"manager_hours": 2001}]
)
def test_wrong_rule_is_refused(workspace: Workspace, change: dict[str, int]) -> None:
    told = {"target_hours": 4, "lead_hours": 2, "manager_hours": 2, **change}

    with pytest.raises(RuleBroken) as refusal:
        answers.set_rule(
            make.pipeline(workspace),
            by=None,
            **{name: Decimal(hours) for name, hours in told.items()},
        )

    assert (refusal.value.code, refusal.value.needs) == ("sales.answer_hours", (*change,))


def test_same_rule_is_written_once(workspace: Workspace) -> None:
    make.answer_rule(workspace)
    make.answer_rule(workspace)
    make.answer_rule(workspace, "5")

    assert AnswerRule.objects.count() == 2
    hours = answers.rule_of(make.pipeline(workspace).pk, answers.rules_of(workspace.pk))
    assert hours.steps == (5, 7, 9)
