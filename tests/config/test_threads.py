"""Pages in threads: what WSGI promises, kept behind an asynchronous server."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from penstock.config import exchange, threads
from penstock.config.threads import MEMORY_BYTES, Admits, InThreads, nobody

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Client:
    """The other side of one request: sends a body in pieces, keeps what it is answered."""

    def __init__(
        self, *pieces: bytes, path: str = "/", headers: Iterable[tuple[bytes, bytes]] = ()
    ) -> None:
        length = [(b"content-length", str(sum(map(len, pieces))).encode())] if pieces else []
        self.scope = {
            "type": "http", "http_version": "1.1", "method": "POST" if pieces else "GET",
            "path": path, "query_string": b"q=1", "headers": [*length, *headers],
        }  # fmt: skip
        self.pieces = list(pieces)
        self.answers: list[dict[str, Any]] = []
        self.left = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        if self.pieces:
            piece = self.pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(self.pieces)}
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.answers.append(message)

    @property
    def body(self) -> bytes:
        return b"".join(answer.get("body", b"") for answer in self.answers)


def ask(
    application: Application,
    *clients: Callable[[], Client],
    n_threads: int = 2,
    admits: Admits = nobody,
) -> list[Client]:
    """Let clients ask at the same time."""

    async def scene() -> list[Client]:
        pages = InThreads(application, threads=n_threads, admits=admits)  # type: ignore[arg-type]  # -- enough of WSGI
        asking = [client() for client in clients]
        async with asyncio.TaskGroup() as group:
            for client in asking:
                group.create_task(pages(client.scope, client.receive, client.send))
        pages.close()
        return asking

    return asyncio.run(scene())


def saying(*chunks: bytes, length: int | None = None) -> Application:
    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        headers = [] if length is None else [("Content-Length", str(length))]
        start_response("200 OK", [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), *headers])
        return chunks

    return application


def test_answer_of_known_length_is_one_piece_with_all_its_headers() -> None:
    client = ask(saying(b"a", b"b", length=2), Client)[0]

    assert client.answers == [
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [
                (b"set-cookie", b"a=1"),
                (b"set-cookie", b"b=2"),
                (b"content-length", b"2"),
            ],
        },
        {"type": "http.response.body", "body": b"ab"},
    ]


@pytest.mark.parametrize("length", [None, MEMORY_BYTES + 1])
def test_answer_of_unknown_or_great_length_is_streamed(length: int | None) -> None:
    client = ask(saying(b"a", b"", b"b", length=length), Client)[0]

    pieces = [(answer["body"], answer["more_body"]) for answer in client.answers[1:]]
    assert pieces == [(b"a", True), (b"b", True), (b"", False)]


def test_empty_answer_is_sent() -> None:
    client = ask(saying(), Client)[0]

    assert [answer["type"] for answer in client.answers] == [
        "http.response.start",
        "http.response.body",
    ]


def test_upload_is_read_whole_from_disk() -> None:
    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", "2")])
        is_on_disk = environ["wsgi.input"]._rolled
        size = sum(map(len, iter(lambda: environ["wsgi.input"].read(65536), b"")))
        assert (size, environ["CONTENT_LENGTH"]) == (3 * MEMORY_BYTES, str(3 * MEMORY_BYTES))
        return [b"ok" if is_on_disk else b"no"]

    client = ask(application, lambda: Client(*[bytes(MEMORY_BYTES // 4)] * 12))[0]

    assert client.body == b"ok"


def test_request_that_is_larger_than_any_page_takes_is_refused_before_it_is_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(threads, "MODEST_BYTES", 3)

    small, large = ask(
        saying(b"done", length=4), lambda: Client(b"ab", b"c"), lambda: Client(b"ab", b"cd", b"e")
    )

    assert small.body == b"done"
    assert [answer.get("status") for answer in large.answers] == [413, None]
    assert large.body == b""


def test_large_request_is_asked_once_whether_it_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "MODEST_BYTES", 3)
    monkeypatch.setattr(threads, "MOST_BYTES", 6)
    asked: list[str] = []

    async def admits(scope: Any) -> bool:
        asked.append(scope["path"])
        return scope["path"] == "/files"

    answers = ask(
        saying(b"done", length=4),
        lambda: Client(b"ab", b"c"),
        lambda: Client(b"ab", b"cd", b"ef", path="/files"),
        lambda: Client(b"ab", b"cd", b"efg", path="/files"),
        lambda: Client(b"ab", b"cd"),
        admits=admits,
    )

    assert [client.answers[0]["status"] for client in answers] == [200, 200, 413, 413]
    assert sorted(asked) == ["/", "/files", "/files"]


def test_client_that_falls_silent_while_it_sends_keeps_no_thread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(threads, "SILENCE_SECONDS", 0.01)

    def silent() -> Client:
        return Client(headers=[(b"transfer-encoding", b"chunked")])

    client = ask(saying(b"never"), silent)[0]

    assert client.answers == []


def test_client_that_left_ends_the_stream_and_closes_it() -> None:
    closed = threading.Event()
    clients: list[Client] = []

    def endless(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
        start_response("200 OK", [])
        try:
            while True:
                yield b"x"
                if len(clients[0].answers) > 3:
                    clients[0].left._loop.call_soon_threadsafe(clients[0].left.set)  # type: ignore[attr-defined]  # -- set here
        finally:
            closed.set()

    async def scene() -> None:
        client = Client()
        client.left._loop = asyncio.get_running_loop()  # type: ignore[attr-defined]  # -- set here
        clients.append(client)
        pages = InThreads(endless)
        async with asyncio.timeout(5):
            await pages(client.scope, client.receive, client.send)
        pages.close()

    asyncio.run(scene())

    assert closed.is_set()


def test_client_that_does_not_read_loses_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "PATIENCE_SECONDS", 0.01)

    class Deaf(Client):
        async def send(self, message: Any) -> None:
            await asyncio.sleep(1)

    ask(saying(b"a", b"b"), Deaf)


def test_mistake_reaches_the_server_and_closes_the_body() -> None:
    bodies: list[Any] = []

    def broken(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        bodies.append(environ["wsgi.input"])
        raise LookupError

    with pytest.raises(ExceptionGroup) as raised:
        ask(broken, Client)

    assert raised.group_contains(LookupError)
    assert bodies[0].closed


def test_no_more_requests_at_once_than_threads() -> None:
    now, most, lock = [0], [0], threading.Lock()

    def counting(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        threading.Event().wait(0.01)
        with lock:
            now[0] -= 1
        start_response("200 OK", [("Content-Length", "0")])
        return []

    clients = ask(counting, *[Client] * 10, n_threads=3)

    assert most[0] == 3
    assert {client.answers[0]["status"] for client in clients} == {200}


def test_request_is_what_wsgi_calls_one() -> None:
    seen: dict[str, Any] = {}

    def remember(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        seen.update(environ)
        start_response("204 No Content", [])
        return []

    headers = [
        (b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"accept", b"x"), (b"accept", b"y"),
        (b"content-type", b"text/plain"), (b"x_forwarded_proto", b"https"),
    ]  # fmt: skip
    ask(remember, lambda: Client(path="/сделки", headers=headers))

    assert seen["PATH_INFO"].encode("latin-1").decode() == "/сделки"
    assert (seen["QUERY_STRING"], seen["CONTENT_TYPE"]) == ("q=1", "text/plain")
    assert {name: value for name, value in seen.items() if name.startswith("HTTP_")} == {
        "HTTP_COOKIE": "a=1; b=2",
        "HTTP_ACCEPT": "x,y",
    }
