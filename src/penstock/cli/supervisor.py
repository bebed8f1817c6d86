"""Several processes as one: started together, restarted when one dies, stopped together.

A child is a program of its own, or a branch of this process: all that was loaded before is shared by the
branches, and one that died is back in an instant.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import NoReturn

from penstock.config import parent

MOST_RESTARTS = 5
WINDOW_SECONDS = 60.0
STOP_SECONDS = 20.0
TICK_SECONDS = 0.25
#: What asks this process to stop.
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):  # noqa: N818 -- a request of the user, no error
    """Somebody asked this process to stop."""


@dataclass
class Child(ABC):
    """One process and how often it had to be started.

    Attributes:
        name: What messages call it.
        code: The exit code of the last start, negative for a signal; None while it runs.
        started: When, by the monotonic clock.
    """

    name: str
    code: int | None = field(default=None, init=False)
    started: list[float] = field(default_factory=list, init=False)

    def start(self) -> None:
        """Start in a session of its own, so that Ctrl-C reaches the supervisor alone."""
        self.started.append(time.monotonic())
        self.code = None
        self._start()

    @property
    def is_dead(self) -> bool:
        """Whether it ended."""
        if self.started and self.code is None:
            self.code = self._ended()
        return self.code is not None

    @property
    def is_hopeless(self) -> bool:
        """Whether it died so often that another start would not help."""
        recent = [at for at in self.started if at > time.monotonic() - WINDOW_SECONDS]
        return len(recent) > MOST_RESTARTS

    def signal(self, number: int) -> None:
        """Send a signal, if it still runs."""
        if self.started and not self.is_dead:
            os.kill(self.pid, number)

    @property
    @abstractmethod
    def pid(self) -> int:
        """Its number, once it was started."""

    @abstractmethod
    def _start(self) -> None: ...

    @abstractmethod
    def _ended(self) -> int | None: ...


@dataclass
class Program(Child):
    """A Python program.

    Attributes:
        command: Arguments after ``python``.
    """

    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def pid(self) -> int:
        """Its number, once it was started."""
        assert self.process is not None, "started"
        return self.process.pid

    def _start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *self.command],
            start_new_session=True,
            env={**os.environ, **parent.environment()},
        )

    def _ended(self) -> int | None:
        return self.process.poll() if self.process else None


@dataclass
class Branch(Child):
    """A copy of this process that does one thing.

    It shares the memory of all that was loaded before, until one of both writes there. No thread may run
    and no connection be open when it is started: neither survives.

    Attributes:
        act: What it does until it is told to stop.
    """

    act: Callable[[], None]
    _pid: int = field(default=0, init=False)

    @property
    def pid(self) -> int:
        """Its number, once it was started."""
        return self._pid

    def _start(self) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        watched = parent.environment()
        self._pid = os.fork()
        if self._pid == 0:
            _live(self.act, watched)

    def _ended(self) -> int | None:
        pid, status = os.waitpid(self._pid, os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if pid else None


def _live(act: Callable[[], None], watched: Mapping[str, str]) -> NoReturn:
    """Be a branch, and end with it: what the parent would do at its end is not for its copy to do."""
    code = 1
    try:
        os.setsid()
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        os.environ.update(watched)
        parent.follow()
        act()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


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
        while any(not child.is_dead for child in self.children if child.started):
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

    for number in SIGNALS:
        signal.signal(number, stop)


def ignore_signals() -> None:
    """Finish stopping undisturbed."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
