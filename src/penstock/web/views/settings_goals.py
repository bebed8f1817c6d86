"""Settings: the grid in which goals are entered."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from penstock.flow.dating import today
from penstock.sales import access, goals
from penstock.users.middleware import MemberRequest
from penstock.web import figures
from penstock.web.forms import goals as forms
from penstock.web.forms.goals import GoalGrid, GridFilters
from penstock.web.pages import goals as pages
from penstock.web.pages import settings
from penstock.web.views import dialogs, shell
from penstock.web.views.orders import ASKS


@ASKS
def grid(request: MemberRequest) -> HttpResponse:
    """Show the goals of a year, and keep what was changed in them."""
    access.check_goals(request.member)
    now = today(request.workspace)
    asked = forms.asked(request.GET, this_year=now.year)
    form = GoalGrid(
        request.POST or None,
        asked=asked,
        member=request.member,
        said=goals.in_force(request.workspace, on=now),
        initial={"valid_from": now},
    )
    if request.method == "POST":
        written = dialogs.attempt(form, lambda: _keep(request, form))
        if written is not None:
            messages.success(request, _told(written))
            return HttpResponseRedirect(request.get_full_path())
    return shell.show(
        request,
        "web/settings/goals.html",
        settings.head(_("Settings")),
        slug=request.workspace.slug,
        tabs=settings.tabs(request.member, current="goals"),
        form=form,
        heads=pages.heads(asked),
        filters=GridFilters(asked, this_year=now.year),
        later=pages.later(goals.later(request.workspace, on=now), asked),
        asked=asked,
        status=422 if form.is_bound else 200,
    )


def _keep(request: MemberRequest, form: GoalGrid) -> int:
    written = goals.set_many(
        request.workspace,
        form.wanted,
        by=request.member,
        valid_from=form.cleaned_data["valid_from"],
    )
    return len(written)


def _told(n: int) -> str:
    if not n:
        return _("Nothing was changed.")
    return ngettext("%(n)s goal is kept.", "%(n)s goals are kept.", n) % {"n": figures.number(n)}
