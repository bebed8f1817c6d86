"""Rates as central banks publish them: a row per day and a column per currency, told as a row per rate."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from decimal import Decimal
from itertools import chain, islice

from penstock.intake.files import values
from penstock.intake.files.table import Row

HEADERS = ("day", "currency", "into", "rate")
_CODE = re.compile(r"^[A-Z]{3}$")
#: Of these a unit of the first group has been worth more than a unit of the second for decades.
STRONG = frozenset({"AUD", "CAD", "CHF", "EUR", "GBP", "SGD", "USD"})
WEAK = frozenset({"CZK", "HUF", "IDR", "INR", "ISK", "JPY", "KRW", "PHP", "RUB", "THB"})
_SAMPLE = 400
_PLACES = Decimal("1e-10")


def day_column(headers: Sequence[str]) -> str | None:
    """The column of the day, if all others are named after currencies; else it is no such file.

    >>> day_column(["Date", "USD", "JPY"])
    'Date'
    >>> day_column(["Date", "Currency", "Rate"]) is None
    True
    """
    rest = [name for name in headers if not _CODE.match(name)]
    return rest[0] if len(rest) == 1 and len(headers) > 1 else None


def unfolded(rows: Iterable[Row], *, day: str, own: str) -> Iterator[str]:
    """Lines of a file with :data:`HEADERS`: a rate each; empty cells and words such as N/A have none.

    Whether a cell is the price of one unit of its column, or how many units are paid for one of another
    currency, is told by the sizes: fewer yen than dollars are paid for the same thing only when it is the price.
    What is then paid for is the workspace's currency, or the euro where neither has a column: so do the
    tables of the European Central Bank. Where the workspace's currency has a column, the others are
    turned by it.

    Args:
        rows: The records of the file.
        day: The name of the column of the day.
        own: The workspace's currency.
    """
    rows = iter(rows)
    first = list(islice(rows, _SAMPLE))
    mark = values.decimal_mark([text for row in first for text in _rates(row, day).values()]) or "."
    tell = _paid if _is_paid(first, day=day, decimal=mark) else _priced
    yield _line(HEADERS)
    for row in chain(first, rows):
        rates = _numbers(row, day, mark)
        for currency, into, rate in tell(rates, own=own):
            yield _line((row.cells[day], currency, into, _text(rate)))
        for code, text in _rates(row, day).items():
            # What cannot be read is refused where it can be seen, with its reason.
            if code not in rates and code != own:
                yield _line((row.cells[day], code, own, text))


def _rates(row: Row, day: str) -> dict[str, str]:
    return {
        code: text for code, text in row.cells.items() if code != day and not values.is_empty(text)
    }


def _numbers(row: Row, day: str, decimal: str) -> dict[str, Decimal]:
    found = {}
    for code, text in _rates(row, day).items():
        with suppress(ValueError):
            found[code] = values.number(text, decimal=decimal)
    return found


def _is_paid(rows: Sequence[Row], *, day: str, decimal: str) -> bool:
    """Whether cells say how many units are paid for one of another currency."""
    for row in rows:
        rates = _numbers(row, day, decimal)
        strong = [rate for code, rate in rates.items() if code in STRONG]
        weak = [rate for code, rate in rates.items() if code in WEAK]
        if strong and weak:
            return max(strong) < min(weak)
    return False


def _priced(rates: dict[str, Decimal], *, own: str) -> Iterator[tuple[str, str, Decimal]]:
    for code, rate in rates.items():
        if code != own:
            yield code, own, rate


def _paid(rates: dict[str, Decimal], *, own: str) -> Iterator[tuple[str, str, Decimal]]:
    base = own if "EUR" in rates else "EUR"
    turn = rates.get(own)
    if not turn:
        yield from ((base, code, rate) for code, rate in rates.items())
        return
    if base != own:
        yield base, own, turn
    for code, rate in rates.items():
        if code != own:
            yield own, code, (rate / turn).quantize(_PLACES)


def _text(rate: Decimal) -> str:
    return f"{rate:f}".rstrip("0").rstrip(".") if rate % 1 else f"{rate:f}"


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()
