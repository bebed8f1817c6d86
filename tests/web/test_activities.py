"""What is to be done about a deal, on its page and in small forms."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from penstock.flow.dating import lived, today
from penstock.sales import activities, deals
from penstock.sales.models import Activity, ActivityChange, Deal
from penstock.users.models import Role, Workspace
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(workspace: Workspace) -> Deal:
    return make.deal(workspace, owner=make.owner_of(workspace))


def about(deal: Deal, what: str) -> str:
    return f"deals/{deal.item.key}/activities/{what}"


def panel(browser: Browser, deal: Deal, **asked: str) -> Any:
    return browser.get(f"deals/{deal.item.key}", **asked).context["page"].activities


def in_days(deal: Deal, days: int) -> date:
    return today(deal.workspace) + timedelta(days=days)


def test_deal_without_a_plan_says_so_until_one_is_made(owner: Browser, deal: Deal) -> None:
    before = panel(owner, deal)

    owner.post(
        about(deal, "new?step"), kind="call", subject="Ask for the budget", chip=in_days(deal, 1)
    )

    after = panel(owner, deal)
    assert (before.missing != "", before.lines, after.missing) == (True, [], "")
    assert [(line.what, line.due.text, line.is_step) for line in after.lines] == [
        ("Ask for the budget", "Tomorrow", True)
    ]


def test_won_lost_and_parked_deals_need_no_step(owner: Browser, workspace: Workspace) -> None:
    won, parked = make.deal(workspace), make.deal(workspace)
    deals.win(won, by=make.owner_of(workspace))
    deals.park(parked, until=in_days(parked, 5), by=None)

    assert (panel(owner, won).missing, panel(owner, parked).missing) == ("", "")


def test_chips_are_working_days(owner: Browser, deal: Deal) -> None:
    with lived(datetime(2027, 1, 8, 10, tzinfo=UTC)):
        chips = owner.get(about(deal, "new"), htmx=True).context["chips"]

    assert [(chip.label, chip.value) for chip in chips] == [
        ("Next week", "2027-01-11"),
        ("In 2 working days", "2027-01-12"),
        ("In 2 weeks", "2027-01-22"),
    ]


def test_plan_takes_all_details(owner: Browser, workspace: Workspace, deal: Deal) -> None:
    bob, person = make.member(workspace, name="Bob"), make.person(workspace, "Olga")
    deals.add_person(deal, person=person, part="decides", by=None)

    owner.post(
        about(deal, "new"),
        kind="meeting",
        subject="Show it",
        due_on=in_days(deal, 2),
        due_time="14:30",
        owner=bob.pk,
        person=person.pk,
        priority="on",
        notes="Bring the sample",
    )

    made = Activity.objects.get()
    assert (made.owner, made.person, made.priority, made.notes) == (
        bob,
        person,
        1,
        "Bring the sample",
    )
    assert made.due_at is not None
    assert f"{made.due_at.astimezone(workspace.zone):%H:%M}" == "14:30"


def test_call_is_written_down_with_two_clicks_and_asks_for_the_next_step(
    owner: Browser, deal: Deal
) -> None:
    asked = owner.get(about(deal, "log/call"), htmx=True)
    answer = owner.post(
        about(deal, "log/call"), htmx=True, page=f"deals/{deal.item.key}", result="reached"
    )

    made = Activity.objects.get()
    assert [chip.value for chip in asked.context["chips"]] == [
        "reached",
        "not_reached",
        "positive",
        "negative",
    ]
    assert (made.kind, made.result, made.is_planned) == ("call", "reached", False)
    assert 'id="next-step"' in answer.content.decode()


def test_next_step_is_not_asked_for_where_one_is_left(owner: Browser, deal: Deal) -> None:
    make.activity(deal.workspace, about=deal.item, days=9)
    first = make.activity(deal.workspace, about=deal.item)

    answer = owner.post(f"activities/{first.pk}/done", htmx=True, notes="", page="pipeline")

    assert 'id="next-step"' not in answer.content.decode()


def test_done_with_its_result_and_taken_back(owner: Browser, deal: Deal) -> None:
    activity = make.activity(deal.workspace, about=deal.item)

    owner.post(f"activities/{activity.pk}/done", result="positive", notes="They like it")
    page = owner.get(f"deals/{deal.item.key}").context["page"]
    change = activity.changes.latest("pk")
    owner.post(f"activities/{activity.pk}/changes/{change.pk}/undo")

    assert (page.activities.lines, page.entries[0].text) == ([], "Call (Went well)")
    assert page.entries[0].quote == "They like it"
    assert [line.id for line in panel(owner, deal).lines] == [activity.pk]


def test_put_off_changed_given_away_and_called_off(
    owner: Browser, workspace: Workspace, deal: Deal
) -> None:
    activity, bob = make.activity(workspace, about=deal.item), make.member(workspace, name="Bob")
    address = f"activities/{activity.pk}"

    owner.post(f"{address}/due", chip=in_days(deal, 4))
    owner.post(f"{address}/edit", subject="Offer", due_on=in_days(deal, 6), owner=bob.pk, notes="!")
    line = panel(owner, deal).lines[0]
    owner.post(f"{address}/cancel")

    assert (line.what, line.due.on, line.who, line.notes) == ("Offer", in_days(deal, 6), "Bob", "!")
    assert list(activity.changes.order_by("pk").values_list("act", flat=True)) == [
        *("planned", "moved", "moved", "given", "cancelled"),
    ]


def test_as_of_a_day_it_shows_what_was_planned_then(owner: Browser, workspace: Workspace) -> None:
    with lived(datetime(2026, 3, 2, 9, tzinfo=UTC)):
        deal = make.deal(workspace)
        activity = make.activity(workspace, about=deal.item, days=3)
    with lived(datetime(2026, 3, 5, 9, tzinfo=UTC)):
        activities.reschedule(activity, due=date(2026, 3, 20), by=None)
    with lived(datetime(2026, 3, 9, 9, tzinfo=UTC)):
        activities.complete(activity, by=None)

    days = [panel(owner, deal, on=f"2026-03-0{day}").lines for day in (3, 6, 9)]

    assert [[(line.due.text, line.may_edit) for line in lines] for lines in days] == [
        [("Thu 5 Mar", False)],
        [("Fri 20 Mar", False)],
        [],
    ]


@pytest.mark.parametrize(
    ("what", "answers"),
    [
        ("new", {}),
        ("new", {"kind": "call"}),
        ("new", {"kind": "note", "chip": "2999-01-01"}),
        ("new", {"kind": "dream", "chip": "2999-01-01"}),
        ("new", {"kind": "call", "chip": "soon"}),
        ("new", {"kind": "call", "due_on": "2020-01-01"}),
        ("new", {"kind": "call", "due_on": "2999-01-01", "due_time": "late"}),
        ("new", {"kind": "call", "due_on": "2999-01-01", "owner": "0"}),
        ("log/call", {"result": "great"}),
        ("log/note", {"notes": " "}),
        ("log/call", {"on": "2999-01-01"}),
    ],
)
def test_it_refuses_in_the_form(
    owner: Browser, deal: Deal, what: str, answers: dict[str, str]
) -> None:
    answer = owner.post(about(deal, what), htmx=True, **answers)

    assert (answer.status_code, Activity.objects.count()) == (422, 0)
    assert answer.context["form"].errors


def test_no_such_kind_and_no_such_change_are_not_found(owner: Browser, deal: Deal) -> None:
    activity, other = (
        make.activity(deal.workspace, about=deal.item),
        make.activity_change(deal.workspace),
    )

    codes = [
        owner.get(about(deal, "log/dream")).status_code,
        owner.post(f"activities/{activity.pk}/changes/{other.pk}/undo").status_code,
        owner.post("activities/0/done").status_code,
    ]

    assert codes == [404, 404, 404]


def test_what_happened_meanwhile_is_not_taken_back(owner: Browser, deal: Deal) -> None:
    activity = make.activity(deal.workspace, about=deal.item)
    planned = ActivityChange.objects.get()
    activities.complete(activity, by=None)

    answer = owner.post(f"activities/{activity.pk}/changes/{planned.pk}/undo", htmx=True)

    assert answer.status_code == 409


def test_a_colleague_looks_only_and_whom_it_was_given_to_acts(
    workspace: Workspace, deal: Deal
) -> None:
    bob = make.member(workspace, role=Role.REP)
    mine, theirs = (
        make.activity(workspace, about=deal.item, owner=bob),
        make.activity(workspace, about=deal.item, owner=make.owner_of(workspace)),
    )
    browser = sign_in(bob)

    codes = [
        browser.post(f"activities/{one.pk}/done", notes="").status_code for one in (theirs, mine)
    ]

    assert codes == [403, 302]
    assert browser.post(about(deal, "new"), kind="call").status_code == 403
    assert [line.may_edit for line in panel(browser, deal).lines] == [False]


def test_stranger_finds_nothing(stranger: Browser, deal: Deal) -> None:
    activity = make.activity(deal.workspace, about=deal.item)

    codes = [
        stranger.get(about(deal, "new")).status_code,
        stranger.post(about(deal, "log/call")).status_code,
        stranger.post(f"activities/{activity.pk}/done").status_code,
    ]

    assert codes == [404, 404, 404]


def test_scripts_are_shown_as_text(owner: Browser, deal: Deal) -> None:
    text = "<script>alert(1)</script>"
    owner.post(about(deal, "new"), kind="call", subject=text, notes=text, chip=in_days(deal, 1))
    owner.post(about(deal, "log/note"), subject=text, notes=text)

    assert text not in owner.get(f"deals/{deal.item.key}").content.decode()
