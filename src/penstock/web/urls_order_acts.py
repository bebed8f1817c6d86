"""Addresses of what is done with orders as a whole and with their lines."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import deposits as money
from penstock.web.views import (
    order_dates,
    order_deliveries,
    order_holds,
    order_splits,
    order_urgency,
    tiers,
)

holds: list[URLPattern] = [
    path("orders/<str:key>/holds", order_holds.hold, name="order-hold"),
    path("orders/<str:key>/releases", order_holds.release, name="order-release"),
    path("lines/<int:line_id>/holds", order_holds.hold_line, name="order-line-hold"),
    path("lines/<int:line_id>/releases", order_holds.release_line, name="order-line-release"),
]

splits: list[URLPattern] = [
    path("orders/<str:key>/splits", order_splits.split, name="order-split"),
    path("orders/<str:key>/merges", order_splits.merge, name="order-merge"),
]

dates: list[URLPattern] = [
    path("orders/<str:key>/dates", order_dates.set_dates, name="order-dates"),
    path("orders/<str:key>/promises", order_dates.promise, name="order-promise"),
    path("lines/<int:line_id>/dates", order_dates.date_line, name="order-line-dates"),
]

deliveries: list[URLPattern] = [
    path("orders/<str:key>/deliveries", order_deliveries.deliver, name="order-deliveries"),
    path("orders/<str:key>/deliveries/plan", order_deliveries.plan, name="delivery-plan"),
    path("orders/<str:key>/together", order_deliveries.together, name="order-together"),
    path("deliveries/<int:delivery_id>/plan", order_deliveries.replan, name="delivery-replan"),
    path("deliveries/<int:delivery_id>/made", order_deliveries.make, name="delivery-made"),
    path("deliveries/<int:delivery_id>/drop", order_deliveries.drop, name="delivery-drop"),
    path("deliveries/<int:delivery_id>/back", order_deliveries.take_back, name="delivery-back"),
]

urgency: list[URLPattern] = [
    path("orders/<str:key>/expedite", order_urgency.expedite, name="order-expedite"),
    path("orders/<str:key>/calm", order_urgency.calm, name="order-calm"),
    path("companies/<int:company_id>/tier", tiers.assign, name="company-tier"),
]

deposits: list[URLPattern] = [
    path("orders/<str:key>/cancellations", money.cancel, name="order-cancellations"),
    path("orders/<str:key>/deposits", money.receive, name="order-deposit"),
    path("orders/<str:key>/refunds", money.refund, name="order-refund"),
    path("orders/<str:key>/penalty", money.penalty, name="order-penalty"),
    path("deposits/<int:deposit_id>/withdraw", money.withdraw, name="deposit-withdraw"),
]

urlpatterns: list[URLPattern] = [*holds, *splits, *dates, *deliveries, *urgency, *deposits]
