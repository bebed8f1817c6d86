"""Deals from files."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from penstock.base.errors import RuleBroken
from penstock.contacts.models import Company
from penstock.flow import replay
from penstock.flow.models import FieldChange, Finding, Item, Link, Outcome, Stage, Transition
from penstock.intake import changesets
from penstock.sales.models import Deal
from penstock.users.models import Member, Workspace
from tests import make
from tests.intake import build

HEAD = "Deal ID,Deal Name,Account,Product,Sales Rep,Stage,Created Date,Close Date,Amount,Campaign\n"
WON = "2,Pump,Brook,,Eve,Closed Won,2026-01-12,2026-02-01,800,\n"


@pytest.fixture
def workspace(db: None) -> Workspace:
    return make.workspace(time_zone="Europe/Berlin")


@pytest.fixture
def owner(workspace: Workspace) -> Member:
    return make.owner_of(workspace)


def test_nothing_is_written_when_a_file_is_only_checked(owner: Member) -> None:
    change_set = build.checked(owner, "deals", HEAD + WON)

    assert (change_set.state, change_set.counts) == ("checked", {"create": 1})
    assert build.verdicts(change_set) == [(1, "create", "")]
    assert (Item.objects.count(), Company.objects.count(), Stage.objects.count()) == (0, 0, 14)


def test_open_deal_stands_in_its_stage_when_imported(owner: Member) -> None:
    build.applied(
        owner,
        "deals",
        HEAD + '1,"Wheel, large",Acme,GTXPro,Eve,Negotiation,2026-01-10,,500,spring\n',
    )

    deal = Deal.objects.select_related("item__stage", "item__owner", "company", "product").get()
    assert (deal.item.title, deal.item.stage.code, deal.item.outcome) == (
        "Wheel, large",
        "negotiation",
        "",
    )
    assert (deal.company.name, deal.product.name, deal.item.owner.name) == ("Acme", "GTXPro", "Eve")
    assert deal.item.opened_at == datetime(2026, 1, 9, 23, tzinfo=UTC)
    assert deal.extra == {"Campaign": "spring"}
    assert {row.field: row.value for row in FieldChange.objects.all()} == {
        "owner": str(deal.item.owner_id),
        "company": str(deal.company_id),
        "product": str(deal.product_id),
        "amount": "500.0000",
        "qualified": "yes",
    }


def test_rows_of_history_are_known_when_they_happened_and_belong_to_the_change_set(
    owner: Member,
) -> None:
    change_set = build.applied(owner, "deals", HEAD + WON)

    rows = [*Transition.objects.all(), *Outcome.objects.all(), *FieldChange.objects.all()]
    assert all(row.known_at == row.occurred_at and row.is_assumed for row in rows)
    assert {row.batch for row in rows} == {change_set.pk}
    assert Outcome.objects.get().source_key == "crm:1:deals:2:end"


def test_won_deal_is_in_follow_up_and_places_no_order_when_imported(owner: Member) -> None:
    build.applied(owner, "deals", HEAD + WON)

    item = Item.objects.select_related("stage").get()
    assert (item.stage.code, item.outcome) == ("follow_up", "won")
    assert item.decided_at == datetime(2026, 1, 31, 23, tzinfo=UTC)
    assert not Link.objects.exists()


def test_won_deal_places_its_order_when_that_is_chosen(owner: Member) -> None:
    build.applied(owner, "deals", HEAD + WON, options={"place_orders": True})

    assert Link.objects.get().source.title == "Pump"


def test_lost_deal_stays_in_its_stage_with_its_reason(owner: Member) -> None:
    text = (
        "ID,Name,Stage,Status,Created,Closed Date,Lost Reason\n"
        "1,Gate,Proposal,lost,2026-01-01,2026-02-01,Price\n"
        "2,Weir,Proposal,lost,2026-01-01,2026-02-01,moon\n"
    )

    build.applied(owner, "deals", text)

    rows = Outcome.objects.order_by("item").values_list("item__stage__code", "reason__code")
    assert list(rows) == [("proposal", "price"), ("proposal", "unknown")]


def test_replayed_rows_give_the_state_that_is_kept(owner: Member) -> None:
    build.applied(owner, "deals", HEAD + WON)

    item = Item.objects.get()
    last = replay.last(item.transitions.all())
    assert last is not None
    assert (last.stage_id, last.occurred_at) == (item.stage_id, item.entered_at)


def test_all_rows_are_the_same_when_a_file_comes_again(owner: Member) -> None:
    build.applied(owner, "deals", HEAD + WON)

    again = build.applied(owner, "deals", HEAD + WON)

    assert again.counts == {"same": 1}
    assert Deal.objects.count() == 1


def test_changed_row_updates_by_the_same_rules(owner: Member) -> None:
    build.applied(owner, "deals", HEAD + "1,Wheel,Acme,,,Proposal,2026-01-10,,500,\n")

    update = build.applied(owner, "deals", HEAD + "1,Wheel,Acme,,,Negotiation,2026-01-10,,700,\n")

    deal = Deal.objects.select_related("item__stage").get()
    assert build.verdicts(update) == [(1, "update", "")]
    assert (deal.amount, deal.item.stage.code) == (Decimal(700), "negotiation")
    assert Transition.objects.filter(batch=update.pk).count() == 1


def test_update_is_refused_when_a_gate_asks_for_an_answer(
    owner: Member, workspace: Workspace
) -> None:
    build.applied(owner, "deals", HEAD + "1,Wheel,,,,Proposal,2026-01-10,,500,\n")
    Stage.objects.filter(workspace=workspace, code="proposal").update(needs=["company"])

    update = build.applied(owner, "deals", HEAD + "1,Wheel,,,,Negotiation,2026-01-10,,500,\n")

    assert build.verdicts(update) == [(1, "reject", "flow.gate")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,Wheel,,,,Proposal,10/01/2026 25:00,,1,\n", "not_a_date"),
        ("1,Wheel,,,,Proposal,2026-01-10,,many,\n", "not_a_number"),
        ("1,Wheel,,,,Proposal,2026-01-10,,-5,\n", "sales.amount_negative"),
        ("1,Wheel,,,,Nowhere,2026-01-10,,5,\n", "unknown_stage"),
        ("1,Wheel,,,,Proposal,2199-01-10,,5,\n", "future"),
    ],
)
def test_row_is_refused_with_its_reason(owner: Member, row: str, reason: str) -> None:
    mapping = {"opened_at": "Created Date", "amount": "Amount"}
    options = {"date_order": "ymd"}

    change_set = build.applied(owner, "deals", HEAD + row, mapping=mapping, options=options)

    assert build.verdicts(change_set) == [(1, "reject", reason)]


def test_rows_with_one_key_conflict_when_they_differ(owner: Member) -> None:
    text = HEAD + "1,Wheel,,,,Proposal,2026-01-10,,5,\n" * 2 + WON + WON.replace("800", "900")

    change_set = build.applied(owner, "deals", text)

    assert build.verdicts(change_set) == [
        (1, "create", ""),
        (2, "same", "repeated"),
        (3, "conflict", "repeated_differently"),
        (4, "conflict", "repeated_differently"),
    ]


def test_deal_closed_before_it_was_opened_is_counted(owner: Member) -> None:
    change_set = build.applied(owner, "deals", HEAD + WON.replace("2026-02-01", "2026-01-02"))

    assert change_set.rows.get().notes == ["closed_before_opened"]
    assert Finding.objects.get().code == "closed_before_opened"


def test_new_stages_are_made_in_a_new_pipeline_when_chosen(owner: Member) -> None:
    text = (
        "ID,Name,Stage,Created\n1,A,Erste,2026-01-01\n2,B,Zweite,2026-01-01\n3,C,Won,2026-01-01\n"
    )
    options = {"stages": "create", "pipeline": "Export"}

    change_set = build.applied(owner, "deals", text, options=options)

    stages = Stage.objects.filter(pipeline__name="Export").values_list("name", flat=True)
    assert list(stages.order_by("position")) == ["Erste", "Zweite"]
    assert change_set.made["stages"] == 2


def test_value_map_says_what_a_stage_is_called_here(owner: Member) -> None:
    options = {"values": {"stage": {"Bespoke": "negotiation"}}}

    build.applied(owner, "deals", HEAD + "1,Wheel,,,,Bespoke,2026-01-10,,5,\n", options=options)

    assert Item.objects.get().stage.code == "negotiation"


def test_choice_is_asked_for_when_dates_are_ambiguous(owner: Member) -> None:
    change_set = build.started(owner, "deals", "ID,Name,Created\n1,A,02/03/2026\n")

    with pytest.raises(RuleBroken) as refusal:
        changesets.check_now(change_set)

    assert (refusal.value.code, refusal.value.needs) == ("intake.ask", ("date_order",))


def test_saved_mapping_is_proposed_for_a_file_with_the_same_headers(owner: Member) -> None:
    first = build.started(owner, "deals", HEAD + WON, mapping={"channel": "Campaign"})
    changesets.save_mapping(first, name="Ours")

    second = changesets.start(owner, "deals", "next.csv", (HEAD + WON).encode())

    assert second.mapping == first.mapping
    assert second.options["saved"] == "Ours"
