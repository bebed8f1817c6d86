"""All activities: whose, in which state, of which kind."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from penstock.reports import today
from penstock.users.middleware import MemberRequest
from penstock.web.forms.activity_filters import ActivityFilters
from penstock.web.pages import activity_list as pages
from penstock.web.pages import saved_views
from penstock.web.views import shell


@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """A page of the list."""
    views = saved_views.build(request.member, saved_views.ACTIVITIES, request.GET)
    if views.elsewhere:
        return redirect(views.elsewhere)
    form = ActivityFilters(request.GET, may_see_team=today.may_see_team(request.member))
    page = pages.build(request.member, form, number=request.GET.get("page", ""))
    return shell.show(request, "web/activities/page.html", page, filters=form, views=views)
