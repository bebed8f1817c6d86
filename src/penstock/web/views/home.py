"""The way in: to the last workspace, or to founding the first one."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from penstock.base.errors import Conflict, RuleBroken
from penstock.flow import founding
from penstock.users import access
from penstock.users.middleware import MemberRequest
from penstock.users.models import Account
from penstock.web.forms.founding import FoundForm
from penstock.web.views.shell import LAST_WORKSPACE


@require_GET
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """``/``: the workspace that was visited last, else the first one, else founding one."""
    slugs = [workspace.slug for workspace in access.workspaces_of(_account(request))]
    if not slugs:
        return redirect("found-workspace")
    last = request.session.get(LAST_WORKSPACE)
    return redirect("today", slug=last if last in slugs else slugs[0])


@require_GET
def inside(request: MemberRequest) -> HttpResponse:
    """``/w/<slug>/``: the first page of a workspace."""
    return redirect("today", slug=request.workspace.slug)


@require_POST
@login_required
def switch(request: HttpRequest, other: str) -> HttpResponse:
    """Go to another workspace; whether one belongs to it is asked there."""
    return redirect("today", slug=other)


@require_http_methods(["GET", "POST"])
@login_required
def found(request: HttpRequest) -> HttpResponse:
    """Found a workspace."""
    form = FoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            workspace = founding.found(by=_account(request), **form.cleaned_data)
        except (RuleBroken, Conflict) as error:
            form.add_error(error.needs[0] if error.needs else "name", error.message)
        else:
            return redirect(reverse("pipeline", args=[workspace.slug]))
    status = 422 if form.errors else 200
    context = {"form": form, "is_first": not access.workspaces_of(_account(request))}
    return render(request, "web/found.html", context, status=status)


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account), "only for those who signed in"
    return request.user
