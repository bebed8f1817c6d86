"""The table of deals as one wants it: its columns, its order, and filters that stay true by themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from penstock.flow import dating
from penstock.sales import deals
from penstock.users.models import Role
from penstock.web.forms import deal_columns
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db
USUAL = ["Number", "Deal", "Company", "Stage", "Amount", "Expected close", "Next step", "Owner"]


def names(answer: Any) -> list[str]:
    return [head.name for head in answer.context["page"].heads]


def titles(browser: Browser, query: str) -> set[str]:
    page = browser.get(f"pipeline?view=list&{query}").context["page"]
    return {line.title for line in page.lines}


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", [*USUAL, "In this stage"]),
        ("&columns=nonsense", [*USUAL, "In this stage"]),
        ("&columns=channel&columns=amount", ["Deal", "Amount", "Channel"]),
        ("&columns=opened", ["Deal", "Opened"]),
    ],
)
def test_table_shows_the_columns_asked_for(owner: Browser, asked: str, shown: list[str]) -> None:
    deals.change(make.deal(owner.workspace, title="Axle"), by=None, channel="Fair")

    answer = owner.get(f"pipeline?view=list{asked}")

    body = answer.content.decode()
    assert names(answer) == shown
    assert ("Fair" in body) == ("Channel" in shown)
    # The box to select, and a cell for each head.
    assert body.split("<tbody>")[1].count("</td>") == len(shown)


def test_table_of_a_past_day_shows_them_too(owner: Browser) -> None:
    day = dating.today(owner.workspace) - timedelta(days=1)

    answer = owner.get(f"pipeline?view=list&on={day.isoformat()}&columns=amount")

    assert names(answer) == ["Deal", "Amount"]


def test_sorting_and_clearing_keep_the_columns(owner: Browser) -> None:
    answer = owner.get("pipeline?view=list&columns=amount&columns=channel&q=x&saved=7")

    head = answer.context["page"].heads[1]
    asked = parse_qs(urlsplit(head.url).query)
    cleared = parse_qs(answer.context["filters"].clear_url[1:])
    assert (asked["columns"], asked["sort"], asked["saved"]) == (
        ["amount", "channel"],
        ["amount"],
        ["7"],
    )
    assert (cleared["columns"], cleared["saved"]) == (["amount", "channel"], ["0"])


def test_columns_are_kept_in_a_view(owner: Browser) -> None:
    answer = owner.post(
        "views/deals/new?view=list&columns=amount&columns=opened&sort=amount", name="Slim"
    )

    assert names(owner.get(answer["Location"])) == ["Deal", "Amount", "Opened"]


def test_columns_and_order_alone_are_no_filter(owner: Browser) -> None:
    page = owner.get("pipeline?view=list&columns=amount&sort=amount&state=open")

    assert not page.context["filters"].is_used
    assert owner.get("pipeline?view=list&state=won").context["filters"].is_used


def test_mine_is_of_whoever_looks(owner: Browser) -> None:
    bob = make.member(owner.workspace, role=Role.REP)
    make.deal(owner.workspace, title="Axle", owner=make.owner_of(owner.workspace))
    make.deal(owner.workspace, title="Rim", owner=bob)

    seen = titles(owner, "owner=me"), titles(sign_in(bob), "owner=me")

    assert seen == ({"Axle"}, {"Rim"})


@pytest.mark.parametrize(
    ("close", "found"),
    [
        ("overdue", {"Past"}),
        ("week", {"Soon"}),
        ("none", {"Never"}),
        ("", {"Past", "Soon", "Never"}),
        ("nonsense", {"Past", "Soon", "Never"}),
    ],
)
def test_expected_close_is_asked_by_the_day_on_which_one_looks(
    owner: Browser, close: str, found: set[str]
) -> None:
    today = dating.today(owner.workspace)
    make.deal(owner.workspace, title="Past", close_on=today - timedelta(days=1))
    make.deal(owner.workspace, title="Soon", close_on=today + timedelta(days=6))
    make.deal(owner.workspace, title="Never", close_on=None)

    assert titles(owner, f"close={close}") == found


@pytest.mark.parametrize("close", ["month", "next_month", "quarter"])
def test_months_and_quarters_are_whole(owner: Browser, close: str) -> None:
    wanted = owner.get(f"pipeline?view=list&close={close}").context["filters"].wanted()

    assert wanted.close_from is not None
    assert wanted.close_to is not None
    assert wanted.close_from.day == 1
    assert (wanted.close_to + timedelta(days=1)).day == 1


def test_days_that_are_named_win_over_the_period(owner: Browser) -> None:
    filters = owner.get("pipeline?view=list&close=month&close_to=2030-01-02").context["filters"]

    assert filters.wanted().close_to.isoformat() == "2030-01-02"


def test_every_order_can_be_chosen() -> None:
    orders = [code for code, _name in deal_columns.orders()]

    assert len(orders) == 1 + 2 * len(deal_columns.SORTS)
    assert len(set(orders)) == len(orders)


def test_list_without_deals_teaches_and_one_that_is_filtered_says_so(owner: Browser) -> None:
    empty = owner.get("pipeline?view=list&state=open").content.decode()
    filtered = owner.get("pipeline?view=list&q=axle").content.decode()

    assert "No deal is open" in empty
    assert "No deal is open" not in filtered
    assert "Nothing found" in filtered


@pytest.mark.parametrize("view", ["list", "board"])
def test_filters_without_a_past_are_named_where_a_view_is_seen_as_of_a_day(
    owner: Browser, view: str
) -> None:
    day = (dating.today(owner.workspace) - timedelta(days=1)).isoformat()

    asked = owner.get(f"pipeline?view={view}&on={day}&amount_from=5&step=none&owner=me")
    plain = owner.get(f"pipeline?view={view}&on={day}&owner=me")

    told = "Not asked of a past day, and left out: Next step, Amount from."
    assert told in asked.context["page"].answer
    assert "left out" not in plain.context["page"].answer
