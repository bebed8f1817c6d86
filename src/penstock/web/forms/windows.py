"""Which window of days is asked for: a preset or two days, as it stands in the address."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from penstock.base.calendar import Window, month_of, quarter_of, trailing
from penstock.base.errors import RuleBroken

PRESETS = {
    "month": _("This month"),
    "last-month": _("Last month"),
    "quarter": _("This quarter"),
    "last-quarter": _("Last quarter"),
    "90": _("90 days"),
    "365": _("365 days"),
}
DEFAULT = "month"
LONGEST_DAYS = 3660


def asked_window(
    query: QueryDict, *, until: date, zone: ZoneInfo, default: str = DEFAULT
) -> tuple[Window, str]:
    """The window, never beyond ``until``, and the name of the preset (empty for days of one's own).

    Raises:
        RuleBroken: ``web.window`` for days that are none, or the wrong way round.
    """
    if query.get("first") or query.get("last"):
        return _own(query, until=until, zone=zone), ""
    name = query.get("window", default)
    name = name if name in PRESETS else default
    return _cut(_preset(name, until=until, zone=zone), until=until), name


def _preset(name: str, *, until: date, zone: ZoneInfo) -> Window:
    if name.isdecimal():
        return trailing(until=until, days=int(name), zone=zone)
    around = quarter_of if name.endswith("quarter") else month_of
    this = around(until, zone=zone)
    return around(this.first - timedelta(days=1), zone=zone) if name.startswith("last") else this


def _own(query: QueryDict, *, until: date, zone: ZoneInfo) -> Window:
    first, last = _day(query.get("first", "")), _day(query.get("last", "")) or until
    if first is None or last < first or (last - first).days > LONGEST_DAYS:
        raise RuleBroken(
            "web.window", _("Enter the first and the last day, in this order, at most ten years.")
        )
    return _cut(Window(first=first, last=last, zone=zone), until=until)


def _cut(window: Window, *, until: date) -> Window:
    if window.first > until:
        raise RuleBroken("web.window_future", _("This window has not begun yet. Choose another."))
    return Window(first=window.first, last=min(window.last, until), zone=window.zone)


def _day(text: str) -> date | None:
    try:
        return parse_date(text) if text else None
    except ValueError:
        return None
