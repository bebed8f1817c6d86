"""Taking people in, changing what they do, letting them go; and what is written down of it."""

from __future__ import annotations

import json

import pytest

from penstock.base.errors import Conflict, PenstockError, RuleBroken
from penstock.users import members, walls, workspaces
from penstock.users.models import AuditEntry, Member, Role
from tests import make
from tests.together import together

pytestmark = pytest.mark.django_db


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_member_may_exist_without_an_account() -> None:
    member = members.add(make.workspace(), name="  Darcel  ", role="rep", by=None)

    assert (member.name, member.account, member.initials) == ("Darcel", None, "D")


def test_account_belongs_to_a_workspace_once() -> None:
    workspace = make.workspace()
    bob = make.member(workspace)

    with pytest.raises(Conflict) as refusal:
        members.add(workspace, name="Bob", role="rep", by=None, account=bob.account)

    assert refusal.value.code == "users.member_already"


@pytest.mark.parametrize(
    ("name", "role", "code"),
    [(" ", "rep", "users.name_missing"), ("Bob", "king", "users.role")],
)
def test_impossible_member_is_refused(name: str, role: str, code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        members.add(make.workspace(), name=name, role=role, by=None)

    assert refusal.value.code == code


def test_last_owner_stays() -> None:
    workspace = make.workspace()
    owner = make.owner_of(workspace)
    members.add(workspace, name="Without account", role=Role.OWNER, by=owner)

    for act in (
        lambda: members.change_role(owner, role=Role.VIEWER, by=owner),
        lambda: members.deactivate(owner, by=owner),
    ):
        with pytest.raises(RuleBroken) as refusal:
            act()
        assert refusal.value.code == "users.last_owner"
    owner = Member.objects.get(pk=owner.pk)
    assert (owner.role, owner.is_active) == (Role.OWNER, True)


def test_owner_may_go_when_another_owns() -> None:
    workspace = make.workspace()
    owner = make.owner_of(workspace)
    bob = make.member(workspace)
    members.change_role(bob, role=Role.OWNER, by=owner)

    members.deactivate(owner, by=bob)

    assert not Member.objects.get(pk=owner.pk).is_active
    assert actions()[-2:] == ["member.role", "member.left"]


@pytest.mark.django_db(transaction=True)
def test_two_owners_do_not_step_down_at_the_same_time() -> None:
    workspace = make.workspace()
    first = make.owner_of(workspace)
    second = make.member(workspace, role=Role.OWNER)
    owners = [first, second]

    results = together(
        2,
        lambda number: members.change_role(owners[number], role=Role.REP, by=owners[number]),
        workspace_id=workspace.pk,
    )

    refusals = [result.code for result in results if isinstance(result, PenstockError)]
    assert refusals == ["users.last_owner"]
    assert Member.objects.filter(role=Role.OWNER).count() == 1
    walls.leave()


def test_audit_says_who_and_what_without_names() -> None:
    workspace = make.workspace("Secret Mill")
    owner = make.owner_of(workspace)
    bob = members.add(workspace, name="Bobby Tables", role="rep", by=owner)

    members.change_role(bob, role="manager", by=owner)
    members.deactivate(bob, by=owner)
    workspaces.change(
        workspace, by=owner, name="Hidden", time_zone="UTC", language="en", reps_see="own"
    )

    assert actions() == [
        "workspace.founded",
        "member.added",
        "member.role",
        "member.left",
        "workspace.changed",
    ]
    rows = AuditEntry.objects.exclude(action="workspace.founded")
    assert {row.by for row in rows} == {owner}
    assert set(rows.values_list("target_kind", "target_id")) == {
        ("member", bob.pk),
        ("workspace", workspace.pk),
    }
    written = json.dumps(list(AuditEntry.objects.values_list("detail", flat=True)))
    assert not any(name in written for name in ("Bobby", "Tables", "Secret", "Hidden", "Alice"))


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"name": " "}, "users.name_missing"),
        ({"time_zone": "Mars/Base"}, "users.time_zone"),
        ({"time_zone": "../etc/passwd"}, "users.time_zone"),
        ({"currency": "eur"}, "users.currency"),
        ({"language": "xx"}, "users.language"),
    ],
)
def test_impossible_workspace_is_refused(settings: dict[str, str], code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        workspaces.found(**{"name": "Mill", "by": make.account(), **settings})

    assert refusal.value.code == code


def test_address_of_a_workspace_is_taken_once() -> None:
    make.workspace(slug="mill")

    with pytest.raises(Conflict) as refusal:
        make.workspace(slug="mill")

    assert refusal.value.code == "users.slug_taken"


@pytest.mark.parametrize(("name", "slug"), [("Kuznetsov & Sons", "kuznetsov-sons"), ("Кузня", "")])
def test_address_comes_from_the_name_or_the_number(name: str, slug: str) -> None:
    workspace = workspaces.found(name=name, by=make.account())

    assert workspace.slug == (slug or f"w{workspace.pk}")


@pytest.mark.parametrize(
    ("name", "initials"), [("Ada", "A"), ("ada king lovelace", "AL"), ("Ада Лавлейс", "АЛ")]
)
def test_initials_are_of_first_and_last_name(name: str, initials: str) -> None:
    assert Member(name=name).initials == initials


def test_account_without_a_name_goes_by_its_address() -> None:
    account = make.account(" ")

    assert account.get_short_name() == account.get_full_name() == account.email
