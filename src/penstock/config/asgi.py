"""The door that granian serves: streams of live updates here, every page in a thread."""

from __future__ import annotations

import asyncio
import re
import signal
from collections.abc import Callable
from functools import partial
from types import FrameType

from django.db import Error

from penstock.base.errors import NotFound
from penstock.config import wsgi
from penstock.config.exchange import Receive, Scope, Send
from penstock.config.threads import InThreads
from penstock.web.events.admission import admit_afresh
from penstock.web.events.stream import Streams, cookies_of

#: Where files are brought in, which are larger than anything else that is sent.
UPLOADS = re.compile(r"/w/(?P<slug>[-\w]+)/imports\b", re.ASCII)
#: Pages that look at the history of all deals: seconds of work, and memory, where there are many.
HEAVY = re.compile(r"/w/[-\w]+/insights\b", re.ASCII)
#: So many of them are answered at a time, beside the pages of every day, which never wait for them.
HEAVY_THREADS = 2


class Door:
    """One ASGI application: one address for pages and for what happens on them."""

    def __init__(self) -> None:
        self.pages = InThreads(wsgi.application, admits=self.may_send_files)
        self.heavy = InThreads(wsgi.application, threads=HEAVY_THREADS)
        self.streams = Streams(self.pages.run)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live through the life of the process."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif self.streams.slug(scope) is not None:
            await self.streams(scope, receive, send)
        elif HEAVY.match(_path(scope)):
            await self.heavy(scope, receive, send)
        else:
            await self.pages(scope, receive, send)

    async def may_send_files(self, scope: Scope) -> bool:
        """Whether somebody of the workspace brings in a file: others cannot fill the disk."""
        found = UPLOADS.match(_path(scope))
        if found is None:
            return False
        admit = partial(admit_afresh, cookies_of(scope), slug=found["slug"])
        try:
            return await self.pages.run(admit) is not None
        except (NotFound, Error):
            return False

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self.streams.start()
        # The server waits for open answers before it says that it stops, and a stream never ends.
        _when_told_to_stop(self.streams.hub.end)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.streams.stop()
        self.pages.close()
        self.heavy.close()
        await send({"type": "lifespan.shutdown.complete"})


def _path(scope: Scope) -> str:
    path: str = scope["path"].removeprefix(scope.get("root_path", ""))
    return path


def _when_told_to_stop(act: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _before(signal.getsignal(number), loop, act))


def _before(
    handler: object, loop: asyncio.AbstractEventLoop, act: Callable[[], None]
) -> Callable[[int, FrameType | None], None]:
    # The event loop hears of a signal by its wake-up file, whatever handler is set; where it has
    # none, the server's own handler was set here before.
    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(act)
        if callable(handler):
            handler(number, frame)

    return handle


application = Door()
