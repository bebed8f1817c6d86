"""The table of deals: a value changed in its cell, several deals at once, refusals row by row."""

from __future__ import annotations

from decimal import Decimal

import pytest

from penstock.flow.models import Item, Stage
from penstock.sales import deals
from penstock.sales.models import Deal, DealEdit
from penstock.users.models import Role
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def rep(owner: Browser) -> Browser:
    """The browser of a colleague who sells."""
    return sign_in(make.member(owner.workspace, role=Role.REP))


def _deal(browser: Browser, **details: object) -> Deal:
    return make.deal(browser.workspace, **details)


def test_table_offers_cells_and_acts_to_who_may_change(owner: Browser, viewer: Browser) -> None:
    _deal(owner)

    assert 'name="act"' in owner.get("pipeline?view=list").content.decode()
    assert 'name="act"' not in viewer.get("pipeline?view=list").content.decode()


@pytest.mark.parametrize(
    ("name", "value", "field", "written"),
    [
        ("title", "Gates", "item__title", "Gates"),
        ("amount", "1,250.50", "amount", Decimal("1250.50")),
        ("amount", "", "amount", None),
        ("close_on", "2030-01-02", "close_on__year", 2030),
    ],
)
def test_value_is_changed_in_its_cell(
    owner: Browser, name: str, value: str, field: str, written: object
) -> None:
    deal = _deal(owner, amount=Decimal(3))
    path = f"deals/{deal.item.key}/cells/{name}"

    asked, answered = owner.get(path), owner.post(path, value=value)

    assert (asked.status_code, answered.status_code) == (200, 302)
    assert Deal.objects.values_list(field, flat=True).get() == written


def test_owner_and_stage_are_changed_in_their_cells(owner: Browser) -> None:
    deal = _deal(owner)
    dave, stage = make.member(owner.workspace, name="Dave"), make.stage(owner.workspace, "proposal")

    owner.post(f"deals/{deal.item.key}/cells/owner", value=dave.pk)
    owner.post(f"deals/{deal.item.key}/cells/stage", value=stage.pk)

    item = Item.objects.get(pk=deal.pk)
    assert (item.owner_id, item.stage_id) == (dave.pk, stage.pk)


def test_stage_asks_its_gate_for_what_is_missing(owner: Browser) -> None:
    deal = _deal(owner)
    Deal.objects.update(amount=None)
    Stage.objects.filter(pk=deal.item.stage_id).update(needs=["amount"])
    path = f"deals/{deal.item.key}/cells/stage"
    stage = make.stage(owner.workspace, "proposal")

    refused = owner.post(path, value=stage.pk)
    given = owner.post(path, value=stage.pk, asked="amount", amount="7")

    assert refused.status_code == 422
    assert 'name="amount"' in refused.content.decode()
    assert given.status_code == 302
    assert Item.objects.get(pk=deal.pk).stage_id == stage.pk


@pytest.mark.parametrize(
    ("name", "value"), [("title", " "), ("amount", "-1"), ("amount", "x"), ("owner", "0")]
)
def test_value_that_cannot_be_is_refused_in_its_cell(owner: Browser, name: str, value: str) -> None:
    deal = _deal(owner)

    answer = owner.post(f"deals/{deal.item.key}/cells/{name}", value=value)

    assert answer.status_code == 422


def test_column_without_a_cell_is_not_found(owner: Browser) -> None:
    deal = _deal(owner)

    assert owner.get(f"deals/{deal.item.key}/cells/channel").status_code == 404


def test_several_are_changed_at_once_and_taken_back(owner: Browser) -> None:
    found = [_deal(owner) for _ in range(3)]
    keys = [deal.item.key for deal in found]

    asked = owner.post("pipeline/edits", act="close_on", deal=keys)
    done = owner.post("pipeline/edits", act="close_on", deal=keys, value="2030-01-02")
    n_changed = Deal.objects.filter(close_on="2030-01-02").count()
    undone = owner.post(f"pipeline/edits/{DealEdit.objects.get().pk}/undo")

    assert "3 deals are selected" in asked.content.decode()
    assert (done.status_code, n_changed, undone.status_code) == (302, 3, 302)
    assert not Deal.objects.exclude(close_on=None).exists()


def test_refusals_are_told_row_by_row(owner: Browser) -> None:
    won = _deal(owner, title="Sluice", amount=Decimal(1))
    deals.win(won, by=None)
    fine = _deal(owner, title="Gates")
    keys = [won.item.key, fine.item.key]

    reason = make.loss_reason(owner.workspace).pk
    answer = owner.post(
        "pipeline/edits",
        htmx=True,
        page="pipeline?view=list",
        act="lose",
        deal=keys,
        value=reason,
    )

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "1 deal is changed." in page
    assert "This deal is closed already" in page
    assert "Sluice" in page


def test_rep_changes_none_of_a_colleague(owner: Browser, rep: Browser) -> None:
    theirs = _deal(owner, owner=make.owner_of(owner.workspace))

    cell = rep.post(f"deals/{theirs.item.key}/cells/title", value="Mine")
    rep.post("pipeline/edits", act="assign", deal=[theirs.item.key], value="")

    assert cell.status_code == 403
    assert Item.objects.get(pk=theirs.pk).owner_id == make.owner_of(owner.workspace).pk
    assert not DealEdit.objects.get().rows.exists()


def test_only_who_did_it_or_a_manager_takes_it_back(owner: Browser, rep: Browser) -> None:
    deal = _deal(owner)
    owner.post("pipeline/edits", act="close_on", deal=[deal.item.key], value="2030-01-02")

    assert rep.post(f"pipeline/edits/{DealEdit.objects.get().pk}/undo").status_code == 403


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"act": "explode", "deal": ["DEAL-1"]},
        {"act": "park"},
        {"act": "park", "deal": ["DEAL-1"], "value": "no day"},
        {"act": "park", "deal": ["DEAL-1"] * 201, "value": "2030-01-02"},
    ],
)
def test_malformed_acts_are_refused(owner: Browser, data: dict[str, object]) -> None:
    _deal(owner)

    assert owner.post("pipeline/edits", **data).status_code == 422
    assert not DealEdit.objects.exists()
