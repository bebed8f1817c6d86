"""Answer times: the rule in the settings, the figures under Insights."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from penstock.sales import activities, answers
from penstock.sales.models import AnswerRule
from penstock.users.models import Role, Workspace
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db

GOOD = {"target_hours": "2.5", "lead_hours": "1", "manager_hours": "0"}


def test_rule_is_shown_and_set(owner: Browser, workspace: Workspace) -> None:
    path = f"settings/answers/{make.pipeline(workspace).pk}"
    _pipeline, form = owner.get("settings/answers").context["forms"][0]
    assert form.initial["target_hours"] == "8"

    owner.post(path, **GOOD)

    _pipeline, form = owner.get("settings/answers").context["forms"][0]
    assert form.initial == {"target_hours": "2.5", "lead_hours": "1", "manager_hours": "0"}


@pytest.mark.parametrize(
    "change", [{"target_hours": "0"}, {"target_hours": "x"}, {"lead_hours": "-1"}]
)
def test_wrong_rule_is_refused_in_place(
    owner: Browser, workspace: Workspace, change: dict[str, str]
) -> None:
    path = f"settings/answers/{make.pipeline(workspace).pk}"

    assert owner.post(path, **{**GOOD, **change}).status_code == 422
    assert not AnswerRule.objects.exists()


def test_only_managers_set_the_rule(
    workspace: Workspace, viewer: Browser, stranger: Browser
) -> None:
    path = f"settings/answers/{make.pipeline(workspace).pk}"
    rep = sign_in(make.member(workspace, role=Role.REP))

    assert {one.post(path, **GOOD).status_code for one in (rep, viewer)} == {403}
    assert rep.get("settings/answers").status_code == 403
    assert stranger.post(path, **GOOD).status_code == 404
    assert viewer.get("insights/answers").status_code == 200
    assert stranger.get("insights/answers").status_code == 404


def test_figures_lead_to_their_leads(owner: Browser, workspace: Workspace) -> None:
    at = timezone.now() - timedelta(days=20)
    first, second = (make.deal(workspace, at=at) for _number in range(2))
    for one in (first, second):
        answers.start(one, at=at)
    activities.log(first.item, kind="call", by=None, at=at + timedelta(minutes=5))

    page = owner.get("insights/answers")
    behind = {
        query: [
            line.key for line in owner.get(f"insights/answers/deals?{query}").context["page"].lines
        ]
        for query in ("state=in_time", "state=overdue", "by=0", "came=none", "came=search")
    }

    assert page.context["page"].answer == (
        "50% of 2 leads were answered in time. 1 waits although its time is over."
    )
    both = [second.item.key, first.item.key]
    assert behind == {
        "state=in_time": [first.item.key],
        "state=overdue": [second.item.key],
        "by=0": both,
        "came=none": both,
        "came=search": [],
    }


def test_history_says_who_was_told(owner: Browser, workspace: Workspace) -> None:
    row = make.escalation(workspace)

    entries = owner.get(f"deals/{row.item.key}").context["page"].entries

    assert f"Not answered in time: {row.to.name} was told" in [one.text for one in entries]


def test_queries_do_not_grow(
    owner: Browser, workspace: Workspace, django_assert_max_num_queries: Any
) -> None:
    owner.get("insights/answers")
    for _number in range(3):
        make.answer_clock(workspace)
        with django_assert_max_num_queries(24):
            owner.get("insights/answers")
