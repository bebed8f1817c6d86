"""Of the moves of a window, those that passed a gate by override."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from penstock.base.calendar import Window, trailing
from penstock.flow import moves
from penstock.flow.dating import lived, today
from penstock.flow.models import Override, Stage
from penstock.reports import overrides
from penstock.reports.filters import DealFilter
from penstock.sales import deals
from penstock.sales.models import Deal
from penstock.users.models import Role, Workspace
from penstock.users.models.workspace import Sees
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    workspace = make.workspace()
    stage = make.stage(workspace, "lead_generation")
    Stage.objects.filter(pk=stage.pk).update(needs=["need", "decider"])
    return workspace


def last_month(workspace: Workspace) -> Window:
    return trailing(until=today(workspace), days=30, zone=workspace.zone)


def passing(workspace: Workspace, **details: Any) -> Override:
    return passed(make.deal(workspace, **details))


def passed(deal: Deal) -> Override:
    workspace = deal.workspace
    by = make.owner_of(workspace)
    row = deals.move(deal, to=make.stage(workspace), by=by, despite="In a hurry.")
    return Override.objects.get(transition=row)


def test_it_counts_moves_and_not_openings(workspace: Workspace) -> None:
    owner = make.owner_of(workspace)
    first, second = passing(workspace), passing(workspace)
    moves.move(second.item, to=make.stage(workspace, "negotiation"), by=None)
    make.deal(workspace)

    found = overrides.in_window(owner, last_month(workspace))

    assert (found.share.n, found.share.of, found.ids) == (2, 3, (second.pk, first.pk))
    assert found.by_need == (("decider", 2), ("need", 2))
    assert [(one.name, one.share.n, one.share.of) for one in found.by_member] == [
        (owner.name, 2, 2)
    ]


def test_what_was_taken_back_does_not_count_from_then_on(workspace: Workspace) -> None:
    owner, yesterday = make.owner_of(workspace), timezone.now() - timedelta(days=1)
    with lived(yesterday - timedelta(days=1)):
        deal = make.deal(workspace)
    with lived(yesterday):
        override = passed(deal)
    moves.take_back(override.transition, by=None)

    now = overrides.in_window(owner, last_month(workspace))
    then = overrides.in_window(
        owner, last_month(workspace), known=today(workspace) - timedelta(days=1)
    )

    assert (now.share.n, now.share.of) == (0, 0)
    assert (then.share.n, then.share.of) == (1, 1)


def test_nothing_moved_has_no_share(workspace: Workspace) -> None:
    found = overrides.in_window(make.owner_of(workspace), last_month(workspace))

    assert (found.share.of, found.share.share, found.ids) == (0, None, ())


def test_a_rep_who_sees_own_deals_counts_those(workspace: Workspace) -> None:
    workspace.reps_see = Sees.OWN
    workspace.save()
    rep = make.member(workspace, role=Role.REP)
    mine = passing(workspace, owner=rep)
    passing(workspace, owner=make.owner_of(workspace))

    found = overrides.in_window(rep, last_month(workspace))

    assert (found.ids, found.share.of) == ((mine.pk,), 1)


def test_it_is_cut_like_every_figure(workspace: Workspace) -> None:
    owner = make.owner_of(workspace)
    mine = passing(workspace, owner=owner)
    passing(workspace)

    found = overrides.in_window(owner, last_month(workspace), only=DealFilter(owner=owner))

    assert found.ids == (mine.pk,)


def test_rows_behind_keep_their_order_and_need_one_query(
    workspace: Workspace, django_assert_num_queries: Any
) -> None:
    ids = [passing(workspace).pk for _number in range(3)]

    with django_assert_num_queries(1):
        rows = overrides.behind(reversed(ids))
        words = [(row.item.deal.company, row.transition.stage.code) for row in rows]

    assert ([row.pk for row in rows], words) == (ids[::-1], [(None, "proposal")] * 3)
