"""What each cause of a change is called, in a table and after “because”."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from penstock.analytics import backlog_change
from penstock.analytics.backlog_change import UNEXPLAINED
from penstock.backlog import capacities
from penstock.reports.impact import DAYS, PACE, Impact
from penstock.reports.impact_causes import AWAY, PLANNED
from penstock.reports.impact_weeks import ORDERS, VALUE
from penstock.web import figures

#: What each factor says when it made the backlog larger, and when it made it smaller.
NAMES: Mapping[str, tuple[Any, Any]] = {
    "demand": (gettext_lazy("More was accepted"), gettext_lazy("Less was accepted")),
    "capacity": (gettext_lazy("Less could be delivered"), gettext_lazy("More could be delivered")),
    "cancelled": (gettext_lazy("Less was cancelled"), gettext_lazy("More was cancelled")),
    "changed": (
        gettext_lazy("More came back or was amended upwards"),
        gettext_lazy("Less came back, or more was amended downwards"),
    ),
    "opening": (
        gettext_lazy("The weeks began with a larger backlog"),
        gettext_lazy("The weeks began with a smaller backlog"),
    ),
    PACE: (
        gettext_lazy("More comes in than goes out in the baseline too"),
        gettext_lazy("More goes out than comes in in the baseline too"),
    ),
    DAYS: (
        gettext_lazy("The numbers of working days differ"),
        gettext_lazy("The numbers of working days differ"),
    ),
    PLANNED: (gettext_lazy("Fewer hours were planned"), gettext_lazy("More hours were planned")),
    AWAY: (gettext_lazy("More absence"), gettext_lazy("Less absence")),
    UNEXPLAINED: (
        gettext_lazy("Unexplained: an hour brought less"),
        gettext_lazy("Unexplained: an hour brought more"),
    ),
}
BECAUSE: Mapping[str, tuple[Any, Any]] = {
    "demand": (
        gettext_lazy("because more was accepted"),
        gettext_lazy("because less was accepted"),
    ),
    "capacity": (
        gettext_lazy("because less could be delivered"),
        gettext_lazy("because more could be delivered"),
    ),
    "cancelled": (
        gettext_lazy("because less was cancelled"),
        gettext_lazy("because more was cancelled"),
    ),
    "changed": (
        gettext_lazy("because more came back or was amended upwards"),
        gettext_lazy("because less came back, or more was amended downwards"),
    ),
    "opening": (
        gettext_lazy("because the weeks began with a larger backlog"),
        gettext_lazy("because the weeks began with a smaller backlog"),
    ),
    PACE: (
        gettext_lazy("because more comes in than goes out in the baseline too"),
        gettext_lazy("because more goes out than comes in in the baseline too"),
    ),
    DAYS: (
        gettext_lazy("because the numbers of working days differ"),
        gettext_lazy("because the numbers of working days differ"),
    ),
    PLANNED: (
        gettext_lazy("because fewer hours were planned"),
        gettext_lazy("because more hours were planned"),
    ),
    AWAY: (
        gettext_lazy("because of more absence"),
        gettext_lazy("because of less absence"),
    ),
    UNEXPLAINED: (
        gettext_lazy("because an hour brought less, and nobody recorded why"),
        gettext_lazy("because an hour brought more, and nobody recorded why"),
    ),
}


def name(code: str, share: Fraction) -> str:
    """A cause in a table."""
    if code in NAMES:
        return str(NAMES[code][share < 0])
    cause = capacities.CAUSES.get(code, code)
    said = _("Disruptions: %(cause)s") if share >= 0 else _("Fewer disruptions: %(cause)s")
    return said % {"cause": _lower(cause)}


def because(code: str, share: Fraction, found: Impact) -> str:
    """A cause in a sentence; a disruption with the weeks in which it took hours."""
    if code in BECAUSE:
        return str(BECAUSE[code][share < 0])
    cause = _lower(capacities.CAUSES.get(code, code))
    if share < 0:
        return _("because there were fewer disruptions (%(cause)s)") % {"cause": cause}
    return _("because of disruptions (%(cause)s) in %(weeks)s") % {
        "cause": cause,
        "weeks": weeks(found, code),
    }


def weeks(found: Impact, code: str) -> str:
    """The calendar weeks in which a cause took hours: “weeks 14–15 and 18”."""
    lost: Sequence[Decimal] = found.lost.get(code, ())
    # A week of seven days belongs to the calendar week in which most of it lies.
    numbers = [_number(found, at) for at in range(len(lost))]
    spans = [
        str(numbers[first]) if first == last else f"{numbers[first]}–{numbers[last]}"
        for first, last in backlog_change.stretches(lost)
    ]
    n = sum(1 for hours in lost if hours)
    if not spans:
        return ""
    said = ", ".join(spans)
    return ngettext("week %(weeks)s", "weeks %(weeks)s", n) % {"weeks": said}


def _number(found: Impact, at: int) -> int:
    window = found.weeks[at].window
    return window.first.fromordinal(window.first.toordinal() + 3).isocalendar().week


def amount(value: Decimal | Fraction, found: Impact) -> str:
    """So many orders, so much money, so many hours: without a sign."""
    size = (
        abs(Decimal(value.numerator) / value.denominator)
        if isinstance(value, Fraction)
        else abs(value)
    )
    if found.asked.measure == VALUE:
        return figures.money(size, found.currency, is_whole=True)
    n = round(size)
    if found.asked.measure == ORDERS:
        return ngettext("%(n)s order", "%(n)s orders", n) % {"n": figures.number(n)}
    return ngettext("%(n)s hour", "%(n)s hours", n) % {"n": figures.number(n)}


def signed(value: Decimal, found: Impact) -> str:
    """An amount in a table, with its sign; of orders to the tenth, for shares are no whole orders."""
    if found.asked.measure == VALUE:
        text = figures.money(abs(value), found.currency, is_whole=True)
    else:
        places = 0 if value == value.to_integral_value() else 1
        text = figures.number(abs(value), places=places)
    if not value:
        return text
    return f"{'+' if value > 0 else chr(0x2212)}{text}"


def _lower(text: Any) -> str:
    said = str(text)
    return said[:1].lower() + said[1:]
