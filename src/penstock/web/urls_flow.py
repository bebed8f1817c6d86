"""Addresses of how orders flow."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import backlog_flow

urlpatterns: list[URLPattern] = [
    path("backlog/flow", backlog_flow.show, name="backlog-flow"),
    path("backlog/flow/orders", backlog_flow.orders, name="backlog-flow-orders"),
    path("backlog/flow/work", backlog_flow.work, name="backlog-flow-work"),
]
