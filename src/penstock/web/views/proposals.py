"""What was offered, and what became of it?"""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from penstock.sales import access, proposal_documents
from penstock.sales.models import Proposal, ProposalVersion
from penstock.users.middleware import MemberRequest
from penstock.web.pages import proposal_changes
from penstock.web.pages import proposals as pages
from penstock.web.pages.base import Crumb, Page
from penstock.web.views import shell


@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """All proposals, or those in a state."""
    wanted = request.GET.get("state", "")
    page = pages.index(request.member, wanted=wanted if wanted in pages.FILTERS else "")
    return shell.show(request, "web/proposals/list.html", page)


@require_GET
def differing(request: MemberRequest) -> HttpResponse:
    """The deals whose amount is not what their proposal comes to, with both figures."""
    slug = request.workspace.slug
    rows = access.deals_for(request.member).differing().select_related("item", "company")
    page = Page(
        title=_("Amounts that differ"),
        nav="pipeline",
        answer=_(
            "Nothing here is mended by itself: change the amount of the deal, or send a new version."
        ),
        crumbs=(Crumb(name=_("Proposals"), url=reverse("proposals", args=[slug])),),
    )
    return shell.show(
        request, "web/proposals/differing.html", page, deals=list(rows.order_by("-item_id")[:200])
    )


@require_GET
def show(request: MemberRequest, proposal: str) -> HttpResponse:
    """One proposal; ``?version=1`` shows an older version."""
    found = access.proposal_for(request.member, proposal)
    version = _version(request, found)
    return shell.show(
        request, "web/proposals/page.html", pages.show(found, version, member=request.member)
    )


@require_GET
def changes(request: MemberRequest, proposal: str) -> HttpResponse:
    """What differs between two versions: ``?from=1&to=2``, or the last two."""
    found = access.proposal_for(request.member, proposal)
    numbers = list(found.versions.order_by("number").values_list("number", flat=True))
    after = _asked(request, "to", numbers, numbers[-1])
    before = _asked(request, "from", numbers, max(1, after - 1))
    key, slug = found.key, request.workspace.slug
    one, two = (access.version_for(request.member, key, n) for n in (before, after))
    page = Page(
        title=_("What differs in %(key)s") % {"key": key},
        nav="pipeline",
        answer=_("Version %(before)s against version %(after)s.")
        % {"before": before, "after": after},
        crumbs=(Crumb(name=key, url=reverse("proposal", args=[slug, key])),),
    )
    return shell.show(
        request,
        "web/proposals/changes.html",
        page,
        rows=proposal_changes.changes(one, two),
        numbers=numbers,
        before=before,
        after=after,
    )


@require_GET
def document(request: MemberRequest, proposal: str, number: int) -> HttpResponse:
    """The PDF: as it is kept of what was sent, as it would be of a draft."""
    version = access.version_for(request.member, proposal, number)
    return pdf(version)


def pdf(version: ProposalVersion) -> HttpResponse:
    """A version's document as an answer."""
    kept = None if version.is_draft else proposal_documents.keep(version)
    data = bytes(kept.data) if kept else proposal_documents.preview(version)
    name = f"{version.proposal.key}-{version.number}.pdf"
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _version(request: MemberRequest, found: Proposal) -> ProposalVersion:
    numbers = list(found.versions.order_by("number").values_list("number", flat=True))
    number = _asked(request, "version", numbers, numbers[-1])
    return access.version_for(request.member, found.key, number)


def _asked(request: MemberRequest, name: str, numbers: list[int], usual: int) -> int:
    text = request.GET.get(name, "")
    number = int(text) if text.isdecimal() and len(text) < 6 else usual
    return number if number in numbers else usual
