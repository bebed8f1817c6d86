"""History kept in files says what the rows of the database say, whatever happens to either."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from penstock.base.calendar import Window
from penstock.flow import dating, moves, replay
from penstock.flow.models import FieldChange, Item
from penstock.reports import bridge, column_files, columns, copying, funnel, log
from penstock.reports.column_files import Mark
from penstock.reports.filters import DealFilter
from penstock.reports.moment import moment
from penstock.reports.pipeline import ALL
from penstock.sales import deals
from penstock.users import walls
from penstock.users.models import Workspace
from tests import histories, make, postgres

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def kept(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files are made of the smallest history, and of what this transaction has written itself."""
    settings.COLUMNS_ROOT = tmp_path / "columns"
    monkeypatch.setattr(columns, "WORTH_KEEPING", 1)
    monkeypatch.setattr(columns, "_decided", _last_row)
    return tmp_path / "columns"


def _last_row(workspace_id: int, story: str) -> Mark:
    query = (
        f"SELECT r.id, r.item_id, r.occurred_at, r.known_at FROM {columns.STORIES[story].table} r "
        "WHERE r.workspace_id = %(workspace)s ORDER BY r.id DESC LIMIT 1"
    )
    return Mark(*(int(one[0]) for one in copying.copied(query, {"workspace": workspace_id}, n=4)))


def _read_of_one_table(path: Path, workspace: Workspace, story: str) -> columns.Pieces:
    part = next(iter(columns.STORIES[story].parts))
    return columns.read(workspace.pk, story, part)


