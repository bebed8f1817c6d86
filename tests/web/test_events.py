"""Live updates: who hears what, from the announcement to the browser."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connections

from penstock.base.errors import NotFound
from penstock.flow import bus
from penstock.flow.models import Kind
from penstock.users import walls
from penstock.users.models import Member, Workspace
from penstock.web.events import listener, stream
from penstock.web.events.admission import Listener, admit
from penstock.web.events.hub import ALL, MOST_TOPICS, Hub, Subscription
from penstock.web.events.stream import Streams
from tests import make
from tests.web.conftest import Browser, sign_in

SOON = 0.01


class Connection:
    """A browser's side of a stream: what it was sent, and the moment it leaves."""

    def __init__(self, path: str = "/w/mill/events", cookies: str = "") -> None:
        headers = [(b"cookie", cookies.encode())]
        self.scope = {"type": "http", "method": "GET", "path": path, "headers": headers}
        self.sent: list[dict[str, Any]] = []
        self.left = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int | None:
        return self.sent[0]["status"] if self.sent else None

    @property
    def text(self) -> str:
        return "".join(message.get("body", b"").decode() for message in self.sent)

    async def sees(self, text: str) -> None:
        """Wait until it was sent."""
        async with asyncio.timeout(2):
            while text not in self.text:
                await asyncio.sleep(SOON)


def runs(
    answer: Callable[[], int | None], *, account_ids: Iterator[int] | None = None
) -> Callable[..., Any]:
    """A thread pool that answers at once whoever asks to be admitted, in this order of accounts."""

    async def run(_work: object) -> Listener | None:
        workspace_id = answer()
        account_id = 1 if account_ids is None else next(account_ids)
        return None if workspace_id is None else Listener(workspace_id, account_id)

    return run


async def opened(streams: Streams, browser: Connection) -> asyncio.Task[None]:
    task = asyncio.create_task(streams(browser.scope, browser.receive, browser.send))
    await browser.sees("retry: ")
    return task


def test_subscription_tells_each_topic_once_however_often_it_changed() -> None:
    async def scene() -> tuple[list[str], list[str]]:
        subscription = Subscription()
        subscription.add(["stage-2", "stage-1"])
        subscription.add(["stage-1"])
        return (
            await subscription.changes(seconds=SOON),
            await subscription.changes(seconds=SOON),
        )

    assert asyncio.run(scene()) == (["stage-1", "stage-2"], [])


def test_page_that_does_not_read_holds_one_word() -> None:
    async def scene() -> list[str]:
        subscription = Subscription()
        for number in range(MOST_TOPICS * 3):
            subscription.add([f"stage-{number}"])
            if number == MOST_TOPICS:
                break
        return await subscription.changes(seconds=SOON)

    assert asyncio.run(scene()) == [ALL]


def test_hub_tells_the_pages_of_one_workspace_alone() -> None:
    async def scene() -> tuple[list[str], list[str]]:
        hub = Hub()
        with hub.subscribed(1, account_id=1) as mine, hub.subscribed(2, account_id=1) as other:
            listener.pass_on(hub, json.dumps({"workspace": 1, "stages": [3, 5]}))
            return await mine.changes(seconds=SOON), await other.changes(seconds=SOON)

    assert asyncio.run(scene()) == (["stage-3", "stage-5"], [])


def test_hub_forgets_who_left() -> None:
    hub = Hub()

    async def scene() -> int:
        with hub.subscribed(1, account_id=1), hub.subscribed(1, account_id=1):
            return len(hub)

    assert (asyncio.run(scene()), len(hub)) == (2, 0)


@pytest.mark.parametrize(
    "payload",
    ["", "[]", "{}", '{"workspace": 1, "stages": ["\\n\\nevent: x"]}', '{"workspace": 1}'],
)
def test_strange_announcement_reaches_nobody(payload: str) -> None:
    async def scene() -> list[str]:
        hub = Hub()
        with hub.subscribed(1, account_id=1) as page:
            listener.pass_on(hub, payload)
            return await page.changes(seconds=SOON)

    assert asyncio.run(scene()) == []


