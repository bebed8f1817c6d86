"""Sums of a laid-out figure in one currency; what has no rate stays beside it in its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from penstock.base.errors import RuleBroken
from penstock.base.money import ZERO, exact
from penstock.catalog.exchange import Exchange, InOne, Part
from penstock.cli.figures import Question
from penstock.cli.rendering import Sheet
from penstock.reports.moment import moment
from penstock.users.models import Member


def told(sheets: Sequence[Sheet], member: Member, asked: Question, *, into: str) -> list[Sheet]:
    """Native sums, as they are; or all sums in a currency that was asked for.

    Rates are those of the day that is asked, or of the window's last day; won and lost deals take each that
    of the day it was closed.

    Raises:
        RuleBroken: ``cli.no_rate`` when nothing tells what the currency is worth on that day.
    """
    if not into:
        return [_each(sheet, _native) for sheet in sheets]
    last = asked.window.last if asked.window else None
    when = moment(member.workspace, on=asked.on or last, known=asked.known)
    rates = Exchange(member.workspace, day=when.on, known=when.known_at)
    code = into.strip().upper()
    worth = rates.rate_of(Part(code, ZERO))
    if not worth:
        raise RuleBroken(
            "cli.no_rate",
            _("There is no rate of %(code)s on or before %(day)s. Enter one, or ask for %(own)s.")
            % {"code": code, "day": when.on.isoformat(), "own": rates.own},
        )
    note = _(
        "Sums are in %(code)s at the rates of %(day)s; what has no rate stands beside them."
    ) % {
        "code": code,
        "day": when.on.isoformat(),
    }
    return [
        replace(
            _each(sheet, lambda cell: _turned(cell, rates, code=code, worth=worth)),
            note="\n".join(filter(None, (sheet.note, note))),
        )
        for sheet in sheets
    ]


def _each(sheet: Sheet, tell: Any) -> Sheet:
    return replace(sheet, rows=[[tell(cell) for cell in row] for row in sheet.rows])


def _native(cell: Any) -> Any:
    return cell.parts if isinstance(cell, InOne) else cell


def _turned(cell: Any, rates: Exchange, *, code: str, worth: Decimal) -> Any:
    if isinstance(cell, Mapping):
        if not cell:
            return cell
        cell = rates.of(cell)
    if not isinstance(cell, InOne):
        return cell
    has_rates = set(cell.parts) - set(cell.missing)
    turned = {code: exact(cell.total / worth)} if has_rates else {}
    return {**turned, **cell.missing}
