"""Files are brought in by members; nobody else fills the disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from penstock.config import asgi
from penstock.config.asgi import Door
from penstock.web.events.admission import admit
from tests.web.conftest import Browser


@pytest.mark.parametrize(
    ("path", "who", "may"),
    [
        ("/w/mill/imports", "viewer", True),
        ("/w/mill/imports/7/mapping", "viewer", True),
        ("/w/mill/importsx", "viewer", False),
        ("/w/mill/pipeline", "viewer", False),
        ("/w/anvil/imports", "viewer", False),
        ("/w/mill/imports", "stranger", False),
        ("/w/mill/imports", "", False),
        ("/open/mill/forms/x", "viewer", False),
    ],
)
def test_large_requests_are_for_members_who_bring_in_files(
    path: str, who: str, may: bool, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser: Browser = request.getfixturevalue("viewer")
    path = path.replace("mill", browser.workspace.slug)
    headers = headers_of(request.getfixturevalue(who)) if who else []
    monkeypatch.setattr(asgi, "admit_afresh", admit)

    assert asked({"path": path, "headers": headers}) is may


def headers_of(browser: Browser) -> list[tuple[bytes, bytes]]:
    cookies = "; ".join(f"{one.key}={one.value}" for one in browser.client.cookies.values())
    return [(b"cookie", cookies.encode())]


def asked(scope: dict[str, Any]) -> bool:
    """What the door says; the database is asked in this thread, whose transaction has the rows."""
    door = Door()
    door.pages.close()

    async def run(work: Callable[[], Any]) -> Any:
        return work()

    door.pages.run = run  # type: ignore[method-assign]  # -- without a thread
    try:
        door.may_send_files(scope).send(None)
    except StopIteration as end:
        return bool(end.value)
    raise AssertionError("nothing to wait for")