@pytest.mark.parametrize(
    ("method", "path", "slug"),
    [
        ("GET", "/w/mill-1/events", "mill-1"),
        ("POST", "/w/mill-1/events", None),
        ("GET", "/w/mill-1/events/", None),
        ("GET", "/w/mill/1/events", None),
        ("GET", "/w/mill-1/pipeline", None),
    ],
)
def test_only_the_address_of_a_stream_is_one(method: str, path: str, slug: str | None) -> None:
    assert Streams.slug({"method": method, "path": path}) == slug


def test_browser_hears_changes_and_leaves_without_a_trace() -> None:
    async def scene() -> tuple[Connection, int]:
        streams, browser = Streams(runs(lambda: 7)), Connection()
        task = await opened(streams, browser)
        streams.hub.tell(7, ["stage-3"])
        streams.hub.tell(8, ["stage-9"])
        await browser.sees("stage-3")
        browser.left.set()
        await task
        return browser, len(streams.hub)

    browser, n_open = asyncio.run(scene())

    assert browser.status == 200
    assert dict(browser.sent[0]["headers"])[b"content-type"] == b"text/event-stream; charset=utf-8"
    assert browser.text.partition("\n\n")[2] == "event: changed\ndata: stage-3\n\n"
    assert n_open == 0


def test_silent_stream_beats_and_ends_when_the_right_to_listen_does() -> None:
    answers = iter([7, 7, None])

    async def scene() -> Connection:
        streams, browser = (
            Streams(runs(lambda: next(answers)), heartbeat_seconds=SOON),
            Connection(),
        )
        await (await opened(streams, browser))
        return browser

    browser = asyncio.run(scene())

    assert browser.text.partition("\n\n")[2] == ":\n\n"
    assert browser.sent[-1] == {"type": "http.response.body", "body": b""}


def test_busy_stream_is_checked_too() -> None:
    answers = iter([7, None])

    async def scene() -> None:
        streams = Streams(runs(lambda: next(answers)), heartbeat_seconds=SOON * 5)
        task = await opened(streams, Connection())
        async with asyncio.timeout(2):
            while not task.done():
                streams.hub.tell(7, ["stage-3"])
                await asyncio.sleep(SOON / 10)

    asyncio.run(scene())


def test_stream_outlives_a_database_that_does_not_answer() -> None:
    answers: list[object] = [7]

    def answer() -> Any:
        if answers:
            return answers.pop()
        raise DatabaseError

    async def scene() -> Connection:
        streams, browser = Streams(runs(answer), heartbeat_seconds=SOON), Connection()
        task = await opened(streams, browser)
        await browser.sees(":\n\n:\n\n")
        browser.left.set()
        await task
        return browser

    assert asyncio.run(scene()).status == 200


def test_streams_end_when_the_process_stops() -> None:
    async def scene() -> Connection:
        streams, browser = Streams(runs(lambda: 7)), Connection()
        task = await opened(streams, browser)
        await streams.stop()
        async with asyncio.timeout(1):
            await task
        return browser

    assert asyncio.run(scene()).sent[-1] == {"type": "http.response.body", "body": b""}


def test_one_stream_too_many_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "MOST_STREAMS", 1)

    async def scene() -> int | None:
        streams, first, second = Streams(runs(lambda: 7)), Connection(), Connection()
        task = await opened(streams, first)
        await streams(second.scope, second.receive, second.send)
        first.left.set()
        await task
        return second.status

    assert asyncio.run(scene()) == 503


def test_one_account_leaves_room_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "MOST_PER_ACCOUNT", 1)

    async def scene() -> list[int | None]:
        pages = [Connection() for _page in range(4)]
        streams = Streams(runs(lambda: 7, account_ids=iter([1, 1, 2, 1])))
        first = await opened(streams, pages[0])
        await streams(pages[1].scope, pages[1].receive, pages[1].send)
        other = await opened(streams, pages[2])
        for page, task in ((pages[0], first), (pages[2], other)):
            page.left.set()
            await task
        again = await opened(streams, pages[3])
        pages[3].left.set()
        await again
        return [page.status for page in pages]

    assert asyncio.run(scene()) == [200, 503, 200, 200]


def test_member_is_admitted(workspace: Workspace, viewer: Browser) -> None:
    listener = admit(_cookies(viewer), slug=workspace.slug)

    assert listener is not None
    assert listener.workspace_id == workspace.pk


