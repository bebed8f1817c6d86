"""The board of work: the next task; and the page of a work item."""

from __future__ import annotations

import pytest

from penstock.backlog.models import Dependency, WorkItem
from penstock.flow.models import Item, Kind, Override, Stage
from penstock.users.models import Role, Workspace
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db

BOARD = "backlog/board"


def test_next_task_is_mine_and_can_be_put_back(owner: Browser, workspace: Workspace) -> None:
    work = make.work_item(workspace)
    key = work.item.key

    answer = owner.post("work/pulls", htmx=True, page=BOARD)

    assert answer.status_code == 200
    assert f"{key} is yours now." in answer.content.decode()
    assert Item.objects.get(pk=work.pk).owner == make.owner_of(workspace)

    owner.post(f"work/{key}/returns", htmx=True, page=BOARD)

    assert Item.objects.get(pk=work.pk).owner is None


def test_nothing_to_do_is_said(owner: Browser, workspace: Workspace) -> None:
    assert "Nothing can be begun now" in owner.post(
        "work/pulls", htmx=True, page=BOARD
    ).content.decode()  # fmt: skip


def test_full_stage_asks_for_a_reason_and_takes_it(owner: Browser, workspace: Workspace) -> None:
    make.work_item(workspace)
    make.work_item(workspace)
    stage = make.stage(workspace, "in_work", Kind.WORK)
    Stage.objects.filter(pk=stage.pk).update(wip_limit=1)
    owner.post("work/pulls", htmx=True, page=BOARD)

    asked = owner.post("work/pulls", htmx=True, page=BOARD)
    empty = owner.post("work/pulls", htmx=True, page=BOARD, despite=" ")
    passed = owner.post("work/pulls", htmx=True, page=BOARD, despite="Urgent")

    assert "Begin it all the same" in asked.content.decode()
    assert empty.status_code == 422
    assert "is yours now." in passed.content.decode()
    assert Override.objects.get().needs == ["wip_limit"]


def test_page_says_whether_it_can_be_begun(owner: Browser, workspace: Workspace) -> None:
    one, two = make.work_item(workspace), make.work_item(workspace)
    assert "It can be begun." in owner.get(f"work/{two.item.key}").content.decode()

    owner.post(f"work/{two.item.key}/dependencies", before=one.pk)
    page = owner.get(f"work/{two.item.key}").content.decode()
    circle = owner.post(f"work/{one.item.key}/dependencies", htmx=True, before=two.pk)

    assert "It cannot be begun: 1 other work item must be done before." in page
    assert circle.status_code == 422

    owner.post(f"work/dependencies/{Dependency.objects.get().pk}/remove")

    assert not Dependency.objects.exists()


def test_work_is_given_to_a_team_and_the_board_shows_that_of_one(
    owner: Browser, workspace: Workspace
) -> None:
    team, work = make.team(workspace), make.work_item(workspace)
    other = make.work_item(workspace)

    owner.post(f"work/{work.item.key}/team", team=team.pk)
    board = owner.get(BOARD, of="work", team=team.pk).content.decode()

    assert WorkItem.objects.get(pk=work.pk).team == team
    assert [f"work/{work.item.key}/" in board, f"work/{other.item.key}/" in board] == [True, False]


def test_who_only_looks_takes_nothing_and_strangers_see_nothing(
    viewer: Browser, stranger: Browser, workspace: Workspace
) -> None:
    key = make.work_item(workspace).item.key
    operations = sign_in(make.member(workspace, role=Role.OPERATIONS))

    assert viewer.get(f"work/{key}").status_code == 200
    assert stranger.get(f"work/{key}").status_code == 404
    for path in ("work/pulls", f"work/{key}/returns", f"work/{key}/team"):
        assert viewer.post(path).status_code == 403
        assert stranger.post(path).status_code == 404
    assert operations.post("work/pulls").status_code == 302
