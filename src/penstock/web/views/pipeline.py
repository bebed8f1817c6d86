"""Where does every deal stand?"""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from penstock.users.middleware import MemberRequest
from penstock.web.pages.base import Page
from penstock.web.views import shell


def show(request: MemberRequest) -> HttpResponse:
    """The board."""
    return shell.show(request, "shell.html", Page(title=_("Pipeline"), nav="pipeline"))
