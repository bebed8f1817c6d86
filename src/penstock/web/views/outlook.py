"""Pipeline against backlog: what is coming, what is owed?"""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from penstock.reports import outlook
from penstock.users.middleware import MemberRequest
from penstock.web.pages import outlook as pages
from penstock.web.views import shell
from penstock.web.views.orders import asked_moment


@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """Both sides, definition by definition, now or on a day."""
    moment = asked_moment(request)
    state = outlook.on_day(request.member, on=moment.on, known=moment.known)
    return shell.show(
        request,
        "web/outlook/page.html",
        pages.head(state),
        on=None if moment.is_now else moment.on,
        moment=moment,
        state=state,
        words=pages.words(state),
        measures=pages.measures(state),
        charts=pages.charts(state),
    )
