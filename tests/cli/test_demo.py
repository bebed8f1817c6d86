"""The whole house as a user starts it: one command, from nothing to pages and back."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from penstock.config.postgres import Cluster

Command = Callable[..., subprocess.CompletedProcess[str]]
START_SECONDS = 120


@contextmanager
def demo(environment: dict[str, str], port: int) -> Iterator[subprocess.Popen[str]]:
    """A running demo; ended by force if the test did not end it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "penstock", "demo", "--empty", "--port", str(port)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    with process:
        yield process
        process.kill()


def wait_for(process: subprocess.Popen[str], text: str) -> list[str]:
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if text in line:
            break
    return lines


def ready(port: int) -> object:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
        return json.load(answer)


def wait_until(question: Callable[[], bool], seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if question():
            return True
        time.sleep(0.1)
    return False


def test_demo_starts_serves_and_stops_cleanly(
    environment: dict[str, str], home: Path, free_port: int
) -> None:
    with demo(environment, free_port) as process:
        lines = wait_for(process, "Stop: Ctrl-C")
        answer = ready(free_port)
        process.send_signal(signal.SIGINT)
        code = process.wait(timeout=60)

    assert f"Penstock runs at http://localhost:{free_port}/\n" in lines
    assert answer == {"database": "ok", "migrations": []}
    assert code == 0
    assert not Cluster.of_home(home).is_running


def test_killed_demo_takes_all_with_it_and_starts_again(
    environment: dict[str, str], home: Path, free_port: int
) -> None:
    with demo(environment, free_port) as process:
        wait_for(process, "Stop: Ctrl-C")
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)

    assert wait_until(lambda: not Cluster.of_home(home).is_running)
    with demo(environment, free_port) as process:
        wait_for(process, "Stop: Ctrl-C")
        answer = ready(free_port)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)

    assert answer == {"database": "ok", "migrations": []}


def test_taken_port_is_told_before_anything_starts(
    penstock: Command, home: Path, unused_listener: int
) -> None:
    done = penstock("demo", "--port", str(unused_listener))

    assert done.returncode == 2
    assert done.stderr.startswith(f"Port {unused_listener} on 127.0.0.1 is taken")
    assert done.stderr.count("\n") == 1
    assert not Cluster.of_home(home).root.exists()


@pytest.fixture
def unused_listener() -> Iterator[int]:
    """A port that somebody listens on."""
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield int(listener.getsockname()[1])


def test_command_without_an_owner_is_one_sentence(penstock: Command) -> None:
    done = penstock("migrate", DATABASE_URL="postgresql://x@127.0.0.1:1/x")

    assert done.returncode == 2
    assert done.stderr == (
        "DATABASE_URL is set but DATABASE_OWNER_URL is not: "
        "set it to the login that owns the database.\n"
    )
    assert os.environ.get("PENSTOCK_AS_OWNER") is None
