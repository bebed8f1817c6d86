"""Dating an order and its lines, and giving a promise anew."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from penstock.backlog import access, dates, orders
from penstock.backlog.dates import Told
from penstock.backlog.models import Line
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms.line_acts import moment_in
from penstock.web.forms.order_dates import DatesForm, LineDatesForm, PromiseForm
from penstock.web.htmx import Toast
from penstock.web.views import dialogs
from penstock.web.views import orders as order_views


@require_POST
def set_dates(request: MemberRequest, key: str) -> HttpResponse:
    """Set the dates that people set, other than the promise."""
    order = access.order_for(request.member, key, to="edit")
    form = DatesForm(request.POST)
    if not form.is_valid():
        return htmx.moved(
            request,
            toast=Toast(text=_("Enter dates such as 2026-03-31."), tone="error"),
            status=422,
        )
    orders.change_dates(order, by=request.member, **form.cleaned_data)
    return order_views.changed(request, order, Toast(text=_("The dates are saved.")))


@order_views.ASKS
def promise(request: MemberRequest, key: str) -> HttpResponse:
    """Ask for which day an order is promised, and why that changes."""
    order = access.order_for(request.member, key, to="edit")
    form = PromiseForm(
        request.POST if request.method == "POST" else None,
        before=order.promised_on,
        initial={"promised_on": order.promised_on},
    )

    def give() -> object:
        at = moment_in(form.cleaned_data["happened_on"], order=order)
        told = Told(by=request.member, at=at, why=form.why())
        return dates.change(order, {"promised_on": form.cleaned_data["promised_on"]}, told=told)

    if request.method == "POST" and dialogs.attempt(form, give):
        return order_views.changed(request, order, Toast(text=_("The promise is kept.")))
    return dialogs.ask(
        request,
        form,
        title=_("Promise %(key)s for a day") % {"key": order.item.key},
        text=_("What was promised before stays in its history.") if order.promised_on else "",
        submit=_("Promise it"),
    )


@order_views.ASKS
def date_line(request: MemberRequest, line_id: int) -> HttpResponse:
    """Ask for the dates of one line."""
    line = access.line_for(request.member, line_id, to="edit")
    form = LineDatesForm(request.POST if request.method == "POST" else None, line=line)
    if request.method == "POST" and dialogs.attempt(form, lambda: _date(request, line, form)):
        toast = Toast(text=_("The dates are saved."), detail=line.title)
        return order_views.changed(request, line.order, toast)
    return dialogs.ask(
        request,
        form,
        title=_("Dates of this line"),
        text=_("%(line)s. What you leave empty, its order says.") % {"line": line.title},
        submit=_("Save"),
    )


def _date(request: MemberRequest, line: Line, form: LineDatesForm) -> Line:
    told = Told(by=request.member, why=form.why())
    return dates.change_line(line, form.days(), told=told)
