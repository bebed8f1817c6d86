"""The list of all activities, and what was done by whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from penstock.flow.dating import lived, today
from penstock.sales import activities, deals
from penstock.users.models import Member, Role, Workspace
from penstock.users.models.workspace import Sees
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(workspace: Workspace) -> Member:
    return make.owner_of(workspace)


def listed(browser: Browser, **asked: str) -> list[str]:
    return [line.what for line in browser.get("activities", **asked).context["page"].lines]


@pytest.fixture
def four(workspace: Workspace, alice: Member) -> None:
    """Something late, due, ahead and done, of the owner."""
    with lived(datetime.now(UTC) - timedelta(days=5)):
        deal = make.deal(workspace, owner=alice)
        make.activity(workspace, about=deal.item, days=1, owner=alice, subject="late")
    make.activity(workspace, about=deal.item, days=0, owner=alice, subject="due", kind="email")
    make.activity(workspace, about=deal.item, days=3, owner=alice, subject="ahead")
    activities.log(deal.item, kind="call", by=alice, subject="done", result="reached")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["late", "due", "ahead"]),
        ({"state": "overdue"}, ["late"]),
        ({"state": "today"}, ["due"]),
        ({"state": "ahead"}, ["ahead"]),
        ({"state": "done"}, ["done"]),
        ({"kind": "email"}, ["due"]),
        ({"state": "soon", "kind": "dream", "page": "x"}, ["late", "due", "ahead"]),
    ],
)
def test_filters(owner: Browser, four: None, asked: dict[str, str], found: list[str]) -> None:
    assert listed(owner, **asked) == found


def test_done_is_counted_by_member_and_kind(
    owner: Browser, workspace: Workspace, alice: Member, four: None
) -> None:
    bob = make.member(workspace, name="Bob")
    item = make.deal(workspace).item
    for kind in ("call", "call", "meeting"):
        activities.log(item, kind=kind, by=bob)
    with lived(datetime.now(UTC) - timedelta(days=40)):
        old = make.deal(workspace).item
        activities.log(old, kind="call", by=bob)

    page = owner.get("activities", of="team", state="done").context["page"]

    assert [(row.who, list(row.n_by_kind), row.n) for row in page.counts] == [
        (alice.name, ["1", "0", "0", "0", "0"], "1"),
        ("Bob", ["2", "1", "0", "0", "0"], "3"),
    ]
    assert page.definition.n == "4"


def test_mine_are_mine_and_parked_ones_are_silent(
    owner: Browser, workspace: Workspace, alice: Member
) -> None:
    bob = make.member(workspace, role=Role.REP)
    parked = make.deal(workspace, owner=alice)
    make.activity(workspace, about=parked.item, owner=alice, subject="parked")
    deals.park(parked, until=today(workspace) + timedelta(days=9), by=alice)
    make.activity(workspace, owner=bob, subject="bob's")

    assert (listed(owner), listed(owner, of="team")) == ([], ["bob's"])
    assert listed(sign_in(bob), of="team") == ["bob's"]


def test_restricted_reps_see_no_activity_of_others(
    workspace: Workspace, alice: Member, four: None
) -> None:
    workspace.reps_see = Sees.OWN
    workspace.save(update_fields=["reps_see"])
    bob = make.member(workspace, role=Role.REP)

    assert listed(sign_in(bob), of="team", state="done") == []


def test_only_who_may_act_has_buttons(owner: Browser, viewer: Browser, four: None) -> None:
    mine = owner.get("activities").context["page"].lines
    done = owner.get("activities", state="done").context["page"].lines

    assert ([line.may_edit for line in mine], [line.may_edit for line in done]) == (
        [True] * 3,
        [False],
    )
    assert viewer.get("activities").status_code == 200


def test_stranger_finds_nothing(stranger: Browser) -> None:
    assert stranger.get("activities").status_code == 404


@pytest.mark.parametrize("n", [1, 3])
def test_query_count(
    owner: Browser, workspace: Workspace, alice: Member, django_assert_num_queries: Any, n: int
) -> None:
    for _number in range(n):
        make.activity(workspace, owner=alice)
    owner.get("activities")

    with django_assert_num_queries(11):
        owner.get("activities")
