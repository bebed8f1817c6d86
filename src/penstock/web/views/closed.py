"""How many become paying customers?"""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from penstock.reports import movements
from penstock.users.middleware import MemberRequest
from penstock.web.forms.windows import asked_window
from penstock.web.pages import closed as pages
from penstock.web.pages import pipeline
from penstock.web.views import shell
from penstock.web.views.backlog import without
from penstock.web.views.orders import asked_moment
from penstock.web.views.statements import presets


@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """Deals won and lost in a window, divided as asked, with the deals behind the figures."""
    moment = asked_moment(request)
    window, preset = asked_window(request.GET, until=moment.on, zone=moment.zone)
    by = request.GET.get("by", "month")
    by = by if by in pages.BY else "month"
    whole = movements.in_window(request.member, window, known=moment.known)
    return shell.show(
        request,
        "web/closed/page.html",
        pages.head(whole),
        on=None if moment.is_now else moment.on,
        moment=moment,
        window=window,
        by=by,
        lines=pages.lines(request.member, window, by=by, moment=moment),
        won=pages.deals(request.member, window, verdict="won", moment=moment),
        lost=pages.deals(request.member, window, verdict="lost", moment=moment),
        n_won=whole.n_won,
        n_lost=whole.n_lost,
        views=pipeline.views(request.workspace.slug, current="closed-deals"),
        presets=presets(request, current=preset),
        divisions=_divisions(request, current=by),
    )


def _divisions(request: MemberRequest, *, current: str) -> list[dict[str, object]]:
    kept = without(request.GET, "by")
    prefix = f"?{kept}&" if kept else "?"
    return [
        {"name": label, "url": f"{prefix}by={code}", "is_current": code == current}
        for code, label in pages.BY.items()
    ]
