"""A page inside a workspace, with all that the shell around it shows."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from penstock.base.errors import RuleBroken
from penstock.users import access
from penstock.users.middleware import MemberRequest
from penstock.web.pages.base import Page

LAST_WORKSPACE = "last_workspace"


def show(
    request: MemberRequest,
    template: str,
    page: Page,
    *,
    on: date | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Answer with a page; ``on`` marks it as a page of the past."""
    assert request.member.account is not None, "only members who sign in ask for pages"
    remember(request)
    shell = {
        "workspace": request.workspace,
        "workspaces": access.workspaces_of(request.member.account),
        "member": request.member,
        "nav": page.nav,
        "page": page,
        "on": on,
    }
    return render(request, template, shell | context, status=status)


def piece(
    request: MemberRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Answer with a piece of a page."""
    return render(request, template, context, status=status)


def remember(request: MemberRequest) -> None:
    """Keep which workspace was visited last; written only when it changes."""
    if request.session.get(LAST_WORKSPACE) != request.workspace.slug:
        request.session[LAST_WORKSPACE] = request.workspace.slug


def asked_day(request: MemberRequest, name: str = "on") -> date | None:
    """The day that the address asks for (``?on=2026-03-31``), or None for today.

    Raises:
        RuleBroken: ``web.no_date``.
    """
    text = request.GET.get(name, "")
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise RuleBroken("web.no_date", _("Enter a date such as 2026-03-31."))
    return day
