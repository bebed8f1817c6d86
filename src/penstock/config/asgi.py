"""The door that granian serves: streams of live updates here, every page in a thread."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from types import FrameType

from penstock.config import wsgi
from penstock.config.exchange import Receive, Scope, Send
from penstock.config.threads import InThreads
from penstock.web.events.stream import Streams


class Door:
    """One ASGI application: one address for pages and for what happens on them."""

    def __init__(self) -> None:
        self.pages = InThreads(wsgi.application)
        self.streams = Streams(self.pages.run)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live through the life of the process."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif self.streams.slug(scope) is not None:
            await self.streams(scope, receive, send)
        else:
            await self.pages(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self.streams.start()
        # The server waits for open answers before it says that it stops, and a stream never ends.
        _when_told_to_stop(self.streams.hub.end)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.streams.stop()
        self.pages.close()
        await send({"type": "lifespan.shutdown.complete"})


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
