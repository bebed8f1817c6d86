"""What a customer sees by a link: the proposal, what they say to it, yes or no."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from penstock.flow.dating import now, today
from penstock.sales import (
    access,
    proposal_answers,
    proposal_lines,
    proposal_paper,
    proposal_records,
    proposal_settings,
)
from penstock.sales.models import ProposalEvent, ProposalVersion
from penstock.sales.proposal_answers import Who
from penstock.users.middleware import OpenRequest
from penstock.users.models import Member
from penstock.web.forms.proposals import AcceptForm, CommentForm, DeclineForm
from penstock.web.limits import limited
from penstock.web.views import dialogs, settings_proposals
from penstock.web.views.proposals import pdf

#: Programs that open links before people do say so, mostly.
MACHINES = re.compile(
    r"bot|crawl|spider|preview|scan|proxy|fetch|curl|wget|python|java/|urldefense|safelinks|mimecast|barracuda",
    re.IGNORECASE,
)
#: Looks by one browser within this time are one view.
LOOK_SECONDS = 1800
ASKS = require_http_methods(["GET", "HEAD", "POST"])


@require_http_methods(["GET", "HEAD"])
@limited
def show(request: OpenRequest, token: str) -> HttpResponse:
    """The proposal that was sent last; opening it is no view yet, see :func:`seen`."""
    version = access.proposal_by(token)
    return _page(request, version, token)


@require_POST
@limited
def seen(request: OpenRequest, token: str) -> HttpResponse:
    """A browser that ran our script for some seconds: a person looks at it.

    Our own members, programs that say what they are, and whatever only fetches the page do not count.
    """
    version = access.proposal_by(token)
    if not _is_ours(request) and not MACHINES.search(request.headers.get("User-Agent") or "bot"):
        proposal_answers.view(version, source_key=_look(request))
    return HttpResponse(status=204)


@ASKS
@limited
def accept(request: OpenRequest, token: str) -> HttpResponseBase:
    """The second step: what is accepted, by whom, with a tick."""
    version = access.proposal_by(token)
    options = [line.mark for line in version.lines.all() if line.is_optional]
    asked = request.POST if request.method == "POST" else request.GET
    chosen = [int(one) for one in asked.getlist("option") if one.isdecimal() and len(one) < 9]
    chosen = [mark for mark in chosen if mark in options]

    def act(said: dict[str, Any], who: Who) -> ProposalEvent:
        return proposal_answers.accept(version, by=None, who=who, note=said["text"], options=chosen)

    return _answer(request, token, version, AcceptForm, act, chosen=chosen)


@ASKS
@limited
def decline(request: OpenRequest, token: str) -> HttpResponseBase:
    """No, and why."""
    version = access.proposal_by(token)

    def act(said: dict[str, Any], who: Who) -> ProposalEvent:
        return proposal_answers.decline(version, by=None, who=who, reason=said["text"])

    return _answer(request, token, version, DeclineForm, act)


@require_POST
@limited
def comment(request: OpenRequest, token: str) -> HttpResponse:
    """A question or a wish, about the whole or about a line; the same form sent twice is one."""
    version = access.proposal_by(token)
    with translation.override(version.proposal.language):
        form = CommentForm(request.POST, version=version)
        said = dialogs.attempt(form, lambda: _say(version, form.cleaned_data))
    if said is None:
        return _page(request, version, token, form=form)
    return redirect(f"{_url(request, 'open-proposal', token)}#comments")


@require_GET
@limited
def document(request: OpenRequest, token: str) -> HttpResponse:
    """The PDF of what was sent, while it can be seen."""
    version = access.proposal_by(token)
    if _is_over(version):
        return _page(request, version, token)
    return pdf(version)


@require_GET
@limited
def logo(request: OpenRequest, token: str) -> HttpResponse:
    """The sender's logo."""
    access.proposal_by(token)
    return settings_proposals.picture(request.workspace)


