"""Will we win it, and what is missing?"""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from penstock.base.errors import NotAllowed, NotFound, RuleBroken
from penstock.contacts import access as contacts
from penstock.contacts import companies, people
from penstock.contacts.models import Company
from penstock.flow import access as flow
from penstock.flow.models import Outcome, Pipeline
from penstock.reports.moment import moment
from penstock.sales import access, deals
from penstock.sales.models import Deal
from penstock.users import roles
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms.deals import FactsForm, NewDealForm, PersonForm
from penstock.web.htmx import Toast
from penstock.web.pages import deal as pages
from penstock.web.pages import likes
from penstock.web.pages import pipeline as boards
from penstock.web.pages.likes import Like
from penstock.web.views import acted, dialogs, giving, redirects, shell
from penstock.web.views.giving import Asks
from penstock.web.views.pipeline import asked_by_page


@require_GET
def page(request: MemberRequest, key: str) -> HttpResponse:
    """A deal, now or on a day."""
    deal = access.deal_for(request.member, key)
    on, known = shell.asked_day(request), shell.asked_day(request, "known")
    when = moment(request.workspace, on=on, known=known)
    if when.is_now and deal.item.outcome == Outcome.Verdict.MERGED:
        return redirects.to_deal(request, deal)
    found = pages.build(deal, member=request.member, moment=when)
    return shell.show(request, "web/deal/page.html", found, on=None if when.is_now else when.on)


@require_http_methods(["GET", "POST"])
def create(request: MemberRequest) -> HttpResponseBase:
    """Open a deal."""
    if not roles.may_sell(request.member):
        raise NotAllowed("sales.read_only", _("You may look at deals, but not open new ones."))
    question = asked_by_page(request)
    pipeline = question.pipeline
    initial = {"currency": request.workspace.currency, "owner": request.member.pk}
    form = NewDealForm(
        request.POST or None, initial=initial, member=request.member, pipeline=pipeline
    )
    alike = _alike(request, form)
    if request.method == "POST" and form.is_valid() and not alike:
        deal = dialogs.attempt(form, lambda: _open(request, form, pipeline))
        if deal is not None:
            return _created(request, deal)
    return dialogs.ask(request, form, title=_("New deal"), submit=_("Create the deal"), likes=alike)


def _open(request: MemberRequest, form: NewDealForm, pipeline: Pipeline) -> Deal:
    """Open it; where a gate misses answers, the form names them, and asks who may for a reason."""
    values = dict(form.cleaned_data)
    if values.get("despite"):
        flow.check_override(request.member)
    company = values.pop("company").strip()
    try:
        return deals.open_deal(pipeline, by=request.member, company_name=company, **values)
    except RuleBroken as refusal:
        if refusal.code == "flow.gate":
            form.ask_why(refusal.needs)
        raise


def _alike(request: MemberRequest, form: NewDealForm) -> list[Like]:
    """Open deals of its company with a like title; of a company that is not known, those like it."""
    if not dialogs.is_new(request, form) or not form.cleaned_data["company"].strip():
        return []
    name = form.cleaned_data["company"]
    company = companies.known(request.workspace, name=name)
    if company is None:
        return likes.companies(request.member, name=name)
    return likes.deals(request.member, title=form.cleaned_data["title"], company=company)


@require_POST
def facts(request: MemberRequest, key: str) -> HttpResponse:
    """Change what is known of a deal."""
    deal = access.deal_for(request.member, key, to="edit")
    form = pages.facts_form(deal, member=request.member, data=request.POST)
    if not form.is_valid():
        return _facts_refused(request, deal, form)
    values = form.cleaned_data
    owner = values.pop("owner")
    values["company"] = _company(request, values["company"])
    deals.change(deal, by=request.member, **values)
    if owner != deal.item.owner:
        deals.assign(deal, owner=owner, by=request.member)
    return acted.answer(request, deal, stages=[deal.item.stage_id], toast=Toast(text=_("Saved.")))


