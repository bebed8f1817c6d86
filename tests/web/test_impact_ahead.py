"""The levers on the page Impact: their bounds, their answer, the scenarios that are kept."""

from __future__ import annotations

import pytest

from penstock.users.models import SavedView, Workspace
from tests import make
from tests.reports import weeks
from tests.web.conftest import Browser

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "asked",
    [
        {"demand": "much"},
        {"capacity": "-101"},
        {"ahead": "0"},
        {"overtime_cost": "nan"},
        {"crew": "inf"},
        {"stop_first": "4", "stop_last": "2"},
    ],
)
def test_numbers_that_are_none_are_refused(owner: Browser, asked: dict[str, str]) -> None:
    assert owner.get("impact", **asked).status_code == 422


def test_moved_lever_answers_with_the_outcome_alone(owner: Browser, workspace: Workspace) -> None:
    weeks.lived(workspace, [(3, 2)] * 9)

    said = owner.get("impact", htmx=True, demand="-100", limit="2", ahead="4").content.decode()

    assert said.lstrip().startswith('<div class="stack" id="ahead"')
    assert "As set above" in said
    assert "More than 2 orders at the end" in said
    assert "Why it changed" not in said


def test_scenarios_are_kept_and_told_side_by_side(owner: Browser, workspace: Workspace) -> None:
    weeks.lived(workspace, [(3, 2)] * 9)
    owner.post(
        "views/scenarios/new?demand=-50&capacity=0&weeks=8&measure=orders", name="Half the demand"
    )
    make.saved_view(workspace, "In hours", place="scenarios", query="demand=5&measure=hours")
    make.saved_view(workspace, "Broken", place="scenarios", query="demand=9999")

    said = owner.get("impact", ahead="4").content.decode()

    assert SavedView.objects.get(name="Half the demand").query == "demand=-50"
    assert "Half the demand" in said
    assert "In another measure" in said
    assert "Enter a number from -100 to 300." in said


def test_what_is_drawn_says_where_it_is_from(owner: Browser, workspace: Workspace) -> None:
    weeks.lived(workspace, [(3, 2)] * 3)

    said = owner.get("impact").content.decode()

    assert "This is an assumption, not a measurement" in said
