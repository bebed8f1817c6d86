"""How much do we win, and why is it more or less than before?"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from penstock.reports.throughput import Group, Span, Throughput
from penstock.web import figures
from penstock.web.pages.base import Definition, Page
from penstock.web.pages.insights_bridge import signed
from penstock.web.pages.insights_tables import Cell, Row, Table, left_out
from penstock.web.pages.tiles import Tile, n_text, short_day, window_text

GROUPS = {
    "product": gettext_lazy("By product"),
    "owner": gettext_lazy("By owner"),
    "team": gettext_lazy("By team"),
    "channel": gettext_lazy("By channel"),
    "segment": gettext_lazy("By segment"),
}
#: Fewer wins than this that are not entered yet are not worth a word.
LEAST_UNENTERED = 0.5
NONE = {
    "product": gettext_lazy("No product"),
    "owner": gettext_lazy("Nobody"),
    "team": gettext_lazy("No team"),
    "channel": gettext_lazy("No channel"),
    "segment": gettext_lazy("No segment"),
}


def head(found: Throughput) -> Page:
    """The answer, and how it is measured."""
    return Page(
        title=_("Throughput"),
        nav="insights",
        answer=_answer(found),
        definition=Definition(
            text=_(
                "Deals won in the window and in as many days before it, with the amount in force at the end of "
                "the window, at the rate of the day of the win. The change is taken apart exactly: more or "
                "fewer deals, another mix of the groups, larger or smaller deals within them (Shapley). Open "
                "deals are no part of it, so dead ones cannot raise it. The interval, at 95 %, takes deals to "
                "come independently of one another."
            ),
            window=window_text(found.window),
            n=figures.number(found.now.n),
        ),
    )


def tiles(found: Throughput) -> list[Tile]:
    """The figures beside one another."""
    ratio = found.steadiness.number
    return [
        Tile(
            name=_("Won value"),
            value=_money(found, found.now.value),
            basis=n_text(found.now.n),
            url="",
        ),
        Tile(
            name=_("Won per week"),
            value=_money(found, found.now.per_week),
            basis=_("before: %(before)s") % {"before": _money(found, found.then.per_week)},
        ),
        Tile(
            name=_("Change"),
            value=signed({found.currency: found.change}),
            basis=_("95 %% interval %(low)s to %(high)s")
            % {
                "low": _signed(found, found.low),
                "high": _signed(found, found.high),
            },
        ),
        Tile(
            name=_("Number of deals, now by before"),
            value="–" if ratio.ratio is None else _decimal(ratio.ratio),
            basis=_("95 %% interval %(low)s to %(high)s")
            % {"low": _decimal(ratio.low), "high": _decimal(ratio.high)},
        ),
    ]


def tables(found: Throughput) -> list[Table]:
    """Why the sum changed, and group by group."""
    return [_why(found), _by_group(found)]


def notes(found: Throughput) -> list[str]:
    """What bears on the figures."""
    said = []
    if not found.steadiness.is_clear:
        said.append(
            _("The change is not more than chance would bring: its parts say little about a cause.")
        )
    if found.n_unentered >= LEAST_UNENTERED:
        said.append(
            _(
                "Wins are entered late: by how late those before it were, about %(n)s more than the %(seen)s "
                "counted were won in this window and are not entered yet. Until they are, it looks weaker "
                "than it was."
            )
            % {
                "n": figures.number(Decimal(str(found.n_unentered)), places=1),
                "seen": figures.number(found.now.n),
            }
        )
    said += left_out(found.n_without_amount, found.n_without_rate)
    return said


def charts(found: Throughput) -> list[dict[str, Any]]:
    """Won value week by week."""
    if not found.now.n:
        return []
    names = [short_day(one.window.first) for one in found.spans]
    return [
        {
            "id": "chart-throughput",
            "title": _("Won by week, in %(currency)s") % {"currency": found.currency},
            "summary": _answer(found),
            "data": {
                "x": names,
                "series": [
                    {
                        "name": _("Won value"),
                        "kind": "bar",
                        "values": [float(one.value) for one in found.spans],
                        "tone": "ok",
                    }
                ],
            },
            "heads": [_("Week from"), _("Won deals"), _("Value")],
            "rows": [_week(found, one, name) for one, name in zip(found.spans, names, strict=True)],
        }
    ]


def _week(found: Throughput, one: Span, name: str) -> list[str]:
    return [name, figures.number(one.n), _money(found, one.value)]


def _why(found: Throughput) -> Table:
    parts: Sequence[tuple[str, Decimal, str]] = (
        (_("More or fewer deals"), found.number, _("as many of each group and as large as before")),
        (_("Another mix"), found.mix, _("another share of each group")),
        (_("Larger or smaller deals"), found.size, _("within the groups")),
    )
    return Table(
        title=_("Why it changed"),
        heads=(_("Part"), _("Change")),
        rows=[
            Row(
                _("Won before"),
                [Cell(_money(found, found.then.value), "before=1", n_text(found.then.n))],
            ),
            *(
                Row(name, [Cell(signed({found.currency: value}), note=note)])
                for name, value, note in parts
            ),
            Row(
                _("Won now"),
                [Cell(_money(found, found.now.value), "all=1", n_text(found.now.n))],
                is_total=True,
            ),
        ],
    )


def _by_group(found: Throughput) -> Table:
    return Table(
        title=str(GROUPS[found.by]),
        heads=(
            _("Group"),
            _("Deals before"),
            _("Deals now"),
            _("Mean before"),
            _("Mean now"),
            _("Value before"),
            _("Value now"),
            _("Change"),
        ),
        rows=[_group(found, one) for one in found.groups],
    )


def _group(found: Throughput, one: Group) -> Row:
    return Row(
        one.name or str(NONE[found.by]),
        [
            Cell(figures.number(one.n_before), f"key={one.key}&before=1"),
            Cell(figures.number(one.n), f"key={one.key}"),
            Cell(_mean(found, one.before, one.n_before)),
            Cell(_mean(found, one.value, one.n)),
            Cell(_money(found, one.before)),
            Cell(_money(found, one.value)),
            Cell(signed({found.currency: one.change})),
        ],
    )


def _answer(found: Throughput) -> str:
    told = {
        "now": _money(found, found.now.value),
        "then": _money(found, found.then.value),
        "number": _signed(found, found.number),
        "mix": _signed(found, found.mix),
        "size": _signed(found, found.size),
    }
    if not found.now.n and not found.then.n:
        return _("No deal was won in this window or before it.")
    return (
        _(
            "%(now)s won, after %(then)s in as many days before: %(number)s by the number of deals, %(mix)s by "
            "their mix, %(size)s by their size."
        )
        % told
    )


def _mean(found: Throughput, value: Decimal, n: int) -> str:
    return _money(found, value / n) if n else "–"


def _money(found: Throughput, value: Decimal) -> str:
    return figures.money(value, found.currency, is_whole=True)


def _signed(found: Throughput, value: Decimal) -> str:
    return signed({found.currency: value.quantize(Decimal(1))})


def _decimal(value: float | None) -> str:
    return "–" if value is None else figures.number(Decimal(str(value)), places=2)