@require_POST
def qualify(request: MemberRequest, key: str) -> HttpResponse:
    """A lead deserves a call; what the gates on its way miss is asked for."""
    deal = access.deal_for(request.member, key, to="edit")
    toast = Toast(text=_("“%(title)s” is qualified.") % {"title": deal.item.title})
    return giving.answered(
        request,
        deal,
        do=lambda one, given: deals.qualify(
            one, by=request.member, despite=given.get("despite", "")
        ),
        told=lambda made: acted.answer(request, deal, stages=[made.item.stage_id], toast=toast),
    )


@require_POST
def disqualify(request: MemberRequest, key: str) -> HttpResponse:
    """A lead is not worth the time, for a reason."""
    deal = access.deal_for(request.member, key, to="edit")
    toast = Toast(
        text=_("“%(title)s” is disqualified.") % {"title": deal.item.title},
        undo_url=acted.url(request, "item-reopen", deal),
    )
    return giving.answered(
        request,
        deal,
        do=lambda one, given: deals.disqualify(one, reason=given["reason"], by=request.member),
        told=lambda _made: acted.answer(request, deal, stages=[deal.item.stage_id], toast=toast),
        asks=Asks(("reason",), title=_("Disqualify"), submit=_("Disqualify")),
    )


@require_POST
def add_person(request: MemberRequest, key: str) -> HttpResponse:
    """Put somebody on a deal: somebody who is known, or somebody new by name."""
    deal = access.deal_for(request.member, key, to="edit")
    form = PersonForm(request.POST)
    if not form.is_valid():
        raise RuleBroken("web.no_name", _("Enter a name, then add the person."))
    person = people.named(
        request.workspace, name=form.cleaned_data["name"], company=deal.company, by=request.member
    )
    deals.add_person(deal, person=person, part=form.cleaned_data["part"], by=request.member)
    toast = Toast(text=_("%(name)s is on the deal.") % {"name": person.name})
    return acted.answer(request, deal, stages=[], toast=toast)


@require_POST
def set_part(request: MemberRequest, key: str, person_id: int) -> HttpResponse:
    """Give somebody on a deal another part in the decision."""
    deal = access.deal_for(request.member, key, to="edit")
    person = contacts.person_for(request.member, person_id)
    if not deal.people.filter(person=person).exists():
        raise NotFound("sales.not_on_deal", _("This person is not on the deal. Reload the page."))
    deals.add_person(deal, person=person, part=request.POST.get("part", ""), by=request.member)
    return acted.answer(request, deal, stages=[], toast=Toast(text=_("Saved.")))


@require_POST
def remove_person(request: MemberRequest, key: str, person_id: int) -> HttpResponse:
    """Take somebody off a deal."""
    deal = access.deal_for(request.member, key, to="edit")
    person = contacts.person_for(request.member, person_id)
    deals.remove_person(deal, person=person, by=request.member)
    toast = Toast(text=_("%(name)s is off the deal.") % {"name": person.name})
    return acted.answer(request, deal, stages=[], toast=toast)


def _company(request: MemberRequest, name: str) -> Company | None:
    """The company that was named, or None where no name was given."""
    if not name.strip():
        return None
    return companies.named(request.workspace, name=name, by=request.member)


def _facts_refused(request: MemberRequest, deal: Deal, form: FactsForm) -> HttpResponse:
    if not htmx.is_htmx(request):
        return dialogs.ask(request, form, title=deal.item.title, submit=_("Save"))
    page_ = pages.build(deal, member=request.member)
    context = {"form": form, "page": page_, "workspace": request.workspace}
    return shell.piece(request, "web/deal/facts_form.html", context, status=422)


def _created(request: MemberRequest, deal: Deal) -> HttpResponseBase:
    text = _("%(key)s “%(title)s” is open.") % {"key": deal.item.key, "title": deal.item.title}
    if not htmx.is_htmx(request):
        return htmx.go(request, acted.url(request, "deal", deal))
    path = reverse("pipeline", args=[request.workspace.slug])
    if path not in request.headers.get("HX-Current-URL", ""):
        return htmx.go(request, acted.url(request, "deal", deal))
    columns = boards.columns(asked_by_page(request), [deal.item.stage_id])
    return htmx.moved(request, columns=columns, toast=Toast(text=text))
