"""Settings: what stands on every proposal, the logo, the templates."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from penstock.base.errors import NotAllowed, NotFound
from penstock.sales import proposal_documents, proposal_settings
from penstock.sales.models import ProposalVersion
from penstock.users import roles
from penstock.users.middleware import MemberRequest
from penstock.users.models import Workspace
from penstock.web import htmx
from penstock.web.forms.proposals import SettingsForm, TemplateForm
from penstock.web.pages import settings as pages
from penstock.web.views import dialogs, shell
from penstock.web.views.orders import ASKS

TYPES = {"png": "image/png", "jpeg": "image/jpeg", "svg": "image/svg+xml"}


@ASKS
def show(request: MemberRequest) -> HttpResponse:
    """Show the settings of proposals, and keep them."""
    _steering(request)
    row = proposal_settings.of(request.workspace)
    initial = {
        name: getattr(row, name) for name in ("accepting_wins", "valid_days", "seller", "footer")
    }
    terms = {f"terms_{code}": row.terms.get(code, "") for code, _name in settings.LANGUAGES}
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = SettingsForm(data, files, initial=initial | terms)
    if dialogs.attempt(form, lambda: _keep(request, form)):
        messages.success(request, _("The settings are saved."))
        return htmx.go(request, reverse("proposal-settings", args=[request.workspace.slug]))
    return shell.show(
        request,
        "web/settings/proposals.html",
        pages.head(_("Settings")),
        form=form,
        has_logo=bool(row.logo_type),
        languages=settings.LANGUAGES,
        tabs=pages.tabs(request.member, current="proposals"),
        status=422 if form.is_bound else 200,
    )


@require_GET
def logo(request: MemberRequest) -> HttpResponse:
    """The logo."""
    return picture(request.workspace)


@ASKS
def template(request: MemberRequest, language: str) -> HttpResponse:
    """Show a template, try it, and keep it."""
    _steering(request)
    proposal_settings.checked_language(language)
    source = proposal_documents.template(request.workspace, language)
    form = TemplateForm(request.POST or None, initial={"source": source})
    if dialogs.attempt(form, lambda: _try_and_keep(request, form, language)):
        messages.success(request, _("The template is tried and saved."))
        return htmx.go(request, reverse("proposal-settings", args=[request.workspace.slug]))
    return shell.show(
        request,
        "web/settings/proposal_template.html",
        pages.head(_("Template of proposals")),
        form=form,
        tabs=pages.tabs(request.member, current="proposals"),
        status=422 if form.is_bound else 200,
    )


def picture(workspace: Workspace) -> HttpResponse:
    """The logo as an answer in which nothing can run.

    Raises:
        NotFound: ``proposals.no_logo``.
    """
    found = proposal_settings.logo(workspace.pk)
    if found is None:
        raise NotFound("proposals.no_logo", _("There is no logo."))
    answer = HttpResponse(found[0], content_type=TYPES[found[1]])
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _keep(request: MemberRequest, form: SettingsForm) -> bool:
    said = form.cleaned_data
    if said["logo"] or said["no_logo"]:
        # One byte more than is allowed is enough to refuse it.
        data = said["logo"].read(1024 * 1024) if said["logo"] else b""
        proposal_settings.set_logo(request.workspace, data, by=request.member)
    proposal_settings.change(
        request.workspace,
        by=request.member,
        terms={code: said[f"terms_{code}"] for code, _name in settings.LANGUAGES},
        **{name: said[name] for name in ("accepting_wins", "valid_days", "seller", "footer")},
    )
    return True


def _try_and_keep(request: MemberRequest, form: TemplateForm, language: str) -> bool:
    source = form.cleaned_data["source"]
    if source.strip():
        versions = ProposalVersion.objects.filter(proposal__language=language)
        version = versions.select_related("proposal__deal__company", "workspace").last()
        proposal_documents.check_template(request.workspace, version, source)
    proposal_settings.set_template(
        request.workspace, language=language, source=source, by=request.member
    )
    return True


def _steering(request: MemberRequest) -> None:
    if not roles.may_steer(request.member):
        raise NotAllowed("users.not_manager", _("Only an owner or a manager may change this."))
