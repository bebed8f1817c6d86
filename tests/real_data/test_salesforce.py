"""Salesforce opportunities and their history, Preppin' Data 2022 week 23."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from penstock.base.calendar import Window
from penstock.flow import replay
from penstock.flow.models import Item, Transition
from penstock.intake.models import ChangeSet
from penstock.reports import movements, quality
from penstock.users.models import Member
from tests.real_data.conftest import Bring

pytestmark = pytest.mark.real_data
STAGES = ["Prospecting", "Qualification", "Value Proposition", "Negotiation/Review"]
FOLDER = "preppin_opportunity_history"


@pytest.fixture(scope="module")
def history(bring: Bring) -> tuple[ChangeSet, ChangeSet]:
    deals = bring(
        f"{FOLDER}/Opportunity.csv",
        "deals",
        source="salesforce",
        mapping={"stage": "", "closed_at": "", "close_on": "CloseDate"},
        options={"pipeline": "Salesforce", "stages": "create", "stage_names": STAGES},
    )
    moves = bring(
        f"{FOLDER}/Opportunity History.csv",
        "stage_history",
        source="salesforce",
        options={"pipeline": "Salesforce"},
    )
    return deals, moves


def test_every_row_is_a_fact(history: tuple[ChangeSet, ChangeSet]) -> None:
    deals, moves = history

    assert deals.counts == {"create": 219}
    assert moves.counts == {"create": 584}


def test_moves_before_the_opening_are_counted(
    history: tuple[ChangeSet, ChangeSet], member: Member
) -> None:
    found = {row.code: row.n for row in quality.findings(member)}

    assert found["moved_before_opened"] == 43


def test_deals_moved_back(history: tuple[ChangeSet, ChangeSet]) -> None:
    rows: dict[int, list[Transition]] = {}
    for row in Transition.objects.select_related("stage"):
        rows.setdefault(row.item_id, []).append(row)

    n_back = sum(
        later.stage.position < earlier.stage.position
        for story in rows.values()
        for earlier, later in pairwise(replay.effective(story))
    )

    assert (Item.objects.count(), n_back) == (219, 72)


def test_deals_won_and_lost(history: tuple[ChangeSet, ChangeSet], member: Member) -> None:
    window = Window(date(2022, 1, 1), date(2022, 12, 31), member.workspace.zone)

    closed = movements.in_window(member, window)

    assert (closed.n_won, closed.n_lost) == (89, 57)
