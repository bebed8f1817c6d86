"""The next step on the board, in the list, as lanes, and as a figure; now and on a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from penstock.flow.dating import lived, today
from penstock.sales import activities, deals
from penstock.sales.models import Deal
from penstock.users.models import Workspace
from tests import make
from tests.web.conftest import Browser

pytestmark = pytest.mark.django_db


def overdue(workspace: Workspace, title: str) -> Deal:
    with lived(datetime.now(UTC) - timedelta(days=9)):
        deal = make.deal(workspace, title=title)
        make.activity(workspace, about=deal.item, days=2)
    return deal


def steps_on(page: Any) -> dict[str, tuple[str, str] | None]:
    return {
        card.title: (card.step.text, card.step.tone) if card.step else None
        for column in page.columns
        for card in column.cards
    }


@pytest.fixture
def four(workspace: Workspace) -> list[Deal]:
    """Deals that are late, due, planned for later, and forgotten."""
    made = [overdue(workspace, "late")]
    for title, days in (("due", 0), ("planned", 1)):
        deal = make.deal(workspace, title=title)
        make.activity(workspace, about=deal.item, days=days)
        made.append(deal)
    return [*made, make.deal(workspace, title="forgotten")]


def test_board_says_it_on_each_card(owner: Browser, workspace: Workspace, four: list[Deal]) -> None:
    found = steps_on(owner.get("pipeline").context["page"])

    late = today(workspace) - timedelta(days=7)
    assert found == {
        "late": (f"Overdue: {late:%-d %b}", "late"),
        "due": ("Today", "warn"),
        "planned": ("Tomorrow", ""),
        "forgotten": ("No next step", "warn"),
    }
    assert "Overdue: " in owner.get("pipeline").content.decode()


def test_figure_counts_open_deals_alone(
    owner: Browser, workspace: Workspace, four: list[Deal]
) -> None:
    parked, lost = make.deal(workspace, title="parked"), make.deal(workspace, title="won")
    deals.park(parked, until=today(workspace) + timedelta(days=9), by=None)
    deals.win(lost, by=make.owner_of(workspace))

    steps = owner.get("pipeline").context["page"].steps

    assert (steps.text, steps.without, steps.overdue) == (
        "3 deals with a next step (75%)",
        "1 without",
        "1 overdue",
    )
    assert steps.definition.n == "4"


@pytest.mark.parametrize(
    ("lane", "titles"),
    [("none", {"forgotten"}), ("overdue", {"late"}), ("today", {"due"}), ("soon", None)],
)
@pytest.mark.parametrize("view", ["", "list"])
def test_lanes_on_board_and_list(
    owner: Browser, four: list[Deal], lane: str, titles: set[str] | None, view: str
) -> None:
    page = owner.get("pipeline", step=lane, view=view).context["page"]

    shown = {line.title for line in page.lines} if view else set(steps_on(page))
    assert shown == (titles or {deal.item.title for deal in four})


def test_list_is_sorted_by_it(owner: Browser, four: list[Deal]) -> None:
    page = owner.get("pipeline", view="list", sort="step").context["page"]

    assert [line.title for line in page.lines] == ["late", "due", "planned", "forgotten"]


def test_parked_and_won_deals_are_silent(owner: Browser, workspace: Workspace) -> None:
    deal = overdue(workspace, "later")
    deals.park(deal, until=today(workspace) + timedelta(days=9), by=None)

    page = owner.get("pipeline", state="parked").context["page"]

    assert steps_on(page) == {"later": None}


def test_as_of_a_day_and_as_known(owner: Browser, workspace: Workspace) -> None:
    with lived(datetime(2026, 3, 2, 9, tzinfo=UTC)):
        deal = make.deal(workspace, title="old")
        activity = make.activity(workspace, about=deal.item, days=3)
    with lived(datetime(2026, 3, 9, 9, tzinfo=UTC)):
        activities.complete(activity, by=None)
        activities.plan(deal.item, kind="call", due=date(2026, 3, 20), by=None)

    on = {
        day: steps_on(owner.get("pipeline", on=f"2026-03-{day}").context["page"])["old"]
        for day in ("02", "06", "19")
    }
    listed = owner.get("pipeline", on="2026-03-06", view="list", sort="step").context["page"].lines

    assert on == {"02": ("5 Mar", ""), "06": ("Overdue: 5 Mar", "late"), "19": ("Tomorrow", "")}
    assert [line.step.text for line in listed] == ["Overdue: 5 Mar"]


def test_export_has_it(owner: Browser, four: list[Deal]) -> None:
    answer = owner.get("pipeline/export", step="today")

    text = b"".join(answer).decode()
    assert "Next step" in text
    assert "due" in text
    assert "forgotten" not in text
