"""Settings: teams."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.users.models import Member, Role, Team, Workspace
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db


def test_team_is_made_changed_and_retired(owner: Browser, workspace: Workspace) -> None:
    bob = make.member(workspace)

    owner.post("settings/teams/new", name="North", lead=bob.pk, members=[bob.pk])
    team = Team.objects.get()
    bob.refresh_from_db()
    assert (team.name, team.lead, bob.team) == ("North", bob, team)

    owner.post(f"settings/teams/{team.pk}", name="South")
    team.refresh_from_db()
    assert (team.name, team.lead, Member.objects.filter(team=team).count()) == ("South", None, 0)

    owner.post(f"settings/teams/{team.pk}/retire")
    assert owner.get("settings/teams").context["teams"] == []
    assert owner.post(f"settings/teams/{team.pk}", name="X").status_code == 404


@pytest.mark.parametrize("answers", [{"name": ""}, {"name": "North"}, {"name": "X", "lead": "999"}])
def test_wrong_team_is_refused(
    owner: Browser, workspace: Workspace, answers: dict[str, str]
) -> None:
    make.team(workspace, "North")

    assert owner.post("settings/teams/new", htmx=True, **answers).status_code == 422
    assert Team.objects.count() == 1


def test_managers_change_teams_and_others_do_not(
    workspace: Workspace, viewer: Browser, stranger: Browser
) -> None:
    team = make.team(workspace)
    manager = sign_in(make.member(workspace, role=Role.MANAGER))
    paths = ["settings/teams", "settings/teams/new", f"settings/teams/{team.pk}"]

    assert {manager.get(path).status_code for path in paths} == {200}
    assert {viewer.get(path).status_code for path in paths} == {403}
    assert {stranger.get(path).status_code for path in paths} == {404}
    assert viewer.post(f"settings/teams/{team.pk}/retire").status_code == 403


def test_queries_of_the_list_do_not_grow(
    owner: Browser, workspace: Workspace, django_assert_max_num_queries: Any
) -> None:
    make.team(workspace, "T0")
    owner.get("settings/teams")

    for number in range(2):
        with django_assert_max_num_queries(12):
            owner.get("settings/teams")
        Member.objects.filter(pk=make.member(workspace).pk).update(
            team=make.team(workspace, f"N{number}")
        )
