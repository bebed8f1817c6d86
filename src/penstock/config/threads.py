"""Synchronous pages behind an asynchronous door: a few threads answer, the event loop waits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from wsgiref.types import WSGIApplication

from penstock.config.exchange import Exchange, Receive, Scope, Send
from penstock.config.exchange import environ as environ_of

#: Each thread keeps a database connection; more threads than this only wait for each other.
THREADS = 4
#: What one request or answer may hold in memory; the rest is on disk, or waits for the client.
MEMORY_BYTES = 1024 * 1024
#: What anybody may send: any form of ours, with a picture.
MODEST_BYTES = 10 * 1024 * 1024
#: The largest file that can be brought in, with room for the form around it.
MOST_BYTES = 520 * 1024 * 1024
#: How long a client may be silent in the middle of what it sends.
SILENCE_SECONDS = 60.0
BODY_HEADERS = frozenset({b"content-length", b"transfer-encoding"})
TOO_LARGE = 413


Admits = Callable[[Scope], Awaitable[bool]]


class TooLargeError(Exception):
    """A client sends more than the page takes, or than it may."""


async def nobody(scope: Scope) -> bool:
    """Whether a request may be larger than modest: none may."""
    return False


class InThreads:
    """A WSGI application as an ASGI application.

    A thread answers one request from beginning to end, so that its database connection and its
    language stay its own. It gets the request when all of it is there: whoever sends slowly keeps
    no thread. An answer of known and moderate length is handed over in one piece; any other piece
    by piece, at the speed at which the client reads.

    Args:
        application: What answers.
        threads: How many requests are answered at the same time; the others wait in line.
        admits: Says of a request that turns out larger than modest whether it may be; asked once,
            before more of it is taken.
    """

    def __init__(
        self, application: WSGIApplication, *, threads: int = THREADS, admits: Admits = nobody
    ) -> None:
        self.application = application
        self.admits = admits
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="pages")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        try:
            body = await _read(scope, receive, self.admits)
        except TooLargeError:
            await _refuse(send)
            return
        if body is None:
            return
        exchange = Exchange(receive, send)
        try:
            answer = await self.run(self._answer, environ_of(scope, body), exchange)
            if answer is not None:
                await exchange.deliver(answer)
        finally:
            exchange.finish()

    async def run(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """Do something in one of the threads."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.pool, work, *arguments)

    def close(self) -> None:
        """Take no more requests; those that are being answered end first."""
        self.pool.shutdown(wait=False, cancel_futures=True)

    def _answer(self, environ: dict[str, Any], exchange: Exchange) -> bytes | None:
        # In a thread. Returns the body of a moderate answer; nothing of any other, for it was sent.
        with environ["wsgi.input"]:
            chunks = self.application(environ, exchange.start_response)
            try:
                if exchange.length is not None and exchange.length <= MEMORY_BYTES:
                    return b"".join(chunks)
                _stream(chunks, exchange)
                return None
            finally:
                _close(chunks)


def _stream(chunks: Iterable[bytes], exchange: Exchange) -> None:
    for chunk in _filled(chunks):
        if not exchange.write(chunk):
            return
    exchange.write(b"")


def _filled(chunks: Iterable[bytes]) -> Iterator[bytes]:
    # An empty chunk says nothing, and would end nothing.
    return (chunk for chunk in chunks if chunk)


def _close(chunks: Iterable[bytes]) -> None:
    close = getattr(chunks, "close", None)
    if close is not None:
        close()


async def _refuse(send: Send) -> None:
    # What the client still sends is left unread, so that nothing can follow on this connection.
    headers = [(b"content-length", b"0"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": TOO_LARGE, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _read(scope: Scope, receive: Receive, admits: Admits) -> IO[bytes] | None:
    """The body of a request in a file, or nothing if the client went away or fell silent."""
    most = MODEST_BYTES
    body: IO[bytes] = SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115 -- closed by the thread
    more, n_bytes = any(name in BODY_HEADERS for name, _value in scope["headers"]), 0
    while more:
        try:
            message = await asyncio.wait_for(receive(), SILENCE_SECONDS)
        except TimeoutError:
            message = {"type": "http.disconnect"}
        if message["type"] == "http.disconnect":
            body.close()
            return None
        n_bytes += len(message.get("body", b""))
        if n_bytes > most and most < MOST_BYTES and await admits(scope):
            most = MOST_BYTES
        if n_bytes > most:
            body.close()
            raise TooLargeError
        body.write(message.get("body", b""))
        more = message.get("more_body", False)
    body.seek(0)
    return body
