"""Exchange rates, one row per currency and day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.catalog import rates
from penstock.catalog.rates import Stated
from penstock.intake.models import Verdict
from penstock.intake.nouns.cells import Parsed
from penstock.intake.nouns.field import Field, Sort
from penstock.intake.nouns.ruling import Group, Ruling, conflict, reject, same
from penstock.intake.nouns.run import Run

NAME = "rates"
FIELDS = (
    Field(
        "day",
        _("Day"),
        Sort.DAY,
        ("date", "rate date", "time period", "data", "дата", "день"),
        is_required=True,
    ),
    Field(
        "currency",
        _("Currency"),
        Sort.TEXT,
        ("currency code", "from", "from currency", "base", "код", "валюта", "буквенный код"),
        is_required=True,
    ),
    Field("into", _("In which currency"), Sort.TEXT, ("to", "to currency", "quote", "в валюте")),
    Field("units", _("Units"), Sort.EXACT, ("nominal", "per", "amount", "номинал", "единиц")),
    Field(
        "rate",
        _("Rate"),
        Sort.EXACT,
        ("value", "obs value", "exchange rate", "curs", "курс", "значение"),
        is_required=True,
    ),
)


class Rates:
    """States rates by the rules of the catalog; what is known already stays as it is."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def handle(self, groups: Sequence[Group]) -> list[Ruling]:
        """Judge and write one chunk of rows."""
        rulings: list[Ruling] = []
        good: dict[tuple[str, date], tuple[Parsed, Stated]] = {}
        for row in (group.first for group in groups):
            try:
                stated = rates.checked(self._run.workspace, self._stated(row))
            except RuleBroken as error:
                rulings.append(reject(row, error.code))
                continue
            key = (stated.currency, stated.day)
            if key in good:
                text = f"{stated.currency} {stated.day.isoformat()}"
                rulings.append(conflict(row, "repeated_differently", key=text))
            else:
                good[key] = (row, stated)
        return rulings + self._written(good)

    def _written(self, good: dict[tuple[str, date], tuple[Parsed, Stated]]) -> list[Ruling]:
        fresh = rates.enter_many(
            self._run.workspace,
            [stated for _row, stated in good.values()],
            by=self._run.by,
            source=self._run.change_set.source,
            batch=self._run.change_set.pk,
        )
        made = {(rate.currency, rate.day): rate for rate in fresh}
        self._run.made["rates"] += len(fresh)
        rulings = []
        for key, (row, _stated) in good.items():
            rate = made.get(key)
            if rate is None:
                rulings.append(same(row, None))
                continue
            verdict = Verdict.CREATE if rate.is_assumed else Verdict.UPDATE
            rulings.append(Ruling(row, verdict, target_kind="rate", target_id=rate.pk))
        return rulings

    def _stated(self, row: Parsed) -> Stated:
        units = row.get("units") if row.has("units") else 1
        if units <= 0:
            raise RuleBroken("catalog.units", _("The number of units is above zero."))
        return Stated(
            currency=row.get("currency"),
            into=row.get("into") or self._run.workspace.currency,
            day=row.get("day"),
            rate=row.get("rate") / units,
        )


def key_of(run: Run, raw: dict[str, str]) -> str:
    """Pair and day as the file writes them."""
    parts = [run.cells.key_of(name, raw) for name in ("currency", "into", "day")]
    return " ".join(parts) if parts[0] and parts[2] else ""
