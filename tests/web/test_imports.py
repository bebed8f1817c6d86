"""Files in: choose, map, check, apply, take back."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from penstock.flow.models import Item
from penstock.intake import changesets, storage
from penstock.intake.models import ChangeSet, Mapping
from penstock.users.models import Role, Workspace
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db

DEALS = "id,name,value,created date\n1,Wheel,100.50,2026-01-05\n2,Axle,200,2026-01-06\n3,,x,2026-01-07\n"
AMBIGUOUS = "id,name,created date\n1,Wheel,03/04/2026\n"


def upload(browser: Browser, text: str = DEALS, *, noun: str = "deals", name: str = "d.csv") -> Any:
    file = SimpleUploadedFile(name, text.encode(), content_type="text/csv")
    return browser.post("imports/new", noun=noun, source="old crm", file=file)


def started(browser: Browser, text: str = DEALS) -> ChangeSet:
    assert upload(browser, text).status_code == 302
    return ChangeSet.objects.latest("pk")


def checked(browser: Browser) -> ChangeSet:
    change_set = changesets.set_mapping(started(browser), mapping={"amount": "value"})
    return changesets.check_now(change_set)


def test_file_leads_to_its_mapping_with_a_proposal(owner: Browser) -> None:
    answer = upload(owner)

    change_set = ChangeSet.objects.get()
    assert answer["Location"] == owner.url(f"imports/{change_set.pk}")
    assert change_set.source == "old-crm"
    page = owner.get(f"imports/{change_set.pk}")
    filled = {column.name: column.field for column in page.context["columns"]}
    assert filled == {
        "id": "key",
        "name": "title",
        "value": "",
        "created date": "opened_at",
    }
    assert "Wheel" in page.content.decode()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("a,a\n1,2\n", "twice"),
        ("a,b,c\n1,2,3,4\n", "more cells than headers"),
        ('id,name\n1,"open\n', "cannot be read"),
    ],
)
def test_bad_file_is_refused_with_a_reason(owner: Browser, text: str, says: str) -> None:
    answer = upload(owner, text)

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not ChangeSet.objects.exists()


def test_too_large_file_is_refused(owner: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "LARGEST", 10)

    answer = upload(owner)

    assert answer.status_code == 422
    assert "Split it into several files" in answer.content.decode()


def test_no_file_and_unknown_noun_are_refused(owner: Browser) -> None:
    assert owner.post("imports/new", noun="deals").status_code == 422
    assert upload(owner, noun="moons").status_code == 422


@pytest.mark.parametrize(
    "path", ["imports", "imports/new", "imports/{id}", "imports/{id}/progress"]
)
def test_only_owners_and_managers_import(
    owner: Browser, viewer: Browser, stranger: Browser, workspace: Workspace, path: str
) -> None:
    url = path.format(id=started(owner).pk)
    manager = sign_in(make.member(workspace, role=Role.MANAGER))
    rep = sign_in(make.member(workspace, role=Role.REP))

    assert manager.get(url).status_code in (200, 302)
    assert rep.get(url).status_code == 403
    assert viewer.get(url).status_code == 403
    assert stranger.get(url).status_code == 404


@pytest.mark.parametrize("act", ["mapping", "check", "apply", "revert"])
def test_others_change_no_import(
    owner: Browser, viewer: Browser, stranger: Browser, act: str
) -> None:
    change_set = started(owner)

    assert viewer.post(f"imports/{change_set.pk}/{act}").status_code == 403
    assert stranger.post(f"imports/{change_set.pk}/{act}").status_code == 404
    assert ChangeSet.objects.get().state == "draft"


def test_mapping_is_changed_and_saved_under_a_name(owner: Browser) -> None:
    change_set = started(owner)

    answer = owner.post(
        f"imports/{change_set.pk}/mapping",
        **{
            "column-0": "key",
            "column-1": "title",
            "column-2": "",
            "column-3": "opened_at",
            "same-currency": "USD",
            "date_order": "ymd",
            "decimal": ",",
            "mapping_name": "Old CRM",
        },
    )

    change_set.refresh_from_db()
    assert answer.status_code == 302
    assert "amount" not in change_set.mapping
    assert (change_set.mapping["currency"], change_set.options["decimal"]) == ("=USD", ",")
    assert Mapping.objects.get().name == "Old CRM"


def test_saved_mapping_can_be_used(owner: Browser) -> None:
    first = started(owner)
    owner.post(f"imports/{first.pk}/mapping", **{"column-1": "title", "mapping_name": "Names"})
    second = started(owner, DEALS + "4,More,1,2026-01-01\n")

    owner.post(f"imports/{second.pk}/mapping", use=Mapping.objects.get().pk)

    second.refresh_from_db()
    assert second.mapping == {"title": "name"}


def test_one_field_for_two_columns_is_refused(owner: Browser) -> None:
    change_set = started(owner)

    answer = owner.post(
        f"imports/{change_set.pk}/mapping", **{"column-0": "title", "column-1": "title"}
    )

    assert answer.status_code == 422
    assert "cannot both be the field" in answer.content.decode()


def test_open_question_is_asked_before_the_check(owner: Browser) -> None:
    change_set = started(owner, AMBIGUOUS)

    answer = owner.post(
        f"imports/{change_set.pk}/mapping",
        **{"column-0": "key", "column-1": "title", "column-2": "opened_at", "check": "1"},
    )

    assert answer.status_code == 422
    assert "in which order its dates" in answer.content.decode()


def test_check_runs_in_the_background_and_shows_progress(owner: Browser) -> None:
    change_set = started(owner)

    owner.post(f"imports/{change_set.pk}/check")

    change_set.refresh_from_db()
    assert change_set.state == "checking"
    assert 'hx-trigger="every 1s"' in owner.get(f"imports/{change_set.pk}").content.decode()
    assert owner.get(f"imports/{change_set.pk}/progress", htmx=True).status_code == 200


def test_progress_leads_to_the_result_when_it_is_done(owner: Browser) -> None:
    change_set = checked(owner)

    answer = owner.get(f"imports/{change_set.pk}/progress", htmx=True)

    assert answer["HX-Redirect"] == owner.url(f"imports/{change_set.pk}")


def test_checked_rows_are_shown_by_verdict_with_reasons(owner: Browser) -> None:
    change_set = checked(owner)

    every = owner.get(f"imports/{change_set.pk}")
    rejected = owner.get(f"imports/{change_set.pk}", verdict="reject")

    assert len(every.context["rows"]) == 3
    assert [row["number"] for row in rejected.context["rows"]] == [3]
    assert rejected.context["rows"][0]["reason"]
    assert "Applying it changes 2 of 3 rows" in every.content.decode()
    assert not Item.objects.exists()


def test_apply_before_a_check_is_refused(owner: Browser) -> None:
    change_set = started(owner)

    assert owner.post(f"imports/{change_set.pk}/apply", htmx=True).status_code == 422
    assert ChangeSet.objects.get().state == "draft"


def test_apply_is_queued(owner: Browser) -> None:
    change_set = checked(owner)

    owner.post(f"imports/{change_set.pk}/apply")

    assert ChangeSet.objects.get().state == "applying"


def test_applied_import_offers_to_be_taken_back(owner: Browser) -> None:
    change_set = changesets.apply_now(checked(owner))

    page = owner.get(f"imports/{change_set.pk}").content.decode()
    dialog = owner.get(f"imports/{change_set.pk}/revert", htmx=True).content.decode()
    owner.post(f"imports/{change_set.pk}/revert")

    assert "It changed 2 of 3 rows." in page
    assert "withdraws what the import opened" in dialog
    assert ChangeSet.objects.get().state == "reverting"


def test_revert_of_what_was_not_applied_is_a_conflict(owner: Browser) -> None:
    change_set = checked(owner)

    assert owner.post(f"imports/{change_set.pk}/revert", htmx=True).status_code == 409


def test_failed_import_says_why(owner: Browser) -> None:
    change_set = started(owner)
    ChangeSet.objects.filter(pk=change_set.pk).update(
        state="failed", error={"code": "x", "message": "The stage is gone."}
    )

    page = owner.get(f"imports/{change_set.pk}").content.decode()

    assert "The stage is gone." in page
    assert "nothing of it was applied" in page


def test_unknown_import_is_not_found(owner: Browser) -> None:
    assert owner.get("imports/999999").status_code == 404


def test_queries_of_the_list_do_not_grow(
    owner: Browser, django_assert_max_num_queries: Any
) -> None:
    started(owner)
    owner.get("imports")

    for _more in range(2):
        with django_assert_max_num_queries(10):
            owner.get("imports")
        started(owner)
