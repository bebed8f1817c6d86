"""Addresses of what stages put on the deals that enter them."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import settings_playbooks

urlpatterns: list[URLPattern] = [
    path("settings/playbooks", settings_playbooks.index, name="playbooks"),
    path(
        "settings/playbooks/stages/<int:stage_id>/new",
        settings_playbooks.create,
        name="playbook-task-new",
    ),
    path(
        "settings/playbooks/stages/<int:stage_id>/order",
        settings_playbooks.arrange,
        name="playbook-order",
    ),
    path("settings/playbooks/<int:task_id>", settings_playbooks.edit, name="playbook-task"),
    path(
        "settings/playbooks/<int:task_id>/retire",
        settings_playbooks.retire,
        name="playbook-task-retire",
    ),
    path(
        "settings/playbooks/<int:task_id>/take-up",
        settings_playbooks.take_up,
        name="playbook-task-take-up",
    ),
]
