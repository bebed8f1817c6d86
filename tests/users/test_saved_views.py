"""Views of lists: kept, shared, opened first, removed and brought back; and what they forget."""

from __future__ import annotations

import pytest

from penstock.base.errors import Conflict, NotAllowed, NotFound, PenstockError
from penstock.contacts import people
from penstock.users import access_views, members, saved_views
from penstock.users.models import Member, Role, SavedView, Workspace
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    return make.workspace()


@pytest.fixture
def bob(workspace: Workspace) -> Member:
    """A colleague who sells."""
    return make.member(workspace, role=Role.REP)


def names(member: Member, place: str = "deals") -> list[str]:
    return [view.name for view in access_views.views_for(member, place)]


def test_view_is_seen_by_its_owner_and_when_shared_by_all(
    workspace: Workspace, bob: Member
) -> None:
    own = make.saved_view(workspace, " Whales  first ")
    make.saved_view(workspace, "Ours", is_shared=True)
    make.saved_view(workspace, "Elsewhere", place="leads")

    seen = names(own.owner), names(bob)

    assert seen == (["Ours", "Whales first"], ["Ours"])


@pytest.mark.parametrize("name", ["", "   "])
def test_view_needs_a_name(workspace: Workspace, name: str) -> None:
    with pytest.raises(PenstockError) as refusal:
        make.saved_view(workspace, name)

    assert (refusal.value.code, refusal.value.needs) == ("users.name_missing", ("name",))


def test_name_is_taken_once_for_each_owner_and_list(workspace: Workspace, bob: Member) -> None:
    make.saved_view(workspace, "Mine")
    make.saved_view(workspace, "Mine", owner=bob)
    make.saved_view(workspace, "Mine", place="leads")

    with pytest.raises(Conflict) as refusal:
        make.saved_view(workspace, "Mine")

    assert refusal.value.code == "users.view_already"


def test_very_long_question_is_not_kept(workspace: Workspace) -> None:
    view = make.saved_view(workspace)

    for ask in (
        lambda: make.saved_view(workspace, "Long", query="q=" + "x" * 2000),
        lambda: saved_views.replace(view, query="q=" + "x" * 2000, by=view.owner),
    ):
        with pytest.raises(PenstockError) as refusal:
            ask()
        assert refusal.value.code == "users.view_too_long"


def test_view_is_changed_and_keeps_its_owner(workspace: Workspace) -> None:
    view = make.saved_view(workspace)
    manager = make.member(workspace, name="Mona", role=Role.MANAGER)

    saved_views.change(view, name="Ours", is_shared=True, by=manager)
    saved_views.replace(view, query="q=wheel", by=manager)

    found = SavedView.objects.get()
    assert (found.name, found.is_shared, found.query, found.owner) == (
        "Ours",
        True,
        "q=wheel",
        view.owner,
    )


def test_name_is_kept_when_only_something_else_is_changed(workspace: Workspace) -> None:
    view = make.saved_view(workspace)

    assert saved_views.change(view, name=view.name, is_shared=True, by=view.owner).is_shared


def test_removed_view_comes_back_unless_its_name_is_taken(workspace: Workspace) -> None:
    view = make.saved_view(workspace)

    saved_views.remove(view, by=view.owner)
    gone = names(view.owner)
    saved_views.restore(view, by=view.owner)
    back = names(view.owner)
    saved_views.remove(view, by=view.owner)
    make.saved_view(workspace)

    assert (gone, back) == ([], ["Mine"])
    with pytest.raises(Conflict):
        saved_views.restore(view, by=view.owner)


def test_list_opens_with_one_view_of_each_member(workspace: Workspace, bob: Member) -> None:
    first = make.first_view(workspace).view
    other = make.saved_view(workspace, "Other", is_shared=True)

    saved_views.open_first(other, by=first.owner)
    saved_views.open_first(other, by=bob)
    saved_views.open_plain("deals", by=bob)

    firsts = {view.name: view.is_first for view in access_views.views_for(first.owner, "deals")}
    assert firsts == {first.name: False, "Other": True}
    assert [view.is_first for view in access_views.views_for(bob, "deals")] == [False]


def test_others_views_are_not_found_and_shared_ones_changed_by_who_steers(
    workspace: Workspace, bob: Member
) -> None:
    private = make.saved_view(workspace)
    shared = make.saved_view(workspace, "Ours", is_shared=True)
    manager = make.member(workspace, name="Mona", role=Role.MANAGER)

    for member in (bob, manager):
        with pytest.raises(NotFound):
            access_views.view_for(member, private.pk)
    with pytest.raises(NotAllowed):
        access_views.view_for(bob, shared.pk, to="change")
    assert access_views.view_for(bob, shared.pk) == shared
    assert access_views.view_for(manager, shared.pk, to="change") == shared


def test_removed_view_is_only_found_to_bring_it_back(workspace: Workspace) -> None:
    view = make.saved_view(workspace)
    saved_views.remove(view, by=view.owner)

    with pytest.raises(NotFound):
        access_views.view_for(view.owner, view.pk)
    assert access_views.view_for(view.owner, view.pk, to="restore") == view


def test_views_forget_an_erased_person(workspace: Workspace) -> None:
    person = make.person(workspace, "Ivan Petrov", email="ivan@acme.example")
    named = make.saved_view(workspace, "Petrov's deals: Petrov")
    asking = make.saved_view(workspace, "Axles", query="q=petrov&sort=-amount&view=list")
    other = make.saved_view(workspace, "Wheels", query="q=wheel")

    people.erase(person, by=make.owner_of(workspace))

    found = {view.pk: (view.name, view.query) for view in SavedView.objects.all()}
    assert found == {
        named.pk: (f"#{named.pk}", named.query),
        asking.pk: ("Axles", "sort=-amount&view=list"),
        other.pk: ("Wheels", "q=wheel"),
    }


def test_views_of_a_member_who_left_stay_shared(workspace: Workspace, bob: Member) -> None:
    make.saved_view(workspace, "Ours", owner=bob, is_shared=True)

    members.deactivate(bob, by=make.owner_of(workspace))

    assert names(make.owner_of(workspace)) == ["Ours"]
