"""What ``penstock report`` says about what is won: throughput, coverage, close dates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from penstock.analytics.coverage import Range
from penstock.analytics.slips import Middle, Slips
from penstock.cli.figures import Laid, Question
from penstock.cli.insights import slice_of, title, window_of
from penstock.cli.rendering import Sheet, percent
from penstock.reports import coverage, slips, throughput
from penstock.reports.moment import moment
from penstock.users.models import Member

CENT = Decimal("0.01")


def of_throughput(member: Member, asked: Question, where: str) -> Laid:
    """Won value against as many days before, and why it changed."""
    window = window_of(member, asked)
    found = throughput.in_window(
        member, window, known=asked.known, only=slice_of(member, where), by=asked.by
    )
    own = found.currency
    why = Sheet(
        title=title(_("Throughput"), window),
        columns=("part", "deals", "value"),
        rows=[
            ["before", found.then.n, {own: found.then.value}],
            *([name, None, {own: getattr(found, name)}] for name in ("number", "mix", "size")),
            ["now", found.now.n, {own: found.now.value}],
        ],
        note=_(
            "Before: as many days before the window. The change is taken apart exactly by number, mix and size of "
            "deals."
        ),
    )
    groups = Sheet(
        title=found.by,
        columns=("group", "deals before", "deals now", "value before", "value now"),
        rows=[
            [one.name or "–", one.n_before, one.n, {own: one.before}, {own: one.value}]
            for one in found.groups
        ],
    )
    return found, [why, groups]


def of_coverage(member: Member, asked: Question, where: str) -> Laid:
    """What is due in the running quarter (or month, with --by), and what that brings."""
    when = moment(member.workspace, on=asked.on, known=asked.known)
    found = coverage.on_day(
        member, moment=when, only=slice_of(member, where), period=asked.by or "quarter"
    )
    own, told = found.currency, found.coverage
    sheet = Sheet(
        title=title(_("Coverage"), found.window),
        columns=("figure", "value", "from", "to"),
        rows=[
            ["won so far", {own: found.now.won_before}, None, None],
            ["goal", None if found.target is None else {own: found.target}, None, None],
            ["due", {own: found.now.due}, None, None],
            ["share won of due", *_shares(told.yielded)],
            ["won besides", *_moneys(told.besides, own)],
            ["projected", *_moneys(told.projected, own)],
            ["needed", _money(told.needed, own), None, None],
            ["chance to reach the goal", percent(told.reaches), None, None],
            ["earlier periods", told.n, None, None],
        ],
        note=_("By earlier periods as many days before their end; ranges hold 80 of 100 trials."),
    )
    past = Sheet(
        title=_("Earlier periods"),
        columns=("period", "seen on", "deals due", "due", "won of them", "won besides"),
        rows=[
            [
                one.window.first.isoformat(),
                one.on.isoformat(),
                one.n_due,
                {own: one.due},
                {own: one.won_of_due},
                {own: one.won_besides},
            ]
            for one in found.past
        ],
    )
    return found, [sheet, past]


def of_slips(member: Member, asked: Question, where: str) -> Laid:
    """How expected closes moved, owner by owner."""
    window = window_of(member, asked)
    found = slips.in_window(member, window, known=asked.known, only=slice_of(member, where))
    rows = [_slips(one.name or "–", one.slips) for one in found.owners]
    if found.whole is not None:
        rows.append(_slips(_("Total"), found.whole))
    sheet = Sheet(
        title=title(_("Close dates"), window),
        columns=(
            "owner",
            "deals",
            "pushed",
            "share",
            "95 % interval",
            "pushes",
            "days per push",
            "pulls",
            "days per pull",
            "won",
            "won later, days",
            "passed in silence",
        ),
        rows=rows,
        note=_("Days are medians; won deals are held against the day that was said first."),
    )
    owners = [
        {"owner": row[0], **_plain(one.slips)} for row, one in zip(rows, found.owners, strict=False)
    ]
    return {"window": window, "owners": owners}, [sheet]


FIGURES: Mapping[str, Callable[[Member, Question, str], Laid]] = {
    "throughput": of_throughput,
    "coverage": of_coverage,
    "slips": of_slips,
}


def _slips(name: str, one: Slips) -> list[Any]:
    share = one.pushed
    has_enough = share.of >= slips.MIN_CASES
    return [
        name,
        share.of,
        share.n,
        percent(share.share) if has_enough else None,
        f"{percent(share.low)} … {percent(share.high)}" if has_enough else None,
        one.n_pushes,
        one.push.days,
        one.n_pulls,
        one.pull.days,
        one.late.n,
        one.late.days,
        one.n_overdue,
    ]


def _plain(one: Slips) -> dict[str, object]:
    middles: dict[str, Middle] = {"push": one.push, "pull": one.pull, "late": one.late}
    return {
        "pushed": one.pushed,
        "n_pushes": one.n_pushes,
        "n_pulls": one.n_pulls,
        "n_overdue": one.n_overdue,
        **middles,
    }


def _shares(one: Range | None) -> list[str | None]:
    return [None] * 3 if one is None else [percent(one.middle), percent(one.low), percent(one.high)]


def _moneys(one: Range | None, own: str) -> list[Any]:
    if one is None:
        return [None] * 3
    return [_money(value, own) for value in (one.middle, one.low, one.high)]


def _money(value: float | None, own: str) -> Any:
    return None if value is None else {own: Decimal(str(value)).quantize(CENT)}
