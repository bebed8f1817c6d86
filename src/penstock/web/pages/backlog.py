"""What do we owe, and will it be on time: the answer and the figures of the backlog page."""

from __future__ import annotations

from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from penstock.reports.backlog import BacklogOnDay
from penstock.reports.holds import HeldOnDay
from penstock.reports.ratios import Ratio, RatiosOnDay
from penstock.web import figures
from penstock.web.pages import hold_words, money
from penstock.web.pages.base import Definition, Page
from penstock.web.pages.tiles import Tile, day_text, days, window_text


def head(state: BacklogOnDay, waiting: HeldOnDay | None = None) -> Page:
    """Title, answer, and how it is measured."""
    return Page(
        title=_("Backlog"),
        nav="backlog",
        answer=answer(state, waiting),
        definition=Definition(
            text=_(
                "Owed is what was accepted and neither delivered nor cancelled by the end of the "
                "day, at the price of its lines, without tax. Overdue is what was promised for a "
                "day before it."
            ),
            window=day_text(state.moment.on),
            n=figures.number(state.owed.n_lines),
        ),
    )


def answer(state: BacklogOnDay, waiting: HeldOnDay | None = None) -> str:
    """What is owed, how much of it is late or waits, and how much work it is."""
    if not state.owed.n_orders:
        return _("Nothing is owed.")
    return " ".join(
        part for part in (_owed(state), _late(state), _held(waiting), _work(state)) if part
    )


def _owed(state: BacklogOnDay) -> str:
    return ngettext(
        "%(n)s order is owed, worth %(value)s.",
        "%(n)s orders are owed, worth %(value)s.",
        state.owed.n_orders,
    ) % {"n": figures.number(state.owed.n_orders), "value": money.sentence(state.owed.in_one)}


def _late(state: BacklogOnDay) -> str:
    if not state.overdue.n_orders:
        return _("None of them is overdue.")
    return ngettext(
        "%(n)s of them is overdue, worth %(value)s.",
        "%(n)s of them are overdue, worth %(value)s.",
        state.overdue.n_orders,
    ) % {"n": figures.number(state.overdue.n_orders), "value": money.sentence(state.overdue.in_one)}


def _held(waiting: HeldOnDay | None) -> str:
    if waiting is None or not waiting.n_orders:
        return ""
    return ngettext(
        "%(n)s of them waits and cannot be worked on.",
        "%(n)s of them wait and cannot be worked on.",
        waiting.n_orders,
    ) % {"n": figures.number(waiting.n_orders)}


def _work(state: BacklogOnDay) -> str:
    hours = _("%(hours)s hours of work are known.") % {"hours": figures.number(state.owed.hours)}
    n = state.owed.n_lines_without_hours
    if not n:
        return hours
    lacking = ngettext("%(n)s line lacks its hours.", "%(n)s lines lack their hours.", n) % {
        "n": figures.number(n)
    }
    return f"{hours} {lacking}"


def tiles(state: BacklogOnDay, ratios: RatiosOnDay, waiting: HeldOnDay, *, slug: str) -> list[Tile]:
    """The figures under the answer; of several currencies the one with most sales comes first."""
    late = reverse("backlog", args=[slug]) + "?overdue=1"
    return [
        *_ratio_tiles(ratios),
        _overdue(state, url=late),
        _workable(state, waiting, slug=slug),
        *_ages(state),
    ]


def _ratio_tiles(ratios: RatiosOnDay) -> list[Tile]:
    """The workspace's currency gives the figure, the native ones stand below it."""
    ranked = sorted(ratios.by_currency, key=lambda one: one.ratio.denominator, reverse=True)
    if not ranked:
        return []
    if ratios.in_one is not None:
        ranked = [ratios.in_one, *ranked]
    apart = _("without %(codes)s: no rate") % {"codes": ", ".join(ratios.missing)}
    note = apart if ratios.missing else ""
    return [
        _ratio_tile([(one.currency, one.ratio) for one in ranked], places=2, note=note),
        _ratio_tile(
            [(one.currency, one.days_of_sales) for one in ranked],
            places=0,
            unit=_("days"),
            note=note,
        ),
        _ratio_tile([(one.currency, one.book_to_bill) for one in ranked], places=2, note=note),
    ]


