"""What happened to orders after they were accepted, one row per event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from penstock.backlog import holds, ledger
from penstock.backlog.holds import CAUSES, Why
from penstock.backlog.models import Entry, Line, Order
from penstock.base.errors import PenstockError
from penstock.base.keys import match_key
from penstock.flow.models import Blocker
from penstock.intake.models import Verdict
from penstock.intake.nouns.cells import Parsed
from penstock.intake.nouns.field import Field, Sort
from penstock.intake.nouns.order_fields import KEY
from penstock.intake.nouns.order_lines import line_id
from penstock.intake.nouns.ruling import Group, Ruling, reject, same
from penstock.intake.nouns.run import Run

NAME = "order_events"
FIELDS = (
    KEY,
    Field(
        "line_key",
        _("Line"),
        Sort.TEXT,
        ("line", "order item id", "line number", "position", "строка"),
    ),
    Field(
        "kind",
        _("Event"),
        Sort.TEXT,
        ("event", "type", "event type", "action", "событие"),
        is_required=True,
    ),
    Field("quantity", _("Quantity"), Sort.NUMBER, ("qty", "units", "количество")),
    Field(
        "at",
        _("When"),
        Sort.MOMENT,
        ("date", "timestamp", "occurred at", "event date", "дата"),
        is_required=True,
    ),
    Field("reason", _("Reason"), Sort.TEXT, ("причина",)),
)
VERBS: dict[str, Callable[..., Entry]] = {
    "amended": ledger.amend,
    "fulfilled": ledger.fulfil,
    "cancelled": ledger.cancel,
    "reversed": ledger.reverse,
    "reinstated": ledger.reinstate,
    "returned": ledger.return_goods,
}
HOLDS = ("hold_started", "hold_ended")
WORDS = {
    "hold": "hold_started",
    "on hold": "hold_started",
    "released": "hold_ended",
    "приостановлено": "hold_started",
    "возобновлено": "hold_ended",
    "delivered": "fulfilled",
    "shipped": "fulfilled",
    "canceled": "cancelled",
    "changed": "amended",
    "return": "returned",
    "доставлено": "fulfilled",
    "отгружено": "fulfilled",
    "отменено": "cancelled",
    "возврат": "returned",
}


class OrderEvents:
    """Books each event in the ledger, by the rules and in the order of time."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def handle(self, groups: Sequence[Group]) -> list[Ruling]:
        """Judge and write one chunk of rows, grouped by order."""
        ids = self._run.known([group.key for group in groups], noun="orders")
        rulings: list[Ruling] = []
        for group in groups:
            order = Order.objects.filter(pk=ids.get(group.key, 0), item__withdrawn_at=None).first()
            rows = sorted(group.rows, key=lambda row: (row.get("at").at, row.number))
            rulings += [
                self._event(order, row) if order else reject(row, "unknown_order", key=group.key)
                for row in rows
            ]
        return rulings

    def _event(self, order: Order, row: Parsed) -> Ruling:
        word = match_key(self._run.value_of("kind", row.get("kind")))
        kind = next((WORDS[text] for text in WORDS if match_key(text) == word), word)
        if kind in HOLDS:
            return self._hold(order, row, kind)
        if kind in VERBS:
            return self._change(order, row, kind)
        return reject(row, "unknown_kind", text=row.get("kind"))

    def _change(self, order: Order, row: Parsed, kind: str) -> Ruling:
        """What was delivered, cancelled, came back."""
        lines = self._lines(order, row)
        if not lines:
            return reject(row, "unknown_line", key=str(row.get("line_key") or ""))
        at = row.get("at").at
        key = self._run.batch.key(
            row.get("key"),
            row.get("line_key") or "",
            kind,
            at.isoformat(),
            row.get("quantity") or "",
        )
        if Entry.objects.filter(source_key__in=[f"{key}:{line.pk}" for line in lines]).exists():
            return same(row, order.pk)
        if order.accepted_at and at < order.accepted_at:
            self._run.found(order.pk, "fulfilled_before_accepted", key, at=at.isoformat())
        return self._book(order, row, lines, kind, key)

    def _book(
        self, order: Order, row: Parsed, lines: Sequence[Line], kind: str, key: str | None
    ) -> Ruling:
        at, told = row.get("at").at, row.get("quantity")
        try:
            with transaction.atomic():
                for line in lines:
                    act = ledger.Act(
                        by=self._run.by,
                        at=at,
                        known=at,
                        source_key=f"{key}:{line.pk}",
                        reason=(row.get("reason") or "")[:40],
                    )
                    VERBS[kind](
                        line, quantity=told if told is not None else _rest(line, kind), act=act
                    )
        except PenstockError as error:
            return reject(row, error.code, message=error.message)
        self._run.made["entries"] += len(lines)
        return Ruling(row, Verdict.CREATE, target_kind="order", target_id=order.pk)

    def _hold(self, order: Order, row: Parsed, kind: str) -> Ruling:
        """A hold of the order, or of the line that the row names; its cause stands as the reason."""
        lines = self._lines(order, row) if row.has("line_key") else [None]
        if not lines:
            return reject(row, "unknown_line", key=str(row.get("line_key") or ""))
        at, cause = row.get("at").at, (row.get("reason") or "other")[:40]
        key = self._run.batch.key(row.get("key"), row.get("line_key") or "", kind, at.isoformat())
        if Blocker.objects.filter(source_key=key).exists():
            return same(row, order.pk)
        why = Why(cause, CAUSES.get(cause, CAUSES["other"])[1])
        given = {"by": self._run.by, "at": at, "known": at, "source_key": key}
        try:
            self._say_hold(order, lines[0], why if kind == "hold_started" else None, given)
        except PenstockError as error:
            return reject(row, error.code, message=error.message)
        return Ruling(row, Verdict.CREATE, target_kind="order", target_id=order.pk)

    @staticmethod
    def _say_hold(
        order: Order, line: Line | None, why: Why | None, given: dict[str, Any]
    ) -> Blocker | None:
        if line is not None:
            return holds.hold_line(line, why, **given) if why else holds.release_line(line, **given)
        return holds.hold(order, why, **given) if why else holds.release(order, **given)

    def _lines(self, order: Order, row: Parsed) -> list[Line]:
        if row.has("line_key"):
            known = self._run.known(
                [line_id(row.get("key"), row.get("line_key"))], noun="order_lines"
            )
            return list(order.lines.filter(pk__in=known.values()))
        goods = list(order.lines.all())
        if row.has("quantity"):
            only = [line for line in goods if line.sort == Line.Sort.GOODS]
            return only if len(only) == 1 else []
        return [line for line in goods if line.remaining_quantity > 0] or goods[:1]


def _rest(line: Line, kind: str) -> Decimal:
    if kind in ("fulfilled", "cancelled", "amended"):
        return line.remaining_quantity
    return line.ordered_quantity - line.remaining_quantity
