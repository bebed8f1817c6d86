"""Insights: its pages by the owner, a colleague, a stranger, and with bad input."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from penstock.sales import deals
from penstock.users.models import Role, Workspace
from penstock.users.models.workspace import Sees
from penstock.web.pages.insights import TABS
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db

PAGES = [
    "funnel",
    "times",
    "bridge",
    "losses",
    "customers",
    "goals",
    "throughput",
    "coverage",
    "slips",
]


def test_index_leads_to_the_first_page(owner: Browser) -> None:
    answer = owner.get("insights")

    assert answer.status_code == 302
    assert answer.url.startswith(owner.url("insights/"))


@pytest.mark.parametrize("path", PAGES)
def test_page_opens_for_colleagues_and_not_for_strangers(
    owner: Browser, viewer: Browser, stranger: Browser, path: str
) -> None:
    assert owner.get(f"insights/{path}").status_code == 200
    assert viewer.get(f"insights/{path}").status_code == 200
    assert stranger.get(f"insights/{path}").status_code == 404


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"owner": "x"}, 422),
        ({"pipeline": "99999999999999999999"}, 422),
        ({"first": "2026-05-01", "last": "2026-04-01"}, 422),
        ({"on": "2999-01-01"}, 422),
        ({"on": "yesterday"}, 422),
        ({"channel": "<script>alert(1)</script>"}, 200),
        ({"window": "century", "page": "-4"}, 200),
    ],
)
def test_page_answers_bad_input(
    owner: Browser, path: str, query: dict[str, str], status: int
) -> None:
    answer = owner.get(f"insights/{path}", **query)

    assert answer.status_code == status
    assert "<script>alert" not in answer.content.decode()


def test_every_tab_leads_on_with_the_same_window(owner: Browser) -> None:
    page = owner.get("insights/losses", window="90", reason="3").content.decode()

    for tab in TABS:
        assert f"{tab.url_name.removeprefix('insights-')}?window=90" in page


def test_losses_lead_to_their_deals(owner: Browser, workspace: Workspace) -> None:
    reason = make.loss_reason(workspace)
    deals.lose(make.deal(workspace, title="Too dear"), reason=reason, by=None)

    page = owner.get("insights/losses").content.decode()
    behind = owner.get("insights/losses/deals", reason=str(reason.pk)).content.decode()
    others = owner.get("insights/losses/deals", reason="0").content.decode()

    assert f"reason={reason.pk}" in page
    assert "Too dear" in behind
    assert "No deal stands behind this figure" in others


def test_times_lead_to_their_deals(owner: Browser, workspace: Workspace) -> None:
    stage = make.stage(workspace, "lead_generation")
    make.deal(workspace, title="Still there")
    gone = make.deal(workspace, title="Gone on")
    deals.win(gone, by=None)

    page = owner.get("insights/times").content.decode()
    answers = {
        query: owner.get(f"insights/times/deals?{query}").content.decode()
        for query in (
            f"stage={stage.pk}",
            f"stage={stage.pk}&part=running",
            "cycle=1",
            "cycle=1&part=running",
            "cycle=1&part=won",
            "stage=999999",
        )
    }

    assert f"stage={stage.pk}&amp;part=running" in page
    there = {query: ("Still there" in text, "Gone on" in text) for query, text in answers.items()}
    assert list(there.values()) == [
        (True, True),
        (True, False),
        (True, True),
        (True, False),
        (False, True),
        (False, False),
    ]


def test_losses_show_a_rep_only_own_deals(workspace: Workspace) -> None:
    workspace.reps_see = Sees.OWN
    workspace.save()
    mine, other = (make.member(workspace, role=Role.REP, name=name) for name in ("Bob", "Dan"))
    for mate, title in ((mine, "My own"), (other, "Somebody else’s")):
        deal = make.deal(workspace, title=title, owner=mate)
        deals.lose(deal, reason=make.loss_reason(workspace), by=None)

    page = sign_in(mine).get("insights/losses/deals").content.decode()

    assert "My own" in page
    assert "Somebody else" not in page


@pytest.mark.parametrize("path", ["losses", "losses/deals"])
def test_losses_ask_as_often_for_three_deals_as_for_one(
    owner: Browser, workspace: Workspace, path: str
) -> None:
    def lose(title: str) -> None:
        deal = make.deal(workspace, title=title, company=make.company(workspace))
        deals.lose(deal, reason=make.loss_reason(workspace), by=None)

    lose("One")
    owner.get(f"insights/{path}")
    with CaptureQueriesContext(connection) as one:
        owner.get(f"insights/{path}")
    lose("Two")
    lose("Three")
    with CaptureQueriesContext(connection) as three:
        owner.get(f"insights/{path}")

    assert len(three) == len(one)
