"""One request and its answer, between the event loop with the client and a thread."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as LateError
from typing import IO, Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Head = tuple[int, list[tuple[bytes, bytes]]]

#: A client that reads nothing for so long has lost its answer: others wait for the thread.
PATIENCE_SECONDS = 60.0


class Exchange:
    """The answer to one request.

    ``start_response`` and ``write`` are called in a thread; ``deliver`` and ``finish`` in the event
    loop that made it.
    """

    head: Head
    length: int | None = None

    def __init__(self, receive: Receive, send: Send) -> None:
        self.receive = receive
        self.send = send
        self.loop = asyncio.get_running_loop()
        self.watch: asyncio.Task[None] | None = None
        self.is_gone = False

    def start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], object]:
        """Keep status and headers until the first chunk: what WSGI calls."""
        if exc_info is not None and self.watch is not None:
            raise exc_info[1].with_traceback(exc_info[2])
        encoded = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ]
        self.head = (int(status[:3]), encoded)
        length = dict(encoded).get(b"content-length", b"")
        self.length = int(length) if length.isdigit() else None
        return self.write

    def write(self, chunk: bytes) -> bool:
        """Send a chunk of a streamed answer, the empty one at its end; wait for the client.

        Returns:
            Whether the client is still there.
        """
        sending: Future[None] = asyncio.run_coroutine_threadsafe(self._send(chunk), self.loop)
        try:
            sending.result(PATIENCE_SECONDS)
        except LateError:
            sending.cancel()
            self.is_gone = True
        return not self.is_gone

    async def deliver(self, body: bytes) -> None:
        """Send a whole answer."""
        await self._start()
        await self.send({"type": "http.response.body", "body": body})

    def finish(self) -> None:
        """Stop watching whether the client is there."""
        if self.watch is not None:
            self.watch.cancel()

    async def _send(self, chunk: bytes) -> None:
        if self.watch is None:
            self.watch = asyncio.create_task(self._watch())
            await self._start()
        if not self.is_gone:
            await self.send({"type": "http.response.body", "body": chunk, "more_body": bool(chunk)})

    async def _start(self) -> None:
        status, headers = self.head
        await self.send({"type": "http.response.start", "status": status, "headers": headers})

    async def _watch(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass
        self.is_gone = True


def environ(scope: Scope, body: IO[bytes]) -> dict[str, Any]:
    """What WSGI calls a request."""
    root = scope.get("root_path", "")
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    return {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": _raw(root),
        "PATH_INFO": _raw(scope["path"].removeprefix(root)),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **_variables(scope["headers"]),
    }


def _variables(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    variables: dict[str, str] = {}
    for raw_name, raw_value in headers:
        # WSGI cannot tell X_Forwarded_Proto from X-Forwarded-Proto, which only a proxy may set.
        if b"_" in raw_name:
            continue
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        key = name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"
        value = raw_value.decode("latin-1")
        joint = "; " if key == "HTTP_COOKIE" else ","
        variables[key] = f"{variables[key]}{joint}{value}" if key in variables else value
    return variables


def _raw(path: str) -> str:
    # WSGI wants the bytes of the address, each as one character.
    return path.encode("utf-8", "surrogateescape").decode("latin-1")
