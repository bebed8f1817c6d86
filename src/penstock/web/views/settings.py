"""Settings: the workspace, its members, what was changed by whom."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from penstock.base.errors import RuleBroken
from penstock.users import access, members, roles, workspaces
from penstock.users.middleware import MemberRequest
from penstock.users.models import Member, Role
from penstock.web import htmx
from penstock.web.forms.settings import InviteForm, RoleForm, WorkspaceForm
from penstock.web.pages import settings as pages
from penstock.web.views import dialogs, shell
from penstock.web.views.orders import ASKS


@ASKS
def workspace(request: MemberRequest) -> HttpResponse:
    """Name, clock, language, and what reps see; others are led to what they may open."""
    if request.method != "POST" and not roles.may_administer(request.member):
        place = "pipelines" if roles.may_steer(request.member) else "products"
        return htmx.go(request, reverse(place, args=[request.workspace.slug]))
    access.administrator(request.member)
    form = WorkspaceForm(request.POST or None, initial=_stored(request))
    if request.method == "POST" and dialogs.attempt(
        form, lambda: workspaces.change(request.workspace, by=request.member, **form.cleaned_data)
    ):
        messages.success(request, _("The settings are saved."))
        return htmx.go(request, reverse("settings", args=[request.workspace.slug]))
    return shell.show(
        request,
        "web/settings/workspace.html",
        pages.head(_("Settings")),
        form=form,
        tabs=pages.tabs(request.member, current="workspace"),
        status=422 if form.is_bound else 200,
    )


def _stored(request: MemberRequest) -> dict[str, object]:
    names = ("name", "time_zone", "language", "reps_see", "overrides", "expedite_limit")
    percent = int(request.workspace.late_share * 100)
    return {name: getattr(request.workspace, name) for name in names} | {"late_share": percent}


@require_GET
def show_members(request: MemberRequest) -> HttpResponse:
    """Who belongs to the workspace, in which role, and the latest acts on access."""
    access.administrator(request.member)
    found = Member.objects.filter(workspace_id=request.workspace.pk).select_related(
        "account", "team"
    )
    return shell.show(
        request,
        "web/settings/members.html",
        pages.head(_("Settings")),
        slug=request.workspace.slug,
        tabs=pages.tabs(request.member, current="members"),
        members=list(found.order_by("-is_active", "sort_key", "pk")),
        roles=Role.choices,
        audit=pages.audit(request.member),
    )


@ASKS
def invite(request: MemberRequest) -> HttpResponse:
    """Ask for an e-mail address and a role, and take whoever has it in."""
    access.administrator(request.member)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and dialogs.attempt(
        form, lambda: members.invite(request.workspace, by=request.member, **form.cleaned_data)
    ):
        return _to_members(request, _("The member is added."))
    return dialogs.ask(
        request,
        form,
        title=_("Add a member"),
        text=_("Somebody without an account sets a password by “Forgot your password?”."),
        submit=_("Add"),
    )


@require_POST
def change_role(request: MemberRequest, member_id: int) -> HttpResponse:
    """Give a member another role."""
    other = access.member_for(request.member, member_id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise RuleBroken("users.role", _("Choose one of the roles offered."))
    members.change_role(other, role=form.cleaned_data["role"], by=request.member)
    return _to_members(request, _("The role is changed."))


@require_POST
def deactivate(request: MemberRequest, member_id: int) -> HttpResponse:
    """Let a member go."""
    other = access.member_for(request.member, member_id)
    members.deactivate(other, by=request.member)
    return _to_members(request, _("%(name)s can no longer enter.") % {"name": other.name})


def _to_members(request: MemberRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    return htmx.go(request, reverse("members", args=[request.workspace.slug]))
