"""When things are ready, in words; and whether what was said held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from penstock.backlog import forecasts
from penstock.backlog.models import Forecast, Line, Order, QueueRule, WorkItem
from penstock.reports import promises_kept
from penstock.reports.moment import Moment
from penstock.reports.promises_kept import FEWEST, Level, Record
from penstock.users.models import Member, Workspace
from penstock.web import figures
from penstock.web.pages.base import Definition, Page
from penstock.web.pages.tiles import day_text, short_day_and_year, window_text

MODELS = {
    "capacity-1": gettext_lazy("hours of the teams, as they are recorded"),
    "throughput-1": gettext_lazy("what was delivered per working day, for no hours are recorded"),
}
MOST_CASES = 100


@dataclass(frozen=True, slots=True)
class Ready:
    """A forecast as people read it.

    ``days`` are pairs of a level and its day; ``text`` is the 85 % day in a sentence.
    """

    text: str
    days: Sequence[tuple[str, str]]
    on_time: str
    notes: Sequence[str]
    made: datetime
    definition: Definition


@dataclass(frozen=True, slots=True)
class LineReady:
    """When one line of an order is ready."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class LevelRow:
    """How often one level held."""

    said: str
    held: str
    n: str
    late: str
    usual: str
    verdict: str
    asked: str
    is_off: bool


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One forecast and what came."""

    key: str
    title: str
    made: str
    middle: str
    sure: str
    came: str
    is_late: bool


def short(row: Forecast) -> str:
    """The 85 % day, or why there is none, in a few words of a list."""
    if row.problem == Forecast.Problem.HELD:
        return _("ready: nobody knows, it is held")
    if row.p85 is None:
        return _("not ready by %(day)s in %(share)s of cases") % {
            "day": short_day_and_year(row.horizon_on),
            "share": figures.share(round(1 - row.within, 2)),
        }
    return _("ready by %(day)s, 85%% sure") % {"day": short_day_and_year(row.p85)}


def short_of(member: Member, ids: Sequence[int]) -> Mapping[int, str]:
    """The same for the orders of a list, from what is kept."""
    if not ids:
        return {}
    rows = forecasts.last_of(member.workspace, "order_id", ids)
    return {row.order_id: short(row) for row in rows if row.order_id is not None}


def ready(row: Forecast) -> Ready:
    """A forecast in full."""
    levels = ((row.p50, 50), (row.p85, 85), (row.p95, 95))
    return Ready(
        text=sentence(row),
        days=[
            (
                _("%(n)s of 100 cases") % {"n": n},
                day_text(day) if day else _("not by %(day)s") % {"day": day_text(row.horizon_on)},
            )
            for day, n in levels
        ],
        on_time="" if row.by_promise is None else figures.share(round(row.by_promise, 2)),
        notes=_notes(row),
        made=row.made_at,
        definition=definition(row),
    )


def sentence(row: Forecast) -> str:
    """When it is ready, or why nobody can say."""
    if row.problem:
        return str(Forecast.Problem(row.problem).label)
    if row.p85 is None:
        return _("Not within the horizon: it is ready by %(day)s in %(share)s of cases.") % {
            "day": day_text(row.horizon_on),
            "share": figures.share(round(row.within, 2)),
        }
    return _("Ready by %(day)s in 85 of 100 cases.") % {"day": day_text(row.p85)}


def _notes(row: Forecast) -> list[str]:
    said = []
    if row.is_assumed:
        said.append(_("Partly an assumption: hours are missing, or there is little history."))
    if round(row.level85, 2) != 0.85:
        said.append(
            _(
                "Asked to hold in %(share)s of paths, for earlier days were missed more or less often."
            )
            % {"share": figures.share(round(row.level85, 3), places=1)}
        )
    return said


def definition(row: Forecast) -> Definition:
    """How it was found."""
    policy = QueueRule.Policy(row.policy).label
    return Definition(
        text=_(
            "All that waits is laid on the teams, in the order of work (%(policy)s), on %(paths)s "
            "drawn paths; holds, absence, holidays and working hours are looked at. Drawn from "
            "%(model)s. Nobody who comes later overtakes."
        )
        % {
            "policy": str(policy),
            "paths": figures.number(row.n_paths),
            "model": MODELS.get(row.model, row.model),
        },
        window=ngettext("%(n)s past week", "%(n)s past weeks", row.n_history)
        % {"n": figures.number(row.n_history)},
    )


def of_order(order: Order, moment: Moment) -> tuple[Ready | None, list[LineReady]]:
    """What was kept of an order, and of its lines where there are several, now or on a day."""
    before = None if moment.is_now else moment.at
    found = forecasts.last_of(order.workspace, "order_id", [order.pk], before=before)
    if not found:
        return None, []
    names = dict(Line.objects.filter(order=order).order_by("position").values_list("pk", "title"))
    rows = forecasts.last_of(order.workspace, "line_id", list(names), before=before)
    told = {row.line_id: short(row) for row in rows if row.line_id is not None}
    parts = [LineReady(name, told[number]) for number, name in names.items() if number in told]
    return ready(found[0]), parts if len(parts) > 1 else []


def of_work(work: WorkItem, workspace: Workspace) -> Ready | None:
    """What was kept of a piece of work."""
    found = forecasts.last_of(workspace, "work_id", [work.pk])
    return ready(found[0]) if found else None


def head(found: Record) -> Page:
    """Whether our own days hold."""
    level = found.levels[1]
    return Page(
        title=_("Backlog"),
        nav="backlog",
        answer=_answer(level),
        definition=Definition(
            text=_(
                "Of every order the first forecast counts, against the day of delivery. A day that "
                "has passed without delivery is missed; one that has not come yet counts nowhere; "
                "cancelled orders and those that were held without an end are left out. Usual is "
                "what lies within 95 of 100 such records if the level holds (binomial); p is "
                "Kupiec's: below 5%% the level does not hold by chance alone."
            )
            % {},
            window=window_text(found.window),
            n=figures.number(len(found.cases)),
        ),
    )


def _answer(level: Level) -> str:
    kept = level.kept
    if not kept.n:
        return _("No forecast has been decided yet: it takes deliveries.")
    values = {
        "held": figures.number(kept.n - kept.n_late),
        "n": figures.number(kept.n),
        "share": figures.share(round((kept.n - kept.n_late) / kept.n, 2)),
    }
    said = (
        _("Of %(n)s days that should hold in 85 of 100 cases, %(held)s held: %(share)s.") % values
    )
    return " ".join([said, _verdict(level)])


def _verdict(level: Level) -> str:
    if level.kept.n < FEWEST:
        return _("That is too few to learn from.")
    if level.kept.is_off:
        return _("That is not by chance: new days are asked for at the levels on the right.")
    return _("That is within what is usual.")


def levels(found: Record) -> list[LevelRow]:
    """Every level with its record."""
    return [_level(one) for one in found.levels]


def _level(one: Level) -> LevelRow:
    kept = one.kept
    return LevelRow(
        said=figures.share(one.share),
        held=figures.share(round(kept.share, 3), places=1) if kept.share is not None else "–",
        n=figures.number(kept.n),
        late=figures.number(kept.n_late),
        usual=_("%(low)s to %(high)s")
        % {"low": figures.number(kept.low), "high": figures.number(kept.high)},
        verdict=figures.share(round(kept.p, 3), places=1) if kept.n else "–",
        asked=figures.share(round(one.asked, 3), places=1),
        is_off=bool(kept.n) and kept.is_off,
    )


def notes(found: Record) -> list[str]:
    """The middle, the comparison with a fixed lead time, and what is still open."""
    said = []
    if found.mean_off_days is not None:
        n = round(abs(found.mean_off_days))
        later = ngettext(
            "On average delivery came %(n)s day after the 50%% day.",
            "On average delivery came %(n)s days after the 50%% day.",
            n,
        )
        sooner = ngettext(
            "On average delivery came %(n)s day before the 50%% day.",
            "On average delivery came %(n)s days before the 50%% day.",
            n,
        )
        said.append((later if found.mean_off_days >= 0 else sooner) % {"n": figures.number(n)})
    if found.pinball is not None and found.benchmark is not None:
        said.append(
            _(
                "The 85%% days cost %(model)s days of error each (pinball loss); the best fixed lead "
                "time, found with hindsight, costs %(fixed)s."
            )
            % {"model": _number(found.pinball), "fixed": _number(found.benchmark)}
        )
    if found.n_open:
        said.append(
            ngettext(
                "%(n)s forecast is not decided yet.",
                "%(n)s forecasts are not decided yet.",
                found.n_open,
            )
            % {"n": figures.number(found.n_open)}
        )
    return said


def _number(value: float) -> str:
    return figures.number(Decimal(str(round(value, 2))), places=2)


def cases(found: Record) -> list[CaseRow]:
    """The newest forecasts with what came of them."""
    return [
        CaseRow(
            key=one.key,
            title=one.title,
            made=short_day_and_year(one.made_on),
            middle=_day(one.days[0]),
            sure=_day(one.days[1]),
            came=_day(one.fulfilled_on),
            is_late=promises_kept.is_late(one, 1, on=found.window.last) is True,
        )
        for one in found.cases[:MOST_CASES]
    ]


def _day(day: date | None) -> str:
    return short_day_and_year(day) if day else "–"
