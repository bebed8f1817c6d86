"""Addresses of the order of work: the policy, what others would have done, and what is said of single orders."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import policy_lab, queue_order

urlpatterns: list[URLPattern] = [
    path("backlog/lab", policy_lab.show, name="policy-lab"),
    path("settings/queue", queue_order.rule, name="queue-rule"),
    path("orders/<str:key>/rank", queue_order.put_first, name="order-rank"),
    path("orders/<str:key>/unrank", queue_order.let_policy, name="order-unrank"),
    path("orders/<str:key>/costs", queue_order.costs, name="order-costs"),
]
