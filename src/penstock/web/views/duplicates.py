"""Which of them are one?"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from penstock.base.errors import Conflict, NotFound, RuleBroken
from penstock.contacts import access, merging
from penstock.contacts.models.merge import Noun
from penstock.sales import access as sales
from penstock.sales import merging as deals
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms.merging import MergeForm
from penstock.web.htmx import Toast
from penstock.web.pages import duplicates as pages
from penstock.web.pages import merging_nouns as nouns
from penstock.web.views import shell


@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """Pairs that are possibly one, the most probable first."""
    noun = _noun(request.GET.get("of", "") or Noun.COMPANY)
    page = pages.index(request.member, noun=noun, number=request.GET.get("page", ""))
    return shell.show(request, "web/duplicates/list.html", page)


@require_http_methods(["GET", "POST"])
def compare(request: MemberRequest, noun: str, low: int, high: int) -> HttpResponse:
    """Both side by side: which one stays, and which value of each field."""
    kind = _noun(noun)
    one, other = _pair(request, kind, low, high)
    if one.pk == other.pk:
        messages.success(request, _("They are one already."))
        return htmx.go(request, nouns.url(kind, one, slug=request.workspace.slug))
    data = request.POST if request.method == "POST" else None
    form = MergeForm(data, noun=kind, one=one, other=other)
    if form.is_bound and form.is_valid():
        try:
            return _merged(request, kind, form)
        except (RuleBroken, Conflict) as error:
            form.add_error(None, error.message)
    page = pages.compare(kind, one, other, form=form, member=request.member)
    status = 422 if form.is_bound else 200
    return shell.show(request, "web/duplicates/compare.html", page, status=status)


@require_POST
def apart(request: MemberRequest, noun: str, low: int, high: int) -> HttpResponse:
    """They are not the same, and are not shown as a pair again."""
    kind = _noun(noun)
    one, other = _pair(request, kind, low, high)
    merging.keep_apart(kind, one.pk, other.pk, by=request.member)
    text = _("“%(one)s” and “%(other)s” are kept apart.") % {
        "one": nouns.name(kind, one),
        "other": nouns.name(kind, other),
    }
    return _listed(request, kind, text)


@require_POST
def again(request: MemberRequest, noun: str, low: int, high: int) -> HttpResponse:
    """Take back that they are not the same."""
    kind = _noun(noun)
    one, other = _pair(request, kind, low, high)
    merging.compare_again(kind, one.pk, other.pk)
    return _listed(request, kind, _("They are compared again."))


@require_POST
def undo(request: MemberRequest, merge_id: int) -> HttpResponse:
    """Part two records again."""
    merge = access.merge_for(request.member, merge_id)
    if merge.noun == Noun.DEAL:
        kept = sales.deals_for(request.member).select_related("item").filter(pk=merge.kept_id)
        deal = kept.first()
        if deal is None:
            raise NotFound("contacts.no_merge", _("There is no such merge here."))
        sales.check_edit(request.member, deal.item)
        deals.undo(merge, by=request.member)
    else:
        access.check_merge(request.member)
        merging.undo(merge, by=request.member)
    messages.success(request, _("They are two again, as before."))
    kept_now = nouns.find(request.member, Noun(merge.noun), merge.kept_id)
    return htmx.go(request, nouns.url(Noun(merge.noun), kept_now, slug=request.workspace.slug))


def _noun(text: str) -> Noun:
    if text not in Noun.values:
        raise NotFound("contacts.no_noun", _("Choose companies, people or deals."))
    return Noun(text)


def _pair(request: MemberRequest, noun: Noun, low: int, high: int) -> tuple[Any, Any]:
    """Both records, for whoever may merge them."""
    one, other = (nouns.find(request.member, noun, pk) for pk in (low, high))
    if noun == Noun.DEAL:
        for deal in (one, other):
            sales.check_edit(request.member, deal.item)
    else:
        access.check_merge(request.member)
    return one, other


def _merged(request: MemberRequest, noun: Noun, form: MergeForm) -> HttpResponse:
    kept, gone = form.kept, form.gone
    verbs: dict[Noun, Any] = {
        Noun.COMPANY: merging.merge_companies,
        Noun.PERSON: merging.merge_people,
        Noun.DEAL: deals.merge,
    }
    name = nouns.name(noun, gone)
    verbs[noun](kept, gone=gone, by=request.member, take=form.take)
    messages.success(
        request, _("“%(name)s” is merged into this one. It can be undone here.") % {"name": name}
    )
    return htmx.go(request, nouns.url(noun, kept, slug=request.workspace.slug))


def _listed(request: MemberRequest, noun: Noun, text: str) -> HttpResponse:
    if htmx.is_htmx(request):
        return htmx.moved(request, toast=Toast(text=text))
    messages.success(request, text)
    return htmx.go(request, pages.list_url(noun, slug=request.workspace.slug))
