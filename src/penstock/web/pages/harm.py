"""What is at risk because orders are late: the value, the orders, and how customers feel about it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from penstock.analytics import cancellation
from penstock.analytics.cancellation import FEATURES, MODEL, OFF, LateClass
from penstock.analytics.survival import Estimate
from penstock.reports.harm import MIN_ANSWERS, Brief, Feeling, Harm
from penstock.web import figures
from penstock.web.pages.base import Definition, Page
from penstock.web.pages.insights_tables import Cell, Row, Table
from penstock.web.pages.tiles import Tile, TooFew, day_text, window_text

CLASSES = (
    gettext_lazy("Not late, or not promised"),
    gettext_lazy("Up to a week late"),
    gettext_lazy("One to four weeks late"),
    gettext_lazy("More than four weeks late"),
)
WEIGHTS = {
    "age": gettext_lazy("Age, weeks (logarithm)"),
    "late": gettext_lazy("Lateness, weeks (logarithm)"),
    "changes": gettext_lazy("Promise put off, times"),
    "partial": gettext_lazy("A part was delivered"),
}


def head(found: Harm) -> Page:
    """The answer, and how it is measured."""
    return Page(
        title=_("At risk"),
        nav="backlog",
        answer=answer(found),
        definition=Definition(
            text=definition(), window=window_text(found.window), n=_n_text(found.hazard.n)
        ),
    )


def definition() -> str:
    """How value at risk is measured."""
    return str(
        _(
            "Value owed times the chance that the customer cancels before delivery. The chance of each week is "
            "learned from all orders of two years, by how late they were, how old, how often their promise was put "
            "off and whether a part was delivered; deliveries and cancellations of our own end the watch. An order is "
            "taken to be delivered on its expected day, else at its place in the order of promises at the pace of the "
            "last 90 days."
        )
    )


def _n_text(n: int) -> str:
    return ngettext("%(n)s cancellation", "%(n)s cancellations", n) % {"n": figures.number(n)}


def answer(found: Harm) -> str:
    """What is at risk, or why nobody can say."""
    if not found.orders:
        return _("Nothing is owed, so nothing is at risk.")
    if found.hazard.method == OFF:
        return _few(found.hazard.n)
    if found.at_risk is None:
        return _("Nobody can say when the orders are delivered, so not what is at risk.")
    told = {
        "risk": money(found, found.at_risk),
        "value": money(found, found.value),
        "share": figures.share(found.at_risk / found.value if found.value else Decimal(0)),
    }
    return _("%(risk)s of the %(value)s owed is at risk of being cancelled (%(share)s).") % told


def _few(n: int) -> str:
    return ngettext(
        "Customers cancelled %(n)s order in two years; it takes %(needed)s to say what is at risk.",
        "Customers cancelled %(n)s orders in two years; it takes %(needed)s to say what is at risk.",
        n,
    ) % {"n": figures.number(n), "needed": cancellation.SOME}


def tile(found: Brief, *, url: str) -> Tile:
    """The figure for the page of the backlog."""
    return Tile(
        name=_("Value at risk"),
        value="–"
        if found.at_risk is None
        else figures.money(found.at_risk, found.currency, is_whole=True),
        url=url,
        basis=""
        if found.at_risk is None
        else _("of %(value)s owed")
        % {"value": figures.money(found.value, found.currency, is_whole=True)},
        too_few=TooFew(n=found.n, needed=cancellation.SOME) if found.method == OFF else None,
        definition=definition_of(found),
    )


def definition_of(found: Brief) -> Definition:
    """How it is measured, and from how many cancellations."""
    return Definition(text=definition(), n=_n_text(found.n))


def tables(found: Harm) -> list[Table]:
    """The chances, how orders ended, the model, and the surveys."""
    made = [_chances(found), _ends(found)]
    if found.hazard.method == MODEL:
        made.append(_weights(found))
    return [*made, _feelings(found)]


def _chances(found: Harm) -> Table:
    return Table(
        title=_("Chance that a customer cancels within a week"),
        heads=(
            _("Order"),
            _("Weeks owed"),
            _("Cancelled by customers"),
            _("Cancelled by us"),
            _("Delivered"),
            _("Chance a week"),
        ),
        rows=[
            _class(str(name), one) for name, one in zip(CLASSES, found.hazard.classes, strict=True)
        ],
    )


def _class(name: str, one: LateClass) -> Row:
    return Row(
        name,
        [
            Cell(figures.number(Decimal(str(round(one.weeks))))),
            Cell(figures.number(one.n_customer)),
            Cell(figures.number(one.n_ours)),
            Cell(figures.number(one.n_delivered)),
            Cell(
                _("too few") if one.hazard is None else percent(one.hazard),
                note=""
                if one.low is None or one.high is None
                else _("95 %%: %(low)s to %(high)s")
                % {"low": percent(one.low), "high": percent(one.high)},
            ),
        ],
    )


def _ends(found: Harm) -> Table:
    ended = found.ended.ended
    names = (_("Delivered"), _("Cancelled by customers"), _("Cancelled by us"))
    return Table(
        title=_("How orders end"),
        heads=(_("End"), _("Share")),
        rows=[Row(name, [_estimate(one)]) for name, one in zip(names, ended, strict=True)],
    )


def _estimate(one: Estimate) -> Cell:
    if one.share is None or one.low is None or one.high is None:
        return Cell("–")
    note = _("95 %%: %(low)s to %(high)s") % {
        "low": percent(one.low),
        "high": percent(one.high),
    }
    return Cell(percent(one.share), note=note)


def _weights(found: Harm) -> Table:
    rows = zip(FEATURES, found.hazard.weights, found.hazard.errors, strict=True)
    return Table(
        title=_("What the chance leans on"),
        heads=(_("Feature"), _("Weight"), _("Standard error")),
        rows=[
            Row(str(WEIGHTS[name]), [Cell(_fine(weight)), Cell(_fine(error))])
            for name, weight, error in rows
            if name in WEIGHTS
        ],
    )


def _feelings(found: Harm) -> Table:
    return Table(
        title=_("Unhappy customers, by how late they were served"),
        heads=(_("Order"), _("Answers"), _("Unhappy")),
        rows=[_feeling(str(CLASSES[one.late]), one) for one in found.feelings if one.unhappy.of],
    )


def _feeling(name: str, one: Feeling) -> Row:
    share = one.unhappy
    if share.of < MIN_ANSWERS or share.share is None:
        return Row(name, [Cell(figures.number(share.of)), Cell(_("too few"))])
    note = _("95 %%: %(low)s to %(high)s") % {
        "low": percent(share.low or 0.0),
        "high": percent(share.high or 0.0),
    }
    return Row(name, [Cell(figures.number(share.of)), Cell(percent(share.share), note=note)])


def of_order(found: Brief, order_id: int) -> str:
    """What is at risk of one order, in a sentence; empty where nothing can be said."""
    one = found.by_order.get(order_id)
    if one is None or one.at_risk is None or one.chance is None:
        return ""
    return _(
        "%(risk)s at risk: with a chance of %(share)s the customer cancels before it is delivered."
    ) % {
        "risk": figures.money(one.at_risk, found.currency, is_whole=True),
        "share": percent(one.chance),
    }


def notes(found: Harm) -> Sequence[str]:
    """What bears on the figures."""
    said = [
        _(
            "That late orders are cancelled more often does not prove that lateness is why; and those who stayed "
            "although they were served late are the patient ones."
        )
    ]
    n = found.n_unknown
    if n and found.hazard.method != OFF:
        said.append(
            ngettext(
                "Of %(n)s order nobody knows when it is delivered or what it is worth: it is not in the sum.",
                "Of %(n)s orders nobody knows when they are delivered or what they are worth: they are not in the sum.",
                n,
            )
            % {"n": figures.number(n)}
        )
    if found.hazard.method not in {MODEL, OFF}:
        said.append(
            _(
                "There are fewer than %(needed)s cancellations: each degree of lateness leans on the common chance, "
                "and age, changed promises and partial deliveries are left out."
            )
            % {"needed": cancellation.ENOUGH}
        )
    if not found.moment.is_now:
        said.append(_("As it was on %(day)s.") % {"day": day_text(found.moment.on)})
    return said


def money(found: Harm, value: Decimal) -> str:
    """Whole, in the workspace's currency."""
    return figures.money(value, found.currency, is_whole=True)


def percent(value: float) -> str:
    """A chance; small ones with a place more."""
    return figures.share(Decimal(str(value)), places=1) if value < 0.1 else figures.share(value)


def _fine(value: float) -> str:
    return figures.number(Decimal(str(value)), places=2)
