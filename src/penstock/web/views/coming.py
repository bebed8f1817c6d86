"""Stands in for pages that are being built."""

from __future__ import annotations

from django.http import HttpResponse

from penstock.users.middleware import MemberRequest
from penstock.web.pages.base import Page
from penstock.web.views.shell import show


def soon(request: MemberRequest) -> HttpResponse:
    """An empty page."""
    return show(request, "shell.html", Page(title="Soon", nav=""))
