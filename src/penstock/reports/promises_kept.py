"""Whether the product's own promises held: of each order the first one, against the day of delivery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from penstock.analytics import calibration
from penstock.analytics.calibration import Kept
from penstock.base.calendar import Window, end_of
from penstock.flow import dating
from penstock.reports import rows
from penstock.users.models import Member

#: What is promised, by the column that says the day.
LEVELS = {"p50": 0.50, "p85": 0.85, "p95": 0.95}
#: Fewer promises than this move no level.
FEWEST = 20


@dataclass(frozen=True, slots=True)
class Case:
    """The first forecast of an order, and what came: the day of delivery, None while it is not known."""

    order_id: int
    key: str
    title: str
    made_on: date
    days: tuple[date | None, date | None, date | None]
    fulfilled_on: date | None
    levels: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Level:
    """One level: how often it held, and how much surer it is asked because of that."""

    share: float
    kept: Kept
    shift: float
    asked: float


@dataclass(frozen=True, slots=True)
class Record:
    """All levels, the forecasts behind them, and how far off the middle was.

    Attributes:
        window: Forecasts that were made in it.
        levels: By level.
        cases: The newest first; open ones whose day has passed count as late.
        n_open: Forecasts that are not decided yet: neither delivered nor past their day; they count nowhere.
        mean_off_days: Of delivered ones, the mean of delivery less the middle; None of none.
        pinball: What the 85 % days cost, in days; and the same of adding one fixed time to all.
        benchmark: Of the safety lead time that is a fixed number of days for all.
    """

    window: Window
    levels: tuple[Level, ...]
    cases: tuple[Case, ...]
    n_open: int
    mean_off_days: float | None
    pinball: float | None
    benchmark: float | None


def record(member: Member, *, window: Window, known: date | None = None) -> Record:
    """The first forecast of every order made in a window, and what became of it until a day."""
    on = known or window.last
    cases = _cases(member, window, on=on)
    levels = tuple(_level(share, at, cases, on=on) for at, share in enumerate(LEVELS.values()))
    delivered = [case for case in cases if case.fulfilled_on and case.days[0]]
    off = [
        (case.fulfilled_on - case.days[0]).days
        for case in delivered
        if case.fulfilled_on and case.days[0]
    ]
    model, benchmark = _pinball(delivered)
    return Record(
        window=window,
        levels=levels,
        cases=tuple(cases),
        n_open=sum(is_late(case, 1, on=on) is None for case in cases),
        mean_off_days=sum(off) / len(off) if off else None,
        pinball=model,
        benchmark=benchmark,
    )


def levels(member: Member) -> tuple[float, ...]:
    """The levels to be asked of a distribution, after what all earlier forecasts taught."""
    today = dating.today(member.workspace)
    window = Window(date(2000, 1, 1), today, member.workspace.zone)
    return tuple(level.asked for level in record(member, window=window).levels)


def _level(share: float, at: int, cases: Sequence[Case], *, on: date) -> Level:
    told = [
        (late, case.levels[at]) for case in cases if (late := is_late(case, at, on=on)) is not None
    ]
    n, n_late = len(told), sum(late for late, _asked in told)
    shift = 0.0
    if n >= FEWEST:
        # Counted are promises that were asked for surer already: what is learned comes on top of that.
        moved = sum(calibration.logit(asked) for _late, asked in told) / n
        learned = calibration.shift(n_late, n=n, level=share)
        most = calibration.MOST
        shift = max(-most, min(most, moved - calibration.logit(share) + learned))
    return Level(
        share=share,
        kept=calibration.kept(n_late, n=n, level=share),
        shift=shift,
        asked=calibration.recalibrated(share, by=shift),
    )


def is_late(case: Case, at: int, *, on: date) -> bool | None:
    """Whether a promise was broken; None while nobody can know."""
    day = case.days[at]
    if day is None:
        return None
    if case.fulfilled_on is not None and case.fulfilled_on <= on:
        return case.fulfilled_on > day
    return True if day < on else None


def _pinball(delivered: Sequence[Case]) -> tuple[float | None, float | None]:
    """The cost of the 85 % days, and of the best fixed number of days after the forecast."""
    told = [
        (float((case.fulfilled_on - case.made_on).days), float((case.days[1] - case.made_on).days))
        for case in delivered
        if case.fulfilled_on and case.days[1]
    ]
    if len(told) < FEWEST:
        return None, None
    actual = sorted(one for one, _said in told)
    fixed = actual[min(int(0.85 * len(actual)), len(actual) - 1)]
    model = [calibration.pinball(one, promised=said, level=0.85) for one, said in told]
    same = [calibration.pinball(one, promised=fixed, level=0.85) for one, _said in told]
    return sum(model) / len(model), sum(same) / len(same)


def _cases(member: Member, window: Window, *, on: date) -> list[Case]:
    query = """
        SELECT f.order_id, i.key, i.title, f.made_at, f.p50, f.p85, f.p95, o.fulfilled_at,
               f.level50, f.level85, f.level95
        FROM (SELECT DISTINCT ON (order_id) order_id, made_at, p50, p85, p95,
                     level50, level85, level95
              FROM backlog_forecast
              WHERE workspace_id = %(workspace)s AND order_id IS NOT NULL AND p85 IS NOT NULL AND problem = ''
              ORDER BY order_id, id) f
        JOIN backlog_order o ON o.item_id = f.order_id
        JOIN flow_item i ON i.id = f.order_id AND i.withdrawn_at IS NULL
        WHERE f.made_at >= %(first)s AND f.made_at < %(stop)s
          AND NOT (i.outcome <> '' AND o.fulfilled_at IS NULL)
        ORDER BY f.made_at DESC, f.order_id DESC
    """
    zone = window.zone
    found = rows.ask(
        query,
        {
            "workspace": member.workspace_id,
            "first": window.start,
            "stop": min(window.stop, end_of(on, zone=zone)),
        },
    )
    return [
        Case(
            order_id=row[0],
            key=row[1],
            title=row[2],
            made_on=row[3].astimezone(zone).date(),
            days=(row[4], row[5], row[6]),
            fulfilled_on=row[7].astimezone(zone).date() if row[7] else None,
            levels=(row[8], row[9], row[10]),
        )
        for row in found
    ]
