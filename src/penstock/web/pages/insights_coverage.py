"""Is there enough in the pipeline for this period?"""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from penstock.analytics.coverage import MIN_PERIODS, Range
from penstock.reports.coverage import Covered, Snapshot
from penstock.web import figures
from penstock.web.pages.base import Definition, Page
from penstock.web.pages.insights_losses import per_cent
from penstock.web.pages.insights_tables import Cell, Row, Table
from penstock.web.pages.tiles import Tile, TooFew, day_text, n_text, period_text, window_text

PERIODS = {
    "quarter": pgettext_lazy("length of a goal", "Quarter"),
    "month": pgettext_lazy("length of a goal", "Month"),
}


def head(found: Covered) -> Page:
    """The answer, and how it is measured."""
    return Page(
        title=_("Coverage"),
        nav="insights",
        answer=_answer(found),
        definition=Definition(
            text=_(
                "Open deals that do not wait and are expected to close in the rest of the period, against what "
                "earlier periods brought that were seen as many days before their end: which share of such a "
                "pipeline was won in its period, and what was won besides. Ranges hold 80 of 100 trials that "
                "weigh the earlier periods at random. The goal is that of the workspace or of the slice."
            ),
            window=window_text(found.window),
            n=figures.number(found.coverage.n),
        ),
    )


def tiles(found: Covered) -> list[Tile]:
    """The figures beside one another."""
    coverage = found.coverage
    too_few = None if coverage.yielded else TooFew(n=coverage.n, needed=MIN_PERIODS)
    return [
        Tile(
            name=_("Won so far"),
            value=_money(found, found.now.won_before),
            basis=_("no goal for this period")
            if found.target is None
            else _("of a goal of %(goal)s") % {"goal": _money(found, found.target)},
        ),
        Tile(
            name=_("Due in the rest of the period"),
            value=_money(found, found.now.due),
            basis=_("%(times)s times what is missing") % {"times": _decimal(found.times, 1)}
            if found.times is not None
            else n_text(found.now.n_due),
        ),
        Tile(
            name=_("Needed for the goal"),
            value="–" if coverage.needed is None else _money(found, Decimal(str(coverage.needed))),
            basis=_("due pipeline, by the share beside"),
            too_few=too_few,
        ),
        Tile(
            name=_("Share of the due pipeline that is won in its period"),
            value=_share(coverage.yielded),
            basis=_share_range(coverage.yielded),
            too_few=too_few,
        ),
        Tile(
            name=_("Projected for the period"),
            value="–" if coverage.projected is None else _amount(found, coverage.projected.middle),
            basis=_range(found, coverage.projected),
            too_few=too_few,
        ),
        Tile(
            name=_("Chance to reach the goal"),
            value=per_cent(coverage.reaches),
            basis=n_text(coverage.n),
            too_few=too_few,
        ),
    ]


def tables(found: Covered) -> list[Table]:
    """The running period and the earlier ones, each seen on its day."""
    return [
        Table(
            title=_("Earlier periods, as many days before their end"),
            heads=(
                _("Period"),
                _("Seen on"),
                _("Deals due"),
                _("Due"),
                _("Won of them"),
                _("Share won"),
                _("Won besides"),
                _("Won before"),
            ),
            rows=[_row(found, one, is_now=one is found.now) for one in (found.now, *found.past)],
        )
    ]


def notes(found: Covered) -> list[str]:
    """What bears on the figures."""
    said = [
        ngettext(
            "%(n)s day is left in the period. Deals whose expected close has passed, or that have none, are "
            "not due: what is won of them is in “won besides”.",
            "%(n)s days are left in the period. Deals whose expected close has passed, or that have none, are "
            "not due: what is won of them is in “won besides”.",
            found.days_left,
        )
        % {"n": figures.number(found.days_left)}
    ]
    if found.coverage.yielded is None:
        said.append(
            _(
                "Nothing is projected before there are %(n)s earlier periods with due deals on record."
            )
            % {"n": figures.number(MIN_PERIODS)}
        )
    return said


def _row(found: Covered, one: Snapshot, *, is_now: bool) -> Row:
    query = f"begins={one.window.first.isoformat()}"
    open_yet = Cell("–")
    return Row(
        period_text(found.period, one.window.first),
        [
            Cell(day_text(one.on)),
            Cell(figures.number(one.n_due), query),
            Cell(_money(found, one.due)),
            open_yet if is_now else Cell(_money(found, one.won_of_due), f"{query}&won=1"),
            open_yet if is_now else Cell(per_cent(one.share)),
            open_yet if is_now else Cell(_money(found, one.won_besides)),
            Cell(_money(found, one.won_before)),
        ],
        is_total=is_now,
    )


def _answer(found: Covered) -> str:
    coverage = found.coverage
    period = period_text(found.period, found.window.first)
    if coverage.projected is None:
        return _(
            "%(due)s is due in the rest of %(period)s; there are too few earlier periods to say what that "
            "brings."
        ) % {"due": _money(found, found.now.due), "period": period}
    told = {
        "due": _money(found, found.now.due),
        "period": period,
        "low": _amount(found, coverage.projected.low),
        "high": _amount(found, coverage.projected.high),
        "share": _share(coverage.yielded),
    }
    said = (
        _(
            "%(due)s is due in the rest of %(period)s, and %(share)s of such a pipeline is won: the period will "
            "come to between %(low)s and %(high)s."
        )
        % told
    )
    if found.target is None or coverage.reaches is None:
        return said
    chance = _("The goal of %(goal)s is reached in %(share)s of the trials.") % {
        "goal": _money(found, found.target),
        "share": per_cent(coverage.reaches),
    }
    return f"{said} {chance}"


def _share(one: Range | None) -> str:
    return "–" if one is None else per_cent(one.middle)


def _share_range(one: Range | None) -> str:
    return "" if one is None else f"{per_cent(one.low)} – {per_cent(one.high)}"


def _range(found: Covered, one: Range | None) -> str:
    return "" if one is None else f"{_amount(found, one.low)} – {_amount(found, one.high)}"


def _amount(found: Covered, value: float) -> str:
    return _money(found, Decimal(str(value)))


def _money(found: Covered, value: Decimal) -> str:
    return figures.money(value, found.currency, is_whole=True)


def _decimal(value: float | None, places: int) -> str:
    return "–" if value is None else figures.number(Decimal(str(value)), places=places)
