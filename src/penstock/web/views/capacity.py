"""Settings: how many hours teams can work, and what keeps them from it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from penstock.backlog import access, capacities
from penstock.flow.dating import today
from penstock.reports import capacity
from penstock.reports.moment import moment
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms.capacity import (
    HUNDRED,
    AbsenceForm,
    DisruptionForm,
    EndForm,
    EndPlaceForm,
    PlaceForm,
)
from penstock.web.pages import capacity as pages
from penstock.web.pages import settings
from penstock.web.views import dialogs, shell
from penstock.web.views.orders import ASKS


@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """The hours of each team by week; with ``?known=`` as they were known then."""
    access.check_capacity(request.member)
    when = moment(request.workspace, known=shell.asked_day(request, "known"))
    on = today(request.workspace)
    window = pages.window(on, request.member)
    found = capacity.by_team(request.member, window, known=when.known)
    return shell.show(
        request,
        "web/capacity/page.html",
        pages.head(found, on=on),
        slug=request.workspace.slug,
        tabs=settings.tabs(request.member, current="capacity"),
        heads=pages.weeks(found),
        teams=pages.teams(found),
        causes=[capacities.CAUSES[code] for code in pages.causes(found)],
        losses=pages.losses(found),
        facts=pages.facts(request.member, window=window),
        known=when.known,
        may_edit=when.known is None,
    )


@ASKS
def add_place(request: MemberRequest) -> HttpResponse:
    """Ask who or what works for a team, and add it."""
    access.check_capacity(request.member)
    first = {"from_on": today(request.workspace), "team": request.GET.get("team")}
    form = PlaceForm(_sent(request), workspace_id=request.workspace.pk, initial=first)
    return _asked(
        request,
        form,
        lambda: capacities.add_place(form.cleaned_data["team"], form.place(), by=request.member),
        title=_("Who or what works"),
        done=_("The hours are added."),
    )


@ASKS
def end_place(request: MemberRequest, place_id: int) -> HttpResponse:
    """Ask for the last day of a place."""
    place = access.place_for(request.member, place_id)
    form = EndPlaceForm(_sent(request), initial={"until_on": today(request.workspace)})
    return _asked(
        request,
        form,
        lambda: capacities.end_place(place, on=form.cleaned_data["until_on"], by=request.member),
        title=_("Until when does it work?"),
        done=_("The last day is kept."),
    )


@ASKS
def add_absence(request: MemberRequest) -> HttpResponse:
    """Ask who works less, from when to when."""
    access.check_capacity(request.member)
    form = AbsenceForm(
        _sent(request),
        workspace_id=request.workspace.pk,
        initial={"place": request.GET.get("place")},
    )
    return _asked(
        request,
        form,
        lambda: capacities.add_absence(
            form.cleaned_data["place"],
            form.cleaned_data["first_on"],
            form.cleaned_data["last_on"],
            lost_share=_share(form),
            by=request.member,
        ),
        title=_("Absence"),
        done=_("The absence is kept."),
    )


def _share(form: Form) -> Decimal:
    share: Decimal = form.cleaned_data["lost_share"] / HUNDRED
    return share


@ASKS
def record(request: MemberRequest) -> HttpResponse:
    """Ask what kept a team from working, and record it."""
    access.check_capacity(request.member)
    form = DisruptionForm(
        _sent(request),
        workspace_id=request.workspace.pk,
        initial={"team": request.GET.get("team")},
    )
    return _asked(
        request,
        form,
        lambda: capacities.disrupt(form.cleaned_data["team"], form.loss(), by=request.member),
        title=_("What kept a team from working?"),
        done=_("The disruption is recorded."),
    )


@ASKS
def end(request: MemberRequest, disruption_id: int) -> HttpResponse:
    """Ask since when a disruption is over."""
    row = access.disruption_for(request.member, disruption_id)
    form = EndForm(_sent(request))
    return _asked(
        request,
        form,
        lambda: capacities.end_disruption(row, at=form.cleaned_data["ended_at"], by=request.member),
        title=_("Since when is it over?"),
        done=_("The disruption is over."),
    )


@require_POST
def withdraw(request: MemberRequest, told: str, told_id: int) -> HttpResponse:
    """Take back what was said of a place, an absence or a disruption."""
    capacities.withdraw(access.told_for(request.member, told, told_id), by=request.member)
    return _back(request, _("It is taken back; as it was known before, it stays."))


def _sent(request: MemberRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _asked(
    request: MemberRequest, form: Form, act: Callable[[], object], *, title: str, done: str
) -> HttpResponse:
    if request.method == "POST" and dialogs.attempt(form, act):
        return _back(request, done)
    return dialogs.ask(request, form, title=title, submit=_("Save"))


def _back(request: MemberRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    return htmx.go(request, reverse("capacity", args=[request.workspace.slug]))
