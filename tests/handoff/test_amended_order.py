"""An order that takes over the lines of another version, coin for coin."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db.models import Sum

from penstock.backlog import ledger
from penstock.backlog.models import Entry, Order
from penstock.base.errors import Conflict, RuleBroken
from penstock.flow.models import Finding
from penstock.handoff import amended_order
from penstock.sales import deals, offers, proposal_answers, proposal_lines, proposals
from penstock.sales.models import Proposal, ProposalVersion
from penstock.sales.proposal_answers import Who
from penstock.sales.proposal_lines import Wanted
from tests import make

pytestmark = pytest.mark.django_db

CAROL = Who(name="Carol")


def _accepted_anew(*changed: Wanted) -> Finding:
    """A deal was won by two lines, and again by a version that keeps the first one."""
    workspace = make.workspace()
    lines = [make.wanted("Wheel", price="9.99"), make.wanted("Gate", price="5")]
    version = make.sent_version(workspace, lines=lines)
    proposal_answers.accept(version, by=None, who=CAROL)
    _reopen(version.proposal)
    draft = proposals.revise(version.proposal, by=None)
    kept = proposal_lines.copied(draft.lines.all()[0])
    proposals.change(draft, by=None, lines=[kept, *changed])
    _accept(draft)
    return Finding.objects.get(code="amount_differs")


def _reopen(proposal: Proposal) -> None:
    deals.reopen(proposal.deal, by=None)
    proposals.reopen(proposal, by=None)


def _accept(draft: ProposalVersion) -> None:
    proposals.send(draft, by=None)
    proposal_answers.accept(draft, by=None, who=CAROL)


def test_order_gets_the_lines_of_the_version_and_keeps_what_is_the_same() -> None:
    finding = _accepted_anew(
        Wanted(title="Sluice", unit_price=Decimal("3.333"), quantity=Decimal(7))
    )
    order = Order.objects.get()
    wheel = order.lines.get(title="Wheel")

    amended_order.accept(finding, by=make.owner_of(order.workspace))

    owed = order.lines.filter(remaining_quantity__gt=0).order_by("position")
    agreed = offers.accepted(Proposal.objects.get().deal_id)
    finding.refresh_from_db()
    assert agreed is not None
    assert [(line.pk == wheel.pk, line.title) for line in owed] == [
        (True, "Wheel"),
        (False, "Sluice"),
    ]
    assert sum(line.remaining_value for line in owed) == agreed.amount == Decimal("53.30")
    assert Entry.objects.aggregate(all=Sum("value"))["all"] == agreed.amount
    assert finding.withdrawn_at is not None
    ordered = offers.ordered(agreed.version.proposal.deal_id)
    assert ordered == agreed.version


def test_delivered_line_that_is_to_go_stops_all_of_it() -> None:
    finding = _accepted_anew(Wanted(title="Sluice", unit_price=Decimal(3)))
    order = Order.objects.get()
    owner = make.owner_of(order.workspace)
    gate = order.lines.get(title="Gate")
    ledger.fulfil(gate, quantity=Decimal(1), act=ledger.Act(by=owner))

    with pytest.raises(RuleBroken) as refusal:
        amended_order.accept(finding, by=owner)

    assert refusal.value.code == "handoff.delivered"
    assert order.lines.count() == 2


def test_delivered_line_that_stays_is_not_ordered_again() -> None:
    finding = _accepted_anew(Wanted(title="Sluice", unit_price=Decimal(3)))
    order = Order.objects.get()
    owner = make.owner_of(order.workspace)
    wheel = order.lines.get(title="Wheel")
    ledger.fulfil(wheel, quantity=wheel.remaining_quantity, act=ledger.Act(by=owner))

    amended_order.accept(finding, by=owner)

    assert sorted(order.lines.values_list("title", "remaining_quantity")) == [
        ("Gate", Decimal(0)),
        ("Sluice", Decimal(1)),
        ("Wheel", Decimal(0)),
    ]


def test_version_that_no_longer_counts_is_refused() -> None:
    finding = _accepted_anew(Wanted(title="Sluice", unit_price=Decimal(3)))
    _reopen(Proposal.objects.get())

    with pytest.raises(Conflict) as refusal:
        amended_order.accept(finding, by=make.owner_of(finding.workspace))

    assert refusal.value.code == "handoff.other_version"


def test_deal_without_a_proposal_gives_its_order_the_amount() -> None:
    deal = deals.win(make.deal(make.workspace(), amount=Decimal(100)), by=None)
    deals.change(deals.reopen(deal, by=None), by=None, amount=Decimal(120))
    deals.win(deal, by=None)

    amended_order.accept(Finding.objects.get(), by=make.owner_of(deal.workspace))

    assert Order.objects.get().lines.get().remaining_value == Decimal(120)
