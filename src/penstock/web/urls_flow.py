"""Addresses of how orders flow."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import backlog_flow, bottleneck, harm

urlpatterns: list[URLPattern] = [
    path("backlog/flow", backlog_flow.show, name="backlog-flow"),
    path("backlog/flow/orders", backlog_flow.orders, name="backlog-flow-orders"),
    path("backlog/flow/work", backlog_flow.work, name="backlog-flow-work"),
    path("backlog/bottleneck", bottleneck.show, name="backlog-bottleneck"),
    path("backlog/bottleneck/work", bottleneck.work, name="backlog-bottleneck-work"),
    path("backlog/risk", harm.show, name="backlog-risk"),
    path("backlog/risk/orders", harm.orders, name="backlog-risk-orders"),
    path("backlog/risk/tile", harm.tile, name="backlog-risk-tile"),
    path("orders/<str:key>/risk", harm.of_order, name="order-risk"),
]
