"""Are our customers satisfied with what was delivered?"""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from penstock.reports import satisfaction
from penstock.users.middleware import MemberRequest
from penstock.web.pages import satisfaction as pages
from penstock.web.views import insights


@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """Figures of a window and a slice, and the surveys behind them."""
    asked = insights.asked(request)
    found = satisfaction.in_window(request.member, asked.window, only=asked.slice)
    answers = satisfaction.answers(
        request.member, asked.window, only=asked.slice, limit=pages.N_ANSWERS
    )
    return insights.show(
        request,
        "web/satisfaction/page.html",
        pages.head(found),
        asked=asked,
        current="satisfaction",
        tiles=pages.tiles(found),
        rows=pages.rows(answers),
        n_asked=found.answered.of,
        slug=request.workspace.slug,
    )
