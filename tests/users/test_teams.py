"""Making teams, saying who leads and belongs to them, retiring them."""

from __future__ import annotations

import pytest

from penstock.base.errors import Conflict, PenstockError, RuleBroken
from penstock.users import members, teams
from penstock.users.models import AuditEntry, Member, Team, Workspace
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    return make.workspace()


def names(team: Team) -> list[str]:
    return list(Member.objects.filter(team=team).order_by("name").values_list("name", flat=True))


def test_team_is_made_with_lead_and_members(workspace: Workspace) -> None:
    owner, bob = make.owner_of(workspace), make.member(workspace)

    team = teams.create(workspace, name=" North ", lead=owner, members=[bob], by=owner)

    assert (team.name, team.lead, names(team)) == ("North", owner, ["Bob"])
    assert list(owner.leads.all()) == [team]


def test_whoever_joins_leaves_the_team_before(workspace: Workspace) -> None:
    bob = make.member(workspace)
    north = teams.create(workspace, name="North", members=[bob], by=None)
    south = teams.create(workspace, name="South", members=[bob], by=None)

    assert (names(north), names(south)) == ([], ["Bob"])


def test_change_writes_down_only_what_differs(workspace: Workspace) -> None:
    bob, carl = make.member(workspace), make.member(workspace, name="Carl")
    team = teams.create(workspace, name="North", members=[bob], lead=bob, by=None)
    before = AuditEntry.objects.count()

    teams.change(team, name="North", lead=bob, members=[bob, carl], by=None)

    entry = AuditEntry.objects.order_by("pk")[before:].get()
    assert (entry.action, entry.detail) == ("team.members", {"member": carl.pk, "joined": 1})


def test_retired_team_has_nobody_and_comes_back_by_name(workspace: Workspace) -> None:
    bob = make.member(workspace)
    team = teams.create(workspace, name="North", members=[bob], lead=bob, by=None)

    retired = teams.retire(teams.retire(team, by=None), by=None)
    assert (retired.lead, names(retired)) == (None, [])

    again, is_new = teams.named(workspace, name="North", by=None)
    assert (again.pk, is_new, again.retired_at) == (team.pk, True, None)


@pytest.mark.parametrize(
    ("name", "code"), [(" ", "users.name_missing"), ("South", "users.team_already")]
)
def test_impossible_name_is_refused(workspace: Workspace, name: str, code: str) -> None:
    make.team(workspace, "South")
    north = make.team(workspace, "North")

    for act in (
        lambda: teams.create(workspace, name=name, by=None),
        lambda: teams.rename(north, name=name, by=None),
    ):
        with pytest.raises(PenstockError) as refusal:
            act()
        assert isinstance(refusal.value, (RuleBroken, Conflict))
        assert refusal.value.code == code


def test_nobody_who_left_leads(workspace: Workspace) -> None:
    bob = members.deactivate(make.member(workspace), by=make.owner_of(workspace))

    with pytest.raises(RuleBroken) as refusal:
        teams.set_lead(make.team(workspace), lead=bob, by=None)

    assert refusal.value.code == "users.lead_left"
