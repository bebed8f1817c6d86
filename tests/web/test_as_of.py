"""Board, list, funnel, bridge and goals through their pages: as it was on a past day, and as it was known then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from penstock.flow import dating
from penstock.sales import deals
from penstock.users.models import Workspace
from tests import make
from tests.web.conftest import Browser

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
ON = "2026-03-06"
NOW, WAS, KNOWN = {}, {"on": ON}, {"on": ON, "known": ON}
MONTH = {"first": "2026-03-01", "last": ON}


@pytest.fixture(autouse=True)
def story(workspace: Workspace) -> None:
    """A sluice that is worth 320 from the 4th on, moved on and then won on the 5th; only the 12th tells."""
    workspace.time_zone = "UTC"
    workspace.save()
    with dating.lived(START):
        sluice = make.deal(workspace, title="A sluice", amount="110")
        make.deal(workspace, title="A weir", amount="40")
        make.goal(workspace, value="1000", first_on=START.date().replace(day=1))
    with dating.lived(START + timedelta(days=10)):
        deals.change(sluice, by=None, amount=Decimal(320), at=START + timedelta(days=2))
        deals.move(
            sluice, to=make.stage(workspace, "proposal"), by=None, at=START + timedelta(days=2.5)
        )
        deals.win(sluice, by=None, at=START + timedelta(days=3))
    with dating.lived(START + timedelta(days=20)):
        make.deal(workspace, title="A dam", amount="7000")


def _text(owner: Browser, path: str, **query: str) -> str:
    answer = owner.get(path, **query)
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize("view", ["board", "list"])
def test_board_and_list_hold_what_was_open(owner: Browser, view: str) -> None:
    now, was, known, before = (
        _text(owner, "pipeline", view=view, **query)
        for query in (NOW, WAS, KNOWN, {"on": "2026-03-03"})
    )

    assert ["A weir" in text for text in (now, was, known, before)] == [True] * 4
    assert ["A dam" in text for text in (now, was, known, before)] == [True, False, False, False]
    # Won on the 5th; nobody knew on the 6th, and on the 3rd it was open.
    assert ["A sluice" in text for text in (was, known, before)] == [False, True, True]
    assert ["€110" in text for text in (was, known, before)] == [False, True, True]


def test_funnel_follows_who_had_entered(owner: Browser, workspace: Workspace) -> None:
    stage = str(make.stage(workspace, "proposal").pk)

    # Ends are entered a week late here: deals are followed until a week before the day.
    asked = {"stage": stage, "first": "2026-03-01", "last": "2026-03-14", "on": "2026-03-14"}
    was, known = (
        _text(owner, "insights/funnel/deals", **asked, **query) for query in ({}, {"known": ON})
    )

    assert "A sluice" in was
    assert "A sluice" not in known


def test_bridge_tells_what_changed(owner: Browser) -> None:
    was, known = (_text(owner, "insights/bridge", **MONTH, **query) for query in (WAS, KNOWN))

    # What was won was worth 320 then; as known on the 6th both deals were open at what they began with.
    assert "€320" in was
    assert "€320" not in known
    assert "€150" in known
    won = [
        _text(owner, "insights/bridge/deals", line="won", **MONTH, **query)
        for query in (WAS, KNOWN)
    ]
    assert ["A sluice" in text for text in won] == [True, False]


def test_goals_count_what_was_won(owner: Browser) -> None:
    was, known = (_text(owner, "insights/goals", **query) for query in (WAS, KNOWN))

    assert "€320" in was
    assert "€320" not in known
    assert "€0" in known
