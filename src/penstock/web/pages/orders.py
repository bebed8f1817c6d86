"""One order: its lines, dates, ledger and work, now or as they were on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Exists, F, Max, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from penstock.backlog import standing
from penstock.backlog.ledger import ORDERING
from penstock.backlog.models import (
    Deposit,
    Entry,
    Expedite,
    Line,
    Order,
    Overtaken,
    WorkItem,
)
from penstock.base.money import ZERO
from penstock.flow import replay
from penstock.flow.models import FieldChange, Finding, Link
from penstock.reports.moment import Moment
from penstock.sales import offers
from penstock.sales.models import ProposalVersion
from penstock.web import figures
from penstock.web.forms.orders import CancelForm
from penstock.web.pages import (
    order_dates,
    order_deliveries,
    order_deposits,
    order_holds,
    order_urgency,
)
from penstock.web.pages.base import Crumb, Page
from penstock.web.pages.order_dates import Days, Ending, LineDays
from penstock.web.pages.order_deliveries import Deliveries
from penstock.web.pages.order_deposits import Deposits
from penstock.web.pages.order_holds import Hold, Holds
from penstock.web.pages.order_urgency import Urgency

Kind = Entry.Kind

# A correction this much later than the fact is worth saying in the ledger.
LATE_KNOWLEDGE_DAYS = 1

REASONS = {
    **CancelForm.REASONS,
    "deal_reopened": gettext_lazy("the deal was reopened"),
    "defect": gettext_lazy("a defect"),
}
#: How another order is called, by the kind of the link and whether it goes out from this one.
RELATIONS = {
    ("split", True): gettext_lazy("Split into"),
    ("split", False): gettext_lazy("Split off from"),
    ("merged", True): gettext_lazy("Merged into"),
    ("merged", False): gettext_lazy("Merged with"),
}
TONES = {"completed": "ok", "dropped": "", "": ""}


@dataclass(frozen=True, slots=True)
class LineChoice:
    """One entry of a line's menu."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line as the table shows it; all quantities are sums of its ledger entries."""

    line: Line
    ordered: Decimal
    delivered: Decimal
    cancelled: Decimal
    remaining: Decimal
    value: Decimal
    hours: Decimal | None
    hold: Hold | None = None
    delivered_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Something is left."""
        return self.remaining > 0

    def ending(self, moment: Moment) -> Ending:
        """When the last of it was delivered, if nothing is left."""
        at = self.delivered_at if self.delivered and not self.is_open else None
        day = at.astimezone(moment.zone).date() if at else None
        return Ending(delivered_on=day, is_open=self.is_open)

    @property
    def acts(self) -> list[LineChoice]:
        """What can be done with it now, in the words of the menu."""
        offered = {
            "fulfilments": (self.is_open, _("Deliver …")),
            "estimates": (self.is_open and self.line.sort == "goods", _("Estimate hours …")),
            "dates": (self.line.sort == "goods", _("Dates …")),
            "prices": (self.is_open, _("Change the price …")),
            "amendments": (True, _("Order more or less …")),
            "cancellations": (self.is_open, _("Cancel …")),
            "reversals": (self.delivered > 0, _("Take back a delivery …")),
            "returns": (self.delivered > 0, _("Take returned goods in …")),
            "releases": (self.hold is not None, _("Release …")),
            "holds": (self.is_open and self.line.sort == "goods", _("Hold …")),
            "reinstatements": (self.cancelled > 0, _("Take back a cancellation …")),
        }
        return [LineChoice(name, label) for name, (is_on, label) in offered.items() if is_on]

    @property
    def has_unknown_hours(self) -> bool:
        """Nobody has estimated the work of what is left."""
        return self.is_open and self.hours is None


@dataclass(frozen=True, slots=True)
class Relation:
    """An order that this one was split off from or into, or merged with; ``is_whole``: it went there."""

    label: str
    key: str
    title: str
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class OrderState:
    """All that the page of one order shows."""

    order: Order
    moment: Moment
    lines: list[LineRow]
    days: Days
    line_days: list[LineDays]
    deliveries: Deliveries
    urgency: Urgency
    deposits: Deposits
    entries: list[dict[str, Any]]
    works: list[dict[str, Any]]
    findings: list[Finding]
    deal: Mapping[str, Any] | None
    agreed: ProposalVersion | None
    stage: str
    holds: Holds
    relations: list[Relation]

    @property
    def owed(self) -> Decimal:
        """Value that is left to deliver."""
        return sum((row.value for row in self.lines), start=ZERO)

    @property
    def is_open(self) -> bool:
        """Something is left to deliver."""
        return any(row.is_open for row in self.lines)

    @property
    def promised_on(self) -> date | None:
        """Our word on the day."""
        return self.days.day("promised_on")

    @property
    def days_late(self) -> int:
        """Days since the promise, while something is left; zero when it is not late."""
        return self.days.days_late if self.is_open else 0


def head(state: OrderState, *, slug: str) -> Page:
    """Title, answer and way back."""
    back = Crumb(name=_("Backlog"), url=reverse("backlog", args=[slug]))
    item = state.order.item
    return Page(
        title=f"{item.key} {item.title}", nav="backlog", crumbs=(back,), answer=_answer(state)
    )


def _answer(state: OrderState) -> str:
    """What is owed of it, and whether it will be on time."""
    owed = figures.money(state.owed, state.order.currency)
    if not state.is_open:
        return _closed(state)
    if state.promised_on is None:
        return _("%(owed)s is still owed; no day was promised.") % {"owed": owed}
    day = date_format(state.promised_on)
    if state.days_late:
        return ngettext(
            "%(owed)s is still owed; it was promised for %(day)s and is %(n)d day late.",
            "%(owed)s is still owed; it was promised for %(day)s and is %(n)d days late.",
            state.days_late,
        ) % {"owed": owed, "day": day, "n": state.days_late}
    left = (state.promised_on - state.moment.on).days
    return ngettext(
        "%(owed)s is still owed; it is promised for %(day)s, in %(n)d day.",
        "%(owed)s is still owed; it is promised for %(day)s, in %(n)d days.",
        left,
    ) % {"owed": owed, "day": day, "n": left}


def _closed(state: OrderState) -> str:
    done = state.days.day("fulfilled_on")
    merged = next((one for one in state.relations if one.is_whole), None)
    if done is None and merged is not None:
        return _("Nothing is owed here: all of it went into %(key)s.") % {"key": merged.key}
    if done is None:
        return (
            _("Nothing is owed: it was cancelled.")
            if state.lines
            else _("Nothing was ordered yet.")
        )
    return _("Delivered on %(day)s; nothing is owed any more.") % {"day": date_format(done)}


def read(order: Order, *, moment: Moment) -> OrderState:
    """Read one order as it was on a day."""
    links, works = _links(order), _works(order)
    deal = next((link for link in links if link["kind"] == "placed"), None)
    holds = order_holds.read(order, moment=moment)
    lines = line_rows(order, moment=moment, holds=holds)
    days, line_days = _dates(order, lines, works, moment=moment)
    entries = _entries(order, moment=moment)
    left = {line.line.pk: line.remaining for line in lines if line.is_open}
    there = _there(order)
    ordered = sum((entry["value"] for entry in entries if _orders(entry)), start=ZERO)
    return OrderState(
        order=order,
        moment=moment,
        lines=lines,
        days=days,
        line_days=line_days,
        deliveries=order_deliveries.read(order, left, entries, moment=moment),
        urgency=order_urgency.read(order, moment=moment)
        if there["expedites"] or there["overtaken"]
        else order_urgency.NOTHING,
        deposits=order_deposits.read(order, moment=moment, ordered=ordered)
        if there["deposits"]
        else Deposits((), ordered),
        entries=entries,
        works=[_work(work) for work in works],
        findings=list(order.item.findings.filter(withdrawn_at=None).order_by("-recorded_at")),
        deal=deal,
        agreed=offers.ordered(deal["source_id"]) if deal else None,
        stage=_stage(order, moment=moment),
        holds=holds,
        relations=_relations(order, links),
    )


def _there(order: Order) -> dict[str, bool]:
    """Which of the tables that most orders have nothing in hold something about it: one question."""
    mine = {"item_id": OuterRef("pk")}
    rows: Any = Order.objects.filter(pk=order.pk).values(
        expedites=Exists(Expedite.objects.filter(**mine)),
        overtaken=Exists(Overtaken.objects.filter(order_id=OuterRef("pk"))),
        deposits=Exists(Deposit.objects.filter(**mine)),
    )
    found: dict[str, bool] = rows[0]
    return found


def _orders(entry: Mapping[str, Any]) -> bool:
    """Whether an entry that counts says how much was ordered, or at which price."""
    kinds = (*ORDERING, Kind.REVALUED, Kind.CANCELLED, Kind.REINSTATED)
    return entry["kind"] in kinds and not entry["is_gone"]


def line_rows(order: Order, *, moment: Moment, holds: Holds) -> list[LineRow]:
    """The lines with what was ordered, delivered, cancelled and left on a day, in one query."""
    sums = {row["line_id"]: row for row in _sums(_in_force(order, moment=moment))}
    lines = order.lines.select_related("product").order_by("position")
    return [
        _line_row(line, sums[line.pk], hold=holds.of_line(line.pk))
        for line in lines
        if line.pk in sums
    ]


def _in_force(order: Order, *, moment: Moment) -> QuerySet[Entry]:
    entries = Entry.objects.filter(order_id=order.pk)
    if moment.is_now:
        return standing.counting(entries)
    return standing.counting(entries.filter(occurred_at__lt=moment.at), known=moment.known_at)


def _sums(entries: QuerySet[Entry]) -> Iterable[Mapping[str, Any]]:
    return entries.values("line_id").annotate(
        ordered=_total(*ORDERING),
        delivered=-_total(Kind.FULFILLED, Kind.REVERSED, Kind.RETURNED),
        cancelled=-_total(Kind.CANCELLED, Kind.REINSTATED),
        remaining=Sum("quantity"),
        worth=Sum("value"),
        work=Sum("hours"),
        delivered_at=Max("occurred_at", filter=Q(kind=Kind.FULFILLED)),
    )


def _total(*kinds: str) -> Any:
    zero = Value(ZERO, output_field=DecimalField(max_digits=19, decimal_places=4))
    return Coalesce(Sum("quantity", filter=Q(kind__in=kinds)), zero)


def _line_row(line: Line, sums: Mapping[str, Any], *, hold: Hold | None) -> LineRow:
    return LineRow(
        line=line,
        ordered=sums["ordered"],
        delivered=sums["delivered"],
        cancelled=sums["cancelled"],
        remaining=sums["remaining"],
        value=sums["worth"],
        hours=sums["work"],
        hold=hold,
        delivered_at=sums["delivered_at"],
    )


def _dates(
    order: Order, lines: Sequence[LineRow], works: Sequence[WorkItem], *, moment: Moment
) -> tuple[Days, list[LineDays]]:
    """The dates of the order, and those of each of its lines."""
    # The first work of a line carries its dates.
    behind = {work.line_id or 0: work.item_id for work in reversed(works)}
    rows = order_dates.changes_of(order, behind)
    done = order.fulfilled_at
    is_done = done is not None and (moment.is_now or done < moment.at)
    ending = Ending(
        delivered_on=done.astimezone(moment.zone).date() if done is not None and is_done else None,
        is_open=any(line.is_open for line in lines),
    )
    days = order_dates.of_order(order, rows, moment=moment, ending=ending)
    stories: dict[int, list[FieldChange]] = {}
    for row in rows:
        stories.setdefault(row.item_id, []).append(row)
    return days, [
        order_dates.of_line(
            line.line,
            stories.get(behind.get(line.line.pk, 0), []),
            order=days,
            moment=moment,
            ending=line.ending(moment),
        )
        for line in lines
    ]


def _entries(order: Order, *, moment: Moment) -> list[dict[str, Any]]:
    rows = Entry.objects.filter(order_id=order.pk)
    if not moment.is_now:
        rows = rows.filter(occurred_at__lt=moment.at)
        rows = rows.filter(known_at__lt=moment.known_at) if moment.known_at else rows
    found = rows.order_by("-occurred_at", "-id").values(
        "id", "kind", "quantity", "value", "hours", "reason", "occurred_at", "known_at",
        "is_assumed", "is_void", "supersedes_id", "by__name", "line__title", "line__position",
    )[:500]  # fmt: skip
    listed = list(found)
    gone = {row["supersedes_id"] for row in listed}
    return [_entry(row, is_gone=row["id"] in gone) for row in listed]


def _entry(row: Mapping[str, Any], *, is_gone: bool) -> dict[str, Any]:
    late = (row["known_at"] - row["occurred_at"]).days >= LATE_KNOWLEDGE_DAYS
    return {
        **row,
        "label": Kind(row["kind"]).label,
        "reason_label": REASONS.get(row["reason"], row["reason"]),
        "is_gone": is_gone or row["is_void"],
        "is_known_later": late and not row["is_assumed"],
    }


def _works(order: Order) -> list[WorkItem]:
    works = WorkItem.objects.filter(line__order_id=order.pk, item__withdrawn_at=None)
    return list(
        works.select_related("item__stage", "item__owner").order_by("line__position", "item_id")
    )


def _work(work: WorkItem) -> dict[str, Any]:
    return {
        "key": work.item.key,
        "title": work.item.title,
        "stage": work.item.stage.label,
        "tone": TONES.get(work.item.outcome, ""),
    }


def _links(order: Order) -> list[Mapping[str, Any]]:
    """The deal that placed it, and the orders that it was split or merged with."""
    found = Link.objects.filter(
        Q(target_id=order.pk, kind__in=("placed", "split", "merged"))
        | Q(source_id=order.pk, kind__in=("split", "merged"))
    ).values(
        "source_id",
        "kind",
        "target__key",
        "target__title",
        key=F("source__key"),
        title=F("source__title"),
        outcome=F("source__outcome"),
    )
    return list(found.order_by("pk"))


def _relations(order: Order, links: Iterable[Mapping[str, Any]]) -> list[Relation]:
    rows = []
    for link in links:
        if link["kind"] == "placed":
            continue
        goes_out = link["source_id"] == order.pk
        rows.append(
            Relation(
                label=str(RELATIONS[link["kind"], goes_out]),
                key=link["target__key"] if goes_out else link["key"],
                title=link["target__title"] if goes_out else link["title"],
                is_whole=goes_out and link["kind"] == "merged",
            )
        )
    return rows


def _stage(order: Order, *, moment: Moment) -> str:
    if moment.is_now:
        return str(order.item.stage.label)
    moves = order.item.transitions.select_related("stage")
    then = replay.last(moves, at=moment.at, known=moment.known_at)
    return then.stage.label if then else ""
