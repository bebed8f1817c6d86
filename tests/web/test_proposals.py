"""Proposals in a browser: ours, and the customer's by a link."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from penstock.backlog.models import Order
from penstock.catalog import products
from penstock.flow.dating import today
from penstock.flow.models import Item
from penstock.notices.models import Message
from penstock.sales import (
    deals,
    proposal_answers,
    proposal_links,
    proposal_paper,
    proposal_settings,
    proposals,
)
from penstock.sales.models import Deal, Proposal, ProposalEvent, ProposalNote, ProposalVersion
from penstock.users import walls
from penstock.users.models import Workspace
from tests import make
from tests.web.conftest import Browser

pytestmark = pytest.mark.django_db

PERSON = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"


@pytest.fixture(autouse=True)
def _nobody_asked_before() -> None:
    cache.clear()


class Customer:
    """Somebody who has the link and no account."""

    def __init__(self, version: ProposalVersion, token: str = "") -> None:
        self.workspace = version.workspace
        self.token = token or proposal_links.make(version.proposal, by=None)[1]
        self.client = Client(headers={"User-Agent": PERSON})

    def url(self, part: str = "") -> str:
        tail = f"/{part}" if part else ""
        return f"/open/{self.workspace.slug}/proposals/{self.token}{tail}"

    def get(self, part: str = "", **data: object) -> object:
        return self._ask(self.client.get(self.url(part), data))

    def post(self, part: str, **data: object) -> object:
        return self._ask(self.client.post(self.url(part), data))

    def _ask(self, answer: object) -> object:
        walls.enter(workspace_id=self.workspace.pk)
        return answer


def _version(workspace: Workspace, **details: object) -> ProposalVersion:
    return make.sent_version(workspace, **details)


def _yes(version: ProposalVersion, **more: object) -> dict[str, object]:
    return {"name": "Carol", "consent": "on", "version": version.pk, **more}


def test_proposal_is_written_sent_and_accepted(owner: Browser) -> None:
    deal = make.deal(owner.workspace)
    made = owner.post(f"deals/{deal.item.key}/proposals/new", language="en", currency="EUR")
    answer = owner.post(
        "proposals/PROP-1/versions/1/edit",
        **{
            "title": "Wheels",
            "valid_until": "2030-01-01",
            "lines-TOTAL_FORMS": "2",
            "lines-INITIAL_FORMS": "0",
            "lines-0-title": "Wheel",
            "lines-0-quantity": "2",
            "lines-0-unit_price": "1,000.50",
            "lines-0-tax": "20",
        },
    )
    sent = owner.post("proposals/PROP-1/versions/1/send")

    assert made.status_code == answer.status_code == 302
    assert sent.status_code == 200
    assert f"/open/{owner.workspace.slug}/proposals/" in sent.content.decode()
    version = ProposalVersion.objects.get()
    assert (version.net, version.tax) == (Decimal(2001), Decimal("400.20"))
    for path in ("", "/changes", "/versions/1/document.pdf"):
        assert owner.get(f"proposals/PROP-1{path}").status_code == 200
    assert "PROP-1" in owner.get(f"deals/{deal.item.key}").content.decode()


def test_sums_follow_what_is_typed(owner: Browser) -> None:
    version = make.proposal_version(owner.workspace)

    answer = owner.post(
        f"proposals/{version.proposal.key}/versions/1/sums",
        **{
            "lines-TOTAL_FORMS": "2",
            "lines-INITIAL_FORMS": "0",
            "lines-0-title": "A",
            "lines-0-quantity": "3",
            "lines-0-unit_price": "9.99",
            "lines-0-discount": "10",
            "lines-1-title": "B",
            "lines-1-unit_price": "nonsense",
        },
    )

    assert "€26.97" in answer.content.decode()


def test_product_without_a_price_counts_at_its_price_of_today(owner: Browser) -> None:
    product = make.product(owner.workspace)
    day = today(owner.workspace)
    products.price(product, amount=Decimal(7), currency="EUR", valid_from=day)
    make.proposal_version(owner.workspace)

    answer = owner.post(
        "proposals/PROP-1/versions/1/sums",
        **{
            "lines-TOTAL_FORMS": "2",
            "lines-INITIAL_FORMS": "0",
            "lines-1-product": product.pk,
            "lines-1-quantity": "3",
        },
    )

    assert "€21.00" in answer.content.decode()


def test_options_are_numbered_behind_what_counts() -> None:
    lines = [make.wanted("A"), make.wanted("B", is_optional=True), make.wanted("C")]
    version = make.proposal_version(make.workspace(), lines=lines)
    settings = proposal_settings.of(version.workspace)

    paper = proposal_paper.data(version, settings=settings, logo=None)

    assert [(line["n"], line["title"]) for line in paper["lines"]] == [("1", "A"), ("2", "C")]
    assert [(line["n"], line["title"]) for line in paper["options"]] == [("3", "B")]


def test_order_names_the_version_that_it_stands_for(owner: Browser) -> None:
    version = _version(owner.workspace)
    proposal_answers.accept(version, by=None, who=proposal_answers.Who(name="Carol"))

    page = owner.get(f"orders/{Order.objects.get().item.key}").content.decode()

    assert f'proposals/{version.proposal.key}?version=1"' in page


def test_proposal_is_mailed_from_its_page(owner: Browser) -> None:
    deal = make.deal(owner.workspace)
    carol = make.person(owner.workspace, "Carol", email="carol@example.test")
    deals.add_person(deal, person=carol, part="decides", by=None)
    make.proposal_version(owner.workspace, deal=deal)
    path = "proposals/PROP-1/versions/1/send"

    asked = owner.get(path).content.decode()
    refused = owner.post(path, address="not an address")
    sent = owner.post(path, address="carol@example.test", text="Hello", with_document="on")
    again = owner.post("proposals/PROP-1/letters", address="dave@example.test")

    assert 'value="carol@example.test"' in asked
    assert "here is our proposal" in asked
    assert (refused.status_code, sent.status_code, again.status_code) == (422, 302, 302)
    letters = Message.objects.filter(kind="proposal").order_by("pk")
    assert [letter.to_address for letter in letters] == ["carol@example.test", "dave@example.test"]
    assert letters[0].attachments.get().name == "PROP-1-1.pdf"
    page = owner.get("proposals/PROP-1").content.decode()
    assert "dave@example.test" in page
    assert "Waiting" in page


@pytest.mark.parametrize("text", ["withdrawn", "draft"])
def test_what_is_not_open_is_not_mailed(owner: Browser, text: str) -> None:
    version = make.proposal_version(owner.workspace)
    if text == "withdrawn":
        proposals.send(version, by=None)
        proposals.withdraw(version.proposal, by=None)

    answer = owner.post("proposals/PROP-1/letters", address="dave@example.test")

    assert answer.status_code == 422
    assert not Message.objects.exists()


@pytest.mark.parametrize("n", [1, 3])
def test_list_asks_as_often_for_one_as_for_many(owner: Browser, n: int) -> None:
    for _ in range(n):
        _version(owner.workspace)
    owner.get("proposals")

    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = owner.get("proposals?state=waiting")

    assert answer.content.decode().count("PROP-") >= n
    assert len(queries) <= 16


def test_colleague_looks_and_does_not_send(viewer: Browser, stranger: Browser) -> None:
    version = make.proposal_version(viewer.workspace)
    path = f"proposals/{version.proposal.key}"

    assert viewer.get(path).status_code == 200
    assert viewer.post(f"{path}/versions/1/send").status_code == 403
    assert viewer.post(f"{path}/letters").status_code == 403
    assert viewer.get("settings/proposals").status_code == 403
    assert stranger.get(path).status_code == 404


def test_divergence_is_shown_with_both_figures(owner: Browser) -> None:
    version = _version(owner.workspace)
    deal = version.proposal.deal
    deals.change(deal, by=None, amount=Decimal(31))

    for path in (f"deals/{deal.item.key}", "proposals/differing"):
        page = owner.get(path).content.decode()
        assert "€31" in page
        assert "€29.97" in page
    assert "Proposal: €29.97" in owner.get("pipeline").content.decode()
    assert Deal.objects.get(pk=deal.pk).amount == Decimal(31)


def test_customer_accepts_in_two_steps(workspace: Workspace) -> None:
    version = _version(workspace)
    customer = Customer(version)

    assert "Wheel" in customer.get().content.decode()
    assert "€29.97" in customer.get("accept").content.decode()
    refused = customer.post("accept", name="Carol", version=version.pk)
    assert refused.status_code == 422
    for _ in range(2):
        assert customer.post("accept", **_yes(version)).status_code == 302

    assert Item.objects.get(pk=version.proposal.deal_id).outcome == "won"
    assert Order.objects.count() == 1
    assert "Accepted. Thank you!" in customer.get().content.decode()
    assert customer.get("document.pdf")["Content-Type"] == "application/pdf"


def test_customer_who_looks_at_an_old_version_is_led_to_the_new_one(workspace: Workspace) -> None:
    version = _version(workspace)
    customer = Customer(version)
    proposals.send(proposals.revise(version.proposal, by=None), by=None)

    answer = customer.post("accept", **_yes(version))

    assert answer.status_code == 422
    assert "A newer version of this proposal was sent" in answer.content.decode()
    assert not Order.objects.exists()


def test_customer_declines_with_a_reason(workspace: Workspace) -> None:
    version = _version(workspace)

    Customer(version).post("decline", name="Carol", text="Too dear", version=version.pk)

    assert ProposalEvent.objects.get(kind="declined").note.text == "Too dear"


def test_view_counts_people_once_and_no_machines(workspace: Workspace, owner: Browser) -> None:
    customer = Customer(_version(workspace))
    customer.get()
    for agent in ("Googlebot/2.1", "curl/8", "Mimecast scanner", ""):
        Client(headers={"User-Agent": agent}).post(customer.url("seen"))
    owner.client.post(customer.url("seen"), headers={"User-Agent": PERSON})
    walls.enter(workspace_id=workspace.pk)
    assert not ProposalEvent.objects.filter(kind="viewed").exists()

    customer.post("seen")
    customer.post("seen")

    assert ProposalEvent.objects.filter(kind="viewed").count() == 1


def test_comment_stands_on_the_deal_and_is_said_once(workspace: Workspace, owner: Browser) -> None:
    version = _version(workspace)
    customer = Customer(version)
    for _ in range(2):
        customer.post(
            "comments", name="Carol", text="<script>alert(1)</script>", mark="1", nonce="n"
        )

    key = version.proposal.deal.item.key
    page = owner.get(f"deals/{key}").content.decode()
    assert ProposalNote.objects.count() == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    owner.post(f"proposals/{version.proposal.key}/comments", text="We answer")
    assert "We answer" in customer.get().content.decode()


@pytest.mark.parametrize("part", ["", "accept", "decline", "document.pdf", "logo"])
def test_wrong_and_revoked_links_find_nothing(workspace: Workspace, part: str) -> None:
    version = _version(workspace)
    customer = Customer(version)
    for token in ("x" * 43, "short", "я" * 43, "y" * 3000):
        assert Customer(version, token).get(part).status_code == 404

    proposal_links.revoke(version.proposal, by=None)

    assert customer.get(part).status_code == 404


def test_link_of_another_workspace_finds_nothing(workspace: Workspace) -> None:
    other = make.workspace("Other")
    version = _version(other)
    _link, token = proposal_links.make(version.proposal, by=None)

    assert Client().get(f"/open/{other.slug}/proposals/{token}").status_code == 200
    assert Client().get(f"/open/{workspace.slug}/proposals/{token}").status_code == 404


def test_withdrawn_proposal_shows_nothing_of_itself(workspace: Workspace) -> None:
    version = _version(workspace)
    proposals.withdraw(version.proposal, by=None)
    customer = Customer(version)

    page = customer.get().content.decode()

    assert "This proposal was withdrawn" in page
    assert "€29.97" not in page
    assert customer.get("document.pdf")["Content-Type"].startswith("text/html")
    assert customer.post("accept", **_yes(version)).status_code in (302, 422)


@pytest.mark.parametrize(
    "data",
    [
        {"name": "x" * 201, "consent": "on"},
        {"name": "Carol", "consent": "on", "version": "zzz"},
        {"name": "Carol", "text": "x" * 5000, "consent": "on"},
        {},
    ],
)
def test_malformed_acceptance_is_refused(workspace: Workspace, data: dict[str, str]) -> None:
    version = _version(workspace)

    answer = Customer(version).post("accept", **({"version": version.pk} | data))

    assert answer.status_code == 422
    assert not ProposalEvent.objects.filter(kind="accepted").exists()


def test_customer_reads_the_language_of_the_proposal(workspace: Workspace) -> None:
    customer = Customer(_version(workspace, language="ru"))

    assert "Действительно до" in customer.get().content.decode()


def test_settings_take_a_plain_logo_and_refuse_another(owner: Browser) -> None:
    for inside, status in (("<rect width='1' height='1'/>", 302), ("<script/>", 422)):
        svg = f"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>{inside}</svg>"
        logo = SimpleUploadedFile("logo.svg", svg.encode())
        answer = owner.post("settings/proposals", valid_days="14", seller="Mill Ltd", logo=logo)
        assert answer.status_code == status
    picture = owner.get("settings/proposals/logo")

    assert "sandbox" in picture["Content-Security-Policy"]
    version = _version(owner.workspace)
    path = f"proposals/{version.proposal.key}/versions/1/document.pdf"
    assert owner.get(path).content.startswith(b"%PDF")


def test_template_is_tried_before_it_is_kept(owner: Browser) -> None:
    path = "settings/proposals/templates/en"

    refused = owner.post(path, source='#read("/etc/passwd")')
    kept = owner.post(path, source='#json("data.json").title')

    assert (refused.status_code, kept.status_code) == (422, 302)
    assert owner.post("settings/proposals/templates/xx", source="x").status_code == 422


def test_draft_can_be_thrown_away(owner: Browser) -> None:
    version = make.proposal_version(owner.workspace)

    owner.post(f"proposals/{version.proposal.key}/versions/1/discard")

    assert not Proposal.objects.exists()
