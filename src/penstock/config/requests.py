"""A name for every request: given or made, in each log line and on the answer."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponseBase

HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")

#: A link that opens a page without sign-in is a secret, and has no place in a log.
SECRET = re.compile(r"^(/open/[^/]+/[^/]+/).+")
QUIET_PATHS = frozenset({"/healthz", "/readyz"})

request_id: ContextVar[str] = ContextVar("request_id", default="-")
access = logging.getLogger("penstock.access")


class RequestLog:
    """Middleware that names the request and writes one line when it is answered.

    A name from outside is taken only if it is well formed, so that nobody can write into the log.
    The query string is left out because it may hold personal data.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request under its name."""
        token = request_id.set(_name(request))
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response[HEADER] = request_id.get()
            _write(request, response.status_code, time.perf_counter() - started)
            return response
        finally:
            request_id.reset(token)


def _name(request: HttpRequest) -> str:
    given = request.headers.get(HEADER, "")
    return given if WELL_FORMED.fullmatch(given) else uuid.uuid4().hex


def _write(request: HttpRequest, status: int, seconds: float) -> None:
    fields = {
        "method": request.method,
        "path": SECRET.sub(r"\1…", request.path),
        "status": status,
        "ms": round(seconds * 1000, 1),
        "account": _id(request, "user"),
        "workspace": _id(request, "workspace"),
    }
    # Machines ask every few seconds how we are.
    level = logging.DEBUG if request.path in QUIET_PATHS else logging.INFO
    access.log(level, "%(method)s %(path)s %(status)s %(ms)s ms", fields, extra={"fields": fields})


def _id(request: HttpRequest, name: str) -> object:
    # Only what is loaded: asking for the session would cost a query on pages that need none.
    if name == "user" and not hasattr(request, "_cached_user"):
        return None
    return getattr(getattr(request, name, None), "pk", None)
