"""How much do new customers bring, how much the existing ones, and who no longer buys?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from penstock.analytics.customers import RECENT, Drought
from penstock.reports.customers import Business, Buyer, Customers
from penstock.web import figures
from penstock.web.pages.base import Definition, Page
from penstock.web.pages.insights_losses import per_cent
from penstock.web.pages.insights_tables import left_out
from penstock.web.pages.tiles import Tile, day_text, window_text

STANDINGS = {
    "new": (
        pgettext_lazy("customers", "New customers"),
        pgettext_lazy("customers", "Bought for the first time in the window."),
    ),
    "returned": (
        pgettext_lazy("customers", "Came back"),
        pgettext_lazy("customers", "Bought in the window after having been dormant."),
    ),
    "regular": (
        pgettext_lazy("customers", "Regular"),
        pgettext_lazy("customers", "Bought before, and not longer ago than usual."),
    ),
    "dormant": (
        pgettext_lazy("customers", "Dormant"),
        pgettext_lazy(
            "customers",
            "Has not bought for twice its usual time between purchases (at least 90 days), or for 365 days "
            "if it bought on fewer than three days.",
        ),
    ),
    "lost": (
        pgettext_lazy("customers", "Lost customers"),
        pgettext_lazy("customers", "Has not bought for twice as long as that."),
    ),
}
#: The same of one customer.
STANDS = {
    "new": pgettext_lazy("customer", "New"),
    "returned": pgettext_lazy("customer", "Came back"),
    "regular": pgettext_lazy("customer", "Regular"),
    "dormant": pgettext_lazy("customer", "Dormant"),
    "lost": pgettext_lazy("customer", "No longer buys"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A month, ready to be shown; its queries lead to the deals."""

    name: str
    query: str
    n_new: str
    n_existing: str
    n_unknown: str
    new: str
    existing: str
    unknown: str
    new_share: str
    recent_share: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """A standing of customers."""

    code: str
    name: str
    definition: str
    n: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyerLine:
    """A customer, ready to be shown."""

    company_id: int
    name: str
    standing: str
    amount: str
    share: str
    n_days: str
    first_on: str
    last_on: str
    rest: str


def head(found: Customers) -> Page:
    """The answer, and how it is measured."""
    whole = found.whole
    return Page(
        title=_("New and existing customers"),
        nav="insights",
        answer=_answer(found),
        definition=Definition(
            text=_(
                "Deals won in the window, in the workspace's currency at the rate of the day of the win. "
                "New is what a company bought on the first day on which it ever won with us, existing what "
                "it bought later, whichever deals the filters leave. Deals without a company stand apart: "
                "of them nobody knows."
            ),
            window=window_text(found.window),
            n=figures.number(whole.n_new + whole.n_existing + whole.n_unknown),
        ),
    )


def tiles(found: Customers) -> list[Tile]:
    """The figures beside one another."""
    whole, spread = found.whole, found.concentration
    return [
        Tile(
            name=_("New business"),
            value=per_cent(whole.new_share),
            basis=_new_deals(whole),
        ),
        Tile(
            name=_("From customers of the last 12 months"),
            value=per_cent(whole.recent_share),
            basis=_("of the won value, by the first win")
            if whole.recent is not None
            else _("told once the record of wins is a year older than the window"),
        ),
        Tile(
            name=_("Largest customer"),
            value=per_cent(spread.top_1),
            basis=_("five largest %(five)s, ten largest %(ten)s")
            % {"five": per_cent(spread.top_5), "ten": per_cent(spread.top_10)},
        ),
        Tile(
            name=_("Concentration"),
            value="–" if spread.effective is None else _decimal(spread.effective, places=1),
            unit="" if spread.effective is None else _("equal customers"),
            basis=_("%(n)s bought; Herfindahl index %(index)s")
            % {
                "n": figures.number(spread.n),
                "index": "–"
                if spread.herfindahl is None
                else _decimal(spread.herfindahl, places=2),
            },
            definition=Definition(
                text=_(
                    "As many customers of equal size would be as concentrated: one divided by the sum of "
                    "the squared shares (Herfindahl)."
                )
            ),
        ),
    ]


def _new_deals(whole: Business) -> str:
    """How much of the number of deals is new business, with its interval."""
    share = whole.new_deals
    if share.share is None:
        return _("of the won value; no deal with a customer was won")
    return _(
        "of the won value; %(share)s of the %(of)s deals with a customer (95 %% interval %(low)s to %(high)s)"
    ) % {
        "share": per_cent(share.share),
        "of": figures.number(share.of),
        "low": per_cent(share.low),
        "high": per_cent(share.high),
    }


def lines(found: Customers) -> list[Line]:
    """Month by month, the last first, and all of the window."""
    months = [
        _line(
            one,
            name=month_text(one),
            query=f"first={one.window.first.isoformat()}&last={one.window.last.isoformat()}",
            currency=found.currency,
        )
        for one in reversed(found.periods)
    ]
    return [*months, _line(found.whole, name=_("Total"), query="", currency=found.currency)]


def stands(found: Customers) -> list[Stand]:
    """How many customers stand where on the last day of the window."""
    return [
        Stand(
            code=code, name=str(name), definition=str(text), n=figures.number(found.standings[code])
        )
        for code, (name, text) in STANDINGS.items()
    ]


def buyer_lines(buyers: Sequence[Buyer], *, currency: str) -> list[BuyerLine]:
    """Customers, ready to be shown."""
    return [
        BuyerLine(
            company_id=one.company_id,
            name=one.name,
            standing=str(STANDS[one.standing]),
            amount=figures.money(one.amount, currency) if one.amount else "–",
            share=per_cent(one.share),
            n_days=figures.number(one.n_purchase_days),
            first_on=day_text(one.first_on),
            last_on=day_text(one.last_on),
            rest=figures.number(one.rest_days),
        )
        for one in buyers
    ]


