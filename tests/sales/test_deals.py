"""What can happen to a deal, from the first touch to its end and back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from penstock.backlog.models import Order
from penstock.base.errors import PenstockError, RuleBroken
from penstock.flow import moves, outcomes, pipelines
from penstock.flow.models import FieldChange, Item, Link, Parking
from penstock.sales import deals
from penstock.sales.models import Deal, DealPerson
from penstock.users import walls
from tests import make
from tests.together import together

pytestmark = pytest.mark.django_db

MAY = datetime(2026, 5, 1, 12, tzinfo=UTC)


def told(deal: Deal, field: str) -> list[str | None]:
    rows = FieldChange.objects.filter(item_id=deal.pk, field=field)
    return [row.value for row in rows.order_by("occurred_at", "pk")]


def place(deal: Deal) -> tuple[str, str]:
    item = Item.objects.select_related("stage").get(pk=deal.pk)
    return item.stage.code, item.outcome


def refusal_of(act: object) -> str:
    with pytest.raises(PenstockError) as refusal:
        act()  # type: ignore[operator]  # -- a call that is put off
    return refusal.value.code


def test_new_deal_is_a_lead_in_the_first_stage_with_its_values_told() -> None:
    workspace = make.workspace()
    alice = make.owner_of(workspace)

    deal = make.deal(workspace, amount="12.5", owner=alice, close_on=date(2026, 9, 1))

    assert (deal.is_lead, deal.is_open, deal.item.key) == (True, True, "DEAL-1")
    assert deal.currency == workspace.currency
    assert {row.field: row.value for row in FieldChange.objects.all()} == {
        "owner": str(alice.pk),
        "amount": "12.5000",
        "close_on": "2026-09-01",
    }


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"title": " "}, "flow.title_missing"),
        ({"amount": Decimal("-0.01")}, "sales.amount_negative"),
        ({"currency": "euro"}, "sales.currency"),
        ({"currency": "eur"}, "sales.currency"),
        ({"at": datetime.now(UTC) + timedelta(days=1)}, "flow.future"),
    ],
)
def test_impossible_deal_is_refused(values: dict[str, object], code: str) -> None:
    pipeline = make.pipeline(make.workspace())

    assert (
        refusal_of(lambda: deals.open_deal(pipeline, **{"title": "A wheel", "by": None, **values}))
        == code
    )
    assert not Item.objects.exists()


def test_deal_is_opened_in_a_stage_of_its_pipeline_only() -> None:
    workspace = make.workspace()
    other = pipelines.create(workspace, kind="deal", name="Partners", stages=["New", "Done"])

    deal = make.deal(workspace, stage=make.stage(workspace, "proposal"))

    assert place(deal) == ("proposal", "")
    assert refusal_of(lambda: make.deal(workspace, stage=other.stages.first())) == (
        "flow.stage_elsewhere"
    )


def test_keys_count_up_in_every_workspace() -> None:
    first = make.workspace()
    keys = [make.deal(first).item.key for _number in range(3)]

    assert keys == ["DEAL-1", "DEAL-2", "DEAL-3"]
    assert make.deal(make.workspace()).item.key == "DEAL-1"


def test_change_tells_what_differs_and_nothing_else() -> None:
    workspace = make.workspace()
    deal = make.deal(workspace, amount="1000")
    company = make.company(workspace)

    deals.change(deal, by=None, amount=Decimal("1000.00"), company=company, title="Two wheels")
    deals.change(deal, by=None, amount=None, company=company)

    deal = Deal.objects.get()
    assert (deal.amount, deal.company, deal.item.title) == (None, company, "Two wheels")
    assert told(deal, "amount") == ["1000.0000", None]
    assert told(deal, "company") == [str(company.pk)]


def test_late_change_takes_its_place_and_does_not_win_over_a_newer_one() -> None:
    deal = make.deal(make.workspace(), amount="100", at=MAY)
    deals.change(deal, by=None, amount=Decimal(300), at=MAY + timedelta(days=9))

    deals.change(deal, by=None, amount=Decimal(200), at=MAY + timedelta(days=4))
    deals.change(deal, by=None, amount=Decimal(300), at=MAY + timedelta(days=2))

    assert Deal.objects.get().amount == 300
    assert told(deal, "amount") == ["100.0000", "300.0000", "200.0000", "300.0000"]


def test_change_before_the_opening_is_refused() -> None:
    deal = make.deal(make.workspace(), at=MAY)

    assert (
        refusal_of(
            lambda: deals.change(deal, by=None, amount=Decimal(1), at=MAY - timedelta(days=1))
        )
        == "flow.before_opening"
    )


def test_unknown_detail_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="a deal has no colour"):
        deals.change(make.deal(make.workspace()), by=None, colour="red")


def test_assign_is_told_once() -> None:
    workspace = make.workspace()
    bob = make.member(workspace)
    deal = make.deal(workspace)

    deals.assign(deal, owner=bob, by=None)
    deals.assign(deal, owner=bob, by=None)
    deal = deals.assign(deal, owner=None, by=None)

    assert deal.item.owner is None
    assert told(deal, "owner") == [str(bob.pk), None]


def test_qualify_makes_a_deal_of_a_lead_and_moves_it_forward_only() -> None:
    workspace = make.workspace()
    early, late = make.deal(workspace), make.deal(workspace, stage=make.stage(workspace))

    early, late = deals.qualify(early, by=None), deals.qualify(late, by=None)
    again = deals.qualify(early, by=None)

    assert (place(early), place(late)) == (("needs_assessment", ""), ("proposal", ""))
    assert again.qualified_at == early.qualified_at is not None
    assert told(early, "qualified") == ["yes"]


def test_disqualified_lead_is_lost_and_not_qualified() -> None:
    workspace = make.workspace()
    deal = deals.qualify(make.deal(workspace), by=None)

    ending = deals.disqualify(deal, reason=make.loss_reason(workspace, "not_a_fit"), by=None)

    assert (ending.verdict, ending.reason.code) == ("lost", "not_a_fit")
    assert Deal.objects.get().is_lead
    assert told(deal, "qualified") == ["yes", "no"]


def test_lost_deal_keeps_the_stage_in_which_it_died() -> None:
    workspace = make.workspace()
    deal = make.deal(workspace, stage=make.stage(workspace))

    deals.lose(deal, reason=make.loss_reason(workspace), by=None)

    assert place(deal) == ("proposal", "lost")
    assert refusal_of(lambda: deals.win(deal, by=None)) == "sales.lost_already"
    assert (
        refusal_of(lambda: deals.lose(deal, reason=make.loss_reason(workspace), by=None))
        == "sales.closed_already"
    )
    assert refusal_of(lambda: deals.qualify(deal, by=None)) == "flow.closed"
    assert place(deals.reopen(deal, by=None)) == ("proposal", "")


def test_win_asks_for_the_amount() -> None:
    deal = make.deal(make.workspace(), amount=None)

    with pytest.raises(RuleBroken) as refusal:
        deals.win(deal, by=None)

    assert (refusal.value.code, refusal.value.needs) == ("sales.amount_missing", ("amount",))
    assert place(deal) == ("lead_generation", "")


def test_win_asks_what_the_gates_ask() -> None:
    workspace = make.workspace()
    pipelines.tune_stage(make.stage(workspace), probability=None, wip_limit=None, needs=["company"])

    assert refusal_of(lambda: deals.win(make.deal(workspace), by=None)) == "flow.gate"


def test_amount_of_nothing_can_be_won() -> None:
    deal = deals.win(make.deal(make.workspace(), amount="0"), by=None)

    assert place(deal) == ("follow_up", "won")
    assert Order.objects.get().lines.get().remaining_value == 0


@pytest.mark.parametrize("verb", ["win", "lose"])
def test_deal_does_not_end_before_its_last_move(verb: str) -> None:
    workspace = make.workspace()
    deal = make.deal(workspace, at=MAY)
    deals.move(deal, to=make.stage(workspace), by=None, at=MAY + timedelta(days=9))
    reason = {"reason": make.loss_reason(workspace)} if verb == "lose" else {}

    code = refusal_of(
        lambda: getattr(deals, verb)(deal, by=None, at=MAY + timedelta(days=5), **reason)
    )

    assert code == "sales.moved_later"
    assert place(deal) == ("proposal", "")


def test_reopening_before_the_end_is_refused() -> None:
    deal = deals.win(make.deal(make.workspace(), at=MAY), by=None)

    assert (
        refusal_of(lambda: deals.reopen(deal, by=None, at=MAY + timedelta(days=1)))
        == "flow.decided_later"
    )
    assert place(deal) == ("follow_up", "won")
    assert Order.objects.get().item.outcome == ""


def test_loss_before_a_reopening_is_refused() -> None:
    workspace = make.workspace()
    deal = make.deal(workspace, at=MAY)
    reason = make.loss_reason(workspace)
    deals.lose(deal, reason=reason, by=None, at=MAY + timedelta(days=5))
    deals.reopen(deal, by=None, at=MAY + timedelta(days=7))

    assert (
        refusal_of(lambda: deals.lose(deal, reason=reason, by=None, at=MAY + timedelta(days=6)))
        == "flow.decided_later"
    )


def test_reopened_win_returns_to_where_it_was_won_not_to_a_move_taken_back() -> None:
    workspace = make.workspace()
    deal = make.deal(workspace, stage=make.stage(workspace, "proposal"))
    moves.take_back(deals.move(deal, to=make.stage(workspace, "negotiation"), by=None), by=None)
    deals.win(deal, by=None)

    assert place(deals.reopen(deal, by=None)) == ("proposal", "")


def test_deal_won_in_follow_up_is_reopened_there() -> None:
    workspace = make.workspace()
    deal = make.deal(workspace, stage=make.stage(workspace))
    deals.move(deal, to=make.stage(workspace, "follow_up"), by=None)

    deals.win(deal, by=None)

    assert place(deals.reopen(deal, by=None)) == ("follow_up", "")


def test_reopened_win_goes_to_the_last_stage_still_in_use() -> None:
    workspace = make.workspace()
    deal = make.deal(workspace, stage=make.stage(workspace, "qualification"))
    deals.move(deal, to=make.stage(workspace), by=None)
    deals.win(deal, by=None)
    pipelines.retire_stage(make.stage(workspace))

    assert place(deals.reopen(deal, by=None)) == ("qualification", "")


def test_parked_deal_is_open_and_waits() -> None:
    workspace = make.workspace()
    deal = make.deal(workspace)
    today = datetime.now(UTC).date()

    deals.park(deal, until=today + timedelta(days=3), by=None)

    item = Item.objects.get(pk=deal.pk)
    assert (item.is_open, item.is_parked(today)) == (True, True)
    assert not Item.objects.active(today).exists()
    assert Item.objects.active(today + timedelta(days=3)).exists()
    deals.unpark(deal, by=None)
    deals.unpark(deal, by=None)
    assert Item.objects.active(today).exists()
    assert Parking.objects.count() == 2


def test_parking_until_today_and_of_a_closed_deal_is_refused() -> None:
    workspace = make.workspace()
    deal, lost = make.deal(workspace), make.outcome(workspace).item
    today = datetime.now(UTC).date()

    assert refusal_of(lambda: deals.park(deal, until=today, by=None)) == "flow.park_past"
    assert (
        refusal_of(lambda: outcomes.park(lost, until=today + timedelta(days=1), by=None))
        == "flow.closed"
    )


def test_end_of_a_deal_is_the_end_of_its_waiting() -> None:
    deal = make.deal(make.workspace())
    later = datetime.now(UTC).date() + timedelta(days=30)
    deals.park(deal, until=later, by=None)

    deals.reopen(deals.win(deal, by=None), by=None)

    assert Item.objects.get(pk=deal.pk).parked_until is None
    assert [row.until for row in Parking.objects.order_by("pk")] == [later, None]


def test_people_stand_on_a_deal_once_with_a_part() -> None:
    workspace = make.workspace()
    deal, carol, dan = make.deal(workspace), make.person(workspace), make.person(workspace, "Dan")
    deals.add_person(deal, person=carol, part="contact", by=None)
    deals.add_person(deal, person=dan, part="pays", by=None)

    deals.add_person(deal, person=carol, part="decides", by=None)
    deals.remove_person(deal, person=dan, by=None)

    assert list(DealPerson.objects.values_list("person__name", "part")) == [("Carol", "decides")]
    assert (
        refusal_of(lambda: deals.add_person(deal, person=dan, part="boss", by=None)) == "sales.part"
    )


@pytest.mark.django_db(transaction=True)
def test_winning_at_the_same_time_places_one_order() -> None:
    workspace = make.workspace()
    deal = make.deal(workspace)

    results = together(6, lambda _n: deals.win(deal, by=None), workspace_id=workspace.pk)

    assert all(isinstance(result, Deal) for result in results)
    assert (Order.objects.count(), Link.objects.count()) == (1, 1)
    assert Item.objects.get(pk=deal.pk).outcomes.count() == 1
    walls.leave()


@pytest.mark.django_db(transaction=True)
def test_winning_and_losing_at_the_same_time_ends_a_deal_once() -> None:
    workspace = make.workspace()
    deal, reason = make.deal(workspace), make.loss_reason(workspace)

    together(
        6,
        lambda number: (
            deals.win(deal, by=None) if number % 2 else deals.lose(deal, reason=reason, by=None)
        ),
        workspace_id=workspace.pk,
    )

    item = Item.objects.get(pk=deal.pk)
    assert item.outcomes.count() == 1
    assert Order.objects.count() == (1 if item.outcome == "won" else 0)
    walls.leave()


@pytest.mark.django_db(transaction=True)
def test_keys_given_out_at_the_same_time_are_all_different() -> None:
    workspace = make.workspace()

    together(6, lambda _n: make.deal(workspace), workspace_id=workspace.pk)

    keys = set(Item.objects.values_list("key", flat=True))
    assert keys == {f"DEAL-{number}" for number in range(1, 7)}
    walls.leave()
