"""A form on another site, in a real browser: in a frame, and as a plain form of that site."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, expect

from tests.e2e.board import fresh
from tests.e2e.conftest import HEIGHTS, picture, violations

pytestmark = pytest.mark.e2e

CONSENT = "You may write to me about my request."
#: A person takes longer than this to fill in a form.
PATIENCE = 3500


@dataclass
class Site:
    """Another site on a port of its own; ``pages`` are its bodies by path."""

    port: int
    pages: dict[str, str] = field(default_factory=dict)

    def url(self, path: str, *, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


class _Answers(BaseHTTPRequestHandler):
    def __init__(self, *args: Any, site: Site) -> None:
        self.site = site
        super().__init__(*args)

    def do_GET(self) -> None:
        body = self.site.pages.get(self.path.partition("?")[0])
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write((body or "").encode())

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site(0)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Answers, site=made))
    made.port = server.server_address[1]
    Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Somebody who never was here, by language and width."""
    contexts: list[BrowserContext] = []

    def come(*, language: str = "en", width: int = 1440) -> Page:
        context = browser.new_context(
            locale=language,
            color_scheme="light",
            viewport={"width": width, "height": HEIGHTS[width]},
        )
        contexts.append(context)
        return context.new_page()

    yield come
    for context in contexts:
        context.close()


@dataclass(frozen=True)
class Snippets:
    """What the settings offer to be copied."""

    name: str
    frame: str
    plain: str


def make_form(owner: Page, site: Site) -> Snippets:
    """Make a form in the settings, and put what they offer on the other site."""
    name = fresh("Elsewhere")
    owner.goto("settings/forms/new")
    owner.locator("input[name=name]").fill(name)
    owner.locator("input[name=heading]").fill("Ask for a quote")
    owner.locator("textarea[name=consent]").fill(CONSENT)
    owner.locator("textarea[name=origins]").fill(site.url(""))
    for code, asked in {"name": "required", "email": "required", "message": "optional"}.items():
        owner.locator(f"select[name=ask_{code}]").select_option(asked)
    owner.locator("form:has(input[name=heading]) button.primary").click()
    expect(owner.locator("#form-snippet")).to_be_visible()
    found = Snippets(
        name,
        owner.locator("#form-snippet").input_value(),
        owner.locator("#form-plain").input_value(),
    )
    head = (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Mill</title>'
    )
    site.pages["/framed"] = f"{head}<main><h1>Our wheels</h1>{found.frame}</main>"
    site.pages["/plain"] = f"{head}<main><h1>Our wheels</h1>{found.plain}</main>"
    return found


def framed(page: Page) -> Frame:
    frame = page.locator("iframe").element_handle().content_frame()
    assert frame
    frame.wait_for_load_state()
    return frame


def fill(where: Page | Frame, name: str, *, message: str = "Two wheels?") -> None:
    where.locator("[name=name]").fill(name)
    where.locator("[name=email]").fill(f"{re.sub('[^a-z0-9]', '', name.lower())}@customer.example")
    where.locator("[name=message]").fill(message)


def send(where: Page | Frame) -> None:
    where.locator("form button").last.click()


def lead(owner: Page, name: str) -> Any:
    owner.goto("leads")
    return owner.locator("#leads tbody tr", has_text=name)


def thanked(where: Page | Frame) -> None:
    expect(where.locator("h1")).to_have_text(re.compile("Thank you|Спасибо"))


