"""Settings: what must be known before a deal leaves a stage, and who may pass without."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from penstock.flow import access
from penstock.flow.models import Kind
from penstock.sales import claims
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms.claims import FadingForm
from penstock.web.pages import settings as pages
from penstock.web.pages import settings_gates
from penstock.web.views import shell


@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """The gates of all pipelines of deals, in plain words."""
    access.check_shape(request.member, to="shape")
    return _show(request, FadingForm(initial=settings_gates.half_lives(request.workspace)))


@require_POST
def fade(request: MemberRequest) -> HttpResponse:
    """How fast what was said fades, per topic."""
    access.check_shape(request.member, to="shape")
    form = FadingForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    claims.set_half_lives(request.workspace, days=form.cleaned_data, by=request.member)
    messages.success(request, _("Saved. It counts from now on, also for what was said before."))
    return htmx.go(request, reverse("gates", args=[request.workspace.slug]))


def _show(request: MemberRequest, form: FadingForm, *, status: int = 200) -> HttpResponse:
    found = access.pipelines_for(request.member).filter(kind=Kind.DEAL)
    return shell.show(
        request,
        "web/settings/gates.html",
        pages.head(_("Settings")),
        slug=request.workspace.slug,
        tabs=pages.tabs(request.member, current="gates"),
        pipelines=[(one, settings_gates.gates(one)) for one in found],
        overrides=settings_gates.overrides(request.member),
        fading=form,
        status=status,
    )
