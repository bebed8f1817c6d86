"""Every address of the pages; those below ``/w/<slug>/`` are inside a workspace."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from penstock.web.views import closed, companies, deals, home, live, moves, people, pipeline, search

deal: list[URLPattern] = [
    path("pipeline", pipeline.show, name="pipeline"),
    path("pipeline/closed", closed.show, name="closed-deals"),
    path("pipeline/columns/<int:stage_id>", pipeline.column, name="pipeline-column"),
    path("pipeline/columns/<int:stage_id>/more", pipeline.more, name="pipeline-more"),
    path("items/<str:key>/moves", moves.create, name="item-moves"),
    path("items/<str:key>/moves/<int:transition_id>/undo", moves.undo, name="item-move-undo"),
    path("items/<str:key>/reopen", moves.reopen, name="item-reopen"),
    path("items/<str:key>/unpark", moves.unpark, name="item-unpark"),
    path("deals/new", deals.create, name="create-deal"),
    path("deals/<str:key>", deals.page, name="deal"),
    path("deals/<str:key>/facts", deals.facts, name="deal-facts"),
    path("deals/<str:key>/qualify", deals.qualify, name="deal-qualify"),
    path("deals/<str:key>/disqualify", deals.disqualify, name="deal-disqualify"),
    path("deals/<str:key>/people", deals.add_person, name="deal-people"),
    path(
        "deals/<str:key>/people/<int:person_id>/remove",
        deals.remove_person,
        name="deal-person-remove",
    ),
]

contact: list[URLPattern] = [
    path("companies", companies.index, name="companies"),
    path("companies/new", companies.create, name="company-create"),
    path("companies/<int:company_id>", companies.page, name="company"),
    path("companies/<int:company_id>/edit", companies.edit, name="company-edit"),
    path("companies/<int:company_id>/people/new", people.create, name="person-create"),
    path("people/<int:person_id>", people.page, name="person"),
    path("people/<int:person_id>/edit", people.edit, name="person-edit"),
    path("people/<int:person_id>/erase", people.erase, name="person-erase"),
]

workspace: list[URLPattern | URLResolver] = [
    path("", home.inside, name="workspace"),
    path("", include("penstock.web.urls_today")),
    path("events", live.nothing, name="events"),
    path("", include("penstock.web.urls_backlog")),
    path("", include("penstock.web.urls_leads")),
    path("", include("penstock.web.urls_campaigns")),
    path("", include("penstock.web.urls_captures")),
    path("", include("penstock.web.urls_exports")),
    path("", include("penstock.web.urls_insights")),
    path("", include("penstock.web.urls_steering")),
    path("", include("penstock.web.urls_capacity")),
    path("", include("penstock.web.urls_impact")),
    path("", include("penstock.web.urls_flow")),
    path("", include("penstock.web.urls_queue")),
    path("", include("penstock.web.urls_promises")),
    path("", include("penstock.web.urls_work")),
    path("", include("penstock.web.urls_followups")),
    path("", include("penstock.web.urls_proposals")),
    path("", include("penstock.web.urls_evidence")),
    path("", include("penstock.web.urls_activities")),
    path("", include("penstock.web.urls_playbooks")),
    path("", include("penstock.web.urls_mail")),
    path("", include("penstock.web.urls_duplicates")),
    path("", include("penstock.web.urls_gates")),
    path("", include("penstock.web.urls_deal_table")),
    path("", include("penstock.web.urls_saved_views")),
    path("search", search.show, name="search"),
    *deal,
    *contact,
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.start, name="home"),
    path("workspaces/new", home.found, name="found-workspace"),
    path("workspaces/<slug:other>/switch", home.switch, name="switch-workspace"),
    path("w/<slug:slug>/", include(workspace)),
    path("open/<slug:open_slug>/", include("penstock.web.urls_open")),
]
