"""Writing a proposal: its lines, its texts, its sums while they are typed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from penstock.base import totals
from penstock.base.errors import RuleBroken
from penstock.flow.dating import today
from penstock.sales import access, proposal_lines, proposal_paper, proposals
from penstock.sales.models import ProposalVersion
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms.proposals import NewForm, VersionForm, lines_of
from penstock.web.pages.base import Crumb, Page
from penstock.web.views import dialogs, shell
from penstock.web.views.orders import ASKS


@ASKS
def create(request: MemberRequest, key: str) -> HttpResponseBase:
    """Ask for language and currency, and begin a draft."""
    deal = access.deal_for(request.member, key, to="edit")
    initial = {"currency": deal.currency, "language": request.workspace.language}
    form = NewForm(request.POST or None, initial=initial)
    form.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]  # -- a choice field
    version = dialogs.attempt(
        form, lambda: proposals.draft(deal, by=request.member, **form.cleaned_data)
    )
    if version is not None:
        return htmx.go(request, _url(request, "proposal-edit", version))
    return dialogs.ask(request, form, title=_("New proposal"), submit=_("Write it"))


@ASKS
def edit(request: MemberRequest, proposal: str, number: int) -> HttpResponse:
    """Show a draft to be changed, and keep it."""
    version = access.version_for(request.member, proposal, number, to="edit")
    if not version.is_draft:
        return htmx.go(request, reverse("proposal", args=[request.workspace.slug, proposal]))
    data = request.POST if request.method == "POST" else None
    form = VersionForm(data, member=request.member, version=version)
    lines = lines_of(version, request.member, data)
    if (
        data is not None
        and lines.is_valid()
        and dialogs.attempt(form, lambda: _keep(request, version, form, lines))
    ):
        messages.success(request, _("The draft is saved."))
        name = "proposal-edit" if "more" in data else "proposal"
        return htmx.go(request, _url(request, name, version))
    page = Page(
        title=_("Write %(key)s") % {"key": version.proposal.key},
        nav="pipeline",
        crumbs=(Crumb(name=version.proposal.key, url=_url(request, "proposal", version)),),
    )
    context = {"form": form, "lines": lines, "version": version, "sums": _kept_sums(version)}
    status = 422 if data is not None else 200
    return shell.show(request, "web/proposals/edit.html", page, status=status, **context)


@require_POST
def sums(request: MemberRequest, proposal: str, number: int) -> HttpResponse:
    """What the lines come to as they are typed; nothing is kept."""
    version = access.version_for(request.member, proposal, number, to="edit")
    rows = lines_of(version, request.member, request.POST)
    rows.is_valid()
    wanted = [row.wanted() for row in rows if not row.errors and hasattr(row, "cleaned_data")]
    currency, day = version.proposal.currency, today(request.workspace)
    positions = [
        totals.Position(one.quantity, price, one.discount_share, one.tax_share, not one.is_optional)
        for one in wanted
        if one is not None
        and (price := proposal_lines.price_of(one, currency=currency, on=day)) is not None
    ]
    total = totals.added_up(positions, currency=currency)
    context = {"sums": proposal_paper.sums_of(total), "n": total.n}
    return shell.piece(request, "web/proposals/sums.html", context)


def _keep(
    request: MemberRequest, version: ProposalVersion, form: VersionForm, rows: Any
) -> ProposalVersion:
    wanted = [one for one in (row.wanted() for row in rows) if one is not None]
    try:
        return proposals.change(version, by=request.member, lines=wanted, **form.cleaned_data)
    except RuleBroken as error:
        # Which row it is about, the sentence says; the form has no field of this name.
        raise RuleBroken(error.code, error.message) from error


def _kept_sums(version: ProposalVersion) -> list[proposal_paper.Sum]:
    figures = [line.figures() for line in version.lines.all()]
    return proposal_paper.sums_of(totals.added_up(figures, currency=version.proposal.currency))


def _url(request: MemberRequest, name: str, version: ProposalVersion) -> str:
    parts = [request.workspace.slug, version.proposal.key]
    return reverse(name, args=[*parts, version.number] if name != "proposal" else parts)
