"""Dated exchange rates: entering and correcting them, and asking which was in force on a day.

Every rate says what one unit of a currency is worth in the workspace's own; between two others it goes
by way of that one. A missing rate stays missing: it is never one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from penstock.base.calendar import end_of
from penstock.base.errors import NotFound, RuleBroken
from penstock.catalog.models import Rate
from penstock.users.models import Member, Workspace

PLACES = Decimal(1).scaleb(-15)
#: Larger rates have no room in their column; no two currencies are that far apart.
LARGEST = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class DayRate:
    """The rate that counts on a day, and the day for which it was stated."""

    rate: Decimal
    day: date


@dataclass(frozen=True, slots=True)
class Stated:
    """A rate as somebody states it: one unit of ``currency`` is ``rate`` units of ``into`` on a day."""

    currency: str
    into: str
    day: date
    rate: Decimal


def enter(  # noqa: PLR0913 -- a statement has that many sides
    workspace: Workspace,
    *,
    currency: str,
    day: date,
    rate: Decimal,
    by: Member | None,
    into: str = "",
    source: str = "",
    known: datetime | None = None,
) -> Rate:
    """Say what a currency was worth on a day; where that was said before, this corrects it.

    The pair may be stated either way round: one of the two is the workspace's currency. Saying the same
    twice changes nothing. What was known before stays visible as it was known.

    Raises:
        RuleBroken: ``catalog.currency``, ``catalog.rate_pair``, ``catalog.rate_not_positive``,
            ``catalog.rate_future``.
    """
    stated = Stated(currency, into or workspace.currency, day, rate)
    with transaction.atomic():
        fresh = enter_many(workspace, [stated], by=by, source=source, known=known or timezone.now())
        if fresh:
            return fresh[0]
        return _latest(workspace, [checked(workspace, stated)])[0]


def correct(rate: Rate, *, value: Decimal, by: Member | None, source: str = "") -> Rate:
    """State another rate for the same currency and day, known from now on.

    Raises:
        RuleBroken: As :func:`enter`.
    """
    return enter(
        rate.workspace,
        currency=rate.currency,
        day=rate.day,
        rate=value,
        by=by,
        source=source or rate.source,
    )


def withdraw(rate: Rate, *, by: Member | None) -> Rate:
    """Say that there is no rate for this day after all: the one before it counts again."""
    with transaction.atomic():
        _lock(rate.workspace)
        return Rate.objects.create(
            workspace_id=rate.workspace_id,
            currency=rate.currency,
            into=rate.into,
            day=rate.day,
            rate=rate.rate,
            is_void=True,
            source=rate.source,
            known_at=timezone.now(),
            by=by,
        )


def enter_many(
    workspace: Workspace,
    rows: Sequence[Stated],
    *,
    by: Member | None,
    source: str = "",
    known: datetime | None = None,
    batch: int | None = None,
) -> list[Rate]:
    """State many rates at once; only what differs is written.

    Args:
        workspace: Whose.
        rows: What is stated; a pair and day at most once.
        by: Who says so.
        source: Where the rates are from.
        known: Since when they are known. Without it a rate for a day that had none counts as known at
            the end of that day, which is assumed and marked so; one that corrects another is known now.
        batch: The change set that brings them.

    Raises:
        RuleBroken: As :func:`enter`, for the first row that breaks a rule.
    """
    with transaction.atomic():
        _lock(workspace)
        said = [checked(workspace, row) for row in rows]
        before = {(row.currency, row.day): row for row in _latest(workspace, said)}
        fresh = []
        for row in said:
            there = before.get((row.currency, row.day))
            if there is not None and not there.is_void and there.rate == row.rate:
                continue
            is_assumed = known is None and there is None
            at = end_of(row.day, zone=workspace.zone) if is_assumed else known or timezone.now()
            fresh.append(
                Rate(
                    workspace=workspace,
                    currency=row.currency,
                    into=row.into,
                    day=row.day,
                    rate=row.rate,
                    source=source[:60],
                    known_at=min(at, timezone.now()),
                    is_assumed=is_assumed,
                    by=by,
                    batch=batch,
                )
            )
        return Rate.objects.bulk_create(fresh)


def withdraw_batch(workspace: Workspace, *, batch: int, by: Member | None) -> None:
    """Take back what an import stated; a rate that it corrected counts again."""
    with transaction.atomic():
        _lock(workspace)
        brought = list(Rate.objects.filter(workspace=workspace, batch=batch))
        now = timezone.now()
        last = {(row.currency, row.day): row for row in _latest(workspace, brought)}
        others = Rate.objects.filter(workspace=workspace, day__in={row.day for row in brought})
        others = others.exclude(batch=batch).order_by("known_at", "id")
        before = {(row.currency, row.day): row for row in others}
        # What was corrected since then is somebody's later word, and stays.
        standing = [row for row in brought if last[row.currency, row.day].pk == row.pk]
        Rate.objects.bulk_create(
            _again(row, before.get((row.currency, row.day)), known=now, by=by) for row in standing
        )


def checked(workspace: Workspace, stated: Stated) -> Stated:
    """A rate as it is stored, or a refusal; the import asks the same."""
    own = workspace.currency
    currency, into = stated.currency.strip().upper(), stated.into.strip().upper()
    for code, name in ((currency, "currency"), (into, "into")):
        if not (len(code) == 3 and code.isascii() and code.isalpha()):
            raise RuleBroken(
                "catalog.currency",
                _("Enter a currency as three letters, such as EUR."),
                needs=[name],
            )
    if currency == into or own not in (currency, into):
        raise RuleBroken(
            "catalog.rate_pair",
            _("A rate is between %(own)s, the currency of this workspace, and another one.")
            % {"own": own},
            needs=["currency"],
        )
    if stated.day > timezone.now().astimezone(workspace.zone).date():
        raise RuleBroken(
            "catalog.rate_future",
            _("This day has not come yet. Enter a rate for today or a day before it."),
            needs=["day"],
        )
    if not (stated.rate.is_finite() and 1 / LARGEST < stated.rate < LARGEST):
        raise RuleBroken(
            "catalog.rate_not_positive",
            _("A rate is a number above zero, such as 0.92."),
            needs=["rate"],
        )
    if currency == own:
        currency, into, value = into, own, 1 / stated.rate
    else:
        value = stated.rate
    return Stated(currency, into, stated.day, value.quantize(PLACES, rounding=ROUND_HALF_EVEN))


def rate_on(
    workspace: Workspace,
    *,
    currency: str,
    day: date,
    into: str = "",
    known: datetime | None = None,
) -> DayRate:
    """What one unit of a currency was worth on a day: the last rate on or before it.

    Args:
        workspace: Whose rates.
        currency: What is priced.
        day: On which day.
        into: In which currency, if not the workspace's own; it goes by way of that one.
        known: Only what was known before this instant; None for all that is known now.

    Raises:
        NotFound: ``catalog.no_rate``: none was stated on or before the day.
    """
    target = into or workspace.currency
    found = on_days(workspace, {(currency, day), (target, day)}, known=known)
    legs = [_stated(found, code, day) for code in (currency, target)]
    # The workspace's own currency is worth itself on every day.
    days = [
        leg.day
        for leg, code in zip(legs, (currency, target), strict=True)
        if code != workspace.currency
    ]
    return DayRate(legs[0].rate / legs[1].rate, min(days, default=day))


def _stated(found: Mapping[tuple[str, date], DayRate | None], currency: str, day: date) -> DayRate:
    rate = found[currency, day]
    if rate is None:
        raise NotFound(
            "catalog.no_rate",
            _("There is no rate of %(currency)s on or before this day. Enter one.")
            % {"currency": currency},
        )
    return rate


def on_days(
    workspace: Workspace,
    asked: Collection[tuple[str, date]],
    *,
    known: datetime | None = None,
) -> dict[tuple[str, date], DayRate | None]:
    """The rates in force for many currencies and days, in one query; None where there is none."""
    own = workspace.currency
    others = [pair for pair in asked if pair[0] != own]
    found: dict[tuple[str, date], DayRate | None] = dict.fromkeys(others)
    found |= {
        (currency, day): DayRate(Decimal(1), day) for currency, day in asked if currency == own
    }
    if others:
        query = f"""
            SELECT a.currency, a.day, rate.value, rate.day
            FROM unnest(%(currencies)s::text[], %(days)s::date[]) a (currency, day)
            CROSS JOIN LATERAL ({sql(currency="a.currency", day="a.day")}) rate
        """  # noqa: S608 -- fragments of this room; values are parameters
        params: dict[str, Any] = {
            "currencies": [currency for currency, _day in others],
            "days": [day for _currency, day in others],
            "workspace": workspace.pk,
            "known": known or "infinity",
        }
        with connection.cursor() as cursor:
            cursor.execute(query, params)
            for currency, day, rate, stated in cursor.fetchall():
                found[currency, day] = DayRate(rate, stated)
    return found


def on(
    workspace: Workspace,
    day: date,
    currencies: Iterable[str],
    *,
    known: datetime | None = None,
) -> Mapping[str, DayRate | None]:
    """The rates in force on one day; no query where all is in the workspace's own currency."""
    found = on_days(workspace, {(currency, day) for currency in currencies}, known=known)
    return {currency: rate for (currency, _day), rate in found.items()}


