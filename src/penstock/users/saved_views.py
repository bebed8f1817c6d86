"""Keeping what somebody wants to see of a list under a name, sharing it, and opening with it."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import Conflict, RuleBroken
from penstock.base.keys import sort_key
from penstock.users.models import FirstView, Member, SavedView

LONGEST_QUERY = 2000
#: Words of a person's name that are shorter say nothing of whom they mean.
SHORTEST_WORD = 3


def save(place: str, *, name: str, query: str, is_shared: bool = False, by: Member) -> SavedView:
    """Keep a view under a name.

    Raises:
        RuleBroken: ``users.name_missing``, ``users.view_too_long``.
        Conflict: ``users.view_already`` when the member has a view of this name on this list.
    """
    name = _checked(name)
    _check_query(query)
    with transaction.atomic():
        _check_free(by, place=place, name=name)
        return SavedView.objects.create(
            workspace_id=by.workspace_id,
            place=place,
            name=name,
            sort_key=sort_key(name),
            query=query,
            owner=by,
            is_shared=is_shared,
            created_at=timezone.now(),
        )


def change(view: SavedView, *, name: str, is_shared: bool, by: Member) -> SavedView:
    """Give a view another name, share it, or share it no longer; it stays its owner's.

    Raises:
        RuleBroken: ``users.name_missing``. Conflict: ``users.view_already``.
    """
    name = _checked(name)
    with transaction.atomic():
        view = _locked(view)
        _check_free(view.owner, place=view.place, name=name, but=view)
        view.name, view.sort_key, view.is_shared = name, sort_key(name), is_shared
        view.save(update_fields=["name", "sort_key", "is_shared"])
        return view


def replace(view: SavedView, *, query: str, by: Member) -> SavedView:
    """Let a view show something else under the same name, for all who use it.

    Raises:
        RuleBroken: ``users.view_too_long``.
    """
    _check_query(query)
    with transaction.atomic():
        view = _locked(view)
        view.query = query
        view.save(update_fields=["query"])
        return view


def remove(view: SavedView, *, by: Member) -> SavedView:
    """Take a view away, for all who use it; :func:`restore` brings it back. Safe to call twice."""
    with transaction.atomic():
        view = _locked(view)
        view.removed_at = view.removed_at or timezone.now()
        view.save(update_fields=["removed_at"])
        return view


def restore(view: SavedView, *, by: Member) -> SavedView:
    """Bring a removed view back. Safe to call twice.

    Raises:
        Conflict: ``users.view_already`` when another view got its name meanwhile.
    """
    with transaction.atomic():
        view = _locked(view)
        _check_free(view.owner, place=view.place, name=view.name, but=view)
        view.removed_at = None
        view.save(update_fields=["removed_at"])
        return view


def open_first(view: SavedView, *, by: Member) -> FirstView:
    """Open a list with this view from now on, for one member. Safe to call twice."""
    row, _is_new = FirstView.objects.update_or_create(
        workspace_id=by.workspace_id, member=by, place=view.place, defaults={"view": view}
    )
    return row


def open_plain(place: str, *, by: Member) -> None:
    """Open a list without a view again, for one member. Safe to call twice."""
    FirstView.objects.filter(workspace_id=by.workspace_id, member=by, place=place).delete()


def forget(workspace_id: int, *, texts: Collection[str]) -> None:
    """Let no view name or search for somebody who is erased: what they are called, or written to."""
    words = {word for text in texts for word in text.casefold().split()}
    told = {word for word in words if len(word) >= SHORTEST_WORD}
    for view in SavedView.objects.filter(workspace_id=workspace_id):
        name, query = view.name, _without(view.query, told)
        if told & set(name.casefold().split()):
            name = f"#{view.pk}"
        if (name, query) != (view.name, view.query):
            view.name, view.sort_key, view.query = name, name, query
            view.save(update_fields=["name", "sort_key", "query"])


def _without(query: str, words: set[str]) -> str:
    pairs = parse_qsl(query)
    kept = [
        (name, text)
        for name, text in pairs
        if name != "q" or not any(word in text.casefold() for word in words)
    ]
    return query if kept == pairs else urlencode(kept)


def _locked(view: SavedView) -> SavedView:
    return SavedView.objects.select_for_update(of=("self",), no_key=True).get(pk=view.pk)


def _checked(name: str) -> str:
    if not name.strip():
        raise RuleBroken("users.name_missing", _("Give it a name."), needs=["name"])
    return " ".join(name.split())[:80]


def _check_query(query: str) -> None:
    if len(query) > LONGEST_QUERY:
        raise RuleBroken(
            "users.view_too_long", _("This view asks for too much to be kept. Take filters away.")
        )


def _check_free(owner: Member, *, place: str, name: str, but: SavedView | None = None) -> None:
    # Two saves at once are told apart by the row of their owner.
    Member.objects.select_for_update(no_key=True).get(pk=owner.pk)
    taken = SavedView.objects.filter(
        workspace_id=owner.workspace_id, owner=owner, place=place, name=name, removed_at=None
    )
    if but is not None:
        taken = taken.exclude(pk=but.pk)
    if taken.exists():
        raise Conflict(
            "users.view_already", _("There is a view of this name already."), needs=["name"]
        )
