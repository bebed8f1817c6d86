"""Children that are short Python programs, run by a real supervisor."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from penstock.cli import supervisor
from penstock.cli.supervisor import Child, Program, Stopped, Supervisor

SLEEP = "import time; time.sleep(60)"


@pytest.fixture(autouse=True)
def signals_as_before() -> object:
    """Give pytest its signal handlers back."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def run(children: list[Child], *, announce: object = lambda: True) -> tuple[int, list[str]]:
    lines: list[str] = []
    code = Supervisor(children, tell=lines.append, keep=lambda: None).run(announce=announce)  # type: ignore[arg-type]  # -- fakes
    return code, lines


def test_child_that_cannot_live_stops_all() -> None:
    other = Program("other", ["-c", SLEEP])

    code, lines = run([other, Program("broken one", ["-c", "raise SystemExit(3)"])])

    assert code == 1
    assert lines.count("The broken one ended with code 3: started again.") == 5
    assert lines[-1] == "The broken one ended 5 times in a minute: see the lines above."
    assert other.is_dead


def test_killed_child_is_started_again() -> None:
    child = Program("worker", ["-c", SLEEP])
    turns = iter(range(1000))

    def kill_then_stop() -> bool:
        if next(turns) == 0:
            child.signal(signal.SIGKILL)
        elif len(child.started) == 2:
            raise Stopped
        return False

    code, lines = run([child], announce=kill_then_stop)

    assert code == 0
    assert lines == ["The worker ended with code -9: started again."]
    assert child.is_dead


def test_signal_stops_all() -> None:
    child = Program("worker", ["-c", SLEEP])
    supervisor.stop_on_signals()
    threading.Timer(0.5, os.kill, [os.getpid(), signal.SIGTERM]).start()

    code, lines = run([child])

    assert (code, lines) == (0, [])
    assert child.is_dead


def test_deaf_child_is_ended_by_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.5)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    child = Program("deaf one", ["-c", deaf])

    def stop_when_up() -> bool:
        time.sleep(0.5)
        raise Stopped

    run([child], announce=stop_when_up)

    assert child.code == -signal.SIGKILL


def test_branch_is_a_copy_that_is_started_again_and_stopped() -> None:
    # In a program of its own: a process with threads, such as this one, must not branch.
    code = """
import os, sys, time
from penstock.cli.supervisor import Branch, Stopped, Supervisor
loaded = ["by the parent"]
def act():
    print(loaded[0], flush=True)
    time.sleep(60)
def fail():
    raise SystemExit("no way")
branch, turns = Branch("one", act), iter(range(1000))
def announce():
    if len(branch.started) == 1:
        time.sleep(0.5)
        branch.signal(9)
    else:
        time.sleep(0.5)
        raise Stopped
    return False
code = Supervisor([branch], tell=print, keep=lambda: None).run(announce=announce)
print(code, branch.is_dead, branch.code)
failing = Branch("two", fail)
print(Supervisor([failing], tell=print, keep=lambda: None).run(announce=lambda: True), failing.code)
"""

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )

    lines = done.stdout.splitlines()
    assert lines[:3] == [
        "by the parent",
        "The one ended with code -9: started again.",
        "by the parent",
    ]
    assert lines[3] == "0 True -15"
    assert lines[-1] == "1 1"
