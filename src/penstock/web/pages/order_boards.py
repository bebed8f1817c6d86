"""Two boards: orders by the stage that follows from their ledger, and the work that drains them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from penstock.backlog.models import Line, Order, WorkItem
from penstock.base.money import ZERO
from penstock.flow import pipelines
from penstock.flow.dating import today
from penstock.flow.models import Item, Kind, Stage, StageKind
from penstock.reports import backlog
from penstock.reports.backlog import BacklogOnDay
from penstock.users import roles
from penstock.users.models import Member
from penstock.web import figures
from penstock.web.pages import money
from penstock.web.pages.columns import Card, Column, person
from penstock.web.templatetags.figures import quantity

SHOWN = 80


def stages(member: Member, *, kind: Kind) -> list[Stage]:
    """The stages of the board, in order."""
    pipeline = pipelines.default_for(member.workspace_id, kind=kind)
    return list(pipeline.stages.filter(retired_at=None).order_by("position", "pk"))


def order_columns(
    member: Member, *, state: BacklogOnDay | None = None, only: Iterable[int] | None = None
) -> list[Column]:
    """Orders by stage: the open ones most pressing first, of the finished ones the latest."""
    shown = _wanted(stages(member, kind=Kind.ORDER), only)
    owed = {one.group_id: one.owed for one in (state or backlog.on_day(member)).by_stage}
    counts = _counts(member, shown, kind=Kind.ORDER)
    return [
        Column(
            id=stage.pk,
            name=stage.label,
            n=figures.number(counts.get(stage.pk, 0)),
            sum=money.in_column(owed[stage.pk].in_one) if stage.pk in owed else "",
            cards=_order_cards(member, stage),
            url=_column_url(member, stage),
            limit=stage.wip_limit,
            is_over_limit=_is_over(stage, counts),
            **_rest(member, stage, n=counts.get(stage.pk, 0)),
        )
        for stage in shown
    ]


def work_columns(
    member: Member, *, only: Iterable[int] | None = None, team_id: int | None = None
) -> list[Column]:
    """Work by stage, the oldest first; of the finished work the latest. Cards of one team, if asked."""
    shown = _wanted(stages(member, kind=Kind.WORK), only)
    counts = _counts(member, shown, kind=Kind.WORK)
    return [
        Column(
            id=stage.pk,
            name=stage.label,
            n=figures.number(counts.get(stage.pk, 0)),
            cards=_work_cards(member, stage, team_id=team_id),
            url=_column_url(member, stage),
            limit=stage.wip_limit,
            is_over_limit=_is_over(stage, counts),
        )
        for stage in shown
    ]


def _column_url(member: Member, stage: Stage) -> str:
    return reverse("backlog-column", args=[member.workspace.slug, stage.pk])


def _wanted(found: Sequence[Stage], only: Iterable[int] | None) -> list[Stage]:
    ids = None if only is None else set(only)
    return [stage for stage in found if ids is None or stage.pk in ids]


def _counts(member: Member, shown: Sequence[Stage], *, kind: Kind) -> dict[int, int]:
    # Both counts are read from indexes alone: the open items by stage, and all of a last stage.
    items = Item.objects.present().filter(workspace_id=member.workspace_id, kind=kind)
    open_ones = items.filter(outcome="", stage__in=shown)
    counts = dict(open_ones.values_list("stage_id").annotate(n=Count("pk")))
    for stage in shown:
        if stage.kind == StageKind.DONE:
            counts[stage.pk] = Item.objects.present().filter(
                workspace_id=member.workspace_id, stage=stage
            ).count()  # fmt: skip
    return counts


def _order_cards(member: Member, stage: Stage) -> list[Card]:
    orders = Order.objects.visible_to(member).filter(item__stage=stage)
    if stage.kind == StageKind.DONE:
        ordered = orders.order_by("-item__entered_at", "pk")
    else:
        orders = orders.filter(item__kind=Kind.ORDER, item__outcome="")
        ordered = orders.order_by(F("promised_on").asc(nulls_last=True), "accepted_at", "pk")
    found = list(
        ordered.values(
            "item_id", "currency", "promised_on", "company__name", "item__key", "item__title",
            "item__entered_at", "item__outcome", "item__owner__name",
        )[:SHOWN]
    )  # fmt: skip
    left = _left([row["item_id"] for row in found])
    now = today(member.workspace)
    return [_order_card(row, left, member=member, now=now) for row in found]


def _left(ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    rows = Line.objects.filter(order_id__in=ids).values("order_id").annotate(
        ordered=Sum("ordered_quantity"),
        remaining=Sum("remaining_quantity"),
        worth=Sum("remaining_value"),
        n_unknown=Count(
            "pk", filter=Q(remaining_hours=None, remaining_quantity__gt=0, sort="goods")
        ),
    )  # fmt: skip
    return {row["order_id"]: row for row in rows}


def _order_card(
    row: Mapping[str, Any], left: Mapping[int, Mapping[str, Any]], *, member: Member, now: date
) -> Card:
    sums = left.get(row["item_id"], {})
    key, slug, is_open = row["item__key"], member.workspace.slug, not row["item__outcome"]
    promised = row["promised_on"]
    return Card(
        id=row["item_id"],
        key=key,
        title=row["item__title"],
        url=reverse("order", args=[slug, key]),
        move_url=reverse("order-moves", args=[slug, key]),
        company=row["company__name"] or "",
        amount=figures.money(sums.get("worth") or ZERO, row["currency"]) if is_open else "",
        close_on=promised if is_open else None,
        is_overdue=is_open and promised is not None and promised < now,
        age_days=(timezone.now() - row["item__entered_at"]).days,
        owner=person(row["item__owner__name"]),
        date_means=_("Promised"),
        note=_progress(sums, is_open=is_open),
        is_fixed=not is_open or not roles.may_deliver(member),
    )


def _progress(sums: Mapping[str, Any], *, is_open: bool) -> str:
    if not is_open:
        return pgettext("an order", "Closed")
    if sums.get("n_unknown"):
        return _("Hours unknown")
    return _("%(left)s of %(all)s left") % {
        "left": quantity(sums.get("remaining") or ZERO),
        "all": quantity(sums.get("ordered") or ZERO),
    }


def _works(member: Member) -> QuerySet[WorkItem]:
    return WorkItem.objects.filter(
        workspace_id=member.workspace_id, item__withdrawn_at=None
    ).exclude(item__outcome="dropped")


def _work_cards(member: Member, stage: Stage, *, team_id: int | None) -> list[Card]:
    works = _works(member).filter(item__stage=stage)
    if team_id is not None:
        works = works.filter(team_id=team_id)
    if stage.kind != StageKind.DONE:
        works = works.filter(item__kind=Kind.WORK, item__outcome="")
    newest = "-item__entered_at" if stage.kind == StageKind.DONE else "item__entered_at"
    found = works.order_by(newest, "pk").values(
        "item_id", "item__key", "item__title", "item__entered_at", "item__outcome",
        "item__owner__name", "line__order__item__key", "line__order__promised_on",
        "line__order__company__name", "line__remaining_hours", "line__unit",
    )[:SHOWN]  # fmt: skip
    now = today(member.workspace)
    return [_work_card(row, member=member, now=now) for row in found]


def _work_card(row: Mapping[str, Any], *, member: Member, now: date) -> Card:
    slug, order_key = member.workspace.slug, row["line__order__item__key"]
    is_open, promised = not row["item__outcome"], row["line__order__promised_on"]
    hours = row["line__remaining_hours"]
    return Card(
        id=row["item_id"],
        key=row["item__key"],
        title=row["item__title"],
        url=reverse("work", args=[slug, row["item__key"]]),
        move_url=reverse("work-moves", args=[slug, row["item__key"]]),
        company=row["line__order__company__name"] or "",
        amount=_hours(hours) if is_open else "",
        close_on=promised if is_open else None,
        is_overdue=is_open and promised is not None and promised < now,
        age_days=(timezone.now() - row["item__entered_at"]).days,
        owner=person(row["item__owner__name"]),
        date_means=_("Promised"),
        note=order_key or _("No order"),
        is_fixed=not is_open or not roles.may_deliver(member),
    )


def _hours(hours: Decimal | None) -> str:
    if hours is None:
        return _("Hours unknown")
    return _("%(hours)s h") % {"hours": quantity(hours)}


def _is_over(stage: Stage, counts: dict[int, int]) -> bool:
    return stage.wip_limit is not None and counts.get(stage.pk, 0) > stage.wip_limit


def _rest(member: Member, stage: Stage, *, n: int) -> dict[str, Any]:
    """The way to the orders that have no card."""
    if n <= SHOWN or stage.kind == StageKind.DONE:
        return {}
    url = reverse("backlog", args=[member.workspace.slug])
    return {"n_more": n - SHOWN, "more_url": f"{url}?stage={stage.pk}"}
