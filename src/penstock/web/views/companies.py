"""Who are they, and what do they bring?"""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from penstock.users.middleware import MemberRequest
from penstock.web.pages.base import Page
from penstock.web.views.shell import show


def index(request: MemberRequest) -> HttpResponse:
    """All companies."""
    return show(request, "shell.html", Page(title=_("Companies"), nav="companies"))
