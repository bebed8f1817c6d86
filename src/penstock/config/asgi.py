"""The door that granian serves: streams of live updates here, every page in a thread."""

from __future__ import annotations

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
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.streams.stop()
        self.pages.close()
        await send({"type": "lifespan.shutdown.complete"})


application = Door()
