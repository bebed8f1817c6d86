"""Several processes as one: started together, restarted when one dies, stopped together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

from penstock.config import parent

MOST_RESTARTS = 5
WINDOW_SECONDS = 60.0
STOP_SECONDS = 20.0
TICK_SECONDS = 0.25


class Stopped(Exception):  # noqa: N818 -- a request of the user, no error
    """Somebody asked this process to stop."""


@dataclass
class Child:
    """One process and how often it had to be started.

    Attributes:
        name: What messages call it.
        command: Arguments after ``python``.
    """

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start in a session of its own, so that Ctrl-C reaches the supervisor alone."""
        self.started.append(time.monotonic())
        self.process = subprocess.Popen(
            [sys.executable, *self.command],
            start_new_session=True,
            env={**os.environ, **parent.environment()},
        )

    @property
    def is_dead(self) -> bool:
        """Whether it ended by itself."""
        return self.process is not None and self.process.poll() is not None

    @property
    def code(self) -> int | None:
        """The exit code of the last start, negative for a signal."""
        return self.process.returncode if self.process else None

    @property
    def is_hopeless(self) -> bool:
        """Whether it died so often that another start would not help."""
        recent = [at for at in self.started if at > time.monotonic() - WINDOW_SECONDS]
        return len(recent) > MOST_RESTARTS

    def signal(self, number: int) -> None:
        """Send a signal, if it still runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)


class Supervisor:
    """Runs children until somebody stops them or one cannot be kept alive.

    Args:
        children: What to run.
        tell: Writes one line for the user.
        keep: Called at every tick: keeps alive what is no child (the database).
    """

    def __init__(
        self, children: Sequence[Child], *, tell: Callable[[str], None], keep: Callable[[], None]
    ) -> None:
        self.children = children
        self.tell = tell
        self.keep = keep

    def run(self, *, announce: Callable[[], bool]) -> int:
        """Run to the end.

        Args:
            announce: Called at every tick until it returns true: says that all is up.

        Returns:
            The exit code: 0 when asked to stop, 1 when a child could not be kept alive.
        """
        try:
            for child in self.children:
                child.start()
            is_announced = False
            while not (hopeless := self._tick()):
                is_announced = is_announced or announce()
                time.sleep(TICK_SECONDS)
        except Stopped:
            return 0
        else:
            self.tell(
                f"The {hopeless.name} ended {MOST_RESTARTS} times in a minute: see the lines above."
            )
            return 1
        finally:
            self.stop()

    def stop(self) -> None:
        """End all children, by force if they take too long."""
        ignore_signals()
        for child in self.children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while any(not child.is_dead for child in self.children if child.process):
            if time.monotonic() > deadline:
                for child in self.children:
                    child.signal(signal.SIGKILL)
            time.sleep(0.05)

    def _tick(self) -> Child | None:
        self.keep()
        for child in self.children:
            if not child.is_dead:
                continue
            if child.is_hopeless:
                return child
            self.tell(f"The {child.name} ended with code {child.code}: started again.")
            child.start()
        return None


def stop_on_signals() -> None:
    """Turn Ctrl-C, SIGTERM and a closed terminal into ``Stopped``."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def ignore_signals() -> None:
    """Finish stopping undisturbed."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
