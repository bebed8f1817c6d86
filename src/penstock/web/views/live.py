"""The stream of changes, where only pages are served."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from penstock.users.middleware import MemberRequest


@require_GET
def nothing(request: MemberRequest) -> HttpResponse:
    """Tell the browser not to ask again: behind ``config.asgi`` nobody gets here."""
    return HttpResponse(status=204)
