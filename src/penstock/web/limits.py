"""How often a visitor may ask for a page that needs no sign-in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from penstock.users.middleware import OpenRequest

SECONDS = 60
PER_ADDRESS = 60
PER_WORKSPACE = 1200

View = Callable[..., HttpResponseBase]


def limited(view: View) -> View:
    """Answer 429 to an address, or for a workspace, that asks more often than people do.

    Counted per minute and per process: an attacker gains at most the number of processes.
    """

    @wraps(view)
    def inner(request: OpenRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked = request.META.get("REMOTE_ADDR", "")
        keys = {
            f"open:{request.workspace.pk}:{asked}": PER_ADDRESS,
            f"open:{request.workspace.pk}": PER_WORKSPACE,
        }
        # Every key is counted, also after one that is used up.
        counts = [is_spent(key, most=most) for key, most in keys.items()]
        if any(counts):
            return _too_often(request)
        return view(request, *args, **kwargs)

    return inner


def is_spent(key: str, *, most: int) -> bool:
    """Count one more, and say whether that is too many for this minute."""
    return _count(key) > most


def _count(key: str) -> int:
    if cache.add(key, 1, SECONDS):
        return 1
    try:
        return cache.incr(key)
    except ValueError:
        # It ran out between the two calls.
        cache.set(key, 1, SECONDS)
        return 1


def _too_often(request: OpenRequest) -> HttpResponse:
    answer = render(request, "open/too_often.html", status=429)
    answer["Retry-After"] = str(SECONDS)
    return answer
