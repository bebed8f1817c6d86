"""Drafting, sending, revising, withdrawing; and the amount of the deal, which follows."""

from __future__ import annotations

import struct
from datetime import date, timedelta
from decimal import Decimal
from zlib import compress, crc32

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from penstock.base import pictures
from penstock.base.errors import Conflict, RuleBroken
from penstock.catalog import products
from penstock.flow.dating import lived, today
from penstock.flow.models import FieldChange
from penstock.sales import (
    deals,
    facts,
    offers,
    proposal_answers,
    proposal_documents,
    proposal_links,
    proposal_settings,
    proposals,
)
from penstock.sales.models import (
    Deal,
    Proposal,
    ProposalEvent,
    ProposalLine,
    ProposalLink,
    ProposalVersion,
)
from penstock.sales.proposal_answers import Who
from penstock.sales.proposal_lines import Wanted
from penstock.users.models import Workspace
from tests import make

pytestmark = pytest.mark.django_db

CAROL = Who(name="Carol")


def _state(proposal: Proposal) -> str:
    day = today(proposal.workspace)
    return str(Proposal.objects.standing(today=day).get(pk=proposal.pk).state)


def _amount(deal: Deal) -> Decimal | None:
    return Deal.objects.get(pk=deal.pk).amount


def test_draft_takes_what_the_product_says_on_the_day() -> None:
    workspace = make.workspace()
    product = make.product(workspace, unit="pcs", work_hours=Decimal("1.5"))
    day = today(workspace)
    for ago, amount in ((30, "4"), (1, "5"), (-1, "6")):
        products.price(
            product, amount=Decimal(amount), currency="EUR", valid_from=day - timedelta(days=ago)
        )

    version = make.proposal_version(workspace, lines=[Wanted(product=product, quantity=Decimal(4))])

    line = version.lines.get()
    assert (line.title, line.unit, line.unit_price) == ("Wheel", "pcs", Decimal(5))
    assert line.hours == Decimal(6)
    assert (version.proposal.key, version.number) == ("PROP-1", 1)
    assert version.valid_until == day + timedelta(days=30)


