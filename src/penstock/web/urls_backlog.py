"""Addresses of what is owed and how it comes in: backlog, orders, outlook, imports, settings."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import (
    backlog,
    boards,
    imports,
    new_order,
    order_lines,
    orders,
    outlook,
    quality,
    statements,
)

backlog_: list[URLPattern] = [
    path("backlog", backlog.show, name="backlog"),
    path("backlog/board", boards.show, name="backlog-board"),
    path("backlog/statement", statements.show, name="backlog-statement"),
    path("backlog/entries", statements.entries, name="backlog-entries"),
    path("outlook", outlook.show, name="outlook"),
    path("quality", quality.show, name="quality"),
    path("orders/<str:key>/moves", boards.move_order, name="order-moves"),
    path("work/<str:key>/moves", boards.move_work, name="work-moves"),
]

orders_: list[URLPattern] = [
    path("orders/new", new_order.create, name="create-order"),
    path("orders/<str:key>", orders.page, name="order"),
    path("orders/<str:key>/dates", orders.set_dates, name="order-dates"),
    path("orders/<str:key>/deliveries", orders.deliver, name="order-deliveries"),
    path("orders/<str:key>/cancellations", orders.cancel, name="order-cancellations"),
    path(
        "orders/<str:key>/proposals/<int:finding_id>/accept",
        orders.accept_amendment,
        name="order-accept",
    ),
    path(
        "orders/<str:key>/proposals/<int:finding_id>/dismiss",
        orders.dismiss_amendment,
        name="order-dismiss",
    ),
    path("lines/<int:line_id>/<str:name>", order_lines.act, name="order-line"),
]

imports_: list[URLPattern] = [
    path("imports", imports.index, name="imports"),
    path("imports/new", imports.start, name="import-new"),
    path("imports/<int:change_set_id>", imports.show, name="import"),
    path("imports/<int:change_set_id>/progress", imports.progress, name="import-progress"),
    path("imports/<int:change_set_id>/mapping", imports.set_mapping, name="import-mapping"),
    path("imports/<int:change_set_id>/check", imports.check, name="import-check"),
    path("imports/<int:change_set_id>/apply", imports.apply, name="import-apply"),
    path("imports/<int:change_set_id>/revert", imports.revert, name="import-revert"),
]

urlpatterns: list[URLPattern] = [*backlog_, *orders_, *imports_]
