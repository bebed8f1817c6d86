"""A browser, and the product as people run it: ``penstock demo`` in a home of its own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    StorageState,
    expect,
    sync_playwright,
)

from penstock.intake.sample import SIGN_IN

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = Path(os.environ.get("PENSTOCK_PICTURES", ROOT / ".pictures"))
CHROMIUM = (
    os.environ.get("PENSTOCK_CHROMIUM")
    or shutil.which("chromium")
    or shutil.which("chromium-browser")
)
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
START_SECONDS = 400
HEIGHTS = {1440: 900, 390: 844}

expect.set_options(timeout=10_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Pages first: their pictures show the sample company before other tests work in it."""
    items.sort(key=lambda item: "e2e" in item.keywords and "test_pages" not in item.nodeid)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session of the sample company's owner, and where the workspace begins."""

    cookies: StorageState
    home: str


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where the product runs, with its sample company; started once and stopped as by Ctrl-C.

    Set PENSTOCK_E2E_URL to drive one that runs already.
    """
    if running := os.environ.get("PENSTOCK_E2E_URL"):
        yield running
        return
    home, port = Path(tempfile.mkdtemp(prefix="pse")), _free_port()
    home.chmod(0o755)
    environment = os.environ | {
        "PENSTOCK_HOME": str(home),
        "PENSTOCK_URL": f"http://localhost:{port}",
    }
    for name in ("DJANGO_SETTINGS_MODULE", "PENSTOCK_TEST_HOME", "PENSTOCK_AS_OWNER"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "penstock", "demo", "--port", str(port)]
    with (home / "demo.log").open("wb") as log:
        product = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        _wait(product, port, home / "demo.log")
        yield f"http://localhost:{port}"
    finally:
        product.send_signal(signal.SIGINT)
        product.wait(timeout=60)
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    assert CHROMIUM, (
        "These tests need Chromium: install the package “chromium”, or set PENSTOCK_CHROMIUM."
    )
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def signed_in(browser: Browser, address: str) -> SignedIn:
    """Signed in once for all tests."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    sign_in(page)
    home = re.match(r".*/w/[^/]+/", page.url)
    assert home, page.url
    cookies = context.storage_state()
    context.close()
    return SignedIn(cookies, home[0])


@pytest.fixture
def visit(browser: Browser, address: str, signed_in: SignedIn) -> Iterator[Callable[..., Page]]:
    """Make a page that is signed in; its paths count from the workspace.

    The test fails at its end if any page reported an error.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def make_page(*, language: str = "en", width: int = 1440, stranger: bool = False) -> Page:
        context = browser.new_context(
            base_url=signed_in.home,
            storage_state=None if stranger else signed_in.cookies,
            locale=language,
            color_scheme="light",
            viewport={"width": width, "height": HEIGHTS[width]},
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.add_cookies([{"name": "penstock_language", "value": language, "url": address}])
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.extend(_complaints(message)))
        return page

    yield make_page
    for context in contexts:
        context.close()
    assert errors == []


def sign_in(page: Page) -> None:
    """Sign in as the owner of the sample company."""
    email, password = SIGN_IN
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("form:has(input[name=password]) button[type=submit]").first.click()
    page.wait_for_url("**/w/**")


def violations(page: Page) -> list[str]:
    """What axe finds wrong on a page, a line each."""
    # Evaluated from outside, for the page's own policy rightly refuses foreign scripts.
    page.evaluate(AXE.read_text() + "; undefined")
    found = page.evaluate(
        "async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', "
        "'wcag21aa', 'wcag22aa', 'best-practice']})).violations"
        ".map(v => `${v.id}: ${v.nodes.map(n => n.target).join(' | ')}`)"
    )
    return list(found)


def picture(page: Page, name: str) -> None:
    """Keep a screenshot among the test's output."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=False)


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return max(0, int(width))


def _complaints(message: ConsoleMessage) -> list[str]:
    # A refusal that is shown to the user is no error, though the browser logs its status.
    is_refusal = re.search(r"status of (409|422)", message.text)
    return [] if message.type != "error" or is_refusal else [f"{message.text} ({message.location})"]


def _wait(product: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if product.poll() is not None:
            pytest.fail(f"The product ended:\n{log.read_text()}")
        if _is_ready(port):
            return
        time.sleep(0.3)
    pytest.fail(f"The product did not start:\n{log.read_text()}")


def _is_ready(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
