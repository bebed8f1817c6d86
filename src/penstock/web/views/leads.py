"""The inbox of leads: looked at, given to somebody, taken up by hand."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from penstock.base.errors import NotAllowed, RuleBroken
from penstock.contacts import companies, people
from penstock.contacts.models import Company, Person
from penstock.sales import access, deals, leads
from penstock.sales.models import Deal
from penstock.users import roles
from penstock.users.middleware import MemberRequest
from penstock.users.models import Member
from penstock.web import htmx
from penstock.web.forms.leads import LeadForm
from penstock.web.htmx import Toast
from penstock.web.pages import leads as pages
from penstock.web.pages import saved_views
from penstock.web.views import acted, dialogs, shell
from penstock.web.views.backlog import without
from penstock.web.views.orders import ASKS


@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """Who waits for an answer, the most urgent first."""
    views = saved_views.build(request.member, saved_views.LEADS, request.GET)
    if views.elsewhere:
        return redirect(views.elsewhere)
    page = pages.build(request.member, request.GET)
    return shell.show(
        request,
        "web/leads/page.html",
        page,
        page_obj=page.page_obj,
        views=views,
        base_query=without(request.GET, "page"),
    )


@require_GET
def piece(request: MemberRequest) -> HttpResponse:
    """The inbox alone, after something changed elsewhere."""
    return render(request, "web/leads/body.html", acted.leads_context(request, request.GET))


@ASKS
def create(request: MemberRequest) -> HttpResponse:
    """Ask who came and how, and take the lead up."""
    if not roles.may_sell(request.member):
        raise NotAllowed("sales.read_only", _("You may look at deals, but not open new ones."))
    form = LeadForm(request.POST or None, member=request.member)
    if request.method == "POST":
        made = dialogs.attempt(form, lambda: _take_up(request, form))
        if made is not None:
            messages.success(request, _("%(key)s is open.") % {"key": made.item.key})
            return htmx.go(request, reverse("leads", args=[request.workspace.slug]))
    return dialogs.ask(request, form, title=_("New lead"), submit=_("Take it up"))


@require_POST
def give(request: MemberRequest, key: str) -> HttpResponse:
    """Give a lead to a member, or to nobody."""
    deal = access.deal_for(request.member, key, to="edit")
    owner = _owner(request, request.POST.get("owner", ""))
    deals.assign(deal, owner=owner, by=request.member)
    text = (
        _("%(key)s is now %(name)s's.") % {"key": key, "name": owner.name}
        if owner
        else _("%(key)s is nobody's now.") % {"key": key}
    )
    return acted.answer(request, deal, stages=[deal.item.stage_id], toast=Toast(text=text))


def _owner(request: MemberRequest, text: str) -> Member | None:
    if not text:
        return None
    is_number = text.isascii() and text.isdecimal() and len(text) <= 18
    rows = Member.objects.filter(
        workspace_id=request.workspace.pk, is_active=True, role__in=roles.SELLS
    )
    found = rows.filter(pk=int(text)).first() if is_number else None
    if found is None:
        raise RuleBroken("web.no_member", _("Choose one of the members offered."))
    return found


def _take_up(request: MemberRequest, form: LeadForm) -> Deal:
    told = form.cleaned_data
    company = _company(request, told["company"])
    return leads.take_up(
        told["pipeline"],
        title=told["title"],
        channel=told["channel"],
        campaign=told["campaign"],
        company=company,
        person=_person(request, form),
        owner=told["owner"],
        message=told["message"],
        was_met=told["was_met"],
        by=request.member,
    )


def _company(request: MemberRequest, name: str) -> Company | None:
    """The company that was named, or None where no name was given."""
    return (
        companies.named(request.workspace, name=name, by=request.member) if name.strip() else None
    )


def _person(request: MemberRequest, form: LeadForm) -> Person | None:
    """Whoever has this address, or somebody new; nobody without a name, an address or a number."""
    told = form.cleaned_data
    name = told["person"] or told["email"] or told["phone"]
    if not name:
        return None
    rows = Person.objects.filter(
        workspace_id=request.workspace.pk, withdrawn_at=None, merged_into=None, erased_at=None
    )
    known = (
        rows.filter(email__iexact=told["email"]).order_by("pk").first() if told["email"] else None
    )
    return known or people.add(
        request.workspace,
        name=name,
        by=request.member,
        company=_company(request, told["company"]),
        email=told["email"],
        phone=told["phone"],
    )
