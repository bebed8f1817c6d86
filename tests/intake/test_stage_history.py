"""Stage histories from files."""

from __future__ import annotations

import pytest

from penstock.flow import replay
from penstock.flow.models import Finding, Item
from penstock.users.models import Member
from tests import make
from tests.intake import build

DEALS = "ID,Name,Created\n1,Wheel,2026-01-10\n"
HEAD = "Deal ID,From,To,Date\n"


@pytest.fixture
def owner(db: None) -> Member:
    owner = make.owner_of(make.workspace())
    build.applied(owner, "deals", DEALS)
    return owner


def story(item: Item) -> list[tuple[str, str]]:
    rows = replay.effective(item.transitions.select_related("stage"))
    return [(row.stage.code, row.occurred_at.date().isoformat()) for row in rows]


def test_moves_take_their_place_in_time(owner: Member) -> None:
    text = HEAD + "1,,Proposal,2026-02-01\n1,,Negotiation,2026-02-10\n1,,Closed Won,2026-02-20\n"

    change_set = build.applied(owner, "stage_history", text)

    item = Item.objects.select_related("stage").get()
    assert change_set.counts == {"create": 3}
    assert story(item) == [
        ("lead_generation", "2026-01-10"),
        ("proposal", "2026-02-01"),
        ("negotiation", "2026-02-10"),
        ("follow_up", "2026-02-20"),
    ]
    assert (item.stage.code, item.outcome) == ("follow_up", "won")


def test_same_history_changes_nothing_again(owner: Member) -> None:
    text = HEAD + "1,,Proposal,2026-01-01\n1,,Lost,2026-02-20\n"
    build.applied(owner, "stage_history", text)

    again = build.applied(owner, "stage_history", text)

    assert again.counts == {"same": 2}


def test_assumed_opening_gives_way_to_an_earlier_move(owner: Member) -> None:
    change_set = build.applied(owner, "stage_history", HEAD + "1,,Proposal,2026-01-01\n")

    assert change_set.rows.get().notes == ["moved_before_opened"]
    assert Finding.objects.get().code == "moved_before_opened"
    assert story(Item.objects.get()) == [("proposal", "2026-01-01")]


def test_stage_of_the_opening_is_where_the_first_move_came_from(owner: Member) -> None:
    build.applied(owner, "stage_history", HEAD + "1,First contact,Proposal,2026-02-01\n")

    assert story(Item.objects.get()) == [
        ("first_contact", "2026-01-10"),
        ("proposal", "2026-02-01"),
    ]


def test_row_is_refused_when_its_deal_or_stage_is_unknown(owner: Member) -> None:
    text = HEAD + "9,,Proposal,2026-02-01\n1,,Nowhere,2026-02-01\n"

    change_set = build.applied(owner, "stage_history", text)

    assert build.verdicts(change_set) == [
        (1, "reject", "unknown_deal"),
        (2, "reject", "unknown_stage"),
    ]
