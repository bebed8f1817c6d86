"""Flow of the backlog: its page and the rows behind it, by owner, colleague and stranger, and with bad input."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from penstock.backlog import ledger
from penstock.backlog.models import Order
from penstock.users.models import Workspace
from tests import make
from tests.web.conftest import Browser

pytestmark = pytest.mark.django_db

PATH = "backlog/flow"
PATHS = [PATH, f"{PATH}/orders", f"{PATH}/work"]


def ago(days: int) -> object:
    return timezone.now() - timedelta(days=days)


def order(
    workspace: Workspace, *, at: int, done: int | None = None, title: str = "Wheels"
) -> Order:
    made = make.order(workspace, at=ago(at), title=title)  # type: ignore[arg-type]  # -- a moment
    if done is not None:
        act = ledger.Act(by=None, at=ago(done))  # type: ignore[arg-type]  # -- a moment
        ledger.fulfil(made.lines.get(), quantity=Decimal(10), act=act)
    return made


@pytest.mark.parametrize("path", PATHS)
def test_pages_open_for_colleagues_and_not_for_strangers(
    owner: Browser, viewer: Browser, stranger: Browser, path: str
) -> None:
    assert owner.get(path).status_code == 200
    assert viewer.get(path).status_code == 200
    assert stranger.get(path).status_code == 404


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"team": "x"}, 422),
        ({"product": "99999999999999999999"}, 422),
        ({"first": "2026-05-01", "last": "2026-04-01"}, 422),
        ({"on": "2999-01-01"}, 422),
        ({"known": "yesterday"}, 422),
        ({"part": "<script>", "stage": "-1", "key": "x", "by": "moon", "page": "-4"}, 200),
    ],
)
def test_bad_input_is_answered(
    owner: Browser, path: str, query: dict[str, str], status: int
) -> None:
    assert owner.get(path, **query).status_code == status


def test_page_says_what_came_and_went_and_leads_to_the_rows(
    owner: Browser, workspace: Workspace
) -> None:
    order(workspace, at=30, done=20, title="Gone")
    order(workspace, at=25, title="Stays")

    page = owner.get(PATH).content.decode()
    gone = owner.get(f"{PATH}/orders", part="delivered").content.decode()
    stays = owner.get(f"{PATH}/orders", part="inside").content.decode()

    assert "The backlog grew from 0 to 1 orders: 2 in, 1 delivered, 0 cancelled." in page
    assert "Too few cases (2 of 5)" in page
    assert ["Gone" in gone, "Stays" in gone] == [True, False]
    assert ["Gone" in stays, "Stays" in stays] == [False, True]


def test_past_day_tells_what_was_owed_then(owner: Browser, workspace: Workspace) -> None:
    order(workspace, at=30, done=5)
    on = (timezone.now() - timedelta(days=10)).date().isoformat()

    assert "1 in, 0 delivered" in owner.get(PATH, on=on).content.decode()
    # It was entered only now.
    known = owner.get(PATH, on=on, known=on).content.decode()
    assert "No order was owed in this window." in known


def test_team_without_work_has_no_orders(owner: Browser, workspace: Workspace) -> None:
    order(workspace, at=30)
    make.team(workspace, "North")
    team = make.team(workspace, "South")

    page = owner.get(PATH, team=str(team.pk)).content.decode()

    assert "No order was owed in this window." in page
    assert "North" in page


@pytest.mark.parametrize("path", [PATH, f"{PATH}/orders", f"{PATH}/work?part=waiting"])
def test_more_orders_take_no_more_queries(owner: Browser, workspace: Workspace, path: str) -> None:
    owner.get(path)
    found = []
    for n in (1, 2):
        for _number in range(n):
            order(workspace, at=30, done=20)
            order(workspace, at=30)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            owner.get(path)
        found.append(len(queries))

    assert found[0] == found[1] <= 30
