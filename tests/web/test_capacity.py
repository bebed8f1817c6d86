"""Settings: capacity, its weeks, and what is said of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from penstock.backlog.models import Absence, Disruption, Place
from penstock.users.models import Role, Workspace
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db

PATH = "settings/capacity"


def today() -> str:
    return timezone.now().date().isoformat()


def test_page_is_empty_without_teams_and_says_who_has_no_hours(
    owner: Browser, workspace: Workspace
) -> None:
    assert "No teams yet" in owner.get(PATH).content.decode()

    make.team(workspace)

    page = owner.get(PATH).content.decode()
    assert "Nobody has said yet how many hours the teams can work." in page
    assert "Nobody works here in this time. Add who does." in page


def test_hours_absence_and_disruption_are_said_and_taken_back(
    owner: Browser, workspace: Workspace
) -> None:
    team = make.team(workspace)
    owner.post(
        f"{PATH}/places/new",
        team=team.pk,
        name="Lathe 2",
        hours_per_day="7.5",
        from_on="2026-01-01",
        ramp_weeks="0",
    )
    place = Place.objects.get()
    owner.post(
        f"{PATH}/absences/new", place=place.pk, first_on=today(), last_on=today(), lost_share="50"
    )
    start = (timezone.now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    owner.post(
        f"{PATH}/disruptions/new",
        team=team.pk,
        cause="supplier",
        lost_share="40",
        started_at=start,
        evidence="Report 7",
    )
    page = owner.get(PATH).content.decode()

    assert ["Lathe 2" in page, "Report 7" in page, "40 %" in page or "40%" in page] == [True] * 3
    assert Absence.objects.get().lost_share == pytest.approx(0.5)

    owner.post(f"{PATH}/disruptions/{Disruption.objects.get().pk}/end")
    owner.post(f"{PATH}/places/{place.pk}/withdraw")

    assert Disruption.objects.get(withdrawn_at=None).ended_at is not None
    assert not Place.objects.filter(withdrawn_at=None).exists()


@pytest.mark.parametrize(
    ("path", "answers"),
    [
        ("places/new", {"hours_per_day": "0", "from_on": "2026-01-01", "ramp_weeks": "0"}),
        ("places/new", {"hours_per_day": "8", "from_on": "soon", "ramp_weeks": "0"}),
        ("places/new", {"hours_per_day": "8", "from_on": "2026-01-01", "ramp_weeks": "-1"}),
        ("absences/new", {"place": "999999", "first_on": "2026-01-01", "last_on": "2026-01-01"}),
        (
            "disruptions/new",
            {"cause": "rain", "lost_share": "50", "started_at": "2026-01-01T08:00"},
        ),
        (
            "disruptions/new",
            {"cause": "other", "lost_share": "0", "started_at": "2026-01-01T08:00"},
        ),
        (
            "disruptions/new",
            {"cause": "other", "lost_share": "9", "started_at": "2999-01-01T08:00"},
        ),
    ],
)
def test_bad_answers_are_refused_in_place(
    owner: Browser, workspace: Workspace, path: str, answers: dict[str, str]
) -> None:
    team = make.team(workspace)

    answer = owner.post(f"{PATH}/{path}", htmx=True, team=team.pk, **answers)

    assert answer.status_code == 422
    assert not Place.objects.exists()
    assert not Disruption.objects.exists()


def test_operations_may_and_others_may_not(
    viewer: Browser, stranger: Browser, workspace: Workspace
) -> None:
    place = make.place(workspace)
    operations = sign_in(make.member(workspace, role=Role.OPERATIONS))
    rep = sign_in(make.member(workspace, role=Role.REP))

    assert operations.get(PATH).status_code == 200
    for path in (PATH, f"{PATH}/places/new", f"{PATH}/places/{place.pk}/end"):
        assert [one.get(path).status_code for one in (viewer, rep, stranger)] == [403, 403, 404]
    assert owner_only(viewer, place) == 403


def owner_only(browser: Browser, place: Place) -> int:
    return browser.post(f"{PATH}/places/{place.pk}/withdraw").status_code


def test_queries_do_not_grow_with_the_places(
    owner: Browser, workspace: Workspace, django_assert_max_num_queries: object
) -> None:
    team = make.team(workspace)
    make.place(workspace, at=team)
    owner.get(PATH)

    for _number in range(2):
        with django_assert_max_num_queries(24):  # type: ignore[operator]  # -- a fixture
            owner.get(PATH)
        make.place(workspace, at=team)
        make.disruption(workspace, at=team)
