"""Settings: what must be known before a deal leaves a stage, and who may pass without."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from penstock.flow import access
from penstock.flow.models import Kind
from penstock.users.middleware import MemberRequest
from penstock.web.pages import settings as pages
from penstock.web.pages import settings_gates
from penstock.web.views import shell


@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """The gates of all pipelines of deals, in plain words."""
    access.check_shape(request.member, to="shape")
    found = access.pipelines_for(request.member).filter(kind=Kind.DEAL)
    return shell.show(
        request,
        "web/settings/gates.html",
        pages.head(_("Settings")),
        slug=request.workspace.slug,
        tabs=pages.tabs(request.member, current="gates"),
        pipelines=[(one, settings_gates.gates(one)) for one in found],
        overrides=settings_gates.overrides(request.member),
    )
