"""Addresses of what is to be done about deals and orders."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.flow.models import Kind
from penstock.web.views import activities, activity_list

urlpatterns: list[URLPattern] = [
    path("activities", activity_list.show, name="activities"),
    path("deals/<str:key>/activities/new", activities.create, name="activity-new"),
    path("deals/<str:key>/activities/log/<slug:kind>", activities.log, name="activity-log"),
    path(
        "orders/<str:key>/activities/new",
        activities.create,
        {"about": Kind.ORDER},
        name="order-activity-new",
    ),
    path(
        "orders/<str:key>/activities/log/<slug:kind>",
        activities.log,
        {"about": Kind.ORDER},
        name="order-activity-log",
    ),
    path("activities/<int:activity_id>/done", activities.complete, name="activity-done"),
    path("activities/<int:activity_id>/due", activities.put_off, name="activity-due"),
    path("activities/<int:activity_id>/edit", activities.edit, name="activity-edit"),
    path("activities/<int:activity_id>/cancel", activities.cancel, name="activity-cancel"),
    path(
        "activities/<int:activity_id>/changes/<int:activity_change_id>/undo",
        activities.undo,
        name="activity-undo",
    ),
]
