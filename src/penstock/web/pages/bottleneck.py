"""What holds the flow of work up: the verdict in words, the three signs, and what more of each would bring."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from penstock.analytics import bottleneck as signs
from penstock.reports.bottleneck import Bottleneck, Resource
from penstock.web import figures
from penstock.web.pages.backlog_flow import amount, days
from penstock.web.pages.base import Definition, Page
from penstock.web.pages.insights_tables import Cell, Row, Table
from penstock.web.pages.tiles import n_text, window_text

BY = {"team": gettext_lazy("By team"), "stage": gettext_lazy("By stage")}


def head(found: Bottleneck) -> Page:
    """The verdict, and how it is reached."""
    return Page(
        title=_("Bottleneck"),
        nav="backlog",
        answer=answer(found),
        definition=Definition(
            text=_(
                "Three signs name a team or stage: the largest part of its hours used, the queue that grew most, and "
                "being active the longest without a pause (moment by moment; a team is active while all its places "
                "have work). It is the bottleneck when two of them name it, over all whole weeks of the window and in "
                "80 of 100 histories drawn from runs of four of these weeks, and a tenth more of it would have "
                "finished more."
            ),
            window=window_text(found.window),
            n=ngettext("%(n)s week", "%(n)s weeks", found.n_weeks)
            % {"n": figures.number(found.n_weeks)},
        ),
    )


def answer(found: Bottleneck) -> str:
    """Who it is and what a tenth more would bring, or why nobody is named."""
    one = found.found
    if one is None:
        return " ".join([_("No stable bottleneck."), _why_not(found)])
    told = {"name": one.name, "signs": _signs_of(found, found.verdict.resource)}
    if found.confirmed is None:
        text = _("The signs name %(name)s: %(signs)s.") % told
        more = _(
            "But a tenth more of it would not have finished more, so it is not confirmed as the bottleneck."
        )
        return f"{text} {more}"
    text = _("%(name)s holds the flow up: %(signs)s.") % told
    per_week = (one.gain.done if one.gain else 0.0) / found.n_weeks
    more = _("A tenth more of it would have finished %(n)s more a week.") % {
        "n": _fine(per_week),
    }
    return f"{text} {more}"


def _signs_of(found: Bottleneck, number: int | None) -> str:
    """The signs that name a resource."""
    words = (
        _("it uses the largest part of its hours"),
        _("its queue grew most"),
        _("it is active the longest without a pause"),
    )
    named = zip(found.verdict.named, words, strict=True)
    return ", ".join(str(word) for who, word in named if who == number)


WHY_NOT: dict[str, Callable[[Bottleneck], str]] = {
    signs.ALONE: lambda _found: _("There is only one, with nothing to compare it to."),
    signs.IDLE: lambda _found: _("No work was begun, and no queue grew."),
    signs.TOO_FEW: lambda found: (
        ngettext(
            "The window has %(n)s whole week; it takes %(needed)s.",
            "The window has %(n)s whole weeks; it takes %(needed)s.",
            found.n_weeks,
        )
        % {"n": figures.number(found.n_weeks), "needed": signs.MIN_WEEKS}
    ),
    signs.DISAGREE: lambda found: _("The signs disagree: %(named)s.") % {"named": _each(found)},
    signs.UNSTABLE: lambda found: (
        _(
            "Two signs agree, but only in %(share)s of the histories drawn from these weeks: it moves."
        )
        % {"share": _share(found.verdict.share)}
    ),
}


def _why_not(found: Bottleneck) -> str:
    return WHY_NOT[found.verdict.code](found)


def _each(found: Bottleneck) -> str:
    """Whom each sign names."""
    words = (_("hours used"), _("queue growth"), _("active the longest"))
    return ", ".join(
        _("%(sign)s: %(name)s") % {"sign": word, "name": _name(found, who)}
        for word, who in zip(words, found.verdict.named, strict=True)
    )


def _name(found: Bottleneck, number: int | None) -> str:
    return _("nobody") if number is None else found.resources[number].name


def tables(found: Bottleneck) -> list[Table]:
    """The signs, and the gains."""
    return [_signs(found), _gains(found)] if found.resources else []


def _signs(found: Bottleneck) -> Table:
    return Table(
        title=_("Signs"),
        heads=(
            str(BY[found.by]),
            _("Places"),
            _("Hours used"),
            _("Queue, from – to"),
            _("Change per week"),
            _("Active the longest, alone"),
            _("while it moves"),
            _("Waits before it, median days"),
        ),
        rows=[_sign(found, number, one) for number, one in enumerate(found.resources)],
    )


def _sign(found: Bottleneck, number: int, one: Resource) -> Row:
    by_busy, by_growth, by_active = (who == number for who in found.verdict.named)
    low, high = one.trend.low, one.trend.high
    return Row(
        one.name,
        [
            Cell(figures.number(one.n_places) if one.n_places else _("unknown number")),
            Cell(_share(one.utilisation), note=_largest(is_named=by_busy)),
            Cell(
                f"{figures.number(one.n_opening)} – {figures.number(one.n_closing)}",
                f"key={one.key}",
                _largest(is_named=by_growth),
            ),
            Cell(
                "–" if one.trend.slope is None else _signed(one.trend.slope),
                note=""
                if low is None or high is None
                else _("95 %%: %(low)s to %(high)s") % {"low": _signed(low), "high": _signed(high)},
            ),
            Cell(_share(one.sole_share), note=_largest(is_named=by_active)),
            Cell(_share(one.shifting_share)),
            Cell(days(one.waits_days), note=n_text(one.n_waits)),
        ],
        is_total=found.confirmed is one,
    )


def _largest(*, is_named: bool) -> str:
    return _("named by this sign") if is_named else ""


def _gains(found: Bottleneck) -> Table:
    return Table(
        title=_("What a tenth more capacity would have brought"),
        heads=(
            _("A tenth more of"),
            _("Finished a week, as it was"),
            _("with a tenth more"),
            _("More a week"),
            _("85 % through within, weeks"),
            _("with a tenth more"),
        ),
        rows=[_gain(found, one) for one in found.resources],
    )


def _gain(found: Bottleneck, one: Resource) -> Row:
    gain = one.gain
    if gain is None:
        return Row(one.name, [Cell("–")] * 5)
    n = max(found.n_weeks, 1)
    return Row(
        one.name,
        [
            Cell(_fine(gain.before.done / n)),
            Cell(_fine(gain.after.done / n)),
            Cell(_fine(gain.done / n)),
            Cell(amount(gain.before.p85_weeks) if gain.before.p85_weeks else _("not in time")),
            Cell(amount(gain.after.p85_weeks) if gain.after.p85_weeks else _("not in time")),
        ],
        is_total=found.confirmed is one,
    )


def notes(found: Bottleneck) -> Sequence[str]:
    """What bears on the figures."""
    said = [
        _(
            "A long queue or a busy team says where to look; only the gain says what an hour there is worth. It "
            "repeats the same weeks with a tenth more of one capacity and nothing else changed."
        )
    ]
    unknown = [one.name for one in found.resources if not one.n_places]
    if unknown:
        said.append(
            _(
                "Nobody said how many places these have, so the part of their hours used is unknown: %(names)s."
            )
            % {"names": ", ".join(unknown)}
        )
    if n := found.n_of_none:
        said.append(
            ngettext(
                "%(n)s work item of this window belongs to none of them.",
                "%(n)s work items of this window belong to none of them.",
                n,
            )
            % {"n": figures.number(n)}
        )
    return said


def _share(value: float | None) -> str:
    return "–" if value is None else figures.share(Decimal(str(value)))


def _fine(value: float) -> str:
    return figures.number(Decimal(str(value)), places=2)


def _signed(value: float) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{figures.number(Decimal(str(abs(value))), places=1)}"
