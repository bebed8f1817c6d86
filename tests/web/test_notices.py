"""The bell on the pages, and how a member chooses to be reminded."""

from __future__ import annotations

import pytest

from penstock.notices import wishes
from penstock.notices.models import Wishes
from penstock.sales import activities
from penstock.users.models import Workspace
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db


def given_to_owner(workspace: Workspace) -> None:
    alice, bob = make.owner_of(workspace), make.member(workspace, name="Bob")
    activities.assign(make.activity(workspace, owner=bob, subject="Ask"), owner=alice, by=bob)


def test_bell_counts_and_the_page_tells(owner: Browser, workspace: Workspace) -> None:
    given_to_owner(workspace)

    badge = owner.get("notices/bell", htmx=True).content.decode()
    page = owner.get("notices").context["page"]
    owner.post("notices/read", htmx=True, page="notices")

    assert "1 unread notice<" in badge
    assert [(line.text, line.is_unread) for line in page.lines] == [
        ("Given to you: Call: Ask", True)
    ]
    assert owner.get("notices").context["page"].n_unread == 0


def test_notices_are_of_one_member_alone(owner: Browser, workspace: Workspace) -> None:
    given_to_owner(workspace)
    carl = sign_in(make.member(workspace, name="Carl"))

    carl.post("notices/read")

    assert carl.get("notices").context["page"].lines == []
    assert owner.get("notices").context["page"].n_unread == 1


def test_every_page_has_the_bell(owner: Browser) -> None:
    assert 'id="bell"' in owner.get("pipeline").content.decode()


def test_wishes_are_saved_and_refused_in_the_form(owner: Browser, workspace: Workspace) -> None:
    before = owner.get("wishes").context["form"].initial
    bad = owner.post("wishes", digest_hour="25", minutes_before="x")
    n_bad = Wishes.objects.count()
    owner.post("wishes", digest_hour="7", minutes_before="0")

    saved = wishes.of(make.owner_of(workspace))
    assert (before["has_digest"], before["digest_hour"]) == (True, 8)
    assert (bad.status_code, n_bad) == (422, 0)
    assert (saved.has_digest, saved.digest_hour, saved.minutes_before) == (False, 7, 0)


def test_stranger_finds_nothing(stranger: Browser) -> None:
    paths = ("notices", "notices/bell", "wishes")

    assert [stranger.get(path).status_code for path in paths] == [404] * 3


@pytest.mark.parametrize("n", [1, 3])
def test_query_count(owner: Browser, workspace: Workspace, django_assert_num_queries, n) -> None:  # type: ignore[no-untyped-def]  # -- a fixture of pytest-django
    for _number in range(n):
        given_to_owner(workspace)
    owner.get("notices")

    with django_assert_num_queries(9):
        owner.get("notices")