def _answer(
    request: OpenRequest,
    token: str,
    version: ProposalVersion,
    kind: type[AcceptForm] | type[DeclineForm],
    act: Callable[[dict[str, Any], Who], ProposalEvent],
    *,
    chosen: list[int] | None = None,
) -> HttpResponseBase:
    with translation.override(version.proposal.language):
        data = request.POST if request.method == "POST" else None
        person = version.proposal.person
        initial = {"name": person.name if person else "", "version": version.pk}
        form = kind(data, initial=initial)

        def said() -> ProposalEvent:
            # A page that was opened before the newer version came speaks of the older one.
            if form.cleaned_data["version"] != version.pk:
                raise proposal_answers.superseded()
            who = Who(name=form.cleaned_data["name"], person=person)
            return act(form.cleaned_data, who)

        if dialogs.attempt(form, said):
            return redirect(_url(request, "open-proposal", token))
        context = _context(request, version, token) | {
            "form": form,
            "is_accepting": kind is AcceptForm,
            "chosen": chosen or [],
            "total": _total(version, chosen or []),
        }
        if context["is_over"] or context["verdict"]:
            return redirect(_url(request, "open-proposal", token))
        status = 422 if data is not None else 200
        return render(request, "open/proposal_answer.html", context, status=status)


def _say(version: ProposalVersion, said: dict[str, Any]) -> ProposalEvent:
    nonce = said["nonce"]
    key = f"comment:{version.pk}:{nonce}" if nonce else None
    who = Who(name=said["name"], person=version.proposal.person)
    return proposal_answers.comment(
        version, by=None, who=who, text=said["text"], mark=said["mark"], source_key=key
    )


def _page(
    request: OpenRequest, version: ProposalVersion, token: str, *, form: CommentForm | None = None
) -> HttpResponse:
    with translation.override(version.proposal.language):
        context = _context(request, version, token)
        person = version.proposal.person
        initial = {"name": person.name if person else "", "nonce": secrets.token_hex(12)}
        context["form"] = form or CommentForm(version=version, initial=initial)
        return render(request, "open/proposal.html", context, status=422 if form else 200)


def _context(request: OpenRequest, version: ProposalVersion, token: str) -> dict[str, Any]:
    row = proposal_settings.of(request.workspace)
    lines = version.lines.all()
    said = ProposalEvent.objects.filter(version__proposal=version.proposal, kind="commented")
    names = {line.mark: line.title for line in lines}
    return {
        "version": version,
        "token": token,
        "paper": proposal_paper.data(version, settings=row, logo=None),
        "options": [(line.mark, line.title) for line in lines if line.is_optional],
        "has_logo": bool(row.logo_type),
        "verdict": proposal_records.verdict(version),
        "is_over": _is_over(version),
        "comments": [
            {
                "event": event,
                "note": getattr(event, "note", None),
                "line": names.get(event.mark or 0, ""),
            }
            for event in said.select_related("note", "by").order_by("occurred_at", "pk")
        ],
    }


def _is_over(version: ProposalVersion) -> bool:
    """Out of date and never accepted, or withdrawn: there is nothing to see any more."""
    said = proposal_records.verdict(version)
    return said == "withdrawn" or (
        said != "accepted" and version.valid_until < today(version.workspace)
    )


def _total(version: ProposalVersion, chosen: list[int]) -> str:
    currency = version.proposal.currency
    sums = proposal_lines.added_up(list(version.lines.all()), currency=currency, options=chosen)
    return proposal_paper.money(sums.gross, currency)


def _look(request: HttpRequest) -> str:
    """Who looks, without keeping who: a keyed hash of address and browser, and the half hour."""
    who = f"{request.META.get('REMOTE_ADDR', '')}|{request.headers.get('User-Agent', '')}"
    mark = hmac.new(settings.SECRET_KEY.encode(), who.encode(), hashlib.sha256).hexdigest()[:16]
    return f"{mark}:{int(now().timestamp()) // LOOK_SECONDS}"


def _is_ours(request: OpenRequest) -> bool:
    return bool(
        request.user.is_authenticated
        and Member.objects.filter(account_id=request.user.pk, workspace=request.workspace).exists()
    )


def _url(request: OpenRequest, name: str, token: str) -> str:
    return reverse(name, args=[request.workspace.slug, token])
