"""One command runs pages and jobs, and keeps both alive."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg.conninfo import make_conninfo

from penstock.config import database, env

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(
    environment: dict[str, str], database_name: str, free_port: int
) -> Iterator[subprocess.Popen[bytes]]:
    """``penstock serve`` on the database of the tests."""
    url = make_conninfo(**{**database.conninfo(env.read()), "dbname": database_name})
    process = subprocess.Popen(
        [sys.executable, "-m", "penstock", "serve", "--port", str(free_port)],
        env={**environment, "DATABASE_URL": url, "PENSTOCK_LOG_LEVEL": "ERROR"},
    )
    with process:
        assert answers(free_port, seconds=60)
        yield process
        process.kill()


def answers(port: int, *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


def branches(process: subprocess.Popen[bytes], *, n: int = 2) -> list[int]:
    """The processes below the one that watches, as soon as there are so many."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        found = [
            int(pid)
            for file in Path(f"/proc/{process.pid}/task").glob("*/children")
            for pid in file.read_text().split()
            if is_there(int(pid))
        ]
        if len(found) == n:
            return found
        time.sleep(0.05)
    raise AssertionError(found)


def is_there(pid: int) -> bool:
    """Whether a process runs; one that ended and was not yet looked after does not."""
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


def until_gone(pids: list[int], *, seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and any(map(is_there, pids)):
        time.sleep(0.05)
    return not any(map(is_there, pids))


def test_killed_branches_are_back_and_answer(
    server: subprocess.Popen[bytes], free_port: int
) -> None:
    before = branches(server)

    for pid in before:
        os.kill(pid, signal.SIGKILL)

    assert until_gone(before)
    assert not set(branches(server)) & set(before)
    assert answers(free_port, seconds=20)


def test_killed_server_takes_its_branches_with_it(server: subprocess.Popen[bytes]) -> None:
    pids = branches(server)

    server.kill()
    server.wait(timeout=10)

    assert until_gone(pids)


def test_stop_ends_all_and_says_so(server: subprocess.Popen[bytes]) -> None:
    pids = branches(server)

    server.send_signal(signal.SIGTERM)

    assert server.wait(timeout=30) == 0
    assert until_gone(pids, seconds=1)


def test_branches_share_what_was_loaded(server: subprocess.Popen[bytes]) -> None:
    shared = [
        int(line.split()[1])
        for pid in branches(server)
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        if line.startswith("Shared_Dirty:")
    ]

    # Pages of memory that the parent wrote and the branch did not: in kB, some 30,000 to 50,000.
    assert min(shared) > 10_000
