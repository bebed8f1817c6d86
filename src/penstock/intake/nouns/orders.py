"""Orders as they stand: one row per order, or one per line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from penstock.backlog import bulk
from penstock.backlog.bulk import NewOrder
from penstock.intake.models import Verdict
from penstock.intake.nouns import order_updates
from penstock.intake.nouns.cells import Moment, Parsed
from penstock.intake.nouns.deal_updates import closing_instant
from penstock.intake.nouns.order_fields import LINE_FIELDS, ORDER_FIELDS, SAYS_LINE, verdict_of
from penstock.intake.nouns.order_lines import add_products, new_lines, remember_lines, sift
from penstock.intake.nouns.ruling import Group, Ruling, reject
from penstock.intake.nouns.run import Run

NAME = "orders"
FIELDS = (*ORDER_FIELDS, *LINE_FIELDS)


@dataclass(slots=True)
class Standing:
    """How an order stands by its dates and status, and what is wrong with them."""

    accepted_at: datetime | None = None
    verdict: str = ""
    closed_at: datetime | None = None
    refusal: str = ""
    notes: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)


class Orders:
    """Places orders with their past, and updates those that the source named before."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def handle(self, groups: Sequence[Group]) -> list[Ruling]:
        """Judge and write one chunk of rows, grouped by order."""
        run = self._run
        rows = [row for group in groups for row in group.rows]
        add_products(run, rows)
        run.lookups.add_companies(
            dict.fromkeys(row.get("company") for row in rows if row.has("company"))
        )
        run.lookups.add_members(dict.fromkeys(row.get("owner") for row in rows if row.has("owner")))
        known = run.known(group.key for group in groups)
        rulings: list[Ruling] = []
        fresh: list[tuple[NewOrder, Standing, list[Ruling]]] = []
        for group in groups:
            standing = stand(run, group)
            if standing.refusal:
                rulings += self._refuse(group, standing)
            elif group.key in known:
                rulings += order_updates.update(run, known[group.key], group, standing)
            else:
                fresh.append(self._order(group, standing))
        return rulings + self._place(fresh)

    def _refuse(self, group: Group, standing: Standing) -> list[Ruling]:
        for code in standing.findings:
            self._run.found(None, code, group.key, key=group.key)
        return [reject(row, standing.refusal) for row in group.rows]

    def _order(self, group: Group, standing: Standing) -> tuple[NewOrder, Standing, list[Ruling]]:
        run, row = self._run, head_of(group)
        assert standing.accepted_at is not None, "an order that is not refused was accepted"
        new = NewOrder(
            key=group.key,
            title=row.get("title") or group.key,
            accepted_at=standing.accepted_at,
            currency=row.get("currency") or run.workspace.currency,
            company_id=run.lookups.company(row.get("company")) if row.has("company") else None,
            owner_id=run.lookups.member(row.get("owner")) if row.has("owner") else None,
            reference=row.get("reference") or group.key,
            requested_on=row.get("requested_on"),
            promised_on=row.get("promised_on"),
            verdict=standing.verdict,
            closed_at=standing.closed_at,
        )
        rulings, good = self._lines(group, new)
        if not says_lines(group):
            new.extra = run.cells.unmapped(row.raw)
        return (
            new,
            standing,
            rulings + [Ruling(one, Verdict.CREATE, notes=list(standing.notes)) for one in good],
        )

    def _lines(self, group: Group, new: NewOrder) -> tuple[list[Ruling], list[Parsed]]:
        if not says_lines(group):
            return [], list(group.rows)
        rulings, good = sift(self._run, group)
        new.lines = [line for key, row in good.items() for line in new_lines(self._run, key, row)]
        return rulings, list(good.values())

    def _place(self, fresh: Sequence[tuple[NewOrder, Standing, list[Ruling]]]) -> list[Ruling]:
        run = self._run
        kept = [one for one in fresh if any(ruling.verdict == Verdict.CREATE for ruling in one[2])]
        news = [new for new, _standing, _rulings in kept]
        bulk.place_orders(news, batch=run.batch)
        run.remember([(new.key, new.pk) for new in news])
        remember_lines(run, [(new.key, new.lines) for new in news])
        run.made["orders"] += len(news)
        for new, standing, rulings in kept:
            for code in standing.findings:
                run.found(new.pk, code, new.key, key=new.key)
            for ruling in rulings:
                ruling.target_kind, ruling.target_id = "order", new.pk
        return [ruling for _new, _standing, rulings in fresh for ruling in rulings]


def head_of(group: Group) -> Parsed:
    """What the rows of one order say about all of it: the first that says something."""
    head = Parsed(group.first.number, group.first.raw, dict(group.first.values))
    for row in group.rows[1:]:
        for name, value in row.values.items():
            if head.values.get(name) is None:
                head.values[name] = value
    return head


def says_lines(group: Group) -> bool:
    """Whether the file describes lines, or orders only."""
    return any(row.has(name) for row in group.rows for name in SAYS_LINE)


def stand(run: Run, group: Group) -> Standing:
    """How an order stands; impossible dates are noted, and the ledger keeps the order of its facts."""
    row = head_of(group)
    accepted = row.get("accepted_at")
    verdict = verdict_of(run, row.get("status"))
    fulfilled = row.get("fulfilled_at")
    if accepted is None:
        return _unaccepted(is_delivered=fulfilled is not None)
    if any(
        row.has(name) and row.get(name).at > run.now
        for name in ("accepted_at", "fulfilled_at", "cancelled_at")
    ):
        return Standing(refusal="future")
    standing = Standing(accepted_at=accepted.at)
    if verdict == "cancelled" or row.has("cancelled_at"):
        _cancel(run, standing, row, accepted)
    elif fulfilled is not None or verdict == "fulfilled":
        _fulfil(run, standing, fulfilled, accepted)
    shipped = row.get("shipped_at")
    if shipped and closing_instant(shipped, opened=accepted, run=run) < accepted.at:
        standing.findings.append("shipped_before_accepted")
    standing.notes += standing.findings
    return standing


def _unaccepted(*, is_delivered: bool) -> Standing:
    if is_delivered:
        return Standing(refusal="no_acceptance", findings=["no_acceptance"])
    return Standing(refusal="not_accepted")


def _cancel(run: Run, standing: Standing, row: Parsed, accepted: Moment) -> None:
    standing.verdict, standing.closed_at = "cancelled", accepted.at
    cancelled = row.get("cancelled_at")
    if cancelled:
        at = closing_instant(cancelled, opened=accepted, run=run)
        standing.closed_at = max(at, accepted.at)
        if at < accepted.at:
            standing.findings.append("cancelled_before_accepted")
    elif run.option("cancel_at_acceptance", default=True):
        standing.notes.append("status_without_time")
    else:
        standing.refusal = "status_without_time"
    if row.has("fulfilled_at"):
        standing.findings.append("cancelled_though_fulfilled")


def _fulfil(run: Run, standing: Standing, fulfilled: Moment | None, accepted: Moment) -> None:
    standing.verdict, standing.closed_at = "fulfilled", accepted.at
    if fulfilled is None:
        standing.notes.append("status_without_time")
        return
    at = closing_instant(fulfilled, opened=accepted, run=run)
    # What cannot have left before it came leaves in the same instant, so that no backlog is negative.
    standing.closed_at = max(at, accepted.at)
    if at < accepted.at:
        standing.findings.append("fulfilled_before_accepted")
