"""Lines of orders, in a file of their own or in that of the orders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from penstock.backlog import bulk, ledger, orders
from penstock.backlog.bulk import LinesOf, NewLine
from penstock.backlog.models import Line, Order
from penstock.base.errors import PenstockError, RuleBroken
from penstock.base.money import exact
from penstock.intake.models import Verdict
from penstock.intake.nouns.cells import Parsed
from penstock.intake.nouns.order_fields import KEY, LINE_FIELDS
from penstock.intake.nouns.ruling import Group, Ruling, conflict, reject, same
from penstock.intake.nouns.run import Run, present

NAME = "order_lines"
FIELDS = (KEY, *LINE_FIELDS)


class OrderLines:
    """Adds lines to orders that are here; each takes the state that its order is in."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def handle(self, groups: Sequence[Group]) -> list[Ruling]:
        """Judge and write one chunk of rows, grouped by order."""
        run = self._run
        ids = run.known([group.key for group in groups], noun="orders")
        self._orders = present(Order, list(ids.values()))
        add_products(run, [row for group in groups for row in group.rows])
        self._sifted = {group.key: sift(run, group) for group in groups}
        self._known = run.known(
            [line_id(key, line) for key, (_bad, good) in self._sifted.items() for line in good],
            noun=NAME,
        )
        self._n_lines = Counter(
            Line.objects.filter(order__in=self._orders).values_list("order_id", flat=True)
        )
        rulings: list[Ruling] = []
        additions: list[LinesOf] = []
        for group in groups:
            order = self._orders.get(ids.get(group.key, 0))
            if order is None:
                rulings += [reject(row, "unknown_order", key=group.key) for row in group.rows]
            else:
                rulings += self._lines(order, group, additions)
        write_lines(run, additions)
        self._make_ready(additions)
        return rulings

    def _lines(self, order: Order, group: Group, additions: list[LinesOf]) -> list[Ruling]:
        run = self._run
        rulings, good = self._sifted[group.key]
        fresh: list[NewLine] = []
        for key, row in good.items():
            line_pk = self._known.get(line_id(group.key, key))
            if line_pk:
                rulings.append(update_line(run, Line.objects.get(pk=line_pk), row))
            else:
                rulings.append(Ruling(row, Verdict.CREATE, target_kind="order", target_id=order.pk))
                fresh += new_lines(run, key, row)
        if fresh and order.accepted_at:
            item = order.item
            additions.append(
                LinesOf(
                    order.pk,
                    group.key,
                    order.accepted_at,
                    item.outcome,
                    item.decided_at,
                    self._n_lines[order.pk] + 1,
                    fresh,
                )
            )
        return rulings

    def _make_ready(self, additions: Sequence[LinesOf]) -> None:
        ready = [
            (one.order_id, one.key, one.accepted_at)
            for one in additions
            if not one.verdict
            and one.first_position == 1
            and all(line.booked_hours is not None for line in one.lines)
        ]
        bulk.make_ready(ready, batch=self._run.batch)


def write_lines(run: Run, additions: Sequence[LinesOf]) -> None:
    """Write lines and remember by which keys the source names them."""
    bulk.add_lines(additions, batch=run.batch)
    remember_lines(run, [(one.key, one.lines) for one in additions])


def remember_lines(run: Run, orders_: Sequence[tuple[str, Sequence[NewLine]]]) -> None:
    """Keep the source's keys of lines of goods."""
    pairs = [
        (line_id(key, line.key), line.pk)
        for key, lines in orders_
        for line in lines
        if line.sort == Line.Sort.GOODS
    ]
    run.remember(pairs, noun=NAME)
    run.made["order_lines"] += sum(len(lines) for _key, lines in orders_)


