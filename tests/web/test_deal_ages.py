"""What the age of a deal means, on its page, on the board, in the list and on Today."""

from __future__ import annotations

import pytest

from penstock.sales.models import Deal
from penstock.users.models import Workspace
from tests import make
from tests.reports.test_ageing import stood
from tests.web.conftest import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(workspace: Workspace) -> Deal:
    """A deal that stands longer than nineteen of twenty that were won; as it may be won itself, it counts too."""
    mine = make.owner_of(workspace)
    for days in range(1, 21):
        stood(workspace, days, ago=30, owner=mine, is_won=True)
    return stood(workspace, 19.5, ago=0, owner=mine, is_won=False)


def test_it_is_said_everywhere(owner: Browser, old: Deal) -> None:
    page = owner.get(f"deals/{old.item.key}").context["page"]
    cards = [
        card for column in owner.get("pipeline").context["page"].columns for card in column.cards
    ]
    listed = owner.get("pipeline", view="list").context["page"].lines
    todo = owner.get("today").context["page"].lines[0]

    said = "90% of the 20 deals we won had left this stage by now."
    assert page.ageing == f"{said} That is late."
    assert [(card.age.text, card.age.is_late) for card in cards if card.age] == [(said, True)]
    assert [line.age.is_late for line in listed] == [True]
    assert (todo.kind, todo.reason.startswith(said)) == ("late_in_stage", True)


@pytest.mark.parametrize("view", ["", "list"])
def test_lane_of_late_deals(owner: Browser, workspace: Workspace, old: Deal, view: str) -> None:
    make.deal(workspace, title="fresh")

    page = owner.get("pipeline", step="late", view=view).context["page"]

    shown = (
        [line.key for line in page.lines]
        if view
        else [card.key for column in page.columns for card in column.cards]
    )
    assert shown == [old.item.key]


def test_planned_step_is_said_to_pause_it(owner: Browser, old: Deal) -> None:
    make.activity(old.workspace, about=old.item, days=3)

    page = owner.get(f"deals/{old.item.key}").context["page"]

    assert page.ageing.endswith("A step is planned, so it does not count as late.")


def test_too_few_are_said(owner: Browser, workspace: Workspace) -> None:
    deal = make.deal(workspace)

    page = owner.get(f"deals/{deal.item.key}").context["page"]

    assert page.ageing == ("Too few won deals stood in this stage to say what is usual (0 of 20).")


def test_threshold_is_set_in_percent(owner: Browser, workspace: Workspace) -> None:
    shown = owner.get("settings").context["form"].initial["late_share"]
    usual = {"name": "Mill", "time_zone": "UTC", "language": "en", "reps_see": "all"}
    refused = owner.post("settings", **usual, overrides="managers", late_share="30")
    owner.post("settings", **usual, overrides="managers", late_share="70")

    workspace.refresh_from_db()
    assert (shown, refused.status_code, float(workspace.late_share)) == (85, 422, 0.7)
