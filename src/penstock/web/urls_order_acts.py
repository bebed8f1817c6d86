"""Addresses of what is done with orders as a whole and with their lines."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import order_dates, order_holds, order_splits

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

urlpatterns: list[URLPattern] = [*holds, *splits, *dates]
