"""The only way by which a door gets saved views."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from penstock.base.errors import NotAllowed, NotFound
from penstock.users import roles
from penstock.users.kept import Kept
from penstock.users.models import Member, SavedView
from penstock.users.models.saved_view import is_first_for

_of_place = Kept(
    lambda workspace_id, member_id, place: (
        SavedView.objects.visible_to(Member(pk=member_id, workspace_id=workspace_id))
        .filter(place=place)
        .annotate(is_first=is_first_for(member_id))
        .select_related("owner")
        .order_by("sort_key", "pk")
    )
)


def views_for(member: Member, place: str) -> list[SavedView]:
    """The views of a list that a member may open, by name, each with ``is_first``; one question."""
    return _of_place(member.workspace_id, member.pk, place)


def view_for(member: Member, view_id: int, *, to: str = "look") -> SavedView:
    """A view, to look at it or to ``change`` it; to ``restore`` it when it was removed.

    Raises:
        NotFound: ``users.no_view``. NotAllowed: ``users.not_your_view``.
    """
    rows = SavedView.objects.filter(workspace_id=member.workspace_id, pk=view_id)
    view = rows.select_related("owner").first()
    is_seen = view is not None and (view.owner_id == member.pk or view.is_shared)
    if view is None or not is_seen or (view.removed_at is not None and to != "restore"):
        raise NotFound("users.no_view", _("There is no such view. It may have been removed."))
    if to != "look" and not may_change(member, view):
        raise NotAllowed(
            "users.not_your_view",
            _("This view belongs to %(name)s. Save it as a view of your own.")
            % {"name": view.owner.name},
        )
    return view


def may_change(member: Member, view: SavedView) -> bool:
    """Whether it is the member's own, or shared and the member steers the workspace."""
    return member.is_active and (
        view.owner_id == member.pk or (view.is_shared and roles.may_steer(member))
    )
