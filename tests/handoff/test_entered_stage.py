"""A stage puts the tasks of its playbook on the deals that enter it, once, and takes back what ends with it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from penstock.base.errors import RuleBroken
from penstock.flow import moves
from penstock.flow.dating import lived
from penstock.flow.models import Stage
from penstock.sales import activities, deals, facts, playbooks
from penstock.sales.models import Activity, Deal
from penstock.users import teams
from penstock.users.models import Member, Workspace
from tests import make

pytestmark = pytest.mark.django_db

FRIDAY = datetime(2026, 5, 8, 10, tzinfo=UTC)


@pytest.fixture
def workspace() -> Workspace:
    return make.workspace()


@pytest.fixture
def alice(workspace: Workspace) -> Member:
    return make.owner_of(workspace)


@pytest.fixture
def stage(workspace: Workspace) -> Stage:
    return make.stage(workspace, "needs_assessment")


def before(stage: Stage) -> Stage:
    return make.stage(stage.workspace, "qualification")


def planned(deal: Deal) -> list[str]:
    return [row.subject for row in Activity.objects.filter(item=deal.item).planned().in_order()]


def test_tasks_come_on_working_days_with_the_move(
    workspace: Workspace, alice: Member, stage: Stage
) -> None:
    make.playbook_task(workspace, stage=stage, title="Call", days=1)
    make.playbook_task(workspace, stage=stage, title="Visit", kind="meeting", days=0)
    with lived(FRIDAY):
        deal = make.deal(workspace, owner=alice)
        deals.move(deal, to=stage, by=alice)

    rows = Activity.objects.in_order()
    assert [(row.subject, row.kind, row.due_on, row.owner, row.source) for row in rows] == [
        ("Visit", "meeting", date(2026, 5, 8), alice, "playbook"),
        ("Call", "call", date(2026, 5, 11), alice, "playbook"),
    ]
    deal.refresh_from_db()
    assert deal.next_step is not None
    assert deal.next_step.subject == "Visit"


def test_opening_in_a_stage_plays_it(workspace: Workspace, stage: Stage) -> None:
    make.playbook_task(workspace, stage=stage)

    assert planned(make.deal(workspace, stage=stage)) == ["Call"]


def test_what_is_planned_or_done_is_not_planned_again(
    workspace: Workspace, alice: Member, stage: Stage
) -> None:
    make.playbook_task(workspace, stage=stage, title="Stays", ends_with_stage=False)
    make.playbook_task(workspace, stage=stage, title="Done")
    deal = make.deal(workspace, owner=alice)
    deals.move(deal, to=stage, by=alice)
    activities.complete(Activity.objects.get(subject="Done"), by=alice)
    deals.move(deal, to=before(stage), by=alice)
    deals.move(deal, to=stage, by=alice)

    assert (planned(deal), Activity.objects.count()) == (["Stays"], 2)


def test_leaving_calls_off_and_coming_back_plans_anew(
    workspace: Workspace, alice: Member, stage: Stage
) -> None:
    make.playbook_task(workspace, stage=stage)
    deal = make.deal(workspace, owner=alice)
    deals.move(deal, to=stage, by=alice)
    deals.move(deal, to=before(stage), by=alice)
    away = planned(deal)
    deals.move(deal, to=stage, by=alice)

    assert (away, planned(deal), Activity.objects.count()) == ([], ["Call"], 2)


def test_move_that_is_taken_back_takes_its_tasks_along(
    workspace: Workspace, alice: Member, stage: Stage
) -> None:
    make.playbook_task(workspace, stage=stage)
    make.playbook_task(workspace, stage=before(stage), title="Before")
    deal = make.deal(workspace, owner=alice, stage=before(stage))
    row = deals.move(deal, to=stage, by=alice)
    there = planned(deal)
    moves.take_back(row, by=alice)

    assert (there, planned(deal)) == (["Call"], ["Before"])


def test_refused_move_plans_nothing(workspace: Workspace, alice: Member, stage: Stage) -> None:
    make.playbook_task(workspace, stage=stage)
    origin = before(stage)
    origin.needs = ["company"]
    origin.save(update_fields=["needs"])
    deal = make.deal(workspace, stage=origin)

    with pytest.raises(RuleBroken):
        deals.move(deal, to=stage, by=alice)

    assert Activity.objects.count() == 0


@pytest.mark.parametrize(
    ("amount", "n"), [(None, 0), (Decimal(999), 0), (Decimal(1000), 1), (Decimal(5000), 1)]
)
def test_only_from_an_amount(
    workspace: Workspace, stage: Stage, amount: Decimal | None, n: int
) -> None:
    make.playbook_task(workspace, stage=stage, least_amount=Decimal(1000))

    deal = make.deal(workspace, stage=stage, amount=amount)

    assert len(planned(deal)) == n


def test_amount_is_compared_in_the_currency_of_the_workspace(
    workspace: Workspace, alice: Member, stage: Stage
) -> None:
    make.rate(workspace)
    make.playbook_task(workspace, stage=stage, least_amount=Decimal(1000))
    deal = make.deal(workspace, owner=alice, amount=Decimal(1100))
    deals.change(deal, by=alice, currency="USD")
    deals.move(deal, to=stage, by=alice)

    assert planned(deal) == []


@pytest.mark.parametrize(("ahead", "days_before"), [(30, 5), (None, 5), (1, 5)])
def test_before_the_expected_close_and_never_in_the_past(
    workspace: Workspace, alice: Member, stage: Stage, ahead: int | None, days_before: int
) -> None:
    make.playbook_task(workspace, stage=stage, days=days_before, counted="close")
    with lived(FRIDAY):
        close_on = FRIDAY.date() + timedelta(days=ahead) if ahead else None
        deal = make.deal(workspace, owner=alice)
        deals.change(deal, by=alice, close_on=close_on)
        deals.move(deal, to=stage, by=alice)

    expected = {30: date(2026, 6, 1), None: date(2026, 5, 15), 1: date(2026, 5, 8)}
    assert Activity.objects.get().due_on == expected[ahead]


def test_who_it_falls_to(workspace: Workspace, alice: Member, stage: Stage) -> None:
    bob, carl = make.member(workspace, name="Bob"), make.member(workspace, name="Carl")
    team = teams.create(workspace, name="North", by=alice)
    teams.set_lead(team, lead=carl, by=alice)
    bob.team = team
    bob.save(update_fields=["team"])
    for title, details in (
        ("owner", {}),
        ("lead", {"who": "lead"}),
        ("member", {"who": "member", "member": alice}),
    ):
        make.playbook_task(workspace, stage=stage, title=title, **details)

    make.deal(workspace, stage=stage, owner=bob)

    found = {row.subject: row.owner for row in Activity.objects.select_related("owner")}
    assert found == {"owner": bob, "lead": carl, "member": alice}


def test_retired_tasks_and_moves_of_long_ago_plan_nothing(
    workspace: Workspace, alice: Member, stage: Stage
) -> None:
    task = make.playbook_task(workspace, stage=stage)
    with lived(datetime.now(UTC) - timedelta(days=9)):
        old = make.deal(workspace, owner=alice)
    deals.move(old, to=stage, by=alice, at=datetime.now(UTC) - timedelta(days=5))
    playbooks.retire(task, by=alice)
    make.deal(workspace, stage=stage)

    assert Activity.objects.count() == 0


def test_gate_can_ask_for_required_tasks(workspace: Workspace, alice: Member, stage: Stage) -> None:
    make.playbook_task(workspace, stage=stage, is_required=True)
    stage.needs = ["playbook"]
    stage.save(update_fields=["needs"])
    deal = make.deal(workspace, owner=alice, stage=stage)
    to = make.stage(workspace, "first_contact")

    with pytest.raises(RuleBroken) as refusal:
        deals.move(deal, to=to, by=alice)
    missing = "playbook" in facts.of(deal.item)
    activities.complete(Activity.objects.get(), by=alice)
    deals.move(deal, to=to, by=alice)

    assert (refusal.value.code, refusal.value.needs, missing) == ("flow.gate", ("playbook",), False)


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({"title": " "}, "sales.playbook_title"),
        ({"kind": "note"}, "sales.playbook_kind"),
        ({"days": 251}, "sales.playbook_days"),
        ({"who": "member"}, "sales.playbook_member"),
        ({"least_amount": Decimal(-1)}, "sales.playbook_amount"),
    ],
)
def test_tasks_that_make_no_sense_are_refused(
    workspace: Workspace, details: dict[str, Any], code: str
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        make.playbook_task(workspace, **details)

    assert refusal.value.code == code


def test_only_deals_have_a_playbook(workspace: Workspace, alice: Member) -> None:
    stage = make.order(workspace).item.stage

    with pytest.raises(RuleBroken) as refusal:
        playbooks.add(stage, by=alice, title="x", kind="call")

    assert refusal.value.code == "sales.playbook_stage"
