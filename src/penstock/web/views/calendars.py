"""Settings: working time, its weeks and its holidays."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from penstock.catalog import access, calendars
from penstock.catalog.models import Calendar
from penstock.flow.dating import today
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms.calendars import DaysForm, WeekForm
from penstock.web.forms.settings import NameForm
from penstock.web.pages import calendars as pages
from penstock.web.pages import settings as settings_pages
from penstock.web.views import dialogs, shell
from penstock.web.views.orders import ASKS


@ASKS
def show(request: MemberRequest) -> HttpResponse:
    """The hours of the week and the days that differ; saving starts the calendar."""
    access.check_shape(request.member)
    shown = _asked(request)
    clock = calendars.of(request.workspace, shown)
    form = WeekForm(request.POST or None, clock=clock, today=today(request.workspace))
    if request.method == "POST" and dialogs.attempt(form, lambda: _set_week(request, shown, form)):
        return _back(request, _("The working time is saved."), shown)
    return shell.show(
        request,
        "web/calendar/page.html",
        settings_pages.head(_("Settings"), answer=pages.answer(request.member, clock)),
        slug=request.workspace.slug,
        tabs=settings_pages.tabs(request.member, current="calendar"),
        calendars=pages.tabs(request.member, shown),
        calendar=shown,
        form=form,
        days=pages.day_rows(request.member, shown),
        status=422 if form.is_bound else 200,
    )


@ASKS
def add_days(request: MemberRequest) -> HttpResponse:
    """Ask for a list of days, and put them on the calendar."""
    access.check_shape(request.member)
    form = DaysForm(request.POST or None)
    if request.method == "POST":
        done = dialogs.attempt(form, lambda: _add_days(request, form))
        if done is not None:
            n = len(done)
            text = ngettext("%(n)d day stands on the calendar.", "%(n)d days stand there.", n)
            return _back(request, text % {"n": n}, _asked(request))
    return dialogs.ask(request, form, title=_("Holidays and other days"), submit=_("Add"))


@require_POST
def remove_day(request: MemberRequest, day_id: int) -> HttpResponse:
    """Take a day off the calendar."""
    access.check_shape(request.member)
    row = access.calendar_day_for(request.member, day_id)
    calendars.remove_day(row, by=request.member)
    return _back(request, _("The day is an ordinary one again."), row.calendar)


@ASKS
def create(request: MemberRequest) -> HttpResponse:
    """Ask for a name, and add a calendar beside the default one."""
    access.check_shape(request.member)
    form = NameForm(request.POST or None)
    if request.method == "POST":
        calendars.ensure_default(request.workspace, by=request.member)
        made = dialogs.attempt(
            form,
            lambda: calendars.add(
                request.workspace, name=form.cleaned_data["name"], by=request.member
            ),
        )
        if made is not None:
            return _back(request, _("The calendar is added."), made)
    return dialogs.ask(
        request,
        form,
        title=_("Another calendar"),
        text=_("Such as that of a workshop. Leads and steps follow the first calendar."),
        submit=_("Add"),
    )


def _asked(request: MemberRequest) -> Calendar | None:
    number = request.GET.get("calendar", "")
    if number.isascii() and number.isdigit() and len(number) < 19:
        return access.calendar_for(request.member, int(number))
    return calendars.default_of(request.workspace)


def _set_week(request: MemberRequest, shown: Calendar | None, form: WeekForm) -> object:
    calendar = shown or calendars.ensure_default(request.workspace, by=request.member)
    return calendars.set_week(
        calendar, form.week, since=form.cleaned_data["since"], by=request.member
    )


def _add_days(request: MemberRequest, form: DaysForm) -> list[object]:
    told = calendars.read_days(form.cleaned_data["days"])
    calendar = _asked(request) or calendars.ensure_default(request.workspace, by=request.member)
    calendars.add_days(calendar, told, hours=form.cleaned_data["hours"], by=request.member)
    return list(told)


def _back(request: MemberRequest, text: str, shown: Calendar | None) -> HttpResponse:
    messages.success(request, text)
    url = reverse("calendar", args=[request.workspace.slug])
    is_other = shown is not None and not shown.is_default
    return htmx.go(request, f"{url}?calendar={shown.pk}" if shown and is_other else url)
