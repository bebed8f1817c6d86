"""Settings: teams, who leads them, who belongs to them."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from penstock.users import access, teams
from penstock.users.middleware import MemberRequest
from penstock.users.models import Member, Team
from penstock.web import htmx
from penstock.web.forms.teams import TeamForm
from penstock.web.pages import settings as pages
from penstock.web.views import dialogs, shell
from penstock.web.views.orders import ASKS


@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """All teams in use, and who belongs to none."""
    access.check_teams(request.member)
    active = Member.objects.filter(workspace_id=request.workspace.pk, is_active=True)
    active = active.order_by("sort_key", "pk")
    found = Team.objects.filter(workspace_id=request.workspace.pk, retired_at=None)
    return shell.show(
        request,
        "web/teams/list.html",
        pages.head(_("Settings")),
        slug=request.workspace.slug,
        tabs=pages.tabs(request.member, current="teams"),
        teams=list(
            found.select_related("lead")
            .prefetch_related(Prefetch("members", queryset=active))
            .order_by("sort_key", "pk")
        ),
        alone=list(active.filter(team=None)),
    )


@ASKS
def create(request: MemberRequest) -> HttpResponse:
    """Ask for a name, a lead and members, and make a team."""
    access.check_teams(request.member)
    form = TeamForm(request.POST or None, workspace_id=request.workspace.pk)
    if request.method == "POST" and dialogs.attempt(form, lambda: _create(request, form)):
        return _back(request, _("The team is made."))
    return dialogs.ask(request, form, title=_("New team"), submit=_("Make it"))


def _create(request: MemberRequest, form: TeamForm) -> Team:
    said = form.cleaned_data
    return teams.create(
        request.workspace,
        name=said["name"],
        lead=said["lead"],
        members=list(said["members"]),
        by=request.member,
    )


@ASKS
def edit(request: MemberRequest, team_id: int) -> HttpResponse:
    """Ask for another name, lead or other members, and keep them."""
    team = access.team_for(request.member, team_id)
    form = TeamForm(request.POST or None, workspace_id=request.workspace.pk, team=team)
    if request.method == "POST" and dialogs.attempt(
        form, lambda: teams.change(team, by=request.member, **form.cleaned_data)
    ):
        return _back(request, _("The team is changed."))
    return dialogs.ask(request, form, title=team.name, submit=_("Save"))


@require_POST
def retire(request: MemberRequest, team_id: int) -> HttpResponse:
    """Use a team no longer."""
    team = access.team_for(request.member, team_id)
    teams.retire(team, by=request.member)
    return _back(
        request, _("“%(team)s” is retired; figures of the past keep it.") % {"team": team.name}
    )


def _back(request: MemberRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    return htmx.go(request, reverse("teams", args=[request.workspace.slug]))
