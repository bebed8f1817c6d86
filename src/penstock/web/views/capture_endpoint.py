"""Leads that another program sends, signed with a key: JSON in, JSON or problem+json out."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from penstock.base import tracking
from penstock.base.errors import NotAllowed, PenstockError, RuleBroken
from penstock.sales import capture_forms, capture_keys, captures
from penstock.sales.captures import Sent
from penstock.sales.models import CaptureKey, Channel, Submission
from penstock.users.middleware import OpenRequest
from penstock.web.errors import status_of
from penstock.web.limits import is_spent

LARGEST = 64 * 1024
PER_MINUTE = 300
#: Wrong signatures from one address: a clock that is wrong, or somebody who tries.
WRONG_PER_MINUTE = 30
KNOWN = frozenset({*capture_forms.OFFERED, "id", "page", "referrer", "channel", "at", "consent"})
N_EXTRA = 50


def problem(code: str, text: str, *, status: int, needs: list[str] | None = None) -> JsonResponse:
    """What went wrong, as programs read it (RFC 9457)."""
    told: dict[str, Any] = {"type": "about:blank", "status": status, "code": code, "title": text}
    if needs:
        told["needs"] = needs
    answer = JsonResponse(told, status=status, content_type="application/problem+json")
    answer["Cache-Control"] = "no-store"
    return answer


def _problems(view: Callable[[OpenRequest], HttpResponse]) -> Callable[[OpenRequest], HttpResponse]:
    """Answer refusals as problems, in English: programs read the code, their makers the title."""

    @wraps(view)
    def inner(request: OpenRequest) -> HttpResponse:
        with translation.override("en"):
            try:
                return view(request)
            except PenstockError as error:
                status = 401 if isinstance(error, NotAllowed) else status_of(error)
                return problem(error.code, str(error.message), status=status, needs=[*error.needs])

    return inner


# Nobody is signed in here; the signature says who sends.
@csrf_exempt
@require_POST
@_problems
def take(request: OpenRequest) -> HttpResponse:
    """Check the signature, then take the lead in: 201 for a new one, 200 for one that is known."""
    address = request.META.get("REMOTE_ADDR", "")
    if is_spent(f"signed:{request.workspace.pk}:{address}", most=PER_MINUTE):
        return _too_often()
    refused = _wrong_shape(request)
    if refused is not None:
        return refused
    body = request.body
    try:
        key = capture_keys.check(
            request.workspace,
            public_id=request.headers.get("Penstock-Key", ""),
            timestamp=request.headers.get("Penstock-Timestamp", ""),
            signature=request.headers.get("Penstock-Signature", ""),
            body=body,
        )
    except NotAllowed:
        if is_spent(f"unsigned:{request.workspace.pk}:{address}", most=WRONG_PER_MINUTE):
            return _too_often()
        raise
    return _told(_taken(key, _read(body)))


def _wrong_shape(request: OpenRequest) -> HttpResponse | None:
    if request.content_type != "application/json":
        return problem("web.not_json", _("Send JSON, as application/json."), status=415)
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal() or int(length) > LARGEST:
        text = _("Send at most 64 kB, and say how much it is.")
        return problem("web.too_large", text, status=413)
    return None


def _read(body: bytes) -> dict[str, Any]:
    """The object that was sent.

    Raises:
        RuleBroken: ``web.malformed``.
    """
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise RuleBroken("web.malformed", _("This is no JSON.")) from error
    if not isinstance(told, dict):
        raise RuleBroken("web.malformed", _("Send one JSON object."))
    wrong = [name for name in KNOWN & set(told) if not isinstance(told[name], str | int | bool)]
    if wrong:
        raise RuleBroken(
            "web.malformed",
            _("Send text in: %(fields)s.") % {"fields": ", ".join(sorted(wrong))},
            needs=sorted(wrong),
        )
    return told


def _taken(key: CaptureKey, told: dict[str, Any]) -> tuple[Submission, bool]:
    name = str(told.get("id", "")).strip()
    if not name or len(name) > 100:
        raise RuleBroken(
            "sales.id_missing",
            _("Give each lead an id of your own, at most 100 signs, so that it is taken in once."),
            needs=["id"],
        )
    channel = str(told.get("channel", ""))
    if channel and channel not in Channel.values:
        raise RuleBroken(
            "sales.channel",
            _("Choose one of: %(channels)s.") % {"channels": ", ".join(Channel.values)},
            needs=["channel"],
        )
    source_key = f"signed:{key.form_id}:{name}"
    is_known = Submission.objects.filter(workspace_id=key.workspace_id, source_key=source_key)
    known = is_known.exists()
    trace = tracking.read(str(told.get("page", "")), referrer=str(told.get("referrer", "")))
    sent = Sent(
        answers={code: str(told[code]) for code in capture_forms.OFFERED if code in told},
        source_key=source_key,
        trace=trace,
        page=trace.landing,
        agrees=told.get("consent") is True,
        channel=channel,
        key=key,
        extra=_extra(told),
    )
    return captures.take(key.form, sent, at=_moment(told)), known


def _extra(told: dict[str, Any]) -> dict[str, str]:
    """Fields that no lead has are kept beside it, as text."""
    more = [name for name in told if name not in KNOWN][:N_EXTRA]
    return {
        tracking.clean(name)[:60]: tracking.clean(json.dumps(told[name], ensure_ascii=False))
        for name in more
    }


def _moment(told: dict[str, Any]) -> datetime | None:
    if "at" not in told:
        return None
    try:
        at = parse_datetime(str(told["at"]))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise RuleBroken(
            "web.malformed",
            _("Send “at” as a moment with its zone, such as 2026-03-31T09:00:00Z."),
            needs=["at"],
        )
    return at


def _told(done: tuple[Submission, bool]) -> JsonResponse:
    row, is_known = done
    told = {
        "verdict": row.verdict,
        "lead": row.deal.item.key if row.deal else None,
        "is_new": not is_known and row.verdict == Submission.Verdict.TAKEN,
    }
    answer = JsonResponse(told, status=200 if is_known else 201)
    answer["Cache-Control"] = "no-store"
    return answer


def _too_often() -> HttpResponse:
    answer = problem("web.too_often", _("Too many requests. Wait a minute."), status=429)
    answer["Retry-After"] = "60"
    return answer
