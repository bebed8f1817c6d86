"""Addresses of what is owed and how it comes in: backlog, orders, outlook, imports, settings."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web import urls_order_acts
from penstock.web.views import (
    backlog,
    boards,
    imports,
    new_order,
    order_lines,
    orders,
    outlook,
    products,
    quality,
    settings,
    settings_pipelines,
    statements,
)

backlog_: list[URLPattern] = [
    path("backlog", backlog.show, name="backlog"),
    path("backlog/board", boards.show, name="backlog-board"),
    path("backlog/columns/<int:stage_id>", boards.column, name="backlog-column"),
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
    *urls_order_acts.urlpatterns,
    path("lines/<int:line_id>/<str:name>", order_lines.act, name="order-line"),
]

imports_: list[URLPattern] = [
    path("imports", imports.index, name="imports"),
    path("imports/new", imports.start, name="import-new"),
    path("imports/<int:change_set_id>", imports.show, name="import"),
    path("imports/<int:change_set_id>/progress", imports.progress, name="import-progress"),
    path("imports/<int:change_set_id>/mapping", imports.set_mapping, name="import-mapping"),
    path("imports/<int:change_set_id>/check", imports.check, name="import-check"),
    path("imports/<int:change_set_id>/rows/<int:number>/match", imports.match, name="import-match"),
    path("imports/<int:change_set_id>/apply", imports.apply, name="import-apply"),
    path("imports/<int:change_set_id>/revert", imports.revert, name="import-revert"),
]

settings_: list[URLPattern] = [
    path("settings", settings.workspace, name="settings"),
    path("settings/members", settings.show_members, name="members"),
    path("settings/members/new", settings.invite, name="member-new"),
    path("settings/members/<int:member_id>/role", settings.change_role, name="member-role"),
    path(
        "settings/members/<int:member_id>/deactivate",
        settings.deactivate,
        name="member-deactivate",
    ),
    path("settings/pipelines", settings_pipelines.index, name="pipelines"),
    path("settings/pipelines/new", settings_pipelines.create, name="pipeline-new"),
    path("settings/pipelines/<int:pipeline_id>", settings_pipelines.rename, name="pipeline-rename"),
    path(
        "settings/pipelines/<int:pipeline_id>/retire",
        settings_pipelines.retire,
        name="pipeline-retire",
    ),
    path(
        "settings/pipelines/<int:pipeline_id>/take-up",
        settings_pipelines.take_up,
        name="pipeline-take-up",
    ),
    path(
        "settings/pipelines/<int:pipeline_id>/stages",
        settings_pipelines.add_stage,
        name="stage-new",
    ),
    path(
        "settings/pipelines/<int:pipeline_id>/order",
        settings_pipelines.reorder,
        name="stages-order",
    ),
    path("settings/stages/<int:stage_id>", settings_pipelines.edit_stage, name="stage"),
    path(
        "settings/stages/<int:stage_id>/retire",
        settings_pipelines.retire_stage,
        name="stage-retire",
    ),
    path("settings/reasons", settings_pipelines.show_reasons, name="loss-reasons"),
    path("settings/reasons/new", settings_pipelines.add_reason, name="loss-reason-new"),
    path("settings/reasons/<int:reason_id>", settings_pipelines.rename_reason, name="loss-reason"),
    path(
        "settings/reasons/<int:reason_id>/retire",
        settings_pipelines.retire_reason,
        name="loss-reason-retire",
    ),
    path("settings/products", products.index, name="products"),
    path("settings/products/new", products.create, name="product-new"),
    path("settings/products/<int:product_id>", products.edit, name="product"),
    path("settings/products/<int:product_id>/price", products.price, name="product-price"),
    path("settings/products/<int:product_id>/retire", products.retire, name="product-retire"),
]

urlpatterns: list[URLPattern] = [*backlog_, *orders_, *imports_, *settings_]
