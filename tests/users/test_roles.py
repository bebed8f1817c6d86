"""What each role may do, in one table; and what each room's access makes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from penstock.backlog import access as orders_access
from penstock.base.errors import NotAllowed, NotFound
from penstock.catalog import access as products_access
from penstock.contacts import access as contacts_access
from penstock.flow import access as flow_access
from penstock.sales import access as deals_access
from penstock.sales.models import Deal
from penstock.users import access, members, roles, walls, workspaces
from penstock.users.models import Member, Role, Workspace
from tests import make

pytestmark = pytest.mark.django_db

OWNER, MANAGER, REP, OPERATIONS, VIEWER = Role.values
MAY: dict[Callable[[Member], bool], set[str]] = {
    roles.may_sell: {OWNER, MANAGER, REP},
    roles.may_deliver: {OWNER, MANAGER, OPERATIONS},
    roles.may_edit_contacts: {OWNER, MANAGER, REP, OPERATIONS},
    roles.may_share: {OWNER, MANAGER, REP, OPERATIONS},
    roles.may_import: {OWNER, MANAGER},
    roles.may_merge: {OWNER, MANAGER},
    roles.may_steer: {OWNER, MANAGER},
    roles.may_administer: {OWNER},
}


@pytest.mark.parametrize("predicate", MAY, ids=lambda predicate: predicate.__name__)
@pytest.mark.parametrize("role", Role.values)
def test_role_may(predicate: Callable[[Member], bool], role: str) -> None:
    member = Member(role=role)

    assert predicate(member) == (role in MAY[predicate])
    member.is_active = False
    assert not predicate(member)


@pytest.mark.parametrize(
    ("role", "own", "nobodys", "others"),
    [
        (OWNER, True, True, True),
        (MANAGER, True, True, True),
        (REP, True, True, False),
        (OPERATIONS, False, False, False),
        (VIEWER, False, False, False),
    ],
)
def test_rep_sells_only_own_deals_and_those_of_nobody(
    role: str, own: bool, nobodys: bool, others: bool
) -> None:
    member = Member(pk=7, role=role)

    answers = [roles.may_sell_for(member, owner_id=owner_id) for owner_id in (7, None, 8)]

    assert answers == [own, nobodys, others]


def test_every_predicate_is_in_the_table() -> None:
    named = {name for name in vars(roles) if name.startswith("may_")}

    assert named == {predicate.__name__ for predicate in MAY} | {
        "may_sell_for",
        "may_override",
    }


@pytest.mark.parametrize(
    ("reps_see", "role", "seen"),
    [
        ("all", REP, {"own", "nobody's", "another's"}),
        ("own", REP, {"own", "nobody's"}),
        ("own", MANAGER, {"own", "nobody's", "another's"}),
        ("own", OPERATIONS, {"own", "nobody's", "another's"}),
        ("own", VIEWER, {"own", "nobody's", "another's"}),
    ],
)
def test_reps_see_what_the_workspace_says(reps_see: str, role: str, seen: set[str]) -> None:
    workspace = make.workspace()
    boss = make.owner_of(workspace)
    member = make.member(workspace, role=Role(role))
    make.deal(workspace, title="own", owner=member)
    make.deal(workspace, title="nobody's")
    make.deal(workspace, title="another's", owner=boss)
    workspace.reps_see = reps_see
    workspace.save()

    member = Member.objects.select_related("workspace").get(pk=member.pk)

    titles = Deal.objects.visible_to(member).values_list("item__title", flat=True)
    assert set(titles) == seen


def test_deal_that_a_rep_does_not_see_is_not_found_and_one_that_is_seen_is_read_only() -> None:
    workspace = make.workspace()
    rep = make.member(workspace)
    deal = make.deal(workspace, owner=make.owner_of(workspace))

    assert deals_access.deal_for(rep, deal.item.key.lower()) == deal
    with pytest.raises(NotAllowed) as refusal:
        deals_access.deal_for(rep, deal.item.key, to="edit")
    assert refusal.value.code == "sales.read_only"

    Workspace.objects.update(reps_see="own")
    rep = Member.objects.select_related("workspace").get(pk=rep.pk)
    with pytest.raises(NotFound) as missing:
        deals_access.deal_for(rep, deal.item.key, to="edit")
    assert missing.value.code == "sales.no_deal"


Getter = Callable[[Member, Any, str], object]
DOORS: dict[str, tuple[Callable[[Workspace], Any], Getter, str, set[str]]] = {
    "deal": (
        lambda w: make.deal(w).item.key,
        lambda member, key, to: deals_access.deal_for(member, key, to=to),
        "edit",
        {OWNER, MANAGER, REP},
    ),
    "order": (
        lambda w: make.order(w).item.key,
        lambda member, key, to: orders_access.order_for(member, key, to=to),
        "edit",
        {OWNER, MANAGER, OPERATIONS},
    ),
    "line": (
        lambda w: make.order_line(w).pk,
        lambda member, pk, to: orders_access.line_for(member, pk, to=to),
        "edit",
        {OWNER, MANAGER, OPERATIONS},
    ),
    "company": (
        lambda w: make.company(w).pk,
        lambda member, pk, to: contacts_access.company_for(member, pk, to=to),
        "edit",
        {OWNER, MANAGER, REP, OPERATIONS},
    ),
    "person": (
        lambda w: make.person(w).pk,
        lambda member, pk, to: contacts_access.person_for(member, pk, to=to),
        "edit",
        {OWNER, MANAGER, REP, OPERATIONS},
    ),
    "person to erase": (
        lambda w: make.person(w).pk,
        lambda member, pk, to: contacts_access.person_for(member, pk, to=to),
        "erase",
        {OWNER},
    ),
    "product": (
        lambda w: make.product(w).pk,
        lambda member, pk, to: products_access.product_for(member, pk, to=to),
        "edit",
        {OWNER, MANAGER, REP, OPERATIONS},
    ),
    "pipeline": (
        lambda w: make.pipeline(w).pk,
        lambda member, pk, to: flow_access.pipeline_for(member, pk, to=to),
        "shape",
        {OWNER, MANAGER},
    ),
    "stage": (
        lambda w: make.stage(w).pk,
        lambda member, pk, to: flow_access.stage_for(member, pk, to=to),
        "shape",
        {OWNER, MANAGER},
    ),
    "loss reason": (
        lambda w: make.loss_reason(w).pk,
        lambda member, pk, to: flow_access.reason_for(member, pk, to=to),
        "shape",
        {OWNER, MANAGER},
    ),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("role", Role.values)
def test_colleague_sees_and_is_told_no_where_the_role_ends(door: str, role: str) -> None:
    maker, get, act, allowed = DOORS[door]
    workspace = make.workspace()
    key = maker(workspace)
    member = make.member(workspace, role=Role(role))

    assert get(member, key, "see")
    if role in allowed:
        assert get(member, key, act)
    else:
        with pytest.raises(NotAllowed):
            get(member, key, act)


@pytest.mark.parametrize("door", DOORS)
def test_stranger_finds_nothing(door: str) -> None:
    maker, get, act, _allowed = DOORS[door]
    key = maker(make.workspace())
    other = make.workspace()
    stranger = make.owner_of(other)

    for purpose in ("see", act):
        with pytest.raises(NotFound):
            get(stranger, key if isinstance(key, int) else f"X{key}", purpose)


@pytest.mark.parametrize("door", DOORS)
def test_first_wall_holds_without_the_second(door: str) -> None:
    maker, get, _act, _allowed = DOORS[door]
    theirs = make.workspace()
    stranger = make.owner_of(make.workspace())
    with walls.inside(theirs.pk):
        key = maker(theirs)

        with pytest.raises(NotFound):
            get(stranger, key, "see")


def test_withdrawn_deal_and_order_are_not_found() -> None:
    workspace = make.workspace()
    owner = make.owner_of(workspace)
    deal, order = make.deal(workspace), make.order(workspace)
    line = order.lines.get()
    for item in (deal.item, order.item):
        item.withdrawn_at = item.opened_at
        item.save()

    for get, key in (
        (deals_access.deal_for, deal.item.key),
        (orders_access.order_for, order.item.key),
        (orders_access.line_for, line.pk),
    ):
        with pytest.raises(NotFound):
            get(owner, key)


def test_account_enters_its_workspaces_and_no_other() -> None:
    alice, bob = make.account(), make.account("Bob")
    mill = make.workspace("Mill", by=alice, slug="mill")
    members.add(mill, name="Bob", role=REP, by=None, account=bob)
    make.workspace("Forge", by=alice, slug="forge")
    walls.leave()

    member = access.enter(bob, slug="mill")

    assert (member.name, member.role, walls.current_workspace_id()) == ("Bob", REP, mill.pk)
    assert [place.name for place in access.workspaces_of(bob)] == ["Mill"]
    with pytest.raises(NotFound) as refusal:
        access.enter(bob, slug="forge")
    assert refusal.value.code == "users.no_workspace"
    assert walls.current_workspace_id() is None


def test_member_who_left_does_not_enter() -> None:
    workspace = make.workspace(slug="mill")
    bob = make.member(workspace)
    members.deactivate(bob, by=make.owner_of(workspace))

    with pytest.raises(NotFound):
        access.enter(bob.account, slug="mill")


def test_only_an_owner_administers() -> None:
    workspace = make.workspace()
    owner, rep = make.owner_of(workspace), make.member(workspace)

    assert access.administrator(owner) == owner
    assert access.member_for(owner, rep.pk) == rep
    for act in (lambda: access.administrator(rep), lambda: access.member_for(rep, owner.pk)):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(NotFound):
        access.member_for(owner, 0)


def test_change_of_a_workspace_keeps_its_currency() -> None:
    workspace = make.workspace(currency="USD")
    owner = make.owner_of(workspace)

    workspaces.change(
        workspace, by=owner, name="Forge", time_zone="Asia/Tokyo", language="ru", reps_see="own"
    )

    workspace = Workspace.objects.get()
    assert (workspace.name, workspace.time_zone, workspace.language) == (
        "Forge",
        "Asia/Tokyo",
        "ru",
    )
    assert (workspace.reps_see, workspace.currency) == ("own", "USD")
