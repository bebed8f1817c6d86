"""The figures of one company: whether it buys for the first time or again, what it brings, how it is served."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Count, Sum
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from penstock.backlog.access import orders_for
from penstock.backlog.models import Line
from penstock.base.calendar import trailing
from penstock.catalog.exchange import Exchange
from penstock.contacts.models import Company
from penstock.flow.dating import today
from penstock.reports import satisfaction
from penstock.reports.filters import DealFilter
from penstock.reports.satisfaction import Answer
from penstock.sales.access import items_for
from penstock.users.models import Member
from penstock.web import figures
from penstock.web.pages import company_sums, money
from penstock.web.pages.base import Definition
from penstock.web.pages.company_sums import OPEN, WON, Bought
from penstock.web.pages.tiles import Tile, day_text, window_text

YEAR = 365
MOST_ANSWERS = 50
#: The highest score of each scale.
HIGHEST = {"csat": 5, "nps": 10}


def tiles(company: Company, bought: Bought, *, rates: Exchange, member: Member) -> list[Tile]:
    """The figures above the tables of the page of a company."""
    return [
        _standing(company, member=member),
        _deals(company, bought, OPEN, rates=rates, member=member),
        _deals(company, bought, WON, rates=rates, member=member),
        _owed(company, rates=rates, member=member),
        _satisfaction(company, member=member),
    ]


def _standing(company: Company, *, member: Member) -> Tile:
    """New or existing business, by the same rule as in Insights."""
    from penstock.analytics import customers  # noqa: PLC0415 -- brings NumPy, which few pages need
    from penstock.reports.customers import STANDINGS  # noqa: PLC0415 -- as above
    from penstock.web.pages.insights_customers import STANDS  # noqa: PLC0415 -- as above

    days = _days_of_purchase(company, member=member)
    last = today(member.workspace)
    window = trailing(until=last, days=YEAR, zone=member.workspace.zone)
    definition = Definition(
        text=_(
            "By the days on which a deal with this company was won: new if the first of them lies in the"
            " window; dormant, and later gone, if it rests for longer than it usually does."
        ),
        window=window_text(window),
        n=figures.number(len(days)),
    )
    if not days:
        return Tile(
            name=_("Business"),
            value=_("None yet"),
            basis=_("No deal was won."),
            definition=definition,
        )
    code = customers.standing_of(
        [day.toordinal() for day in days], first=window.first.toordinal(), last=last.toordinal()
    )
    name = next(name for name, one in STANDINGS.items() if one == code)
    told = {"first": day_text(days[0]), "last": day_text(days[-1])}
    return Tile(
        name=_("Business"),
        value=str(STANDS[name]),
        basis=_("bought first on %(first)s, last on %(last)s") % told
        if len(days) > 1
        else _("bought on %(first)s") % told,
        definition=definition,
    )


def _days_of_purchase(company: Company, *, member: Member) -> list[date]:
    rows = items_for(member).filter(deal__company=company, outcome=WON).order_by()
    day = TruncDate("decided_at", tzinfo=member.workspace.zone)
    return sorted(set(rows.annotate(day=day).values_list("day", flat=True)))


def _deals(
    company: Company, bought: Bought, outcome: str, *, rates: Exchange, member: Member
) -> Tile:
    found, n = rates.in_one(bought.parts[outcome]), bought.n[outcome]
    state = "open" if outcome == OPEN else "won"
    query = urlencode({"view": "list", "state": state, "company": company.pk})
    url = f"{reverse('pipeline', args=[member.workspace.slug])}?{query}"
    count = ngettext("%(n)s deal", "%(n)s deals", n) % {"n": figures.number(n)}
    return Tile(
        name=_("Open deals") if outcome == OPEN else _("Won so far"),
        value=_value(company_sums.shown(rates, bought.parts[outcome])),
        url=url if n else "",
        basis="; ".join(filter(None, (count, money.note(found) if found.is_mixed else ""))),
        definition=Definition(
            text=_("Amounts of its deals that are open, at the rates of today; parked ones too.")
            if outcome == OPEN
            else _("Amounts of its won deals, each at the rate of the day on which it was won."),
            window=_("now"),
            n=figures.number(n),
        ),
    )


def _owed(company: Company, *, rates: Exchange, member: Member) -> Tile:
    orders = orders_for(member).open().filter(company=company, fulfilled_at=None)
    sums: dict[str, Decimal] = {}
    n = 0
    rows = (
        Line.objects.filter(order__in=orders, remaining_quantity__gt=0)
        .order_by()
        .values_list("order__currency")
        .annotate(Sum("remaining_value"), Count("order_id", distinct=True))
    )
    for currency, value, n_orders in rows:
        sums[currency] = value
        n += n_orders
    found = rates.of(sums)
    url = f"{reverse('backlog', args=[member.workspace.slug])}?company={company.pk}"
    count = ngettext("%(n)s order", "%(n)s orders", n) % {"n": figures.number(n)}
    return Tile(
        name=_("Still owed"),
        value=_value(money.shown(found)) if sums else "–",
        url=url if n else "",
        basis="; ".join(filter(None, (count, money.note(found) if found.is_mixed else ""))),
        definition=Definition(
            text=_("What its orders still wait for, at the price of their lines, without tax."),
            window=_("now"),
            n=figures.number(n),
        ),
    )


def _satisfaction(company: Company, *, member: Member) -> Tile:
    window = trailing(until=today(member.workspace), days=YEAR, zone=member.workspace.zone)
    only = DealFilter(company=company)
    asked = satisfaction.answers(member, window, limit=MOST_ANSWERS, only=only)
    given = sorted((one for one in asked if one.score is not None), key=lambda one: one.asked_at)
    return Tile(
        name=_("Satisfaction"),
        value=_score(given[-1]) if given else "–",
        tone="late" if given and given[-1].is_unhappy else "",
        basis=_answers(len(asked), n_given=len(given), n_bad=sum(one.is_unhappy for one in given)),
        definition=Definition(
            text=_("The latest answer to a survey about an order, and how many were asked."),
            window=window_text(window),
            n=figures.number(len(given)),
        ),
    )


def _score(answer: Answer) -> str:
    return _("%(score)s of %(most)s") % {"score": answer.score, "most": HIGHEST[answer.scale]}


def _answers(n_asked: int, *, n_given: int, n_bad: int) -> str:
    if not n_asked:
        return _("Nobody was asked in this time.")
    text = ngettext(
        "%(given)s of %(n)s survey answered", "%(given)s of %(n)s surveys answered", n_asked
    ) % {"given": figures.number(n_given), "n": figures.number(n_asked)}
    if not n_bad:
        return text
    bad = ngettext("%(n)s unhappy", "%(n)s unhappy", n_bad) % {"n": figures.number(n_bad)}
    return f"{text}; {bad}"


def _value(sum_: object) -> str:
    return str(sum_) or "–"