@pytest.mark.django_db
@examples(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(first=histories.steps, second=histories.steps, on=st.integers(0, 30))
def test_files_and_rows_that_came_since_say_what_the_rows_say(
    kept: Path,
    monkeypatch: pytest.MonkeyPatch,
    first: list[histories.Step],
    second: list[histories.Step],
    on: int,
) -> None:
    with histories.rolled_back(), histories.clock(monkeypatch) as set_clock:
        life = histories.live(first, set_clock)
        _figures(life.workspace, life.deal.pk, life.now)
        for step in second:
            life.now += step.gap
            set_clock(life.now)
            try:
                histories.VERBS[step.verb](life, step.pick, None)
            except histories.PenstockError:
                continue
            _figures(life.workspace, life.deal.pk, life.now)
        item = Item.objects.get(pk=life.deal.pk)
        for at in (life.now + timedelta(days=1), histories.START + timedelta(days=on)):
            for known in (None, histories.START + timedelta(days=on / 2)):
                _same_as_replayed(life.workspace, item, at=at, known=known)


def _figures(workspace: Workspace, case: int, now: datetime) -> None:
    """Read everything, so that files are made and extended."""
    source = log.Source(make.owner_of(workspace), at=now + timedelta(days=1))
    for story, told in columns.STORIES.items():
        for part in told.parts:
            columns.read(source.member.workspace_id, story, part)


def _same_as_replayed(
    workspace: Workspace, item: Item, *, at: datetime, known: datetime | None
) -> None:
    source = log.Source(make.owner_of(workspace), at=at, known=known)
    stages = [row.pk for row in item.pipeline.stages.order_by("position")]
    # A win places an order, whose history stands beside that of the deal.
    only = np.array([item.pk])
    visits = log.transitions(source, stages=stages, since=log.EPOCH).of(only)
    place = replay.last(item.transitions.all(), at=at, known=known)
    amount = replay.last(FieldChange.objects.filter(item=item, field="amount"), at=at, known=known)
    owner = replay.last(FieldChange.objects.filter(item=item, field="owner"), at=at, known=known)
    ending = replay.last(item.outcomes.all(), at=at, known=known)

    assert [stages[n] for n in visits.last().value] == ([place.stage_id] if place else [])
    said = log.field(source, "amount").of(only).last().value.tolist()
    assert said == ([int(Decimal(amount.value) * 10000)] if amount and amount.value else [])
    said = log.field(source, "owner").of(only).last().value.tolist()
    assert [None if one == log.UNKNOWN else one for one in said] == (
        [owner.value and int(owner.value)] if owner else []
    )
    said = log.outcomes(source).of(only).last().value.tolist()
    assert said == ([columns.VERDICTS[ending.verdict]] if ending else [])
    opened = log.opened(source, only=ALL)
    first = visits.first()
    assert (opened.case.tolist(), opened.at.tolist()) == (first.case.tolist(), first.at.tolist())


@pytest.fixture
def workspace(db: None) -> Workspace:
    """Three deals, one of which moved on."""
    workspace = make.workspace(time_zone="UTC")
    with dating.lived(START):
        held = [make.deal(workspace, amount=str(100 + number)) for number in range(3)]
    with dating.lived(START + timedelta(days=2)):
        deals.move(held[0], to=make.stage(workspace, "proposal"), by=None)
    return workspace


def _closing(workspace: Workspace) -> Decimal:
    window = Window(START.date(), (START + timedelta(days=9)).date(), workspace.zone)
    found = bridge.bridge(make.owner_of(workspace), window)
    assert found.ties
    return sum(found.closing.sums.values(), Decimal(0))


def test_second_look_reads_only_what_came_since(
    workspace: Workspace, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _closing(workspace) == 303
    asked: list[int] = []
    plain = copying.copied

    def counted(*what: Any, **named: Any) -> Any:
        found = plain(*what, **named)
        asked.append(len(found[0]))
        return found

    monkeypatch.setattr(copying, "copied", counted)
    with dating.lived(START + timedelta(days=3)):
        make.deal(workspace, amount="7")

    assert _closing(workspace) == 310
    path = kept / str(workspace.pk) / "fieldchange.columns"
    assert path.parent.stat().st_mode & 0o777 == 0o700
    again = column_files.opened(path)
    assert again is not None
    assert again.mark.id == FieldChange.objects.latest("pk").pk
    asked.clear()
    assert _closing(workspace) == 310
    # Of each table only the row that its file ends with is looked at.
    assert set(asked) <= {0, 1}


@pytest.mark.parametrize("damage", ["cut", "version", "noise", "other"])
def test_file_that_is_damaged_or_of_another_database_is_read_again(
    workspace: Workspace, kept: Path, damage: str
) -> None:
    _closing(workspace)
    path = kept / str(workspace.pk) / "fieldchange.columns"
    body = path.read_bytes()
    path.write_bytes(
        {
            "cut": body[:-8],
            "version": body.replace(b'"version": 1', b'"version": 0'),
            "noise": b"\0" * len(body),
            "other": body.replace(b'"mark": [', b'"mark": [1'),
        }[damage]
    )

    assert _closing(workspace) == 303


def test_disk_that_takes_nothing_costs_only_time(
    workspace: Workspace, kept: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kept.write_text("a file where the folder should be")

    assert _closing(workspace) == 303
    assert "not kept" in caplog.text


def test_forgotten_files_are_made_again(workspace: Workspace, kept: Path) -> None:
    _closing(workspace)
    columns.forget()
    assert not kept.exists()

    assert _closing(workspace) == 303
    assert kept.exists()


def test_files_of_one_workspace_say_nothing_in_another(workspace: Workspace, kept: Path) -> None:
    _closing(workspace)
    other = make.workspace(time_zone="UTC")
    with dating.lived(START):
        make.deal(other, amount="1")

    assert _closing(other) == 1
    walls.enter(workspace_id=workspace.pk, account_id=None)
    assert _closing(workspace) == 303
    # Behind the wall of another workspace the file is not believed: its last row cannot be seen.
    walls.enter(workspace_id=other.pk, account_id=None)
    told = columns.read(workspace.pk, "fieldchange", "amount")
    assert len(told.facts) == 0


def test_rep_who_sees_only_own_deals_sees_no_others_in_the_file(
    workspace: Workspace, kept: Path
) -> None:
    workspace.reps_see = "own"
    workspace.save()
    rep = make.member(workspace)
    rep.workspace = workspace
    with dating.lived(START):
        mine = make.deal(workspace, amount="5", owner=rep)
    _closing(workspace)
    at = START + timedelta(days=9)

    found = funnel.funnel(
        rep,
        Window(START.date(), at.date(), workspace.zone),
        moment=moment(workspace, on=at.date()),
    )

    seen = {case for one in found.steps for case in one.step.cases.tolist()}
    assert mine.pk in seen
    others = set(Item.objects.exclude(owner=rep).exclude(owner=None).values_list("pk", flat=True))
    assert not seen & others
    assert log.belonging(log.Source(rep, at=at), DealFilter()).tolist() == sorted(seen)


@pytest.fixture
def unsettled(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workspace]:
    """A committed history, and the rule by which a row is decided as it is, without its minute."""
    settings.COLUMNS_ROOT = tmp_path / "columns"
    monkeypatch.setattr(columns, "WORTH_KEEPING", 1)
    monkeypatch.setattr(columns, "DECIDED_SECONDS", 0)
    workspace = make.workspace(time_zone="UTC")
    with dating.lived(START):
        make.deal(workspace, amount="100")
    yield workspace
    walls.leave()


@pytest.mark.django_db(transaction=True)
def test_rows_of_a_transaction_under_way_are_not_passed_by(
    unsettled: Workspace, database_name: str, settings: Any
) -> None:
    path = Path(settings.COLUMNS_ROOT) / str(unsettled.pk) / "transition.columns"
    item = Item.objects.get()
    late = make.stage(unsettled, "qualification")
    with postgres.owner_connection(database_name) as slow:
        # Its row has a smaller number than the next one, and is committed later.
        slow.execute("BEGIN")
        slow.execute(
            "INSERT INTO flow_transition (workspace_id, item_id, stage_id, occurred_at, known_at, "
            "is_assumed, is_void) VALUES (%s, %s, %s, %s, %s, false, false)",
            [unsettled.pk, item.pk, late.pk, *[START + timedelta(days=1)] * 2],
        )
        moves.move(make.item(unsettled), to=make.stage(unsettled, "proposal"), by=None)
        _read_of_one_table(path, unsettled, "transition")
        assert not path.exists()
        slow.execute("COMMIT")

    # Once all that was under way at the first look is over, the file may hold what was there then.
    # Tests of other workers on the same server are among it, and end sooner or later.
    told = _read_of_one_table(path, unsettled, "transition")
    until = time.monotonic() + 60
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.05)
        told = _read_of_one_table(path, unsettled, "transition")
    assert path.exists()
    assert late.pk in told.facts.of(np.array([item.pk])).value
    held = column_files.opened(path)
    assert held is not None
    assert late.pk in held.part("").value
    assert len(_read_of_one_table(path, unsettled, "transition").facts) == len(told.facts)
