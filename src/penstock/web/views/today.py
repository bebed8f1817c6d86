"""What should I do next?"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from penstock.analytics.priority import PRESSING
from penstock.base.errors import NotFound
from penstock.catalog import calendars
from penstock.flow.dating import today as today_in
from penstock.sales import access, snoozes
from penstock.sales.models import Deal, Snooze
from penstock.users.middleware import MemberRequest
from penstock.web.forms.activities import DueForm
from penstock.web.htmx import Toast
from penstock.web.pages import due
from penstock.web.pages import today as pages
from penstock.web.views import acted, dialogs, shell
from penstock.web.views.orders import ASKS


@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """The list of today: mine, or of those whom I lead."""
    page = pages.build(request.member, of=request.GET.get("of", ""))
    return shell.show(request, "web/today/page.html", page)


@require_GET
def piece(request: MemberRequest) -> HttpResponse:
    """The list alone, after something changed elsewhere."""
    page = pages.build(request.member, of=request.GET.get("of", ""))
    context = {"page": page, "workspace": request.workspace}
    return render(request, "web/today/list.html", context)


@ASKS
def snooze(request: MemberRequest, key: str, matter: str) -> HttpResponse:
    """Ask until when a matter may rest."""
    deal = _deal(request, key, matter)
    form = DueForm(request.POST if request.method == "POST" else None)
    del form.fields["due_time"]
    if request.method == "POST":
        made = dialogs.attempt(
            form,
            lambda: snoozes.snooze(
                deal.item, kind=matter, until=form.cleaned_data["due_on"], by=request.member
            ),
        )
        if made is not None:
            toast = Toast(
                text=_("“%(title)s” rests until then.") % {"title": deal.item.title},
                undo_url=acted.path(request, "today-wake", key, matter),
            )
            return acted.answer(request, deal, stages=[], toast=toast)
    return dialogs.ask(
        request,
        form,
        title=_("Until when may it rest?"),
        text=_("It leaves your list until that day; nobody else’s list changes."),
        submit=_("Not before"),
        chips=due.chips(calendars.of(request.workspace), today=today_in(request.workspace)),
        before="due_on",
    )


@require_POST
def wake(request: MemberRequest, key: str, matter: str) -> HttpResponse:
    """Let a matter come back now."""
    deal = _deal(request, key, matter)
    row = Snooze.objects.filter(member=request.member, item=deal.item, kind=matter).first()
    if row is None:
        raise NotFound("sales.no_snooze", _("It does not rest. Reload the page."))
    snoozes.wake(row)
    toast = Toast(text=_("“%(title)s” is back on the list.") % {"title": deal.item.title})
    return acted.answer(request, deal, stages=[], toast=toast)


def _deal(request: MemberRequest, key: str, matter: str) -> Deal:
    if matter not in PRESSING:
        raise NotFound("web.no_matter", _("There is no such matter. Reload the page."))
    return access.deal_for(request.member, key, to="edit")
