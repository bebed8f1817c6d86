"""The bar of a phone: five places, by what each role opens most, and everything in reach."""

from __future__ import annotations

import re

import pytest

from penstock.users.models import Role
from penstock.web.templatetags.navigation import FOUR
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db
PAGES = 9


@pytest.mark.parametrize("role", Role.values)
def test_bar_has_four_pages_and_the_rest_behind_more(owner: Browser, role: str) -> None:
    browser = sign_in(make.member(owner.workspace, role=Role(role)))

    body = browser.get("companies").content.decode()

    rail = body[body.index('<div class="rail">') : body.index('<main class="main"')]
    links = re.findall(r'<a class="page-link([^"]*)"', rail)
    more = rail[rail.index("phone-only") :].split("</details>")[0]
    assert len(links) == PAGES
    assert len([one for one in links if "wide-only" not in one]) == len(FOUR[role]) == 4
    assert more.count('class="item"') == PAGES - 4


def test_more_is_marked_where_its_page_is_open(owner: Browser) -> None:
    assert "data-current" in owner.get("companies").content.decode()
    assert "data-current" not in owner.get("pipeline").content.decode()


def test_settings_say_which_page_is_open_where_they_are_folded(owner: Browser) -> None:
    body = owner.get("settings/members").content.decode()

    fold = body[body.index('class="menu start fold phone-only"') :]
    assert fold.index("Members") < fold.index("</summary>")
