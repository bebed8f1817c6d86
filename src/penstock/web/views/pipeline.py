"""Where does every deal stand?"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from penstock.base.errors import NotFound
from penstock.flow import access, pipelines
from penstock.flow.models import Kind, Pipeline
from penstock.reports.moment import Moment, moment
from penstock.users.middleware import MemberRequest
from penstock.web.forms.deal_filters import DealFilters
from penstock.web.pages import deal_list, past, saved_views
from penstock.web.pages import pipeline as pages
from penstock.web.pages.pipeline import Asked
from penstock.web.views import shell

#: Digits of the largest id; Python refuses to read very long numbers.
LONGEST_NUMBER = 18


@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """The board or the list, now or on a day."""
    views = saved_views.build(request.member, saved_views.DEALS, request.GET)
    if views.elsewhere:
        return redirect(views.elsewhere)
    pipeline = _pipeline(request, request.GET)
    form = DealFilters(request.GET, member=request.member, pipeline=pipeline)
    question = pages.asked(request.member, pipeline=pipeline, form=form)
    is_list = request.GET.get("view") == "list"
    when = _when(request)
    page = (_list if is_list else _board)(request, question, when)
    context: dict[str, Any] = {
        "views": views,
        "filters": form,
        "is_list": is_list,
        "segments": pages.segments(question, is_list=is_list),
        "pipelines": pages.switch(request.member, pipeline),
        "known": None if when.is_now else when.known,
    }
    template = "web/pipeline/list.html" if is_list else "web/pipeline/board.html"
    return shell.show(request, template, page, on=None if when.is_now else when.on, **context)


@require_GET
def column(request: MemberRequest, stage_id: int) -> HttpResponse:
    """One column, as it is now."""
    found = pages.columns(_asked(request, stage_id=stage_id), [stage_id])
    if not found:
        raise NotFound("web.no_column", pages.NO_COLUMN)
    return render(request, "components/column.html", {"column": found[0]})


@require_GET
def more(request: MemberRequest, stage_id: int) -> HttpResponse:
    """The next cards of a column."""
    stage = access.stage_for(request.member, stage_id)
    after = _after(request.GET)
    left = request.GET.get("left", "0")
    found = pages.more(
        _asked(request, stage_id=stage_id),
        stage,
        after=after,
        n_left=int(left) if left.isdecimal() and len(left) <= LONGEST_NUMBER else 0,
    )
    return render(request, "web/pipeline/more.html", {"column": found})


def question(request: MemberRequest) -> Asked:
    """What the address asks for."""
    pipeline = _pipeline(request, request.GET)
    form = DealFilters(request.GET, member=request.member, pipeline=pipeline)
    return pages.asked(request.member, pipeline=pipeline, form=form)


def asked_by_page(request: MemberRequest) -> Asked:
    """The filters of the page from which a request was sent."""
    query = QueryDict(urlsplit(request.headers.get("HX-Current-URL", "")).query)
    pipeline = _pipeline(request, query)
    form = DealFilters(query, member=request.member, pipeline=pipeline)
    return pages.asked(request.member, pipeline=pipeline, form=form)


def _asked(request: MemberRequest, *, stage_id: int) -> Asked:
    pipeline = access.stage_for(request.member, stage_id).pipeline
    form = DealFilters(request.GET, member=request.member, pipeline=pipeline)
    return pages.asked(request.member, pipeline=pipeline, form=form)


def _pipeline(request: MemberRequest, query: QueryDict) -> Pipeline:
    number = query.get("pipeline", "")
    if number.isdecimal() and len(number) <= LONGEST_NUMBER:
        return access.pipeline_for(request.member, int(number))
    return pipelines.default_for(request.workspace.pk, kind=Kind.DEAL)


def _when(request: MemberRequest) -> Moment:
    on, known = shell.asked_day(request), shell.asked_day(request, "known")
    return moment(request.workspace, on=on, known=known)


def _board(request: MemberRequest, question: Asked, when: Moment) -> pages.Board:
    return pages.board(question) if when.is_now else past.board(question, when=when)


def _list(request: MemberRequest, question: Asked, when: Moment) -> deal_list.DealList:
    asked = {"sort": request.GET.get("sort", ""), "number": request.GET.get("page", "")}
    if when.is_now:
        return deal_list.build(question, **asked)
    return past.listing(question, when=when, **asked)


def _after(query: QueryDict) -> tuple[datetime, int]:
    try:
        return datetime.fromisoformat(query.get("after", "")), int(query.get("id", ""))
    except ValueError as error:
        raise NotFound("web.no_cards", pages.NO_COLUMN) from error
