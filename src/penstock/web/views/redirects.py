"""Old addresses of what was merged lead to what answers for it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from penstock.base.errors import NotFound
from penstock.contacts.models import Company, Person
from penstock.sales import access, merging
from penstock.sales.models import Deal
from penstock.users.middleware import MemberRequest


def to_survivor(
    request: MemberRequest, survivor: Company | Person, *, url_name: str
) -> HttpResponse:
    """To the company or person that answers for the one that was asked for."""
    messages.info(request, _("What you asked for was merged into “%(name)s”.") % {"name": survivor})
    return redirect(reverse(url_name, args=[request.workspace.slug, survivor.pk]))


def to_deal(request: MemberRequest, deal: Deal) -> HttpResponse:
    """To the deal that answers for a merged one, as far as the member may see it.

    Raises:
        NotFound: ``sales.no_deal``.
    """
    survivor = access.deals_for(request.member).filter(pk=merging.survivor_of(deal).pk)
    found = survivor.select_related("item").first()
    if found is None:
        raise NotFound("sales.no_deal", _("There is no such deal, or it is not yours to see."))
    messages.info(
        request,
        _("%(key)s was merged into this deal.") % {"key": deal.item.key},
    )
    return redirect(reverse("deal", args=[request.workspace.slug, found.item.key]))