def warning(found: Drought) -> str:
    """That new business dries up, in plain words; empty if it does not."""
    change = found.change
    if change is None or not found.is_drying_up:
        return ""
    return ngettext(
        "New business is drying up: %(n)s new customer in the last %(days)s days, where the year before led "
        "one to expect %(expected)s. That is too few for chance (%(low)s to %(high)s of the former frequency, "
        "at 95 %%).",
        "New business is drying up: %(n)s new customers in the last %(days)s days, where the year before led "
        "one to expect %(expected)s. That is too few for chance (%(low)s to %(high)s of the former frequency, "
        "at 95 %%).",
        change.n,
    ) % {
        "n": figures.number(change.n),
        "days": figures.number(change.days),
        "expected": _decimal(change.expected, places=1),
        "low": per_cent(change.low),
        "high": per_cent(change.high),
    }


def notes(found: Customers) -> list[str]:
    """What bears on the figures."""
    said = [_steadiness(found.drought)] if not found.drought.is_drying_up else []
    whole = found.whole
    if whole.n_unknown:
        said.append(
            ngettext(
                "%(n)s won deal has no company: whether it is new business is not known.",
                "%(n)s won deals have no company: whether they are new business is not known.",
                whole.n_unknown,
            )
            % {"n": figures.number(whole.n_unknown)}
        )
    said += left_out(found.n_without_amount, found.n_without_rate)
    if found.record_from:
        said.append(
            _(
                "The record of wins begins on %(day)s. Whoever bought before that looks like a new customer."
            )
            % {"day": day_text(found.record_from)}
        )
    return said


def charts(found: Customers) -> list[dict[str, Any]]:
    """New and existing business month by month."""
    if not found.whole.total:
        return []
    months = [
        date_format(one.window.first, pgettext("month on an axis", "M Y")) for one in found.periods
    ]
    parts = [
        (_("New business"), [one.new for one in found.periods], "ok"),
        (_("Existing customers"), [one.existing for one in found.periods], "accent"),
    ]
    if found.whole.unknown:
        parts.append((_("No company"), [one.unknown for one in found.periods], "faint"))
    return [
        {
            "id": "chart-customers",
            "title": _("Won by month, in %(currency)s") % {"currency": found.currency},
            "summary": _answer(found),
            "data": {
                "x": months,
                "series": [
                    {
                        "name": name,
                        "kind": "bar",
                        "stack": "won",
                        "values": [float(value) for value in values],
                        "tone": tone,
                    }
                    for name, values, tone in parts
                ],
            },
            "heads": [_("Month"), *(name for name, _values, _tone in parts)],
            "rows": [
                [
                    month,
                    *(figures.money(values[at], found.currency) for _name, values, _tone in parts),
                ]
                for at, month in enumerate(months)
            ],
        }
    ]


def month_text(one: Business) -> str:
    """A month, as people write it."""
    return str(date_format(one.window.first, "YEAR_MONTH_FORMAT"))


def standing_text(code: str) -> str:
    """What the customers of a standing are called; all customers for one that there is not."""
    return str(STANDINGS[code][0]) if code in STANDINGS else _("All customers")


def _line(one: Business, *, name: str, query: str, currency: str) -> Line:
    return Line(
        name=name,
        query=query,
        n_new=figures.number(one.n_new),
        n_existing=figures.number(one.n_existing),
        n_unknown=figures.number(one.n_unknown),
        new=figures.money(one.new, currency),
        existing=figures.money(one.existing, currency),
        unknown=figures.money(one.unknown, currency),
        new_share=per_cent(one.new_share),
        recent_share=per_cent(one.recent_share),
    )


def _answer(found: Customers) -> str:
    whole = found.whole
    if whole.new_share is None:
        return _("No company won in this window has an amount.")
    return ngettext(
        "%(new)s of the %(total)s won came from %(n)s new customer: %(share)s. "
        "Existing customers brought %(existing)s.",
        "%(new)s of the %(total)s won came from %(n)s new customers: %(share)s. "
        "Existing customers brought %(existing)s.",
        whole.n_new_customers,
    ) % {
        "new": figures.money(whole.new, found.currency),
        "total": figures.money(whole.new + whole.existing, found.currency),
        "n": figures.number(whole.n_new_customers),
        "share": per_cent(whole.new_share),
        "existing": figures.money(whole.existing, found.currency),
    }


def _steadiness(found: Drought) -> str:
    change = found.change
    if change is None:
        return _(
            "Whether new business dries up cannot be said yet: the record of wins is %(days)s days long, "
            "%(needs)s are needed."
        ) % {"days": figures.number(found.record_days), "needs": figures.number(found.needs_days)}
    said = {
        "n": figures.number(change.n),
        "days": figures.number(RECENT),
        "expected": _decimal(change.expected, places=1),
    }
    if not change.can_tell:
        return (
            _(
                "There are too few new customers to see a trend: %(n)s in the last %(days)s days, %(expected)s "
                "expected by the year before."
            )
            % said
        )
    if change.has_risen:
        return (
            _(
                "More new customers than before: %(n)s in the last %(days)s days, %(expected)s expected."
            )
            % said
        )
    return (
        _(
            "No sign that new business dries up: %(n)s new customers in the last %(days)s days, %(expected)s "
            "expected by the year before."
        )
        % said
    )


def _decimal(value: float, *, places: int) -> str:
    return figures.number(Decimal(str(value)), places=places)
