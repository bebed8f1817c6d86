"""The page Impact: who sees it, what it says, what it keeps, and what it refuses."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from penstock.backlog.models import Baseline
from penstock.users.models import Workspace
from tests import make
from tests.reports import weeks
from tests.web.conftest import Browser

pytestmark = pytest.mark.django_db


def test_it_says_why_in_a_sentence(owner: Browser, workspace: Workspace) -> None:
    weeks.lived(workspace, [(3, 3)] * 4 + [(5, 2)] * 4, opening=2)

    said = owner.get("impact", weeks="4").content.decode()

    assert "The backlog grew by 12 orders: 67% because more was accepted, " in said
    assert "33% because less could be delivered." in said


def test_parts_that_pull_against_each_other_are_told_as_amounts(
    owner: Browser, workspace: Workspace
) -> None:
    weeks.lived(workspace, [(3, 3)] * 4 + [(6, 5)] * 4, opening=2)

    said = owner.get("impact", weeks="4").content.decode()

    assert "The backlog grew by 4 orders: +9 orders because more was accepted, " in said
    assert "\u22125 orders because more could be delivered." in said


def test_factors_lead_to_the_entries_behind_them(owner: Browser, workspace: Workspace) -> None:
    weeks.lived(workspace, [(3, 3)] * 4 + [(5, 3)] * 4, opening=2)

    said = owner.get("impact", weeks="4").content.decode()

    assert "backlog/entries?kind=accepted&amp;first=" in said


def test_page_opens_empty_and_to_who_only_looks(
    owner: Browser, viewer: Browser, stranger: Browser, workspace: Workspace
) -> None:
    assert owner.get("impact").status_code == 200
    assert viewer.get("impact").status_code == 200
    assert stranger.get("impact").status_code == 404


def test_unknown_answers_are_the_usual_ones_and_impossible_days_refused(owner: Browser) -> None:
    usual = owner.get("impact", weeks="9999", measure="apples", against="moon", question="why")

    assert usual.status_code == 200
    assert owner.get("impact", against="kept-999999").status_code == 404
    assert owner.get("impact", on="2999-01-01").status_code == 422


def test_weeks_are_kept_and_compared_with_and_removed(owner: Browser, workspace: Workspace) -> None:
    weeks.lived(workspace, [(3, 3)] * 4, opening=2)

    kept = owner.post("impact/baselines/new?weeks=4", name="Spring")
    row = Baseline.objects.get()
    shown = owner.get("impact", weeks="4", against=f"kept-{row.pk}")
    owner.post(f"impact/baselines/{row.pk}/remove")

    assert kept["Location"].endswith(f"/impact?weeks=4&against=kept-{row.pk}")
    assert len(row.weeks) == 4
    assert "Spring" in shown.content.decode()
    assert owner.get("impact", against=f"kept-{row.pk}").status_code == 404


def test_plan_is_asked_for_and_bad_amounts_are_refused(owner: Browser) -> None:
    bad = owner.post("impact/baselines/plan", name="P", demand="-1", capacity="much")
    twice = [
        owner.post("impact/baselines/plan?measure=hours", name="P", demand="1", capacity="2")
        for _time in range(2)
    ]

    assert bad.status_code == 422
    assert [one.status_code for one in twice] == [302, 422]
    assert Baseline.objects.get().measure == "hours"


def test_who_only_looks_keeps_nothing(viewer: Browser, workspace: Workspace) -> None:
    row = make.baseline(workspace)

    answers = [
        viewer.get("impact/baselines/new"),
        viewer.post("impact/baselines/new", name="Mine"),
        viewer.post("impact/baselines/plan", name="Mine", demand="1", capacity="1"),
        viewer.post(f"impact/baselines/{row.pk}/remove"),
    ]

    assert [one.status_code for one in answers] == [403] * 4
    assert Baseline.objects.filter(removed_at=None).count() == 1


@pytest.mark.parametrize("n", [1, 3])
def test_it_asks_as_often_for_many_orders_as_for_one(
    owner: Browser, workspace: Workspace, django_assert_num_queries: Any, n: int
) -> None:
    weeks.lived(workspace, [(n, 0)] * 8)
    owner.get("impact")

    with django_assert_num_queries(20):
        owner.get("impact")


def test_recorded_disruption_is_named_with_its_weeks(owner: Browser, workspace: Workspace) -> None:
    weeks.lived(workspace, [(4, 4)] * 4 + [(4, 4), (4, 1), (4, 1), (4, 4)], opening=6)
    start = weeks.began(workspace, weeks=8, week=5)
    crew = make.team(workspace)
    make.place(workspace, at=crew, from_on=(start - timedelta(days=400)).date())
    make.disruption(
        workspace,
        at=crew,
        started_at=start,
        ended_at=start + timedelta(days=14),
        lost_share=Decimal("0.75"),
    )

    said = owner.get("impact", weeks="4").content.decode()

    assert "The backlog grew by 6 orders: " in said
    assert "because of disruptions (production) in weeks " in said
