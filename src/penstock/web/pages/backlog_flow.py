"""How do orders flow: what comes in and goes out, how long it takes, and for how long the backlog lasts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from penstock.analytics.conversion import Share
from penstock.analytics.flow_times import Spread
from penstock.analytics.survival import Duration
from penstock.reports.backlog_flow import MIN_CASES, BacklogFlow
from penstock.reports.hours_ahead import N_WEEKS, Ahead, HoursAhead
from penstock.reports.work_times import WorkTimes
from penstock.web import figures
from penstock.web.pages.base import Definition, Page
from penstock.web.pages.tiles import Tile, TooFew, window_text


@dataclass(frozen=True, slots=True)
class Urls:
    """Where the rows behind the figures are, with what the address asks for."""

    orders: str
    work: str

    def of_orders(self, query: str) -> str:
        """The orders behind one figure."""
        return f"{self.orders}{'&' if '?' in self.orders else '?'}{query}"


def head(found: BacklogFlow) -> Page:
    """The answer, and how it is measured."""
    return Page(
        title=_("Flow"),
        nav="backlog",
        answer=answer(found),
        definition=Definition(
            text=_(
                "An order comes in when something of it begins to be owed, and goes out when nothing is owed any "
                "more; what comes back after its delivery comes in again. Of a team or a product only its lines "
                "count. Stages are those in which orders stood on the day."
            ),
            window=window_text(found.window),
            n=figures.number(found.n_in + found.n_opening),
        ),
    )


def answer(found: BacklogFlow) -> str:
    """What came, what went, and whether the backlog grew."""
    if not found.n_in and not found.n_opening:
        return _("No order was owed in this window.")
    closing = found.n_opening + found.n_in - _n_left(found)
    told = {
        "n_in": figures.number(found.n_in),
        "n_out": figures.number(found.n_out),
        "n_cancelled": figures.number(found.n_cancelled),
        "before": figures.number(found.n_opening),
        "after": figures.number(closing),
    }
    if closing > found.n_opening:
        text = _(
            "The backlog grew from %(before)s to %(after)s orders: %(n_in)s in, %(n_out)s delivered, "
            "%(n_cancelled)s cancelled."
        )
    elif closing < found.n_opening:
        text = _(
            "The backlog fell from %(before)s to %(after)s orders: %(n_in)s in, %(n_out)s delivered, "
            "%(n_cancelled)s cancelled."
        )
    else:
        text = _(
            "The backlog stayed at %(after)s orders: %(n_in)s in, %(n_out)s delivered, "
            "%(n_cancelled)s cancelled."
        )
    return text % told


def _n_left(found: BacklogFlow) -> int:
    return found.n_opening + found.n_in - int(found.flow.inside[-1])


def tiles(found: BacklogFlow, work: WorkTimes, ahead: HoursAhead, *, urls: Urls) -> list[Tile]:
    """The figures under the answer."""
    return [
        _per_week(found, urls=urls),
        _lead(found, urls=urls),
        _cycle(work, urls=urls),
        _capacity(found),
        _coverage(ahead),
        _cancelled(found, urls=urls),
    ]


def _per_week(found: BacklogFlow, *, urls: Urls) -> Tile:
    spread = found.orders_per_week
    return Tile(
        name=_("Orders delivered per week"),
        value=amount(spread.median),
        url=urls.of_orders("part=delivered") if found.n_out else "",
        basis=_range(spread),
        too_few=None if spread.n else TooFew(n=0, needed=1),
        definition=Definition(
            text=_(
                "Orders delivered in the middle one of the whole weeks in which work never ran out, per five "
                "working days. Of 100 such weeks 15 brought no more than the lower figure, 85 no more than the "
                "upper one."
            ),
            window=window_text(found.window),
            n=_n_weeks(found, spread),
        ),
    )


def _capacity(found: BacklogFlow) -> Tile:
    spread = found.hours_per_week
    unknown = found.n_lines_without_hours
    return Tile(
        name=_("Effective capacity per week"),
        value=amount(spread.median),
        unit=pgettext("unit", "hours") if spread.n else "",
        basis="; ".join(
            filter(
                None,
                [
                    _range(spread),
                    ngettext(
                        "%(n)s delivered line lacks its hours",
                        "%(n)s delivered lines lack their hours",
                        unknown,
                    )
                    % {"n": figures.number(unknown)}
                    if unknown
                    else "",
                ],
            )
        ),
        too_few=None if spread.n else TooFew(n=0, needed=1),
        definition=Definition(
            text=_(
                "Work hours of what was delivered, less what came back, in the middle one of the whole weeks in "
                "which work never ran out, per five working days. A week in which it did run out is left out: it "
                "shows what was ordered, not what can be done."
            ),
            window=window_text(found.window),
            n=_n_weeks(found, spread),
        ),
    )


def _n_weeks(found: BacklogFlow, spread: Spread) -> str:
    return _("%(n)s of %(all)s weeks") % {
        "n": figures.number(spread.n),
        "all": figures.number(found.n_whole_weeks),
    }


def _lead(found: BacklogFlow, *, urls: Urls) -> Tile:
    lead = found.lead.accepted
    return Tile(
        name=_("Lead time, median"),
        value=days(lead.median.days),
        unit=_("days") if lead.median.days is not None else "",
        url=urls.of_orders("part=came") if lead.n else "",
        basis=_p85(lead),
        too_few=_few(lead),
        definition=Definition(
            text=_(
                "Days from the acceptance of an order to the delivery of its last part, of orders accepted in the "
                "window. Orders that are still owed are counted as running so far (Kaplan–Meier); what was "
                "cancelled is watched until then."
            ),
            window=window_text(found.window),
            n=figures.number(lead.n),
        ),
    )


def _cycle(work: WorkTimes, *, urls: Urls) -> Tile:
    cycle = work.whole.cycle
    joint = "&" if "?" in urls.work else "?"
    return Tile(
        name=_("Cycle time, median"),
        value=days(cycle.median.days),
        unit=_("days") if cycle.median.days is not None else "",
        url=f"{urls.work}{joint}part=begun" if cycle.n else "",
        basis=_p85(cycle),
        too_few=_few(cycle),
        definition=Definition(
            text=_(
                "Days from the moment at which work first entered a stage in progress to its completion, of work "
                "begun in the window; what still runs is counted as running so far (Kaplan–Meier)."
            ),
            window=window_text(work.window),
            n=figures.number(cycle.n),
        ),
    )


def _few(duration: Duration) -> TooFew | None:
    return TooFew(n=duration.n, needed=MIN_CASES) if duration.n < MIN_CASES else None


def _p85(duration: Duration) -> str:
    if duration.n < MIN_CASES:
        return ""
    running = duration.n - duration.n_ended
    told = {"days": days(duration.p85.days), "n": figures.number(running)}
    if duration.median.days is None:
        return _("fewer than half are over; %(n)s still run or were cancelled") % told
    if duration.p85.days is None:
        return _("85 %% not reached yet; %(n)s still run or were cancelled") % told
    return _("85 %% within %(days)s days; %(n)s still run or were cancelled") % told


def _coverage(ahead: HoursAhead) -> Tile:
    one = ahead.longest or ahead.whole
    return Tile(
        name=_("Weeks of capacity in the backlog"),
        value="–" if not one.has_capacity else _weeks(one),
        unit=_weeks_unit(one),
        basis=_ahead_basis(one),
        definition=Definition(
            text=_(
                "The calendar week, the running one being the first, by whose end the hours of the backlog are "
                "worked off by the hours that can be worked; of the team for which it takes the longest. Lines "
                "of unknown hours add none."
            ),
            n=_("%(hours)s hours") % {"hours": figures.number(one.hours)},
        ),
    )


def _weeks(one: Ahead) -> str:
    if one.weeks is None:
        return _("more than %(n)s") % {"n": N_WEEKS}
    return figures.number(one.weeks)


def _weeks_unit(one: Ahead) -> str:
    return "" if not one.has_capacity else ngettext("week", "weeks", one.weeks or N_WEEKS)


def _ahead_basis(one: Ahead) -> str:
    if not one.has_capacity:
        return _("nobody said who can work how much")
    told = {
        "team": one.name,
        "hours": figures.number(one.hours),
        "per_week": figures.number(Decimal(str(round(one.per_week, 1)))),
    }
    if one.name:
        return _("%(team)s: %(hours)s hours at %(per_week)s a week") % told
    return _("%(hours)s hours at %(per_week)s a week") % told


def _cancelled(found: BacklogFlow, *, urls: Urls) -> Tile:
    gross, owed = found.cancelled_of_accepted, found.cancelled_of_owed
    return Tile(
        name=_("Cancelled of accepted"),
        value="–" if gross.share is None else figures.share(gross.share),
        url=urls.of_orders("part=cancelled") if found.n_cancelled else "",
        basis="; ".join(
            [
                _("%(n)s of %(of)s orders")
                % {"n": figures.number(gross.n), "of": figures.number(gross.of)},
                _("%(share)s of the %(of)s owed at the begin")
                % {"share": _share(owed), "of": figures.number(owed.of)},
            ]
        ),
        definition=Definition(
            text=_(
                "Orders that left by cancellation in the window ÷ orders that came in within it (gross rate). Below "
                "it: the same ÷ orders owed at its begin. An order of which a part was delivered is no cancelled one."
            ),
            window=window_text(found.window),
            n=figures.number(gross.of),
        ),
    )


def _share(one: Share) -> str:
    return "–" if one.share is None else figures.share(one.share)


def amount(value: float | None) -> str:
    """A number to one place, or a dash."""
    return "–" if value is None else figures.number(Decimal(str(round(value, 1))))


def _range(spread: Spread) -> str:
    if not spread.n:
        return ""
    return _("15 to 85 of 100 weeks: %(low)s to %(high)s") % {
        "low": amount(spread.low),
        "high": amount(spread.high),
    }


def days(value: float | None) -> str:
    """A number of days to one place, or a dash."""
    return amount(value)
