"""Views on pages: opened, saved, changed, shared, opened first, removed; on every list that has them."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict

from penstock.users.models import FirstView, Role, SavedView
from penstock.web.pages import saved_views as pages
from penstock.web.pages.saved_views import PLACES
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def rep(owner: Browser) -> Browser:
    """The browser of a colleague who sells."""
    return sign_in(make.member(owner.workspace, role=Role.REP))


def save(browser: Browser, query: str = "owner=nobody&view=list", **told: object) -> Any:
    return browser.post(f"views/deals/new?{query}", **{"name": "Nobody's", **told})


def test_view_is_saved_and_opened_with_what_its_address_asks(owner: Browser) -> None:
    made = make.deal(owner.workspace, title="Axle", owner=make.owner_of(owner.workspace))
    make.deal(owner.workspace, title="Rim", owner=None)

    answer = save(owner, "view=list&owner=nobody&state=open&sort=-opened&page=2&nonsense=1")
    page = owner.get(answer["Location"])

    view = SavedView.objects.get()
    assert (view.query, view.is_shared) == ("owner=nobody&view=list", False)
    assert answer["Location"] == owner.url(f"pipeline?owner=nobody&view=list&saved={view.pk}")
    views = page.context["views"]
    assert (views.current, views.is_changed, views.may_save) == (view, False, False)
    assert [line.title for line in page.context["page"].lines] == ["Rim"]
    assert made.item.title not in page.content.decode()


def test_view_says_that_it_was_changed_until_it_is_saved(owner: Browser) -> None:
    save(owner)
    view = SavedView.objects.get()
    here = f"pipeline?owner=nobody&view=list&sort=amount&saved={view.pk}"

    before = owner.get(here).context["views"]
    answer = owner.post(
        f"views/{view.pk}/replace", htmx=True, page=here, query="view=list&sort=amount&page=3"
    )
    after = owner.get(f"views/{view.pk}")

    assert (before.is_changed, before.may_change) == (True, True)
    assert answer.status_code == 200
    assert b'hx-target="#saved-views"' in answer.content
    assert after["Location"] == owner.url(f"pipeline?sort=amount&view=list&saved={view.pk}")


def test_empty_name_is_refused_in_the_dialog(owner: Browser) -> None:
    answer = owner.post("views/deals/new", htmx=True, name=" ")

    assert answer.status_code == 422
    assert not SavedView.objects.exists()


def test_name_that_is_taken_is_refused_in_the_dialog(owner: Browser) -> None:
    save(owner)

    assert save(owner).status_code == 422
    assert SavedView.objects.count() == 1


def test_list_opens_with_the_first_view_and_the_plain_one_stays_in_reach(owner: Browser) -> None:
    save(owner, is_first="on")
    view = SavedView.objects.get()

    opened = owner.get("pipeline")
    past = owner.get("pipeline?on=2026-01-01")
    plain = owner.get("pipeline?saved=0")
    cleared = owner.get(plain.context["filters"].clear_url.replace("?", "pipeline?"))

    assert opened["Location"] == owner.url(f"pipeline?owner=nobody&view=list&saved={view.pk}")
    assert past["Location"].endswith(f"saved={view.pk}&on=2026-01-01")
    assert [plain.status_code, cleared.status_code] == [200, 200]
    assert plain.context["views"].plain.is_current


def test_first_view_is_chosen_and_given_up_by_the_same_button(owner: Browser) -> None:
    save(owner)
    path = f"views/{SavedView.objects.get().pk}/first"

    owner.post(path, htmx=True, page="pipeline")
    chosen = FirstView.objects.count()
    owner.post(path)

    assert (chosen, FirstView.objects.count()) == (1, 0)


def test_shared_view_is_opened_by_all_and_changed_by_its_owner(
    owner: Browser, rep: Browser
) -> None:
    save(owner, is_shared="on")
    view = SavedView.objects.get()

    seen = rep.get(f"pipeline?{view.query}&saved={view.pk}").context["views"]
    acts = [f"views/{view.pk}/{act}" for act in ("edit", "replace", "remove", "restore")]

    assert [choice.whose for choice in seen.shared] == [view.owner.name]
    assert (seen.current, seen.may_change) == (view, False)
    assert [rep.post(path).status_code for path in acts] == [403] * 4
    assert rep.post(f"views/{view.pk}/first").status_code == 302
    assert SavedView.objects.get().removed_at is None


def test_private_view_is_found_by_nobody_else_but_its_address_works(
    owner: Browser, rep: Browser
) -> None:
    save(owner)
    view = SavedView.objects.get()

    page = rep.get(f"pipeline?{view.query}&saved={view.pk}")

    assert rep.get(f"views/{view.pk}").status_code == 404
    assert (page.status_code, page.context["views"].current) == (200, None)
    assert page.context["views"].may_save


def test_viewer_keeps_views_but_shares_none(viewer: Browser) -> None:
    asked = viewer.get("views/deals/new")
    save(viewer, is_shared="on")

    assert b"is_shared" not in asked.content
    assert SavedView.objects.get().is_shared is False


def test_view_is_renamed_and_shared_in_a_dialog(owner: Browser) -> None:
    save(owner, is_first="on")
    path = f"views/{SavedView.objects.get().pk}/edit"

    asked = owner.get(path, htmx=True)
    answer = owner.post(path, htmx=True, page="pipeline", name="Ours", is_shared="on")

    view = SavedView.objects.get()
    assert (asked.status_code, answer.status_code) == (200, 200)
    assert (view.name, view.is_shared, FirstView.objects.count()) == ("Ours", True, 0)


def test_view_is_removed_and_brought_back(owner: Browser) -> None:
    save(owner)
    view = SavedView.objects.get()

    removed = owner.post(f"views/{view.pk}/remove", htmx=True, page=f"pipeline?saved={view.pk}")
    gone = owner.get(f"pipeline?saved={view.pk}").context["views"].current
    owner.post(f"views/{view.pk}/restore", htmx=True, page=f"pipeline?saved={view.pk}")

    assert f"views/{view.pk}/restore" in removed.content.decode()
    assert gone is None
    assert owner.get(f"pipeline?saved={view.pk}").context["views"].current == view


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_every_list_has_views_and_opens_with_one(owner: Browser, place: pages.Place) -> None:
    name = min(place.names - {"company", "pipeline", "stage"})
    # The levers of a scenario are numbers.
    told = "7" if place is pages.SCENARIOS else "mine"
    made = owner.post(f"views/{place.code}/new?{name}={told}", name="Mine", is_first="on")

    opened = owner.get(place.address.replace("-", "/"))
    page = owner.get(opened["Location"])

    assert made["Location"] == opened["Location"]
    assert page.status_code == 200
    assert page.context["views"].current == SavedView.objects.get()
    assert page.content.decode().count('id="saved-views"') == 1


@pytest.mark.parametrize("path", ["leads", "backlog"])
def test_menu_follows_a_list_that_is_shown_anew(owner: Browser, path: str) -> None:
    view = make.saved_view(owner.workspace, place=path, query="")

    answer = owner.get(f"{path}?saved={view.pk}&state=overdue&overdue=1", htmx=True)

    assert answer.content.decode().count('id="saved-views"') == 1
    assert answer.context["views"].is_changed


def test_unknown_list_and_view_are_not_found(owner: Browser) -> None:
    assert owner.get("views/nothing/new").status_code == 404
    assert owner.get("views/999999").status_code == 404


def test_the_same_questions_are_the_same_view_in_any_order() -> None:
    one = QueryDict("sort=amount&columns=title&columns=amount&view=list&state=open&q=")
    other = QueryDict("view=list&columns=amount&sort=amount&columns=title&page=4&saved=3")

    assert pages.asked(pages.DEALS, one) == pages.asked(pages.DEALS, other)
    assert pages.asked(pages.DEALS, one) == "columns=amount&columns=title&sort=amount&view=list"
