"""Clients that ask a running Penstock over HTTP, and what they measured."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVarTuple
from urllib.parse import urlencode

Ask = tuple[str, str, dict[str, str] | None]
Call = tuple[Callable[[Any], None]]
What = TypeVarTuple("What")


@dataclass
class Times:
    """Durations of one kind of request in milliseconds."""

    name: str
    clients: int
    milliseconds: list[float] = field(default_factory=list)

    def at(self, share: float) -> float:
        """The smallest duration that this share of the requests did not exceed."""
        ordered = sorted(self.milliseconds)
        return ordered[max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1)]

    def row(self) -> tuple[str, int, int, float, float]:
        """Name, clients, n, p50, p95."""
        return (self.name, self.clients, len(self.milliseconds), self.at(0.5), self.at(0.95))


class Client:
    """One browser: a kept connection and a session.

    Args:
        port: Where Penstock listens on this machine.
        cookie: The session and CSRF cookies.
        token: The CSRF token that goes with posts.
    """

    def __init__(self, port: int, *, cookie: str, token: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.headers = {"Cookie": cookie, "Host": f"localhost:{port}"}
        self.posting = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-CSRFToken": token,
            "HX-Request": "true",
            "Origin": f"http://localhost:{port}",
        }

    def ask(self, method: str, path: str, form: dict[str, str] | None) -> float:
        """Send one request and read all of its answer.

        Returns:
            Milliseconds.

        Raises:
            RuntimeError: The answer is no success.
        """
        body = urlencode(form) if form is not None else None
        headers = self.headers | (self.posting if form is not None else {})
        started = time.perf_counter()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        took = (time.perf_counter() - started) * 1000
        if answer.status >= 400 or (answer.status >= 300 and form is None):
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:300]!r}")
        return took


class Caller:
    """One thread that asks reports in this process, as the run-time login.

    Args:
        slug: The workspace.
        email: The account that asks.
    """

    def __init__(self, slug: str, *, email: str) -> None:
        self.slug = slug
        self.email = email
        self.member: Any = None

    def ask(self, report: Callable[[Any], None]) -> float:
        """Let a report answer the member.

        Returns:
            Milliseconds.
        """
        # Connections belong to threads: the workspace is entered where the report is asked.
        if self.member is None:
            self.member = _entered(self.slug, email=self.email)
        started = time.perf_counter()
        report(self.member)
        return (time.perf_counter() - started) * 1000


def _entered(slug: str, *, email: str) -> Any:
    from penstock.users import access
    from penstock.users.models import Account

    return access.enter(Account.objects.get(email=email), slug=slug)


class Asker(Protocol[*What]):
    """Whoever asks and says how long it took."""

    def ask(self, *what: *What) -> float:
        """Ask once; milliseconds."""


def measure(
    name: str,
    asks: Callable[[int], Iterator[tuple[*What]]],
    *,
    clients: Sequence[Asker[*What]],
    rounds: int,
) -> Times:
    """Let all clients ask at the same time, ``rounds`` times each after one warm-up.

    Args:
        name: What is measured.
        asks: For a client's number, an endless row of requests.
        clients: Who asks; their number is the load.
        rounds: How often each asks.
    """
    times = Times(name, len(clients))
    failures: list[BaseException] = []
    gate = threading.Barrier(len(clients))

    def work(number: int) -> None:
        stream = asks(number)
        try:
            clients[number].ask(*next(stream))
            gate.wait(timeout=120)
            for _round in range(rounds):
                times.milliseconds.append(clients[number].ask(*next(stream)))
        except (RuntimeError, OSError, threading.BrokenBarrierError) as failure:
            failures.append(failure)
            gate.abort()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return times