def test_admission_leaves_nothing_on_the_connection(workspace: Workspace, viewer: Browser) -> None:
    admit(_cookies(viewer), slug=workspace.slug)

    assert walls.current_workspace_id() is None


def test_stranger_is_not_admitted(workspace: Workspace, stranger: Browser) -> None:
    with pytest.raises(NotFound):
        admit(_cookies(stranger), slug=workspace.slug)


@pytest.mark.parametrize("cookies", ["", "a=b", "penstock_session=unknown", "=;;\x00", "a[]=1; b"])
def test_nobody_is_not_admitted(cookies: str, workspace: Workspace) -> None:
    assert admit(cookies, slug=workspace.slug) is None


def test_removed_member_is_no_longer_admitted(workspace: Workspace) -> None:
    member = make.member(workspace)
    browser = sign_in(member)
    Member.objects.filter(pk=member.pk).update(is_active=False)

    with pytest.raises(NotFound):
        admit(_cookies(browser), slug=workspace.slug)


def test_signed_out_member_is_no_longer_admitted(workspace: Workspace, viewer: Browser) -> None:
    cookies = _cookies(viewer)
    viewer.client.logout()

    assert admit(cookies, slug=workspace.slug) is None


@pytest.mark.parametrize(("error", "status"), [(NotFound("x", "x"), 404), (DatabaseError(), 503)])
def test_refusal_is_a_bare_status(error: Exception, status: int) -> None:
    def refuse() -> None:
        raise error

    assert asyncio.run(_refused(refuse)) == (status, "")


def test_signed_out_browser_is_not_redirected() -> None:
    assert asyncio.run(_refused(lambda: None)) == (401, "")


@pytest.mark.django_db(transaction=True)
def test_announcement_is_heard_after_commit_even_when_the_connection_broke() -> None:
    workspace = make.workspace()
    # What is announced is asked for in a thread: it has a connection of its own.
    announce = lambda: _announce(workspace.pk)  # noqa: E731 -- one line, used twice

    async def scene() -> tuple[list[str], list[str], list[str]]:
        hub = Hub()
        with (
            hub.subscribed(workspace.pk, account_id=1) as page,
            hub.subscribed(workspace.pk + 1, account_id=1) as other,
        ):
            listening = asyncio.create_task(listener.listen(hub))
            connected = await page.changes(seconds=5)
            await other.changes(seconds=5)
            await asyncio.to_thread(announce)
            heard = await page.changes(seconds=2)
            await asyncio.to_thread(_break_listeners)
            again = await page.changes(seconds=5)
            overheard = await other.changes(seconds=5)
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
        return [*connected, *heard], again, overheard

    assert asyncio.run(scene()) == ([ALL, "kind-deal", "stage-4"], [ALL], [ALL])


def test_boards_name_their_stream(owner: Browser) -> None:
    make.deal(owner.workspace)
    mark = f'data-events-url="{owner.url("events")}"'

    pages = [owner.get(path) for path in ("pipeline", "backlog/board", "backlog/board?of=work")]

    assert [mark in page.content.decode() for page in pages] == [True, True, True]


@pytest.mark.parametrize("kind", [Kind.DEAL, Kind.ORDER, Kind.WORK])
def test_columns_of_every_board_fetch_themselves(kind: Kind, owner: Browser) -> None:
    stage = make.pipeline(owner.workspace, kind).stages.first()
    folder = "pipeline" if kind == Kind.DEAL else "backlog"

    column = owner.get(f"{folder}/columns/{stage.pk}", htmx=True)

    assert f'data-live="stage-{stage.pk}"' in column.content.decode()


def test_server_of_pages_alone_stops_the_browser_from_asking_again(owner: Browser) -> None:
    assert owner.get("events").status_code == 204


async def _refused(answer: Callable[[], int | None]) -> tuple[int | None, str]:
    browser = Connection()
    await Streams(runs(answer))(browser.scope, browser.receive, browser.send)
    return browser.status, browser.text


def _announce(workspace_id: int) -> None:
    try:
        bus.announce(workspace_id, kind="deal", item_id=1, stage_ids=[4])
    finally:
        connections.close_all()


def _break_listeners() -> None:
    query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute(query)
    finally:
        connections.close_all()


def _cookies(browser: Browser) -> str:
    name = settings.SESSION_COOKIE_NAME
    return f"a=b; {name}={browser.client.cookies[name].value}"
