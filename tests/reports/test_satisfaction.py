"""Figures of surveys, and the rows behind them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from penstock.base.calendar import trailing
from penstock.flow import dating
from penstock.reports import satisfaction
from penstock.sales import surveys
from penstock.users.models import Role
from penstock.users.models.workspace import Sees
from tests import make

pytestmark = pytest.mark.django_db


def test_window_counts_the_latest_answer_of_each_survey() -> None:
    workspace = make.workspace()
    owner = make.owner_of(workspace)
    happy, unhappy = (make.asked(workspace).survey for _ in range(2))
    promoter = make.asked(workspace, scale="nps").survey
    make.asked(workspace, scale="nps")
    surveys.answer(happy, score=1)
    surveys.answer(happy, score=5)
    surveys.answer(unhappy, score=2, comment="It broke.")
    surveys.answer(promoter, score=10)
    window = trailing(until=dating.today(workspace), days=7, zone=workspace.zone)

    found = satisfaction.in_window(owner, window)
    rows = satisfaction.answers(owner, window, limit=10)

    assert (found.answered.n, found.answered.of) == (3, 4)
    assert (found.satisfied.n, found.satisfied.of) == (1, 2)
    assert (found.net_promoter.score, found.n_unhappy) == (100.0, 1)
    assert (rows[0].score, rows[0].comment) == (2, "It broke.")
    assert sorted(str(row.score) for row in rows) == ["10", "2", "5", "None"]


def test_past_window_knows_only_answers_up_to_its_end() -> None:
    workspace = make.workspace()
    order = make.delivered_order(workspace)
    with dating.lived(timezone.now() + timedelta(days=3)):
        asked = make.asked(workspace, order=order)
    with dating.lived(timezone.now() + timedelta(days=9)):
        surveys.answer(asked.survey, score=4)
        until = dating.today(workspace)
    early = trailing(until=until - timedelta(days=2), days=7, zone=workspace.zone)
    late = trailing(until=until, days=14, zone=workspace.zone)

    owner = make.owner_of(workspace)

    assert satisfaction.in_window(owner, early).answered.n == 0
    assert satisfaction.in_window(owner, late).answered.n == 1


def test_rep_who_sees_only_own_deals_sees_only_their_surveys() -> None:
    workspace = make.workspace()
    workspace.reps_see = Sees.OWN
    workspace.save()
    rep, other = make.member(workspace, role=Role.REP), make.member(workspace, name="Eve")
    for owner in (rep, other):
        deal = make.deal(workspace, owner=owner)
        order = make.delivered_order(workspace, deal=deal)
        surveys.ask(order.item, scale="csat", by=None, deal=deal)
    window = trailing(until=dating.today(workspace), days=7, zone=workspace.zone)

    assert satisfaction.in_window(rep, window).answered.of == 1
    assert satisfaction.in_window(make.owner_of(workspace), window).answered.of == 2
