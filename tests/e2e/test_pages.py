"""Every page, in both languages, light and dark, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

import pytest
from django.urls import URLPattern, URLResolver
from playwright.sync_api import Page, expect

from penstock.web import urls
from tests.e2e.conftest import overflow, picture, violations
from tests.e2e.pages import NO_PAGES, PAGES, STRANGERS, Behind, go

pytestmark = pytest.mark.e2e
LANGUAGES = ("en", "ru")
WIDTHS = (1440, 390)
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def test_every_address_is_looked_at_unless_it_is_no_page() -> None:
    found = {one.name for one in _addresses(urls.urlpatterns)}

    assert found - NO_PAGES == found & set(PAGES)
    assert found >= NO_PAGES


def _addresses(patterns: Sequence[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for one in patterns:
        if isinstance(one, URLPattern):
            yield one
        else:
            yield from _addresses(one.url_patterns)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_fit_for_all_eyes(visit: Callable[..., Page], name: str, language: str) -> None:
    found = _look(visit, PAGES[name], name=name, language=language)

    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", STRANGERS)
def test_a_page_for_strangers_is_fit_for_all_eyes(
    visit: Callable[..., Page], name: str, language: str
) -> None:
    found = _look(visit, STRANGERS[name], name=name, language=language, stranger=True)

    assert found == []


def _look(
    visit: Callable[..., Page],
    to: str | Behind,
    *,
    name: str,
    language: str,
    stranger: bool = False,
) -> list[str]:
    found = []
    for width in WIDTHS:
        page = visit(language=language, width=width, stranger=stranger)
        go(page, to)
        expect(page.locator("h1")).to_have_count(1)
        assert page.locator("html").get_attribute("lang") == language
        found += [f"{width} px: too wide by {n} px" for n in [overflow(page)] if n]
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            picture(page, f"{name}-{language}-{theme}-{width}")
            # The phone's colours are those of the desk.
            if (theme, width) != ("dark", 390):
                found += [f"{width} px, {theme}: {one}" for one in violations(page)]
    return found
