"""What a list shows, as a file: the same filters, the same day, the same rights."""

from __future__ import annotations

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from penstock.users.middleware import MemberRequest
from penstock.web import exporting
from penstock.web.forms.backlog import asked as asked_of_queue
from penstock.web.forms.windows import asked_window
from penstock.web.pages import exports
from penstock.web.views import pipeline
from penstock.web.views.orders import asked_moment


@require_GET
def deals(request: MemberRequest) -> StreamingHttpResponse:
    """The list of deals."""
    question, when = pipeline.question(request), asked_moment(request)
    sort = request.GET.get("sort", "")
    return exporting.answer(
        request,
        name=_("Deals"),
        heads=exports.DEALS,
        rows=lambda: exports.deals(question, sort=sort, when=when),
    )


@require_GET
def companies(request: MemberRequest) -> StreamingHttpResponse:
    """The list of companies."""
    q, sort = request.GET.get("q", ""), request.GET.get("sort", "")
    return exporting.answer(
        request,
        name=_("Companies"),
        heads=exports.COMPANIES,
        rows=lambda: exports.all_companies(request.member, q=q, sort=sort),
    )


@require_GET
def closed(request: MemberRequest) -> StreamingHttpResponse:
    """The deals won and lost in a window."""
    moment = asked_moment(request)
    window, _preset = asked_window(request.GET, until=moment.on, zone=moment.zone)
    return exporting.answer(
        request,
        name=_("Won and lost"),
        heads=exports.CLOSED,
        rows=lambda: exports.closed(request.member, window, moment=moment),
    )


@require_GET
def queue(request: MemberRequest) -> StreamingHttpResponse:
    """The queue of the backlog."""
    moment, asked = asked_moment(request), asked_of_queue(request.GET)
    return exporting.answer(
        request,
        name=_("Backlog"),
        heads=exports.QUEUE,
        rows=lambda: exports.queue(request.member, asked=asked, moment=moment),
    )
