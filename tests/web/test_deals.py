"""The page of a deal, and opening one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from penstock.flow import moves
from penstock.sales import deals
from penstock.sales.models import Deal
from penstock.users.models import Workspace
from tests import make
from tests.web.conftest import Browser

pytestmark = pytest.mark.django_db
PAST = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_page_tells_all_that_happened(owner: Browser, workspace: Workspace) -> None:
    deal = make.deal(workspace, stage=make.stage(workspace, "needs_assessment"), at=PAST)
    deals.change(deal, by=make.owner_of(workspace), amount=Decimal(1200))
    wrong = deals.move(deal, to=make.stage(workspace, "proposal"), by=None)
    moves.take_back(wrong, by=None)
    deals.lose(deal, reason=make.loss_reason(workspace), by=None)

    page = owner.get(f"deals/{deal.item.key}").context["page"]

    assert [entry.text for entry in page.entries] == [
        "Lost: Price",
        "Entered “Proposal”",
        "Amount is €1,200",
        "Amount is €1,000",
        "Entered “Needs assessment”",
    ]
    assert [entry.is_corrected for entry in page.entries] == [False, True, False, False, False]
    assert page.state == "Lost"


def test_page_as_of_a_day_shows_what_was_so_then(owner: Browser, workspace: Workspace) -> None:
    deal = make.deal(workspace, stage=make.stage(workspace, "needs_assessment"), at=PAST)
    deals.change(deal, by=None, amount=Decimal(9000))
    deals.win(deal, by=None)

    answer = owner.get(f"deals/{deal.item.key}", on="2026-03-02")

    page = answer.context["page"]
    assert (page.state, page.may_edit) == ("Lead", False)
    assert ("Amount", "€1,000") in page.facts
    assert "Nothing can be changed here" in answer.content.decode()


@pytest.mark.parametrize("day", ["soon", "2026-02-31", "2999-01-01"])
def test_page_as_of_an_impossible_day_says_so(
    owner: Browser, workspace: Workspace, day: str
) -> None:
    answer = owner.get(f"deals/{make.deal(workspace).item.key}", on=day)

    assert answer.status_code == 422


@pytest.mark.parametrize("n", [1, 3])
def test_page_query_count(
    owner: Browser, workspace: Workspace, django_assert_num_queries: Any, n: int
) -> None:
    deal = make.deal(workspace, owner=make.owner_of(workspace), company=make.company(workspace))
    for number in range(n):
        deals.change(deal, by=make.owner_of(workspace), amount=Decimal(number))
        deals.add_person(deal, person=make.person(workspace), part="decides", by=None)
    owner.get(f"deals/{deal.item.key}")

    with django_assert_num_queries(19):
        owner.get(f"deals/{deal.item.key}")


def test_create_opens_a_deal_and_knows_the_company(owner: Browser, workspace: Workspace) -> None:
    make.company(workspace, "Acme, Inc.")
    stage = make.stage(workspace, "proposal")
    fields = {
        "title": "Axles",
        "company": "acme inc",
        "amount": "12.5",
        "currency": "EUR",
        "stage": stage.pk,
    }

    answer = owner.post("deals/new", **fields)

    deal = Deal.objects.select_related("item", "company").get()
    assert answer["Location"] == owner.url(f"deals/{deal.item.key}")
    assert (deal.item.title, deal.company.name, deal.amount, deal.item.stage_id) == (
        "Axles",
        "Acme, Inc.",
        Decimal("12.5"),
        stage.pk,
    )


def test_create_on_the_board_sends_its_column(owner: Browser, workspace: Workspace) -> None:
    stage = make.stage(workspace, "proposal")
    fields = {"title": "Axles", "currency": "EUR", "stage": stage.pk}

    answer = owner.post("deals/new", htmx=True, page="pipeline", **fields)

    assert [column.id for column in answer.context["columns"]] == [stage.pk]


def test_create_without_a_title_says_so(owner: Browser) -> None:
    answer = owner.post("deals/new", htmx=True, currency="EUR")

    assert answer.status_code == 422
    assert "This field is required" in answer.content.decode()
    assert not Deal.objects.exists()


def test_create_form_opens_in_a_dialog(owner: Browser) -> None:
    assert "<dialog" in owner.get("deals/new", htmx=True).content.decode()


def test_facts_are_written(owner: Browser, workspace: Workspace) -> None:
    deal = make.deal(workspace)
    me = make.owner_of(workspace)
    fields = {
        "amount": "77.25",
        "currency": "USD",
        "close_on": "2027-02-01",
        "owner": me.pk,
        "company": "Forge",
    }

    answer = owner.post(
        f"deals/{deal.item.key}/facts", htmx=True, page=f"deals/{deal.item.key}", **fields
    )

    deal = Deal.objects.select_related("item", "company").get(pk=deal.pk)
    assert (deal.amount, deal.currency, deal.close_on, deal.item.owner_id, deal.company.name) == (
        Decimal("77.25"),
        "USD",
        date(2027, 2, 1),
        me.pk,
        "Forge",
    )
    assert "Saved." in answer.content.decode()


def test_facts_that_make_no_sense_are_refused(owner: Browser, workspace: Workspace) -> None:
    deal = make.deal(workspace)

    answer = owner.post(f"deals/{deal.item.key}/facts", htmx=True, amount="many", currency="EUR")

    assert answer.status_code == 422
    assert "Enter a number" in answer.content.decode()


def test_qualify_moves_a_lead_on(owner: Browser, workspace: Workspace) -> None:
    deal = make.deal(workspace)

    owner.post(f"deals/{deal.item.key}/qualify", htmx=True)

    deal = Deal.objects.select_related("item__stage").get(pk=deal.pk)
    assert (deal.is_lead, deal.item.stage.code) == (False, "needs_assessment")


def test_disqualify_asks_for_the_reason(owner: Browser, workspace: Workspace) -> None:
    deal = make.deal(workspace)
    asked = owner.post(f"deals/{deal.item.key}/disqualify", htmx=True)
    reason = make.loss_reason(workspace, "not_a_fit").pk

    owner.post(f"deals/{deal.item.key}/disqualify", htmx=True, asked="reason", reason=reason)

    assert (asked.status_code, list(asked.context["form"].fields)) == (422, ["reason"])
    assert Deal.objects.select_related("item").get().item.outcome == "lost"


def test_people_come_and_go(owner: Browser, workspace: Workspace) -> None:
    deal = make.deal(workspace)
    known = make.person(workspace, "Carol")

    for name in ("Carol", "Dan"):
        owner.post(f"deals/{deal.item.key}/people", htmx=True, name=name, part="decides")
    owner.post(f"deals/{deal.item.key}/people/{known.pk}/remove", htmx=True)

    assert [row.person.name for row in deal.people.select_related("person")] == ["Dan"]


@pytest.mark.parametrize("path", ["facts", "qualify", "disqualify", "people"])
def test_viewer_changes_nothing(viewer: Browser, workspace: Workspace, path: str) -> None:
    deal = make.deal(workspace)

    assert viewer.get(f"deals/{deal.item.key}").status_code == 200
    assert viewer.post(f"deals/{deal.item.key}/{path}", name="Eve").status_code == 403


def test_viewer_opens_no_deal(viewer: Browser) -> None:
    assert viewer.post("deals/new", title="Mine").status_code == 403


def test_stranger_finds_no_deal(stranger: Browser, workspace: Workspace) -> None:
    assert stranger.get(f"deals/{make.deal(workspace).item.key}").status_code == 404
