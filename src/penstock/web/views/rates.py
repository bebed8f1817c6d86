"""Settings: exchange rates."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from penstock.catalog import access, rate_history, rates
from penstock.flow.dating import today
from penstock.reports.moment import moment
from penstock.users import roles
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms.rates import CorrectionForm, RateForm
from penstock.web.pages import rates as pages
from penstock.web.pages import settings
from penstock.web.pages.tiles import day_text
from penstock.web.views import dialogs, shell
from penstock.web.views.backlog import without
from penstock.web.views.orders import ASKS

PAGE_SIZE = 60


@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """The currencies, and the rates of one of them; with ``?known=`` as they were known then."""
    when = moment(request.workspace, known=shell.asked_day(request, "known"))
    asked = request.GET.get("currency", "")[:3].upper()
    found, current = pages.currencies(request.member, asked=asked, known=when.known_at)
    said = rate_history.counting(request.workspace, known=when.known_at).filter(currency=current)
    page = Paginator(said.select_related("workspace", "by").order_by("-day"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    charted = list(said.order_by("-day")[: pages.N_CHARTED])
    return shell.show(
        request,
        "web/rates/page.html",
        pages.head(request.member, found),
        slug=request.workspace.slug,
        tabs=settings.tabs(request.member, current="rates"),
        currencies=found,
        current=current,
        chart=pages.chart(charted[::-1]),
        lines=pages.lines(list(page)),
        page_obj=page,
        base_query=without(request.GET, "page"),
        known=when.known,
        may_edit=roles.may_steer(request.member) and when.known is None,
    )


@ASKS
def create(request: MemberRequest) -> HttpResponse:
    """Ask for a rate, and keep it."""
    access.check_rates(request.member)
    first = {
        "currency": request.GET.get("currency", "")[:3],
        "into": request.workspace.currency,
        "day": today(request.workspace),
    }
    form = RateForm(request.POST or None, initial=first)
    if request.method == "POST" and dialogs.attempt(
        form, lambda: rates.enter(request.workspace, by=request.member, **form.cleaned_data)
    ):
        return _back(request, _("The rate is kept."))
    return dialogs.ask(request, form, title=_("New rate"), submit=_("Save"))


@ASKS
def correct(request: MemberRequest, rate_id: int) -> HttpResponse:
    """Ask for another rate of the same day; what was known before stays visible as it was known."""
    rate = access.rate_for(request.member, rate_id)
    first = {"value": pages.exact(rate.rate), "source": rate.source}
    form = CorrectionForm(request.POST or None, initial=first)
    if request.method == "POST" and dialogs.attempt(
        form, lambda: rates.correct(rate, by=request.member, **form.cleaned_data)
    ):
        return _back(request, _("The rate is corrected."), currency=rate.currency)
    return dialogs.ask(
        request,
        form,
        title=_("One %(currency)s in %(own)s on %(day)s")
        % {"currency": rate.currency, "own": rate.into, "day": day_text(rate.day)},
        text=_("Sums of this day change from now on. As known on an earlier day, they stay."),
        submit=_("Save"),
    )


@require_POST
def withdraw(request: MemberRequest, rate_id: int) -> HttpResponse:
    """Take a rate away: the one of an earlier day counts again."""
    rate = access.rate_for(request.member, rate_id)
    rates.withdraw(rate, by=request.member)
    text = _("The rate of %(day)s counts no longer.") % {"day": day_text(rate.day)}
    return _back(request, text, currency=rate.currency)


def _back(request: MemberRequest, text: str, *, currency: str = "") -> HttpResponse:
    messages.success(request, text)
    url = reverse("rates", args=[request.workspace.slug])
    return htmx.go(request, f"{url}?currency={currency}" if currency else url)
