"""Live updates as a browser gets them: over HTTP, from ``penstock serve``."""

from __future__ import annotations

import json
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import HTTPConnection, HTTPResponse

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from psycopg.conninfo import make_conninfo

from penstock.config import database, env
from penstock.sales import deals
from penstock.users import walls
from penstock.users.models import Account, Workspace
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


class Stream:
    """One open page: its events, as they arrive."""

    def __init__(self, port: int, *, slug: str, account: Account | None) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {"Cookie": _session(account)} if account else {}
        self.connection.request("GET", f"/w/{slug}/events", headers=headers)
        self.socket = self.connection.sock
        self.answer: HTTPResponse = self.connection.getresponse()
        self.reader: threading.Thread | None = None
        self.lines: queue.Queue[str] = queue.Queue()
        if self.answer.status == 200:
            self.reader = threading.Thread(target=self._read, daemon=True)
            self.reader.start()
            assert self.next().startswith("retry: ")

    def close(self) -> None:
        """Leave the page."""
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        if self.reader is not None:
            self.reader.join()
        self.answer.close()
        self.connection.close()

    def next(self, seconds: float = 5) -> str:
        """The next line that says something."""
        while not (line := self.lines.get(timeout=seconds)):
            pass
        return line

    def is_silent(self, seconds: float = 0.5) -> bool:
        try:
            self.next(seconds)
        except queue.Empty:
            return True
        return False

    def _read(self) -> None:
        with suppress(OSError, ValueError):
            for line in self.answer:
                self.lines.put(line.decode().strip())
        self.lines.put("end")


@pytest.fixture
def server(
    environment: dict[str, str], database_name: str, free_port: int
) -> Iterator[subprocess.Popen[bytes]]:
    """``penstock serve`` on the database of the tests."""
    places = {
        name: make_conninfo(
            **database.conninfo(env.read(), as_owner=is_owner) | {"dbname": database_name}
        )
        for name, is_owner in (("DATABASE_URL", False), ("DATABASE_OWNER_URL", True))
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "penstock", "serve", "--port", str(free_port)],
        env=environment | places | {"PENSTOCK_SECRET_KEY": settings.SECRET_KEY},
    )
    try:
        _wait(free_port)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


Open = Callable[..., Stream]


@pytest.fixture
def open_stream(server: subprocess.Popen[bytes], free_port: int) -> Iterator[Open]:
    """Opens pages, which are left at the end of the test."""
    streams: list[Stream] = []

    def open_one(slug: str, account: Account | None) -> Stream:
        streams.append(Stream(free_port, slug=slug, account=account))
        return streams[-1]

    yield open_one
    for stream in streams:
        stream.close()


@pytest.fixture
def mill() -> tuple[Workspace, Account]:
    """A workspace and its founder."""
    return _founded()


def test_move_arrives_at_the_pages_of_its_workspace_alone(
    open_stream: Open, mill: tuple[Workspace, Account]
) -> None:
    workspace, account = mill
    other, stranger = _founded()
    mine = open_stream(workspace.slug, account)
    theirs = open_stream(other.slug, stranger)
    with walls.inside(workspace.pk):
        deal = make.deal(workspace)
        origin, target = deal.item.stage, make.stage(workspace, "qualification")
        opened = [mine.next(2), mine.next(2)]

        deals.move(deal, to=target, by=None)
        moved = [mine.next(2), mine.next(2)]

    first, second = sorted([origin.pk, target.pk])
    assert opened == ["event: changed", f"data: kind-deal stage-{origin.pk}"]
    assert moved == ["event: changed", f"data: kind-deal stage-{first} stage-{second}"]
    assert theirs.is_silent()


def test_others_get_a_bare_refusal(open_stream: Open, mill: tuple[Workspace, Account]) -> None:
    slug = mill[0].slug

    signed_out = open_stream(slug, None).answer
    stranger = open_stream(slug, make.account("Mallory")).answer

    assert (signed_out.status, signed_out.read(), signed_out.getheader("Location")) == (
        401,
        b"",
        None,
    )
    assert (stranger.status, stranger.read()) == (404, b"")


def test_stop_ends_open_streams_at_once(
    server: subprocess.Popen[bytes],
    open_stream: Open,
    free_port: int,
    mill: tuple[Workspace, Account],
) -> None:
    streams = [open_stream(mill[0].slug, mill[1]) for _number in range(20)]

    started = time.monotonic()
    server.send_signal(signal.SIGINT)
    code = server.wait(timeout=30)

    assert code == 0
    assert time.monotonic() - started < 5
    assert {stream.next() for stream in streams} == {"end"}


def test_page_answers_while_many_listen(
    server: subprocess.Popen[bytes],
    open_stream: Open,
    free_port: int,
    mill: tuple[Workspace, Account],
) -> None:
    streams = [open_stream(mill[0].slug, mill[1]) for _number in range(50)]

    with urllib.request.urlopen(f"http://127.0.0.1:{free_port}/readyz", timeout=10) as answer:
        assert json.load(answer) == {"database": "ok", "migrations": []}
    assert {stream.answer.status for stream in streams} == {200}


def _founded() -> tuple[Workspace, Account]:
    account = make.account()
    workspace = make.workspace(by=account)
    walls.leave()
    return workspace, account


def _session(account: Account) -> str:
    store = SessionStore()
    store[SESSION_KEY] = str(account.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    store.create()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


def _wait(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("The server did not start.")
