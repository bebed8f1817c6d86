"""Several processes on one server: first one in starts it, last one out stops it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from penstock.config import postgres
from penstock.config.postgres import Cluster

USER = """
import sys
from pathlib import Path
from penstock.config import postgres
postgres.ensure_running(postgres.Cluster(Path(sys.argv[1])))
print("in", flush=True)
sys.stdin.read()
"""


def another_user(root: Path) -> subprocess.Popen[str]:
    """Another process that uses the server until its input is closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", USER, str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "in\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.communicate("", timeout=30)


def test_server_stays_while_another_process_needs_it(cluster: Cluster) -> None:
    postgres.ensure_running(cluster)
    other = another_user(cluster.root)

    postgres.release(cluster)
    assert cluster.is_running
    end(other)

    assert not cluster.is_running


def test_killed_process_is_not_counted(cluster: Cluster) -> None:
    postgres.ensure_running(cluster)
    other = another_user(cluster.root)
    other.kill()
    end(other)

    postgres.release(cluster)

    assert not cluster.is_running


def test_server_left_behind_is_taken_over(cluster: Cluster) -> None:
    other = another_user(cluster.root)
    other.kill()
    end(other)
    assert cluster.is_running

    started = time.monotonic()
    postgres.ensure_running(cluster)
    postgres.release(cluster)

    assert not cluster.is_running
    assert time.monotonic() - started < 20