def _ratio_tile(
    found: list[tuple[str, Ratio]], *, places: int, unit: str = "", note: str = ""
) -> Tile:
    (currency, first), *others = found
    return Tile(
        name=_("%(figure)s, all in %(currency)s") % {"figure": first.label, "currency": currency}
        if others
        else str(first.label),
        value=_value(first, places=places),
        unit=unit if first.value is not None else "",
        basis="; ".join(
            [
                str(first.note) or _basis(first),
                *(_native(name, one, places=places) for name, one in others),
                *filter(None, (note,)),
            ]
        ),
        definition=Definition(
            text=str(first.definition),
            window=window_text(first.window),
            n=figures.number(first.n),
        ),
    )


def _native(currency: str, ratio: Ratio, *, places: int) -> str:
    value = _value(ratio, places=places)
    return _("%(currency)s alone %(value)s") % {"currency": currency, "value": value}


def _value(ratio: Ratio, *, places: int) -> str:
    return "–" if ratio.value is None else figures.number(ratio.value, places=places)


def _basis(ratio: Ratio) -> str:
    return _("%(above)s ÷ %(below)s") % {
        "above": figures.number(ratio.numerator),
        "below": figures.number(ratio.denominator),
    }


def _overdue(state: BacklogOnDay, *, url: str) -> Tile:
    n, late = state.owed.n_orders, state.overdue.n_orders
    return Tile(
        name=_("Overdue share of orders"),
        value=figures.share(Decimal(late) / n) if n else "–",
        url=url if late and state.moment.is_now else "",
        tone="late" if late else "",
        basis=_("%(late)s of %(n)s orders")
        % {"late": figures.number(late), "n": figures.number(n)},
        definition=Definition(
            text=_("Orders owed whose promised day has passed ÷ all orders owed."),
            window=day_text(state.moment.on),
            n=figures.number(n),
        ),
    )


def _workable(state: BacklogOnDay, waiting: HeldOnDay, *, slug: str) -> Tile:
    """What can be worked on, in money; below it what waits, by whom."""
    query = "" if state.moment.is_now else f"&on={state.moment.on.isoformat()}"
    sides = (
        _("%(value)s waits for %(side)s")
        % {"value": money.shown(part.owed.in_one), "side": hold_words.side(part.side)}
        for part in waiting.held
    )
    return Tile(
        name=_("Workable backlog"),
        value=str(money.shown(waiting.workable.in_one)) or "–",
        basis="; ".join(sides) or _("nothing waits"),
        url=f"{reverse('backlog', args=[slug])}?held=1{query}" if waiting.n_lines else "",
        definition=Definition(
            text=_(
                "Value owed of lines that do not wait. A line waits while it or its order is held; a "
                "charge waits where all goods of its order do. The figure leads to the orders that "
                "wait, as a whole or in part."
            ),
            window=day_text(state.moment.on),
            n=figures.number(waiting.workable.n_lines),
        ),
    )


def _ages(state: BacklogOnDay) -> list[Tile]:
    ages = state.ages
    definition = Definition(
        text=_(
            "Days since the acceptance of the orders that are owed; each is the age of a real "
            "order."
        ),
        window=day_text(state.moment.on),
        n=figures.number(ages.n),
    )
    return [
        Tile(
            name=_("Median age"),
            value=days(ages.median_days),
            unit=_("days") if ages.n else "",
            definition=definition,
        ),
        Tile(
            name=_("85 % are younger than"),
            value=days(ages.p85_days),
            unit=_("days") if ages.n else "",
            basis=_("the oldest: %(days)s days") % {"days": days(ages.oldest_days)}
            if ages.n
            else "",
            definition=definition,
        ),
    ]