def test_product_without_a_price_in_the_currency_asks_for_one() -> None:
    workspace = make.workspace()

    with pytest.raises(RuleBroken) as refusal:
        make.proposal_version(workspace, lines=[Wanted(product=make.product(workspace))])

    assert (refusal.value.code, refusal.value.needs) == ("proposals.price_missing", ("unit_price",))


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({"title": " "}, "proposals.title_missing"),
        ({"quantity": "0"}, "proposals.quantity"),
        ({"price": "-1"}, "proposals.price_negative"),
        ({"discount_share": Decimal("1.1")}, "proposals.share"),
        ({"tax_share": Decimal("-0.1")}, "proposals.share"),
        ({"hours": Decimal(-1)}, "proposals.hours_negative"),
    ],
)
def test_line_that_cannot_be_is_refused(details: dict[str, object], code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        make.proposal_version(make.workspace(), lines=[make.wanted(**details)])

    assert refusal.value.code == code


def test_sending_fixes_the_version_and_sets_the_amount() -> None:
    workspace = make.workspace()
    deal = make.deal(workspace, amount="1000")

    version = make.sent_version(
        workspace, deal=deal, lines=[make.wanted(discount_share=Decimal("0.1"))]
    )

    assert (version.net, version.tax) == (Decimal("26.97"), Decimal(0))
    assert _amount(deal) == Decimal("26.97")
    assert _state(version.proposal) == "sent"
    told = FieldChange.objects.filter(item=deal.item, field="amount").order_by("pk")
    assert [row.value for row in told] == ["1000.0000", "26.9700"]
    assert "proposal_sent" in facts.of(deal.item)


def test_sent_version_cannot_be_changed_by_anybody() -> None:
    version = make.sent_version(make.workspace())

    with pytest.raises(Conflict, match="Make a new version"):
        proposals.change(version, by=None, lines=[make.wanted()])
    for change in (
        lambda: ProposalLine.objects.filter(version=version).update(unit_price=1),
        lambda: ProposalLine.objects.filter(version=version).delete(),
        lambda: ProposalLine.objects.create(
            workspace=version.workspace,
            version=version,
            mark=9,
            position=9,
            title="More",
            quantity=1,
            unit_price=1,
        ),
        lambda: ProposalVersion.objects.filter(pk=version.pk).update(net=1),
        lambda: ProposalVersion.objects.filter(pk=version.pk).update(sent_at=None),
    ):
        with pytest.raises(IntegrityError, match="that was sent"), transaction.atomic():
            change()


def test_texts_of_a_sent_version_can_be_erased() -> None:
    version = make.sent_version(make.workspace())

    assert ProposalLine.objects.filter(version=version).update(title="", description="") == 1


def test_next_version_begins_as_the_last_and_keeps_the_marks_of_lines() -> None:
    version = make.sent_version(make.workspace(), lines=[make.wanted("A"), make.wanted("B")])

    draft = proposals.revise(version.proposal, by=None)
    again = proposals.revise(version.proposal, by=None)
    a, b = draft.lines.all()
    proposals.change(
        draft,
        by=None,
        lines=[Wanted(title="B", unit_price=Decimal(1), mark=b.mark), make.wanted("C")],
    )

    assert (draft.number, draft.pk) == (2, again.pk)
    assert [(a.mark, a.title), (b.mark, b.title)] == [(1, "A"), (2, "B")]
    assert [(line.mark, line.title) for line in draft.lines.all()] == [(2, "B"), (3, "C")]
    assert _state(version.proposal) == "sent"


def test_amount_follows_the_version_sent_last() -> None:
    workspace = make.workspace()
    version = make.sent_version(workspace, lines=[make.wanted(price="10")])
    deal = version.proposal.deal
    draft = proposals.revise(version.proposal, by=None)
    proposals.change(draft, by=None, lines=[make.wanted(price="20")])

    before = _amount(deal)
    proposals.send(draft, by=None)
    after = _amount(deal)
    proposals.withdraw(version.proposal, by=None)

    assert (before, after) == (Decimal(30), Decimal(60))
    assert _amount(deal) == Decimal(30)
    assert _state(version.proposal) == "withdrawn"


def test_amount_set_by_hand_is_a_divergence_and_stays() -> None:
    version = make.sent_version(make.workspace())
    deal = version.proposal.deal

    deals.change(deal, by=None, amount=Decimal(31))
    proposal_answers.comment(version, by=None, who=CAROL, text="Nice.")

    deal = Deal.objects.get(pk=deal.pk)
    assert (deal.amount, deal.offered_amount) == (Decimal(31), Decimal("29.97"))
    assert deal.differs_from_offer
    assert list(Deal.objects.differing()) == [deal]
    deals.change(deal, by=None, amount=Decimal("29.97"))
    assert not Deal.objects.differing().exists()


def test_amount_taken_away_by_hand_is_a_divergence_too() -> None:
    version = make.sent_version(make.workspace())

    deals.change(version.proposal.deal, by=None, amount=None)

    assert Deal.objects.differing().count() == 1


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        (lambda v: v.lines.all().delete(), "proposals.no_lines"),
        (lambda v: v.lines.update(is_optional=True), "proposals.no_lines"),
        (
            lambda v: ProposalVersion.objects.filter(pk=v.pk).update(valid_until=date(2020, 1, 1)),
            "proposals.valid_until_past",
        ),
        (
            lambda v: deals.lose(v.proposal.deal, reason=make.loss_reason(v.workspace), by=None),
            "proposals.deal_closed",
        ),
    ],
)
def test_what_cannot_be_sent_is_refused(prepare: object, code: str) -> None:
    version = make.proposal_version(make.workspace())
    prepare(version)  # type: ignore[operator]  # -- one of the above

    with pytest.raises(RuleBroken) as refusal:
        proposals.send(version, by=None)

    assert refusal.value.code == code
    assert not ProposalLink.objects.exists()


def test_secret_is_kept_as_a_hash_only_and_can_be_renewed() -> None:
    workspace = make.workspace()
    version = make.proposal_version(workspace)

    token = proposals.send(version, by=None)
    fresh = proposal_links.renew(version.proposal, by=None)

    assert len(token) >= 43
    assert token not in str(list(ProposalLink.objects.values_list()))
    assert proposal_links.find(token) is None
    found = proposal_links.find(fresh)
    assert found is not None
    assert found.proposal == version.proposal
    assert proposal_links.find("x" * 43) is None
    assert proposal_links.find("") is None
    assert proposal_links.find("y" * 5000) is None
    proposal_links.revoke(version.proposal, by=None)
    assert proposal_links.find(fresh) is None


