"""What was held back: somebody says whether it is a lead."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from penstock.sales import access_leads, captures
from penstock.users import roles
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.pages import submissions as pages
from penstock.web.views import shell


@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """All that waits for a decision, the oldest first."""
    lines = pages.lines(request.member)
    return shell.show(
        request,
        "web/leads/held.html",
        pages.head(lines, slug=request.workspace.slug),
        lines=lines,
        may_edit=roles.may_sell(request.member),
    )


@require_POST
def release(request: MemberRequest, submission_id: int) -> HttpResponse:
    """It is a lead after all."""
    row = access_leads.held_one_for(request.member, submission_id)
    done = captures.release(row, by=request.member)
    if done.deal is None:
        messages.error(
            request, _("It could not be opened: its first stage is full. It still waits here.")
        )
        return _back(request)
    messages.success(request, _("%(key)s is open.") % {"key": done.deal.item.key})
    return _back(request)


@require_POST
def drop(request: MemberRequest, submission_id: int) -> HttpResponse:
    """It is none."""
    row = access_leads.held_one_for(request.member, submission_id)
    captures.drop(row, by=request.member)
    messages.success(request, _("Dropped; what it said is forgotten."))
    return _back(request)


def _back(request: MemberRequest) -> HttpResponse:
    return htmx.go(request, reverse("leads-held", args=[request.workspace.slug]))
