"""How far is my goal?"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from penstock.users.middleware import MemberRequest
from penstock.web.pages import goal_tile as pages


@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """The nearest goal and its pace; nothing where there is none."""
    context = {
        "tile": pages.build(request.member),
        "workspace": request.workspace,
        "is_fetched": True,
    }
    return render(request, "components/goal_tile.html", context)