def test_state_is_what_the_rows_say() -> None:
    workspace = make.workspace()
    version = make.proposal_version(workspace)
    proposal = version.proposal
    seen = [_state(proposal)]

    proposals.send(version, by=None)
    seen.append(_state(proposal))
    proposal_answers.view(version, source_key="a")
    proposal_answers.view(version, source_key="a")
    proposal_answers.view(version, source_key="b")
    seen.append(_state(proposal))
    proposal_answers.comment(version, by=make.owner_of(workspace), who=Who(), text="Well?")
    seen.append(_state(proposal))
    proposal_answers.comment(version, by=None, who=CAROL, text="Why?")
    seen.append(_state(proposal))
    proposal_answers.decline(version, by=None, who=CAROL, reason="Too dear")
    seen.append(_state(proposal))
    proposals.reopen(proposal, by=None)
    seen.append(_state(proposal))

    assert seen == ["draft", "sent", "viewed", "viewed", "commented", "declined", "commented"]
    row = Proposal.objects.standing(today=today(workspace)).get()
    assert (row.n_views, row.n_comments) == (2, 1)
    later = today(workspace) + timedelta(days=31)
    assert Proposal.objects.standing(today=later).get().state == "expired"


def test_new_version_of_a_declined_proposal_is_sent_again() -> None:
    version = make.sent_version(make.workspace())
    proposal_answers.decline(version, by=None, who=CAROL)

    proposals.send(proposals.revise(version.proposal, by=None), by=None)

    assert _state(version.proposal) == "sent"


def test_draft_can_be_thrown_away_and_what_was_sent_cannot() -> None:
    version = make.proposal_version(make.workspace())
    sent = make.sent_version(version.workspace)

    proposals.discard(version, by=None)
    with pytest.raises(Conflict):
        proposals.discard(sent, by=None)

    assert [row.pk for row in Proposal.objects.all()] == [sent.proposal_id]


def test_sum_kept_on_the_deal_is_the_sum_that_counts() -> None:
    workspace = make.workspace()
    version = make.sent_version(workspace)
    deal = version.proposal.deal
    other = make.sent_version(workspace, deal=deal, lines=[make.wanted(price="7")])

    proposal_answers.decline(other, by=None, who=CAROL)
    proposals.withdraw(other.proposal, by=None)

    found = offers.counting(deal.pk)
    assert found is not None
    assert found.version == version
    assert Deal.objects.get(pk=deal.pk).offered_amount == found.amount


def test_proposal_of_the_past_is_dated_in_the_past() -> None:
    workspace = make.workspace()
    moment = timezone.now() - timedelta(days=60)
    with lived(moment):
        version = make.sent_version(workspace, deal=make.deal(workspace, at=moment))

    assert version.sent_at == moment
    assert ProposalEvent.objects.get(kind="sent").known_at == moment
    assert _state(version.proposal) == "expired"


def test_document_of_a_sent_version_never_changes() -> None:
    workspace = make.workspace()
    version = make.sent_version(workspace, lines=[make.wanted("Колесо #read(x) ₽ $x$")])

    kept = proposal_documents.keep(version)
    proposal_settings.change(workspace, by=make.owner_of(workspace), seller="Another")
    again = proposal_documents.keep(version)

    assert bytes(kept.data).startswith(b"%PDF")
    assert (bytes(again.data), again.sha256) == (bytes(kept.data), kept.sha256)
    with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
        type(kept).objects.filter(pk=kept.pk).update(data=b"%PDF other")


def png() -> bytes:
    """One red dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    dot = chunk(b"IDAT", compress(b"\0\xff\0\0"))
    return pictures.PNG + chunk(b"IHDR", head) + dot + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("logo", "is_shown"),
    [
        (png(), True),
        (b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect/></svg>', False),
        (png()[:40], False),
    ],
    ids=["png", "svg", "half a png"],
)
def test_document_shows_the_logo(logo: bytes, is_shown: bool) -> None:
    workspace = make.workspace()
    version = make.sent_version(workspace)
    proposal_settings.set_logo(workspace, logo, by=make.owner_of(workspace))

    document = bytes(proposal_documents.keep(version).data)

    assert document.startswith(b"%PDF")
    assert (b"/Subtype /Image" in document or b"/Subtype/Image" in document) == is_shown


def test_document_of_a_broken_template_is_set_by_the_usual_one() -> None:
    workspace = make.workspace()
    version = make.sent_version(workspace)
    owner = make.owner_of(workspace)
    proposal_settings.set_template(workspace, language="en", source='#panic("no")', by=owner)

    with pytest.raises(RuleBroken, match="no"):
        proposal_documents.preview(version)

    assert proposal_documents.keep(version).sha256


def test_currency_of_the_proposal_becomes_that_of_the_deal() -> None:
    workspace: Workspace = make.workspace()
    version = make.sent_version(workspace, currency="JPY", lines=[make.wanted(price="99.5")])

    deal = Deal.objects.get(pk=version.proposal.deal_id)
    assert (deal.amount, deal.currency) == (Decimal(299), "JPY")
