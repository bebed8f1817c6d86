"""An import whose process is killed in the middle leaves nothing behind, and can be run again."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from psycopg.conninfo import make_conninfo

from penstock.config import database, env
from penstock.flow.models import Item, Transition
from penstock.intake import changesets, jobs, leftovers
from penstock.intake.models import ChangeRow, ChangeSet, Identity
from penstock.sales.models import Deal
from penstock.users.models import Member, Workspace
from tests import make
from tests.intake import build

N = 6000
TEXT = "ID,Name,Company,Created,Amount\n" + "".join(
    f"{k},Wheel {k},Mill {k % 500},2026-01-10,{k}\n" for k in range(N)
)
MADE: tuple[Any, ...] = (Deal, Item, Transition, ChangeRow, Identity)


@pytest.fixture
def workspace(transactional_db: None) -> Workspace:
    return make.workspace(slug="mill")


@pytest.fixture
def owner(workspace: Workspace) -> Member:
    return make.owner_of(workspace)


@pytest.fixture
def run(environment: dict[str, str], database_name: str) -> Callable[..., subprocess.Popen[bytes]]:
    """Start one command on the database of the tests."""
    url = make_conninfo(**{**database.conninfo(env.read()), "dbname": database_name})

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "penstock", *arguments],
            env={**environment, "DATABASE_URL": url, "PENSTOCK_LOG_LEVEL": "ERROR"},
            stdout=subprocess.DEVNULL,
        )

    return start


def wait_until(holds: Callable[[], bool], *, seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.01)
    return False


def is_in_the_middle() -> bool:
    """Its rows were counted and are being applied; none of them is there for others."""
    return ChangeSet.objects.filter(state="applying", n_rows=N).exists()


def kill_in_the_middle(process: subprocess.Popen[bytes]) -> None:
    try:
        assert wait_until(is_in_the_middle)
    finally:
        process.kill()
        process.wait(timeout=10)


def is_unlocked() -> bool:
    """Whether the database noticed that the process is gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = "
            "(SELECT oid FROM pg_database WHERE datname = current_database()))"
        )
        return bool(cursor.fetchone()[0])


async def take_up() -> None:
    """What a worker does each minute, with connections that end with it."""
    connector = app.connector
    assert isinstance(connector, DjangoConnector)
    with app.replace_connector(connector.get_worker_connector()) as ours:
        async with ours.open_async():
            await jobs.take_up(SimpleNamespace(app=ours), 0)


def counts() -> list[int]:
    return [model.objects.count() for model in MADE]


def test_killed_command_leaves_nothing_and_its_import_is_set_free(
    owner: Member, workspace: Workspace, tmp_path: Path, run: Callable[..., Any]
) -> None:
    file = tmp_path / "deals.csv"
    file.write_text(TEXT)

    kill_in_the_middle(run("import", str(file), "--as", "deals", "--workspace", "mill", "--yes"))
    assert wait_until(is_unlocked)
    left = counts()
    too_early = leftovers.release(workspace)
    ChangeSet.objects.update(started_at=F("started_at") - timedelta(minutes=2))
    released = leftovers.release(workspace)
    change_set = ChangeSet.objects.get()

    assert left == [0] * len(MADE)
    assert (too_early, released, change_set.state) == (0, 1, "failed")
    assert change_set.error["code"] == "intake.broken_off"
    assert changesets.apply_now(change_set).counts == {"create": N}
    assert Deal.objects.count() == N


def test_killed_worker_leaves_nothing_and_another_takes_its_job_up(
    owner: Member, workspace: Workspace, run: Callable[..., Any]
) -> None:
    changesets.apply(build.started(owner, "deals", TEXT))

    kill_in_the_middle(run("worker"))
    assert wait_until(is_unlocked)
    left = counts()
    ChangeSet.objects.update(started_at=F("started_at") - timedelta(minutes=2))
    released = leftovers.release(workspace)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '5 minutes'"
        )
    asyncio.run(take_up())
    with run("worker") as worker:
        is_applied = wait_until(ChangeSet.objects.filter(state="applied").exists)
        worker.kill()

    assert (left, released) == ([0] * len(MADE), 0)
    assert is_applied
    assert Deal.objects.count() == N
