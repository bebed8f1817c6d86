"""Loan applications of a bank, BPI Challenge 2012: a funnel from a real stage history, most of it censored."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from penstock.base.calendar import Window
from penstock.flow.models import Pipeline
from penstock.reports import bridge, funnel
from penstock.reports.funnel import Funnel
from penstock.reports.moment import Moment
from penstock.reports.slices import Slice
from penstock.users.models import Member
from tests.real_data.by_hand import median
from tests.real_data.conftest import FOLDER, Bring

pytestmark = pytest.mark.real_data
AS_OF = date(2012, 1, 14)
FILE = "bpi2012/events_asof_2012-01-15.csv.gz"
STAGES = {
    "A_SUBMITTED": "Submitted",
    "A_PARTLYSUBMITTED": "Partly submitted",
    "A_PREACCEPTED": "Preaccepted",
    "A_ACCEPTED": "Accepted",
    "A_FINALIZED": "Finalized",
}
WON = {"A_APPROVED", "A_REGISTERED", "A_ACTIVATED"}
LOST = {"A_DECLINED", "A_CANCELLED"}


@dataclass(frozen=True)
class Story:
    """One application, read without Penstock: when it entered each stage, and how it ended."""

    entered: dict[str, datetime]
    won: datetime | None
    lost: datetime | None

    def left(self, stage: str) -> datetime | None:
        """When it left a stage: for a later one, or by its end."""
        later = [at for name, at in self.entered.items() if _place(name) > _place(stage)]
        return min([*later, *filter(None, (self.won, self.lost))], default=None)

    def advanced(self, stage: str) -> bool:
        """Whether it stood in a later stage, or was won."""
        return self.won is not None or any(_place(name) > _place(stage) for name in self.entered)


def _place(name: str) -> int:
    return list(STAGES.values()).index(name)


def _rows() -> list[dict[str, str]]:
    path = FOLDER / FILE
    if not path.exists():
        pytest.skip(f"PENSTOCK_DATA has no {FILE}")
    with gzip.open(path, "rt") as file:
        return [row for row in csv.DictReader(file) if row["act"].startswith("A_")]


@pytest.fixture(scope="module")
def stories() -> dict[str, Story]:
    """Every application by its number."""
    told: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for row in _rows():
        told[row["case"]].append((datetime.fromisoformat(row["t"]), row["act"]))
    return {
        case: Story(
            entered={STAGES[act]: at for at, act in sorted(events) if act in STAGES},
            won=min((at for at, act in events if act in WON), default=None),
            lost=min((at for at, act in events if act in LOST), default=None),
        )
        for case, events in told.items()
    }


@pytest.fixture(scope="module")
def found(
    stories: dict[str, Story],
    bring: Bring,
    member: Member,
    tmp_path_factory: pytest.TempPathFactory,
) -> Funnel:
    """The funnel of all applications up to 14 January 2012, from files that Penstock imports."""
    folder = tmp_path_factory.mktemp("bpi2012")
    options = {"pipeline": "Loans", "stages": "create", "stage_names": list(STAGES.values())}
    bring(_deals(folder, stories), "deals", source="bpi", options=options)
    bring(_history(folder, stories), "stage_history", source="bpi", options={"pipeline": "Loans"})
    window = Window(date(2011, 9, 30), AS_OF, member.workspace.zone)
    moment = Moment(on=AS_OF, known=None, is_now=False, zone=member.workspace.zone)
    loans = Pipeline.objects.get(name="Loans")
    return funnel.funnel(member, window, moment=moment, only=Slice(pipeline=loans))


def _deals(folder: Path, stories: dict[str, Story]) -> Path:
    amounts = {row["case"]: row["amt"] for row in _rows()}
    rows = [
        [case, f"Loan {case}", amounts[case], one.entered["Submitted"].isoformat(), "Submitted"]
        for case, one in stories.items()
    ]
    return _written(folder / "loans.csv", ["id", "name", "amount", "created", "stage"], rows)


def _history(folder: Path, stories: dict[str, Story]) -> Path:
    rows = []
    for case, one in stories.items():
        told = [(at, name) for name, at in one.entered.items()]
        told += [(at, "Closed Won") for at in [one.won] if at]
        told += [(at, "Closed Lost") for at in [one.lost] if at]
        rows += [[case, name, at.isoformat()] for at, name in sorted(told)]
    return _written(folder / "history.csv", ["deal id", "to stage", "date"], rows)


def _written(path: Path, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def test_entries_and_ends_are_counted_as_read_by_hand(
    found: Funnel, stories: dict[str, Story]
) -> None:
    for name in STAGES.values():
        step = next(one.step for one in found.steps if one.label == name)
        there = [one for one in stories.values() if name in one.entered]
        advanced = sum(one.advanced(name) for one in there)
        lost = sum(one.lost is not None and not one.advanced(name) for one in there)

        assert step.n_entered == len(there)
        assert (step.n_advanced, step.n_lost) == (advanced, lost)
        assert step.n_open == len(there) - advanced - lost


@pytest.mark.parametrize(
    ("name", "n"),
    [
        ("Submitted", 8766),
        ("Partly submitted", 8766),
        ("Preaccepted", 4861),
        ("Accepted", 3342),
        ("Finalized", 3283),
    ],
)
def test_stages_were_entered_as_often_as_the_guide_says(found: Funnel, name: str, n: int) -> None:
    assert next(one.step.n_entered for one in found.steps if one.label == name) == n


@pytest.mark.parametrize("name", ["Preaccepted", "Accepted", "Finalized"])
def test_stays_are_the_medians_of_running_and_ended_ones(
    found: Funnel, stories: dict[str, Story], name: str
) -> None:
    stop = datetime(2012, 1, 15, tzinfo=UTC)
    days = [
        (
            ((one.left(name) or stop) - one.entered[name]).total_seconds() / 86400,
            one.left(name) is not None,
        )
        for one in stories.values()
        if name in one.entered
    ]

    stay = next(one.step.stay for one in found.steps if one.label == name)

    assert (stay.n, stay.n_ended) == (len(days), sum(is_over for _day, is_over in days))
    assert stay.median.days == pytest.approx(median(days), abs=1e-4)


def test_bridge_of_november_balances(found: Funnel, member: Member) -> None:
    window = Window(date(2011, 11, 1), date(2011, 11, 30), member.workspace.zone)

    told = bridge.bridge(member, window, only=Slice(pipeline=found.pipeline))

    assert told.ties


def test_bridge_of_november_says_what_came_and_went(
    found: Funnel, stories: dict[str, Story], member: Member
) -> None:
    window = Window(date(2011, 11, 1), date(2011, 11, 30), member.workspace.zone)
    told = {
        line.code: line.change
        for line in bridge.bridge(member, window, only=Slice(pipeline=found.pipeline)).lines
    }

    def within(at: datetime | None) -> bool:
        return at is not None and window.start <= at < window.stop

    assert told["new"] == sum(within(one.entered["Submitted"]) for one in stories.values())
    assert told["won"] == -sum(within(one.won) for one in stories.values())
    assert told["lost"] == -sum(within(one.lost) for one in stories.values())