def sift(run: Run, group: Group) -> tuple[list[Ruling], dict[str, Parsed]]:
    """Refused rows, and the good ones by the key of their line."""
    rulings: list[Ruling] = []
    good: dict[str, Parsed] = {}
    for place, row in enumerate(group.rows, start=1):
        key = str(row.get("line_key") or place)
        if refusal := line_problem(run, key, row):
            rulings.append(refusal)
        elif key in good:
            is_same = good[key].values == row.values
            rulings.append(
                same(row, None, "repeated")
                if is_same
                else conflict(row, "repeated_differently", key=key)
            )
        else:
            good[key] = row
    return rulings, good


def line_problem(run: Run, key: str, row: Parsed) -> Ruling | None:
    """Refuse a line that no order can have, by the rule of placing orders by hand."""
    try:
        for line in new_lines(run, key, row):
            orders.check_new([_as_placed(line)], {})
            if line.quantity <= 0:
                return reject(row, "backlog.quantity")
    except RuleBroken as error:
        return reject(row, error.code)
    return None


def new_lines(run: Run, key: str, row: Parsed) -> list[NewLine]:
    """The line that a row describes, and a second one for its charge."""
    lookups = run.lookups
    product_id = lookups.product(row.get("product")) if row.has("product") else None
    quantity = row.get("quantity") if row.has("quantity") else Decimal(1)
    hours = row.get("hours")
    per_unit = lookups.work_hours(product_id) if product_id else None
    if hours is None and per_unit is not None:
        hours = exact(per_unit * quantity)
    price = row.get("unit_price")
    if price is None:
        price = row.get("amount") or Decimal(0)
    line = NewLine(
        key=key,
        title=row.get("line_title") or row.get("product") or row.get("title") or row.get("key"),
        quantity=quantity,
        unit_price=price,
        discount_share=row.get("discount") or Decimal(0),
        tax_share=row.get("tax") or Decimal(0),
        hours=hours,
        product_id=product_id,
        extra=run.cells.unmapped(row.raw),
    )
    return [line, *_charge(run, key, row)]


def add_products(run: Run, rows: Sequence[Parsed]) -> None:
    """Add the products that lines name and nobody knows yet."""
    if run.option("create_missing", default=True):
        run.lookups.add_products(
            dict.fromkeys(row.get("product") for row in rows if row.has("product"))
        )


def line_id(order_key: str, key: str) -> str:
    """The source's key of a line."""
    return f"{order_key}/{key}"


def update_line(run: Run, line: Line, row: Parsed) -> Ruling:
    """Change quantity and price of a line by the ledger's rules; texts and products stay."""
    quantity, price = row.get("quantity"), row.get("unit_price")
    wanted = {}
    if quantity is not None and quantity != line.ordered_quantity:
        wanted["quantity"] = quantity - line.ordered_quantity
    if price is not None and price != line.unit_price:
        wanted["unit_price"] = price
    if not wanted:
        ruling = same(row, line.order_id)
        ruling.target_kind = "order"
        return ruling
    act = ledger.Act(by=run.by)
    try:
        with transaction.atomic():
            if "unit_price" in wanted:
                ledger.revalue(line, unit_price=wanted["unit_price"], act=act)
            if "quantity" in wanted:
                ledger.amend(line, quantity=wanted["quantity"], act=act)
    except PenstockError as error:
        return reject(row, error.code, message=error.message)
    params = {"fields": sorted(wanted)}
    return Ruling(row, Verdict.UPDATE, params=params, target_kind="order", target_id=line.order_id)


def _charge(run: Run, key: str, row: Parsed) -> list[NewLine]:
    charge = row.get("charge")
    if not charge:
        return []
    return [
        NewLine(
            key=f"{key}+",
            title=run.option("charge_title") or _("Freight"),
            quantity=Decimal(1),
            unit_price=charge,
            sort=Line.Sort.CHARGE,
        )
    ]


def _as_placed(line: NewLine) -> orders.NewLine:
    return orders.NewLine(
        title=line.title,
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount_share=line.discount_share,
        tax_share=line.tax_share,
        hours=line.hours,
        sort=line.sort,
    )