def test_frame_on_another_site_takes_a_lead_in_without_any_cookie(
    visit: Callable[..., Page], visitor: Callable[..., Page], site: Site
) -> None:
    owner, page, name = visit(), visitor(), fresh("Frida")
    make_form(owner, site)
    page.goto(site.url("/framed?utm_source=spring&utm_medium=cpc&utm_term=wheels"))
    frame = framed(page)

    fill(frame, name)
    page.wait_for_timeout(PATIENCE)
    send(frame)
    expect(frame.locator("[role=alert], .invalid").first).to_be_visible()
    frame.locator("[name=agrees]").check()
    send(frame)

    thanked(frame)
    assert page.context.cookies() == []
    row = lead(owner, name)
    expect(row).to_contain_text("Paid advertising")
    row.locator("th a").first.click()
    expect(owner.locator("main")).to_contain_text(site.url("/framed"))
    expect(owner.locator("main")).to_contain_text("wheels")
    owner.locator("main a[href*='/people/']", has_text=name).first.click()
    expect(owner.locator("main")).to_contain_text(CONSENT)
    expect(owner.locator("main")).to_contain_text(site.url("/framed"))


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_frame_looks_right_and_says_what_is_wrong(
    visit: Callable[..., Page],
    visitor: Callable[..., Page],
    site: Site,
    language: str,
    width: int,
) -> None:
    make_form(visit(), site)
    page = visitor(language=language, width=width)
    page.goto(site.url("/framed"))
    frame = framed(page)

    picture(page, f"capture-framed-{language}-{width}")
    assert wide(frame) == 0
    assert violations(frame) == []
    page.wait_for_timeout(PATIENCE)
    frame.locator("[name=email]").fill("nobody")
    send(frame)
    said = {"en": "We need your consent", "ru": "Без вашего согласия"}[language]
    expect(frame.locator("form")).to_contain_text(said)
    expect(frame.locator(".invalid")).to_have_count(3)
    picture(page, f"capture-framed-wrong-{language}-{width}")
    assert wide(frame) == 0
    assert violations(frame) == []


def wide(frame: Frame) -> int:
    return int(frame.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def test_plain_form_of_another_site_is_confirmed_with_one_click(
    visit: Callable[..., Page], visitor: Callable[..., Page], site: Site
) -> None:
    owner, page, name = visit(), visitor(), fresh("Paul")
    make_form(owner, site)
    page.goto(site.url("/plain?utm_campaign=unknown&utm_source=newsletter&utm_medium=email"))

    fill(page, name)
    send(page)
    expect(page.locator("p[role=status]")).to_be_visible()
    expect(page.locator("[name=message]")).to_have_value("Two wheels?")
    picture(page, "capture-plain-confirm")
    page.locator("[name=agrees]").check()
    page.wait_for_timeout(PATIENCE)
    send(page)

    thanked(page)
    assert page.context.cookies() == []
    expect(lead(owner, name)).to_have_count(1)


def test_machines_are_asked_again_or_held_back_and_repetition_opens_one_lead(
    visit: Callable[..., Page], visitor: Callable[..., Page], site: Site
) -> None:
    owner, page = visit(), visitor()
    form = make_form(owner, site)
    page.goto(site.url("/framed"))
    frame, quick, caught = framed(page), fresh("Quick"), fresh("Caught")

    fill(frame, quick)
    frame.locator("[name=agrees]").check()
    frame.evaluate("document.querySelector('form').submit()")
    expect(frame.locator("p[role=status]")).to_be_visible()
    assert lead(owner, quick).count() == 0
    for _time in range(2):
        page.goto(site.url("/framed"))
        frame = framed(page)
        fill(frame, quick)
        frame.locator("[name=agrees]").check()
        page.wait_for_timeout(PATIENCE)
        send(frame)
        thanked(frame)
    expect(lead(owner, quick)).to_have_count(1)

    page.goto(site.url("/framed"))
    frame = framed(page)
    fill(frame, caught)
    frame.locator("[name=agrees]").check()
    frame.evaluate("document.querySelector('[name=homepage]').value = 'https://spam.example'")
    page.wait_for_timeout(PATIENCE)
    send(frame)
    thanked(frame)
    expect(lead(owner, caught)).to_have_count(0)
    owner.goto("leads/held")
    expect(owner.locator("main")).to_contain_text(caught)
    assert form.name in html.unescape(owner.content())


def test_site_that_is_not_named_gets_an_empty_frame_and_a_clear_refusal(
    visit: Callable[..., Page], visitor: Callable[..., Page], site: Site
) -> None:
    owner, page, name = visit(), visitor(), fresh("Nemo")
    make_form(owner, site)

    page.goto(site.url("/framed", host="localhost"))
    page.wait_for_timeout(1000)
    assert framed(page).locator("form").count() == 0
    page.goto(site.url("/plain", host="localhost"))
    fill(page, name)
    send(page)

    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("main")).to_contain_text("may not be sent from there")
    picture(page, "capture-plain-refused")
    assert lead(owner, name).count() == 0
