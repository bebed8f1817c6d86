"""Whether our days hold; and when we can deliver what is not signed yet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from penstock.base.calendar import Window
from penstock.flow import dating
from penstock.reports import promises_kept, quotes
from penstock.reports.quotes import Quote
from penstock.sales import access as sales
from penstock.sales.models import Deal
from penstock.users.middleware import MemberRequest
from penstock.web.forms.quotes import QuoteForm
from penstock.web.pages import promises as pages
from penstock.web.pages import quotes as quote_pages
from penstock.web.views import shell
from penstock.web.views.backlog import tabs
from penstock.web.views.orders import asked_moment

LOOK_BACK_DAYS = 364


@require_GET
def kept(request: MemberRequest) -> HttpResponse:
    """The record of the product's own forecasts, of a year until today or a day."""
    moment = asked_moment(request)
    window = Window(moment.on - timedelta(days=LOOK_BACK_DAYS), moment.on, moment.zone)
    found = promises_kept.record(request.member, window=window)
    return shell.show(
        request,
        "web/promises/page.html",
        pages.head(found),
        on=None if moment.is_now else moment.on,
        slug=request.workspace.slug,
        moment=moment,
        tabs=tabs(request, current="promises"),
        levels=pages.levels(found),
        notes=pages.notes(found),
        cases=pages.cases(found),
    )


@require_GET
def quote(request: MemberRequest) -> HttpResponse:
    """An order that nobody has asked for yet: when, and at whose expense."""
    return _quoted(request, None)


@require_GET
def quote_deal(request: MemberRequest, key: str) -> HttpResponse:
    """A deal: when can we deliver, and who waits longer, if we sign it now?"""
    return _quoted(request, sales.deal_for(request.member, key))


def _quoted(request: MemberRequest, deal: Deal | None) -> HttpResponse:
    first: dict[str, Any] = {"hours": quote_pages.hours_of(deal)} if deal else {}
    form = QuoteForm(
        {**_told(first), **request.GET.dict()} or None,
        workspace_id=request.workspace.pk,
    )
    found: Quote | None = None
    if form.is_bound and form.is_valid():
        found = quotes.quote(request.member, form.wanted(), now=dating.now())
    currency = request.workspace.currency
    return shell.show(
        request,
        "web/promises/quote.html",
        quote_pages.head(found, deal=deal, workspace=request.workspace),
        status=422 if form.is_bound and form.errors else 200,
        slug=request.workspace.slug,
        form=form,
        found=found,
        facts=quote_pages.facts(found, currency=currency) if found else [],
        rows=quote_pages.later(found, currency=currency) if found else [],
        more=found.n_later - len(found.later) if found else 0,
    )


def _told(first: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in first.items() if value is not None}
