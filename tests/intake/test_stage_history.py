"""Stage histories from files."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from penstock.flow import moves, replay
from penstock.flow.dating import lived
from penstock.flow.models import Finding, Item, Override, Stage
from penstock.intake import changesets, wording
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


def gated(owner: Member, *needs: str) -> None:
    stage = make.stage(owner.workspace, "lead_generation")
    Stage.objects.filter(pk=stage.pk).update(needs=list(needs))


def test_gate_holds_for_a_move_that_changes_where_the_deal_stands(owner: Member) -> None:
    gated(owner, "need")
    text = HEAD + "1,,Proposal,2026-02-01\n1,,Negotiation,2026-02-10\n1,,Won,2026-02-20\n"

    change_set = build.applied(owner, "stage_history", text)

    assert change_set.counts == {"reject": 3}
    assert {reason for _n, _verdict, reason in build.verdicts(change_set)} == {"flow.gate"}
    assert "Need, stated" in wording.reason(change_set.rows.first())
    assert story(Item.objects.get()) == [("lead_generation", "2026-01-10")]


def test_gate_is_passed_for_a_reason_by_every_move_that_needs_it(owner: Member) -> None:
    gated(owner, "need", "decider")
    text = HEAD + "1,,Proposal,2026-02-01\n1,,Negotiation,2026-02-10\n"

    change_set = build.applied(
        owner, "stage_history", text, options={"despite": "Moved in the old system."}
    )

    override = Override.objects.get()
    assert change_set.counts == {"create": 2}
    assert (override.needs, override.transition.stage.code, override.batch) == (
        ["need", "decider"],
        "proposal",
        change_set.pk,
    )
    assert override.wording.text == "Moved in the old system."
    changesets.revert_now(change_set, by=owner)
    assert not Override.objects.filter(is_void=False, superseded_by=None).exists()


def test_history_before_the_last_move_is_asked_nothing(owner: Member) -> None:
    item = Item.objects.get()
    with lived(datetime(2026, 5, 1, 12, tzinfo=UTC)):
        moves.move(item, to=make.stage(owner.workspace), by=None)
    gated(owner, "need")

    change_set = build.applied(owner, "stage_history", HEAD + "1,,Qualification,2026-02-01\n")

    assert change_set.counts == {"create": 1}


def test_moves_of_a_deal_that_was_imported_as_closed_are_history(owner: Member) -> None:
    text = "ID,Name,Created,Stage,Close Date\n2,Belt,2026-01-10,Closed Lost,2026-03-01\n"
    build.applied(owner, "deals", text)
    gated(owner, "need")

    change_set = build.applied(
        owner, "stage_history", HEAD + "2,,Proposal,2026-02-01\n2,,Proposal,2026-04-01\n"
    )

    assert build.verdicts(change_set) == [(1, "create", ""), (2, "reject", "flow.closed")]


def test_only_the_last_stage_of_a_deal_needs_a_place(owner: Member) -> None:
    build.applied(owner, "deals", "ID,Name,Created\n2,Belt,2026-01-10\n3,Cog,2026-01-10\n")
    proposal = make.stage(owner.workspace)
    Stage.objects.filter(pk=proposal.pk).update(wip_limit=1)
    text = (
        HEAD + "1,,Proposal,2026-02-01\n1,,Negotiation,2026-02-02\n"
        "2,,Proposal,2026-02-01\n3,,Proposal,2026-02-01\n"
    )

    change_set = build.applied(owner, "stage_history", text)

    assert build.verdicts(change_set) == [
        (1, "create", ""),
        (2, "create", ""),
        (3, "create", ""),
        (4, "reject", "flow.wip_limit"),
    ]


def test_win_of_a_deals_file_asks_the_gates_too(owner: Member) -> None:
    gated(owner, "need")
    text = "ID,Name,Created,Status,Closed,Amount\n1,Wheel,2026-01-10,Won,2026-02-01,5\n"

    refused = build.applied(owner, "deals", text)
    passed = build.applied(owner, "deals", text, options={"despite": "Signed on paper."})

    assert build.verdicts(refused) == [(1, "reject", "flow.gate")]
    assert (passed.counts, Item.objects.get().outcome) == ({"update": 1}, "won")
    assert Override.objects.get().needs == ["need"]
