"""What a customer says to a proposal, once, and what follows."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from penstock.backlog.models import Entry, Order
from penstock.base.errors import Conflict, PenstockError, RuleBroken
from penstock.flow import pipelines
from penstock.flow.dating import lived, now, today
from penstock.flow.models import Finding, Item, Outcome
from penstock.sales import deals, offers, proposal_answers, proposal_settings, proposals
from penstock.sales.models import Deal, ProposalEvent, ProposalNote, ProposalVersion
from penstock.sales.proposal_answers import Who
from tests import make
from tests.together import together

pytestmark = pytest.mark.django_db

CAROL = Who(name="Carol")


def _accept(version: ProposalVersion, **details: object) -> ProposalEvent:
    return proposal_answers.accept(version, by=None, who=CAROL, **details)  # type: ignore[arg-type]  # -- as given


def test_acceptance_wins_the_deal_and_orders_its_lines_to_the_coin() -> None:
    workspace = make.workspace()
    product = make.product(workspace, unit="pcs")
    lines = [
        make.wanted("A", discount_share=Decimal("0.1"), tax_share=Decimal("0.19")),
        make.wanted("B", quantity="2", price="0.335", hours=Decimal(5), product=product),
        make.wanted("C", is_optional=True),
    ]
    version = make.sent_version(workspace, lines=lines)

    _accept(version, note="Thank you")
    _accept(version)

    deal = Deal.objects.get(pk=version.proposal.deal_id)
    order = Order.objects.get()
    assert (deal.item.outcome, deal.amount) == ("won", Decimal("27.64"))
    placed = list(order.lines.all())
    assert [(row.title, row.ordered_quantity, row.remaining_value) for row in placed] == [
        ("A", Decimal(3), Decimal("26.97")),
        ("B", Decimal(2), Decimal("0.67")),
    ]
    assert (placed[0].discount_share, placed[0].tax_share) == (Decimal("0.1"), Decimal("0.19"))
    assert (placed[1].remaining_hours, placed[1].product, placed[1].unit) == (5, product, "pcs")
    total = sum(entry.value for entry in Entry.objects.filter(order=order))
    assert total == deal.amount == version.net
    assert offers.ordered(deal.pk) == version
    assert ProposalNote.objects.get().text == "Thank you"
    assert ProposalEvent.objects.filter(kind="accepted").count() == 1


def test_chosen_options_are_in_amount_and_order() -> None:
    version = make.sent_version(
        make.workspace(), lines=[make.wanted("A"), make.wanted("B", price="1", is_optional=True)]
    )

    _accept(version, options=[2])

    deal = Deal.objects.get(pk=version.proposal.deal_id)
    assert (version.net, deal.amount) == (Decimal("29.97"), Decimal("32.97"))
    assert [line.title for line in Order.objects.get().lines.all()] == ["A", "B"]


def test_line_that_is_no_option_cannot_be_chosen() -> None:
    version = make.sent_version(make.workspace())

    with pytest.raises(RuleBroken) as refusal:
        _accept(version, options=[1])

    assert refusal.value.code == "proposals.option"


def test_workspace_may_keep_the_deal_open() -> None:
    workspace = make.workspace()
    proposal_settings.change(workspace, by=make.owner_of(workspace), accepting_wins=False)
    version = make.sent_version(workspace)

    _accept(version)

    deal = Deal.objects.get(pk=version.proposal.deal_id)
    assert (deal.item.outcome, deal.amount) == ("", Decimal("29.97"))
    assert not Order.objects.exists()
    deals.win(deal, by=None)
    assert Order.objects.get().lines.get().title == "Wheel"


def test_acceptance_stands_where_a_gate_keeps_the_deal_open() -> None:
    workspace = make.workspace()
    stage = make.stage(workspace, "negotiation")
    pipelines.tune_stage(stage, probability=None, needs=["close_on"], wip_limit=None, by=None)
    version = make.sent_version(workspace, deal=make.deal(workspace, stage=stage))

    event = _accept(version)

    assert event.kind == "accepted"
    assert Item.objects.get(pk=version.proposal.deal_id).outcome == ""
    finding = Finding.objects.get()
    assert (finding.code, finding.detail["needs"]) == ("accepted_not_won", ["close_on"])


def test_old_version_is_refused() -> None:
    version = make.sent_version(make.workspace())
    proposals.send(proposals.revise(version.proposal, by=None), by=None)

    with pytest.raises(Conflict) as refusal:
        _accept(version)

    assert refusal.value.code == "proposals.superseded"


def test_version_stays_open_while_the_next_is_a_draft() -> None:
    version = make.sent_version(make.workspace())
    proposals.revise(version.proposal, by=None)

    assert _accept(version).kind == "accepted"


def test_expired_is_refused_to_the_customer_and_not_to_us() -> None:
    workspace = make.workspace()
    version = make.proposal_version(workspace, valid_until=today(workspace))
    proposals.send(version, by=None)
    day = today(workspace) - timedelta(days=1)
    version = make.proposal_version(workspace, valid_until=day)
    _send_late(version)

    with pytest.raises(RuleBroken) as refusal:
        _accept(version)

    assert refusal.value.code == "proposals.expired"
    told = proposal_answers.accept(version, by=make.owner_of(workspace), who=CAROL)
    assert told.kind == "accepted"


def _send_late(version: ProposalVersion) -> None:
    """Send what is out of date, as if it had been sent in time."""
    moment = now() - timedelta(days=2)
    item = version.proposal.deal.item
    Item.objects.filter(pk=item.pk).update(opened_at=moment)
    with lived(moment):
        proposals.send(version, by=None)


@pytest.mark.parametrize("verb", ["accept", "decline"])
def test_name_is_asked_for(verb: str) -> None:
    version = make.sent_version(make.workspace())

    with pytest.raises(RuleBroken) as refusal:
        getattr(proposal_answers, verb)(version, by=None, who=Who(name=" "))

    assert refusal.value.needs == ("name",)


def test_withdrawn_declined_and_lost_are_refused() -> None:
    workspace = make.workspace()
    withdrawn, declined, lost = (make.sent_version(workspace) for _ in range(3))
    proposals.withdraw(withdrawn.proposal, by=None)
    proposal_answers.decline(declined, by=None, who=CAROL)
    deals.lose(lost.proposal.deal, reason=make.loss_reason(workspace), by=None)

    codes = []
    for version in (withdrawn, declined, lost):
        with pytest.raises(RuleBroken) as refusal:
            _accept(version)
        codes.append(refusal.value.code)

    assert codes == ["proposals.withdrawn", "proposals.declined", "proposals.deal_closed"]


def test_only_one_proposal_of_a_deal_is_accepted() -> None:
    workspace = make.workspace()
    proposal_settings.change(workspace, by=make.owner_of(workspace), accepting_wins=False)
    deal = make.deal(workspace)
    one, two = (make.sent_version(workspace, deal=deal) for _ in range(2))
    _accept(one)

    with pytest.raises(Conflict) as refusal:
        _accept(two)

    assert refusal.value.code == "proposals.accepted_already"
    with pytest.raises(RuleBroken):
        proposals.send(proposals.revise(two.proposal, by=None), by=None)


def test_acceptance_of_a_won_deal_is_taken_back_after_the_deal() -> None:
    version = make.sent_version(make.workspace())
    _accept(version)
    proposal, deal = version.proposal, version.proposal.deal

    with pytest.raises(RuleBroken) as refusal:
        proposals.reopen(proposal, by=None)
    deals.reopen(deal, by=None)
    proposals.reopen(proposal, by=None)

    assert refusal.value.code == "proposals.won"
    assert offers.accepted(deal.pk) is None


def test_second_win_by_another_version_proposes_an_amendment() -> None:
    version = make.sent_version(make.workspace())
    _accept(version)
    deals.reopen(version.proposal.deal, by=None)
    proposals.reopen(version.proposal, by=None)
    draft = proposals.revise(version.proposal, by=None)
    proposals.change(draft, by=None, lines=[make.wanted(price="20")])
    proposals.send(draft, by=None)

    _accept(draft)

    finding = Finding.objects.get()
    assert finding.code == "amount_differs"
    assert finding.detail == {
        "deal": "60.0000",
        "order": "29.9700",
        "currency": "EUR",
        "proposal": "PROP-1",
        "version": "2",
    }
    assert Order.objects.get().lines.get().remaining_value == Decimal("29.97")


def test_second_win_by_the_same_version_proposes_nothing() -> None:
    version = make.sent_version(make.workspace())
    _accept(version)

    deals.win(deals.reopen(version.proposal.deal, by=None), by=None)

    assert not Finding.objects.exists()


def test_same_comment_sent_twice_is_one() -> None:
    version = make.sent_version(make.workspace())

    for _ in range(2):
        proposal_answers.comment(version, by=None, who=CAROL, text="Why?", mark=1, source_key="k")

    assert ProposalEvent.objects.get(kind="commented").mark == 1


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({"text": "  "}, "proposals.text_missing"),
        ({"who": Who()}, "proposals.name_missing"),
        ({"mark": 7}, "proposals.no_line"),
    ],
)
def test_comment_that_says_nothing_is_refused(details: dict[str, object], code: str) -> None:
    version = make.sent_version(make.workspace())

    with pytest.raises(RuleBroken) as refusal:
        proposal_answers.comment(version, by=None, **{"who": CAROL, "text": "Why?", **details})  # type: ignore[arg-type]  # -- as given

    assert refusal.value.code == code


@pytest.mark.django_db(transaction=True)
def test_two_acceptances_at_once_win_once_and_place_one_order() -> None:
    version = make.sent_version(make.workspace())

    told = together(2, lambda _n: _accept(version), workspace_id=version.workspace_id)

    assert {getattr(event, "pk", event) for event in told} == {
        ProposalEvent.objects.get(kind="accepted").pk
    }
    assert (Outcome.objects.filter(verdict="won").count(), Order.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_acceptance_and_refusal_at_once_leave_one_answer() -> None:
    version = make.sent_version(make.workspace())

    def answer(number: int) -> ProposalEvent:
        verb = proposal_answers.accept if number else proposal_answers.decline
        return verb(version, by=None, who=CAROL)

    told = together(2, answer, workspace_id=version.workspace_id)

    assert sum(isinstance(one, PenstockError) for one in told) == 1
    assert ProposalEvent.objects.filter(kind__in=("accepted", "declined")).count() == 1


@pytest.mark.django_db(transaction=True)
def test_sending_a_new_version_and_accepting_the_old_one_at_once_agree() -> None:
    version = make.sent_version(make.workspace())
    draft = proposals.revise(version.proposal, by=None)

    def race(number: int) -> object:
        return _accept(version) if number else proposals.send(draft, by=None)

    told = together(2, race, workspace_id=version.workspace_id)

    assert sum(isinstance(one, PenstockError) for one in told) == 1
