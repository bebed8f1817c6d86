"""Questions that are put into words once."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, Exists, OuterRef

from penstock.flow.models import Item, Stage, Transition
from penstock.users import walls
from penstock.users.kept import Kept
from penstock.users.models import Workspace
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Any:
    """A workspace, entered."""
    founded = make.workspace()
    with walls.inside(founded.pk):
        yield founded


def test_rows_are_those_of_the_query_set_for_every_value(workspace: Workspace) -> None:
    deals = [make.deal(workspace, title=f"Deal {n}") for n in range(3)]
    kept = Kept(
        lambda item_id: (
            Transition.objects.filter(item_id=item_id)
            .select_related("stage", "item")
            .annotate(again=Exists(Transition.objects.filter(supersedes=OuterRef("pk"))))
        )
    )

    for deal in deals:
        (row,) = kept(deal.pk)
        with_all = Transition.objects.get(item_id=deal.pk)
        assert row == with_all
        assert row.occurred_at == with_all.occurred_at
        assert row.again is False  # type: ignore[attr-defined]  # -- annotated

    assert kept(0) == []
    assert kept.first(0) is None


def test_what_was_selected_with_a_row_asks_nothing_more(
    workspace: Workspace, django_assert_num_queries: Any
) -> None:
    deal = make.deal(workspace)
    kept = Kept(lambda item_id: Transition.objects.filter(item_id=item_id).select_related("stage"))
    kept(deal.pk)

    with django_assert_num_queries(1):
        assert kept(deal.pk)[0].stage.code == deal.item.stage.code


def test_values_of_each_kind_and_constants_keep_their_places(workspace: Workspace) -> None:
    deal = make.deal(workspace)
    row = Transition.objects.get(item_id=deal.pk)
    kept = Kept(
        lambda code, at, day: Transition.objects.filter(
            occurred_at__lt=at, is_void=False, stage__code=code, occurred_at__date__gte=day
        )
    )
    at, day = row.occurred_at + timedelta(days=1), row.occurred_at.date() - timedelta(days=1)

    assert kept(deal.item.stage.code, at, day) == [row]
    assert kept("no such code", at, day) == []
    assert kept(deal.item.stage.code, row.occurred_at, day) == []
    assert kept(deal.item.stage.code, at, day + timedelta(days=3)) == []


def test_walls_hold_for_what_was_asked_in_another_workspace(workspace: Workspace) -> None:
    other = make.workspace()
    kept = Kept(lambda code: Stage.objects.filter(code=code))

    with walls.inside(workspace.pk):
        mine = kept("proposal")
    with walls.inside(other.pk):
        theirs = kept("proposal")

    assert {row.workspace_id for row in mine} == {workspace.pk}
    assert {row.workspace_id for row in theirs} == {other.pk}


def test_grouping_is_kept_too(workspace: Workspace) -> None:
    deal = make.deal(workspace)
    kept = Kept(lambda item_id: Item.objects.filter(pk=item_id).annotate(n=Count("transitions")))

    assert [row.n for row in kept(deal.pk)] == [1]  # type: ignore[attr-defined]  # -- annotated


def test_value_that_becomes_no_parameter_is_refused(workspace: Workspace) -> None:
    with pytest.raises(ValueError, match="do not stand among the parameters"):
        Kept(lambda text: Stage.objects.filter(name__icontains=text))("prop")


def test_truth_cannot_be_marked(workspace: Workspace) -> None:
    with pytest.raises(TypeError, match="cannot be told"):
        Kept(lambda flag: Transition.objects.filter(is_void=flag))(True)


def test_each_thread_asks_its_own_connection(workspace: Workspace) -> None:
    kept = Kept(lambda code: Stage.objects.filter(code=code))
    here = kept("proposal")
    seen: list[Any] = []

    def ask() -> None:
        try:
            seen.append(kept("proposal"))
        finally:
            connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()

    # Nobody entered a workspace on the other thread's connection, so its walls show nothing.
    assert here
    assert seen == [[]]
