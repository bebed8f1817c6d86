"""The policy lab: the past again, under every policy."""

from __future__ import annotations

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from penstock.backlog.models import QueueRule
from penstock.base.errors import RuleBroken
from penstock.reports import policy_lab
from penstock.users.middleware import MemberRequest
from penstock.web.forms.windows import asked_window
from penstock.web.pages import policy_lab as pages
from penstock.web.views import shell
from penstock.web.views.backlog import tabs
from penstock.web.views.orders import asked_moment
from penstock.web.views.statements import presets

USUAL_BOUND, MOST_BOUND = 30, 3650


@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """What each policy would have done with the orders of a window."""
    moment = asked_moment(request)
    window, preset = asked_window(request.GET, until=moment.on, zone=moment.zone, default="365")
    rule = QueueRule.of(request.workspace)
    bound = _bound(request.GET, usual=rule.bound_days or USUAL_BOUND)
    found = policy_lab.of(request.member, window, bound_days=bound)
    return shell.show(
        request,
        "web/queue/lab.html",
        pages.head(found, rule=rule),
        on=None if moment.is_now else moment.on,
        slug=request.workspace.slug,
        moment=moment,
        tabs=tabs(request, current="lab"),
        presets=presets(request, current=preset),
        bound=bound,
        hidden=[(name, text) for name, text in request.GET.items() if name != "bound"],
        heads=pages.heads(found),
        rows=pages.lab_rows(found, rule=rule, currency=request.workspace.currency),
        notes=pages.notes(found),
    )


def _bound(query: QueryDict, *, usual: int) -> int:
    text = query.get("bound", "").strip()
    if not text:
        return usual
    if not text.isdecimal() or not 1 <= int(text[:9]) <= MOST_BOUND:
        raise RuleBroken(
            "web.bound",
            _("Enter a number of working days from 1 to %(most)s.") % {"most": MOST_BOUND},
            needs=["bound"],
        )
    return int(text)
