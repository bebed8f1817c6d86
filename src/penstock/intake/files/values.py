"""From text to values: days and moments, numbers, yes and no."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

ORDERS = ("ymd", "dmy", "mdy")
_DATE = re.compile(
    r"^(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})\.?"
    r"(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([AaPp][Mm])?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?$"
)
_EMPTY = frozenset({"", "-", "—", "n/a", "na", "null", "none", "nan", "#n/a"})
_TRUE = frozenset({"true", "yes", "y", "1", "да", "истина", "x"})


def is_empty(text: str) -> bool:
    """Whether a cell says nothing."""
    return text.strip().casefold() in _EMPTY


@lru_cache(maxsize=65536)
def moment(text: str, *, order: str, zone: ZoneInfo) -> tuple[datetime, bool]:
    """The instant that a cell names in UTC, and whether it names a whole day only (then its beginning).

    Raises:
        ValueError: It is no date in this order.

    >>> moment("26-02-2018 19:58", order="dmy", zone=ZoneInfo("UTC"))[0].isoformat()
    '2018-02-26T19:58:00+00:00'
    """
    found = _DATE.match(text.strip())
    if not found:
        raise ValueError(text)
    year, month, day = _parts(found, order)
    if found[4] is None:
        return datetime(year, month, day, tzinfo=zone).astimezone(UTC), True
    hour = int(found[4])
    if found[7]:
        hour = hour % 12 + (12 if found[7].lower() == "pm" else 0)
    tzinfo = _offset(found[8]) if found[8] else zone
    local = datetime(year, month, day, hour, int(found[5]), int(found[6] or 0), tzinfo=tzinfo)
    # Midnight sharp in every row is how many programs write a plain day.
    is_day = (hour, found[5], found[6] or "00") == (0, "00", "00") and not found[8]
    return local.astimezone(UTC), is_day


def day(text: str, *, order: str, zone: ZoneInfo) -> date:
    """The day that a cell names."""
    return moment(text, order=order, zone=zone)[0].astimezone(zone).date()


@lru_cache(maxsize=65536)
def number(text: str, *, decimal: str) -> Decimal:
    """The number in a cell; currency signs, spaces, grouping marks and brackets around negatives are understood.

    Raises:
        ValueError: It is no number.

    >>> number("$1,234.50", decimal="."), number("1.234,56 €", decimal=","), number("(3)", decimal=".")
    (Decimal('1234.50'), Decimal('1234.56'), Decimal('-3'))
    """
    bare = re.sub(r"[^\d.,()eE+\-−]", "", text.replace("−", "-"))
    is_negative = bare.startswith("(") and bare.endswith(")")
    bare = bare.strip("()")
    group = "," if decimal == "." else "."
    bare = bare.replace(group, "").replace(decimal, ".")
    try:
        value = Decimal(bare)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not value.is_finite() or re.search(r"[^\W\d_]{4,}", text):
        raise ValueError(text)
    return -value if is_negative else value


def share(text: str, *, decimal: str) -> Decimal:
    """A share: ``15 %`` and ``0.15`` are the same; a plain number above 1 is in per cent."""
    value = number(text, decimal=decimal)
    return (value / 100 if "%" in text or value > 1 else value).quantize(Decimal("0.000001"))


def truth(text: str) -> bool:
    """Yes or no."""
    return text.strip().casefold() in _TRUE


def possible_orders(texts: list[str]) -> list[str]:
    """In which orders of day, month and year all these cells are dates; none when they are no dates."""
    found = [match for text in texts if (match := _DATE.match(text.strip()))]
    if not texts or len(found) < 0.9 * len(texts):
        return []
    if all(len(match[1]) == 4 for match in found):
        return ["ymd"]
    return [order for order in ("dmy", "mdy") if all(_fits(match, order) for match in found)]


def decimal_mark(texts: list[str]) -> str | None:
    """Which mark parts whole from fraction in these numbers; None when they do not tell."""
    for text in texts:
        bare = re.sub(r"[^\d.,]", "", text)
        last_dot, last_comma = bare.rfind("."), bare.rfind(",")
        if last_dot >= 0 and last_comma >= 0:
            return "." if last_dot > last_comma else ","
        mark, place = max((".", last_dot), (",", last_comma), key=lambda pair: pair[1])
        if place >= 0 and (
            len(bare) - place - 1 != 3 or (bare.count(mark) == 1 and bare.startswith("0"))
        ):
            if bare.count(mark) > 1:
                continue
            return mark
    return None


def is_number(text: str) -> bool:
    """Whether a cell holds a number in some writing."""
    bare = re.sub(r"[\s\u00a0$€£¥₽₴₸%()]|[A-Z]{3}", "", text)
    return bool(re.fullmatch(r"[-−+]?\d[\d.,]*", bare))


def _parts(found: re.Match[str], order: str) -> tuple[int, int, int]:
    if len(found[1]) == 4:
        order = "ymd"
    elif order == "ymd":
        raise ValueError(found.string)
    numbers = dict(zip(order, (int(found[1]), int(found[2]), int(found[3])), strict=True))
    year = numbers["y"]
    if year < 100:
        year += 2000 if year < 70 else 1900
    if not 1900 <= year <= 2200:
        raise ValueError(found.string)
    return year, numbers["m"], numbers["d"]


def _fits(found: re.Match[str], order: str) -> bool:
    try:
        date(*_parts(found, order))
    except ValueError:
        return False
    return True


def _offset(text: str) -> timezone:
    if text in ("Z", "UTC"):
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))
