"""Who are they, and what do they bring?"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from penstock.base.errors import NotAllowed
from penstock.contacts import access, companies
from penstock.contacts.models import Company
from penstock.users import roles
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms.contacts import CompanyForm
from penstock.web.pages import companies as pages
from penstock.web.pages import likes, saved_views
from penstock.web.pages.likes import Like
from penstock.web.views import dialogs, redirects, shell


@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """All companies."""
    asked = {name: request.GET.get(name, "") for name in ("q", "sort", "saved")}
    views = saved_views.build(request.member, saved_views.COMPANIES, request.GET)
    if views.elsewhere:
        return redirect(views.elsewhere)
    page = pages.index(request.member, number=request.GET.get("page", ""), **asked)
    return shell.show(request, "web/companies/list.html", page, views=views)


@require_GET
def page(request: MemberRequest, company_id: int) -> HttpResponse:
    """One company."""
    company = access.company_for(request.member, company_id)
    if company.pk != company_id:
        return redirects.to_survivor(request, company, url_name="company")
    return shell.show(
        request, "web/companies/page.html", pages.build(company, member=request.member)
    )


@require_http_methods(["GET", "POST"])
def create(request: MemberRequest) -> HttpResponse:
    """Add a company."""
    if not roles.may_edit_contacts(request.member):
        raise NotAllowed("contacts.read_only", _("You may look, but not change anything here."))
    form = CompanyForm(request.POST or None)
    alike = _alike(request, form)
    if request.method == "POST" and not alike:
        values = form.cleaned_data if form.is_valid() else {}
        made = dialogs.attempt(
            form, lambda: companies.add(request.workspace, by=request.member, **values)
        )
        if made is not None:
            return _open(request, made)
    return dialogs.ask(
        request, form, title=_("New company"), submit=_("Add the company"), likes=alike
    )


def _alike(request: MemberRequest, form: CompanyForm) -> list[Like]:
    if not dialogs.is_new(request, form):
        return []
    facts = {name: form.cleaned_data[name] for name in ("name", "domain", "city")}
    return likes.companies(request.member, **facts)


@require_http_methods(["GET", "POST"])
def edit(request: MemberRequest, company_id: int) -> HttpResponse:
    """Change what is known of a company."""
    company = access.company_for(request.member, company_id, to="edit")
    initial = {name: getattr(company, name) for name in CompanyForm.base_fields}
    form = CompanyForm(request.POST or None, initial=initial)
    if request.method == "POST":
        values = form.cleaned_data if form.is_valid() else {}
        changed = dialogs.attempt(
            form, lambda: companies.change(company, by=request.member, **values)
        )
        if changed is not None:
            messages.success(request, _("Saved."))
            return _open(request, changed)
    return dialogs.ask(request, form, title=company.name, submit=_("Save"))


def _open(request: MemberRequest, company: Company) -> HttpResponse:
    return htmx.go(request, reverse("company", args=[request.workspace.slug, company.pk]))
