"""The asynchronous door: ``/w/<slug>/events``, one stream of server-sent events per open page."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import Error

from penstock.base.errors import NotFound
from penstock.web.events.admission import Listener, admit_afresh
from penstock.web.events.hub import Hub, Subscription
from penstock.web.events.listener import listen

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Run = Callable[..., Awaitable[Any]]

ADDRESS = re.compile(r"/w/(?P<slug>[-\w]+)/events", re.ASCII)
#: How often a sign of life is sent, and asked whether the browser may still listen.
HEARTBEAT_SECONDS = 20.0
#: Streams that one process holds; whoever comes later gets pages without live updates.
MOST_STREAMS = 500
#: Streams of one account, so that nobody takes them all.
MOST_PER_ACCOUNT = 50
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]
#: Browsers come back at different moments after a restart.
RETRY_MILLISECONDS = (2000, 6000)


@dataclass(frozen=True, slots=True)
class Browser:
    """Who asks, for which workspace."""

    cookies: str
    slug: str


class Streams:
    """Every stream of this process, and the one connection that feeds them.

    Args:
        run: Does synchronous work in a thread that keeps a database connection.
        heartbeat_seconds: How long a stream may be silent.
    """

    def __init__(self, run: Run, *, heartbeat_seconds: float = HEARTBEAT_SECONDS) -> None:
        self.run = run
        self.heartbeat_seconds = heartbeat_seconds
        self.hub = Hub()
        self.listening: asyncio.Task[None] | None = None

    @staticmethod
    def slug(scope: Scope) -> str | None:
        """The workspace of which a request asks for the events, if it does."""
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        found = ADDRESS.fullmatch(path) if scope["method"] == "GET" else None
        return found["slug"] if found else None

    def start(self) -> None:
        """Listen to the database; call in the event loop that will carry the streams."""
        self.listening = asyncio.create_task(listen(self.hub))

    async def stop(self) -> None:
        """End all streams and leave the database."""
        self.hub.end()
        if self.listening is not None:
            self.listening.cancel()
            await asyncio.wait([self.listening])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream until the browser leaves, loses the right to listen, or the process stops."""
        browser = Browser(cookies_of(scope), str(self.slug(scope)))
        status, listener = (503, None) if self._is_full else await self._admit(browser)
        if listener is not None and self.hub.n_of(listener.account_id) >= MOST_PER_ACCOUNT:
            status, listener = 503, None
        if listener is None:
            await _refuse(send, status)
            return
        with self.hub.subscribed(
            listener.workspace_id, account_id=listener.account_id
        ) as subscription:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await _write(send, f"retry: {random.randint(*RETRY_MILLISECONDS)}\n\n")
            await _first(self._feed(subscription, send, browser), _left(receive))
        await send({"type": "http.response.body", "body": b""})

    @property
    def _is_full(self) -> bool:
        return len(self.hub) >= MOST_STREAMS

    async def _feed(self, subscription: Subscription, send: Send, browser: Browser) -> None:
        clock = asyncio.get_running_loop().time
        due = clock() + self.heartbeat_seconds
        while not subscription.is_over:
            topics = await subscription.changes(seconds=max(0.0, due - clock()))
            if topics:
                await _write(send, f"event: changed\ndata: {' '.join(topics)}\n\n")
            if clock() >= due:
                if not await self._is_still_admitted(browser):
                    return
                await _write(send, ":\n\n")
                due = clock() + self.heartbeat_seconds

    async def _is_still_admitted(self, browser: Browser) -> bool:
        status, _listener = await self._admit(browser)
        # A database that does not answer says nothing about the right; it has no news either.
        return status in (200, 503)

    async def _admit(self, browser: Browser) -> tuple[int, Listener | None]:
        try:
            listener = await self.run(partial(admit_afresh, browser.cookies, slug=browser.slug))
        except NotFound:
            return 404, None
        except Error:
            return 503, None
        return (401 if listener is None else 200), listener


def cookies_of(scope: Scope) -> str:
    """What a request says in its header of that name."""
    return "; ".join(
        value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie"
    )


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-length", b"0"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _first(*coroutines: Coroutine[Any, Any, None]) -> None:
    """Run all until one ends, and end the others."""
    tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
    try:
        done, _rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
    for task in done:
        task.result()
