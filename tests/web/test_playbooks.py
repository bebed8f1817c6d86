"""The settings page of playbooks."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.sales.models import PlaybookTask
from penstock.users.models import Role, Workspace
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db


def lines(browser: Browser) -> list[Any]:
    pipelines = browser.get("settings/playbooks").context["pipelines"]
    return [line for _name, books in pipelines for book in books for line in book.lines]


def new(workspace: Workspace) -> str:
    return f"settings/playbooks/stages/{make.stage(workspace, 'needs_assessment').pk}/new"


GOOD = {"title": "Call", "kind": "call", "days": "2", "counted": "entry", "who": "owner"}


def test_task_is_added_changed_and_retired(owner: Browser, workspace: Workspace) -> None:
    owner.post(new(workspace), **GOOD, is_required="on", least_amount="1,500")
    added = lines(owner)[0]
    task = PlaybookTask.objects.get()
    owner.post(f"settings/playbooks/{task.pk}", **GOOD | {"days": "0", "counted": "entry"})
    changed = lines(owner)[0]
    owner.post(f"settings/playbooks/{task.pk}/retire")

    assert added.details == (
        "2 working days after it enters · Owner of the deal · from €1,500 · stays when the deal leaves"
    )
    assert (added.is_required, changed.details.startswith("on the day it enters")) == (True, True)
    assert (lines(owner), PlaybookTask.objects.count()) == ([], 1)


@pytest.mark.parametrize(
    "bad",
    [
        {"title": ""},
        {"kind": "note"},
        {"days": "-1"},
        {"days": "soon"},
        {"who": "member"},
        {"least_amount": "-3"},
        {"link": "javascript:alert(1)"},
    ],
)
def test_it_refuses_in_the_form(owner: Browser, workspace: Workspace, bad: dict[str, str]) -> None:
    answer = owner.post(new(workspace), htmx=True, **GOOD | bad)

    assert (answer.status_code, PlaybookTask.objects.count()) == (422, 0)
    assert answer.context["form"].errors


def titles(browser: Browser) -> list[str]:
    return [line.title for line in lines(browser)]


def test_tasks_are_put_into_another_order_by_a_step_and_by_dragging(
    owner: Browser, workspace: Workspace
) -> None:
    tasks = [make.playbook_task(workspace, title=title) for title in ("One", "Two", "Three")]
    one, two, three = (task.pk for task in tasks)
    order = f"settings/playbooks/stages/{tasks[0].stage_id}/order"

    owner.post(order, task=three, step="up")
    stepped = titles(owner)
    owner.post(order, task=[two, one, three])
    dragged = titles(owner)
    owner.post(order, task=two, step="up")

    assert (stepped, dragged) == (["One", "Three", "Two"], ["Two", "One", "Three"])
    assert titles(owner) == ["Two", "One", "Three"]


def test_an_order_that_leaves_out_a_task_is_refused(owner: Browser, workspace: Workspace) -> None:
    tasks = [make.playbook_task(workspace, title=title) for title in ("One", "Two", "Three")]
    order = f"settings/playbooks/stages/{tasks[0].stage_id}/order"

    short = owner.post(order, task=[tasks[2].pk, tasks[1].pk])
    none = owner.post(order, step="up")

    assert (short.status_code, none.status_code) == (422, 422)
    assert titles(owner) == ["One", "Two", "Three"]


def test_retired_task_is_used_again_as_the_last(owner: Browser, workspace: Workspace) -> None:
    first = make.playbook_task(workspace, title="One")
    make.playbook_task(workspace, title="Two")
    owner.post(f"settings/playbooks/{first.pk}/retire")

    pipelines = owner.get("settings/playbooks").context["pipelines"]
    owner.post(f"settings/playbooks/{first.pk}/take-up")

    retired = [line.title for _name, books in pipelines for book in books for line in book.retired]
    assert (retired, titles(owner)) == (["One"], ["Two", "One"])
    assert owner.post(f"settings/playbooks/{first.pk}/take-up").status_code == 404


def test_line_names_the_letter_of_its_e_mail(owner: Browser, workspace: Workspace) -> None:
    letter = make.mail_template(workspace, "Thanks")
    make.playbook_task(workspace, title="Write", kind="email", template=letter)

    assert lines(owner)[0].template == "letter “Thanks”"


def test_who_may_not_steer_and_strangers(workspace: Workspace, stranger: Browser) -> None:
    rep = sign_in(make.member(workspace, role=Role.REP))
    task = make.playbook_task(workspace)
    paths = ["settings/playbooks", new(workspace), f"settings/playbooks/{task.pk}"]

    assert [rep.get(path).status_code for path in paths] == [403, 403, 403]
    order = f"settings/playbooks/stages/{task.stage_id}/order"
    assert rep.post(order, task=task.pk, step="up").status_code == 403
    assert stranger.post(order, task=task.pk, step="up").status_code == 404
    assert [stranger.get(path).status_code for path in paths] == [404, 404, 404]


def test_retired_and_unknown_tasks_are_not_found(owner: Browser, workspace: Workspace) -> None:
    task = make.playbook_task(workspace)
    owner.post(f"settings/playbooks/{task.pk}/retire")

    assert owner.get(f"settings/playbooks/{task.pk}").status_code == 404
    assert owner.post("settings/playbooks/0/retire").status_code == 404


@pytest.mark.parametrize("n", [1, 3])
def test_query_count(
    owner: Browser, workspace: Workspace, django_assert_num_queries: Any, n: int
) -> None:
    for _number in range(n):
        make.playbook_task(workspace)
    owner.get("settings/playbooks")

    with django_assert_num_queries(11):
        owner.get("settings/playbooks")
