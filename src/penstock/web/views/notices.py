"""The bell: what a member should know; and how they wish to be reminded."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from penstock.notices import bell, wishes
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms.wishes import WishesForm
from penstock.web.pages import notices as pages
from penstock.web.views import acted, dialogs, shell
from penstock.web.views.orders import ASKS


@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """The latest notices, the unread ones marked."""
    page = pages.build(request.member)
    return shell.show(request, "web/notices/page.html", page)


@require_GET
def badge(request: MemberRequest) -> HttpResponse:
    """The bell with the number of unread notices."""
    return render(request, "components/bell.html", _bell(request))


@require_POST
def read(request: MemberRequest) -> HttpResponse:
    """Mark all as read."""
    bell.read_all(request.member)
    if not htmx.is_htmx(request):
        return redirect(acted.path(request, "notices"))
    page = pages.build(request.member)
    context = {"page": page, "workspace": request.workspace, **_bell(request)}
    return render(request, "web/notices/again.html", context)


@ASKS
def choose(request: MemberRequest) -> HttpResponse:
    """How I wish to be reminded."""
    form = WishesForm(
        request.POST if request.method == "POST" else None, wish=wishes.of(request.member)
    )
    if request.method == "POST":
        made = dialogs.attempt(form, lambda: wishes.choose(request.member, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("Saved."))
            return htmx.go(request, acted.path(request, "wishes"))
    page = pages.wishes(request.member)
    status = 422 if form.is_bound else 200
    return shell.show(request, "web/notices/wishes.html", page, form=form, status=status)


def _bell(request: MemberRequest) -> dict[str, object]:
    return {
        "n_unread": bell.n_unread(request.member),
        "bell_topic": bell.topic(request.member),
        "workspace": request.workspace,
    }
