"""Views of lists: opened, saved, changed, removed."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from penstock.base.errors import NotFound
from penstock.users import access_views, saved_views
from penstock.users.middleware import MemberRequest
from penstock.users.models import SavedView
from penstock.web import htmx
from penstock.web.forms.saved_views import ViewForm
from penstock.web.htmx import Toast
from penstock.web.pages import saved_views as pages
from penstock.web.pages.saved_views import PLACES, Place, Views
from penstock.web.views import acted, dialogs
from penstock.web.views.orders import ASKS


def menu(request: MemberRequest, place: Place) -> Views:
    """The views of the list that is asked for."""
    return pages.build(request.member, place, request.GET)


@require_GET
def show(request: MemberRequest, view_id: int) -> HttpResponse:
    """A short address of a view, that shows what it keeps now."""
    view = access_views.view_for(request.member, view_id)
    return redirect(pages.url(request.member, view, request.GET))


@ASKS
def create(request: MemberRequest, place: str) -> HttpResponseBase:
    """Keep what the address asks under a name."""
    found = _place(place)
    may_share = pages.may_share(request.member)
    form = ViewForm(request.POST if request.method == "POST" else None, may_share=may_share)
    view = dialogs.attempt(form, lambda: _save(request, found, form))
    if view is None:
        return dialogs.ask(request, form, title=_("Save this view"), submit=_("Save the view"))
    messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
    return htmx.go(request, pages.url(request.member, view, _query(request)))


@ASKS
def edit(request: MemberRequest, view_id: int) -> HttpResponseBase:
    """Rename a view, share it, or open the list with it."""
    view = access_views.view_for(request.member, view_id, to="change")
    form = ViewForm(
        request.POST if request.method == "POST" else None,
        may_share=pages.may_share(request.member),
        view=view,
        is_first=pages.is_first(request.member, view),
    )
    changed = dialogs.attempt(form, lambda: _change(request, view, form))
    if changed is None:
        return dialogs.ask(request, form, title=view.name, submit=_("Save"))
    return _told(request, changed, toast=Toast(text=_("Saved.")), dialog=True)


@require_POST
def replace(request: MemberRequest, view_id: int) -> HttpResponse:
    """Let a view keep what is shown now."""
    view = access_views.view_for(request.member, view_id, to="change")
    before = view.query
    place = PLACES[view.place]
    query = pages.asked(place, QueryDict(request.POST.get("query", "")))
    saved_views.replace(view, query=query, by=request.member)
    toast = Toast(
        text=_("The view “%(name)s” is saved.") % {"name": view.name},
        undo_url=acted.path(request, "view-replace", view.pk),
        undo_values=[("query", before)],
    )
    return _told(request, view, toast=toast)


@require_POST
def first(request: MemberRequest, view_id: int) -> HttpResponse:
    """Open the list with a view from now on; asked again, without it."""
    view = access_views.view_for(request.member, view_id)
    if pages.is_first(request.member, view):
        saved_views.open_plain(view.place, by=request.member)
        text = _("The list opens without a view again.")
    else:
        saved_views.open_first(view, by=request.member)
        text = _("The list opens with “%(name)s” from now on.") % {"name": view.name}
    undo_url = acted.path(request, "view-first", view.pk)
    return _told(request, view, toast=Toast(text=text, undo_url=undo_url))


@require_POST
def remove(request: MemberRequest, view_id: int) -> HttpResponse:
    """Take a view away."""
    view = access_views.view_for(request.member, view_id, to="change")
    saved_views.remove(view, by=request.member)
    toast = Toast(
        text=_("The view “%(name)s” is removed.") % {"name": view.name},
        undo_url=acted.path(request, "view-restore", view.pk),
    )
    return _told(request, view, toast=toast)


@require_POST
def restore(request: MemberRequest, view_id: int) -> HttpResponse:
    """Bring a removed view back."""
    view = access_views.view_for(request.member, view_id, to="restore")
    saved_views.restore(view, by=request.member)
    text = _("The view “%(name)s” is back.") % {"name": view.name}
    return _told(request, view, toast=Toast(text=text))


def _save(request: MemberRequest, place: Place, form: ViewForm) -> SavedView:
    view = saved_views.save(
        place.code,
        name=form.cleaned_data["name"],
        query=pages.asked(place, request.GET),
        is_shared=form.cleaned_data.get("is_shared", False),
        by=request.member,
    )
    if form.cleaned_data["is_first"]:
        saved_views.open_first(view, by=request.member)
    return view


def _change(request: MemberRequest, view: SavedView, form: ViewForm) -> SavedView:
    is_shared = form.cleaned_data.get("is_shared", view.is_shared)
    name = form.cleaned_data["name"]
    changed = saved_views.change(view, name=name, is_shared=is_shared, by=request.member)
    if form.cleaned_data["is_first"]:
        saved_views.open_first(view, by=request.member)
    elif pages.is_first(request.member, view):
        saved_views.open_plain(view.place, by=request.member)
    return changed


def _told(
    request: MemberRequest, view: SavedView, *, toast: Toast, dialog: bool = False
) -> HttpResponse:
    """The menu anew where the list is, and what was done."""
    if not htmx.is_htmx(request):
        messages.success(request, toast.text)
        return redirect(acted.path(request, PLACES[view.place].address))
    views = pages.build(request.member, PLACES[view.place], _query(request))
    context = {"views": views, "toast": toast, "closes": dialog, "workspace": request.workspace}
    return render(request, "web/saved_views/again.html", context)


def _query(request: MemberRequest) -> QueryDict:
    return QueryDict(urlsplit(request.headers.get("HX-Current-URL", "")).query)


def _place(code: str) -> Place:
    if code not in PLACES:
        raise NotFound("web.no_place", _("There is no such list. Open one from the menu."))
    return PLACES[code]