def sql(*, currency: str, day: str) -> str:
    """The rate in force as a sub-query for LATERAL: columns ``value`` and ``day``, no row where there is none.

    It asks for the parameters ``workspace`` and ``known``. The workspace's own currency has no rate:
    whoever asks takes its amounts as they are.
    """
    # The last word on a currency and day is the row known last; only of that it is asked whether it is
    # void. Corrections are few, so the newest row nearly always is the last word.
    said = "r.workspace_id = %(workspace)s AND r.known_at < %(known)s::timestamptz"
    return (
        f"SELECT r.rate AS value, r.day FROM catalog_rate r WHERE {said} "  # noqa: S608 -- fragments of this room; values are parameters
        f"AND r.currency = {currency} AND r.day <= {day} AND NOT r.is_void "
        "AND NOT EXISTS (SELECT 1 FROM catalog_rate s WHERE s.workspace_id = r.workspace_id "
        "AND s.currency = r.currency AND s.day = r.day AND s.known_at < %(known)s::timestamptz "
        "AND (s.known_at, s.id) > (r.known_at, r.id)) "
        "ORDER BY r.day DESC LIMIT 1"
    )


def _again(row: Rate, before: Rate | None, *, known: datetime, by: Member | None) -> Rate:
    """What was said before a row, said again; where nothing was, that there is no rate."""
    said = before or row
    return Rate(
        workspace_id=row.workspace_id,
        currency=row.currency,
        into=row.into,
        day=row.day,
        rate=said.rate,
        is_void=said.is_void if before else True,
        source=said.source,
        known_at=known,
        by=by,
    )


def _latest(workspace: Workspace, rows: Sequence[Stated | Rate]) -> list[Rate]:
    """The last word on each currency and day, void ones too."""
    if not rows:
        return []
    found = (
        Rate.objects.filter(
            workspace=workspace,
            currency__in={row.currency for row in rows},
            day__in={row.day for row in rows},
        )
        .order_by("currency", "day", "-known_at", "-id")
        .distinct("currency", "day")
    )
    wanted = {(row.currency, row.day) for row in rows}
    return [row for row in found if (row.currency, row.day) in wanted]


def _lock(workspace: Workspace) -> None:
    """Let nobody else state rates of this workspace meanwhile: two last words would contradict."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_RATES, workspace.pk % 2**31])


# "rate" as a number: the name of the advisory lock.
_RATES = 0x72617465
