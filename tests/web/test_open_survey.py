"""A customer answers by a link."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from penstock.sales import surveys
from penstock.sales.models import SurveyAnswer, SurveyComment
from penstock.users import walls
from penstock.users.models import Workspace
from penstock.web import limits
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _unlimited() -> None:
    cache.clear()


@pytest.fixture
def visitor() -> Client:
    return Client()


def link(workspace: Workspace, scale: str = "csat") -> str:
    return f"/open/{workspace.slug}/surveys/{make.asked(workspace, scale=scale).token}"


def test_question_is_answered_and_changed_without_an_account(
    visitor: Client, workspace: Workspace
) -> None:
    path = link(workspace)

    assert "How satisfied are you?" in visitor.get(path).content.decode()
    thanks = visitor.post(path, {"score": "2", "comment": "Late."}, follow=True)
    assert "Thank you" in thanks.content.decode()
    again = visitor.get(path).content.decode()
    visitor.post(path, {"score": "4", "comment": "Mended."})

    walls.enter(workspace_id=workspace.pk)
    assert "Late." in again
    assert [row.score for row in SurveyAnswer.objects.order_by("pk")] == [2, 4]


def test_looking_answers_nothing(visitor: Client, workspace: Workspace) -> None:
    path = link(workspace, "nps")

    visitor.get(path + "?score=9")
    visitor.head(path)

    walls.enter(workspace_id=workspace.pk)
    assert not SurveyAnswer.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [{}, {"score": "6"}, {"score": "-1"}, {"score": "two"}, {"score": "3", "comment": "x" * 4001}],
)
def test_answer_that_is_none_is_refused_in_place(
    sent: dict[str, str], visitor: Client, workspace: Workspace
) -> None:
    path = link(workspace)

    answer = visitor.post(path, sent)

    walls.enter(workspace_id=workspace.pk)
    assert answer.status_code == 422
    assert not SurveyAnswer.objects.exists()


def test_script_in_the_words_stays_text(visitor: Client, workspace: Workspace) -> None:
    path = link(workspace)

    visitor.post(path, {"score": "3", "comment": "<script>alert(1)</script>"})

    page = visitor.get(path).content.decode()
    walls.enter(workspace_id=workspace.pk)
    assert "<script>alert(1)" not in page
    assert SurveyComment.objects.get().text == "<script>alert(1)</script>"


def test_wrong_link_and_link_of_another_workspace_are_not_found(
    visitor: Client, workspace: Workspace
) -> None:
    path = link(workspace)
    other = make.workspace("Other")
    token = path.rpartition("/")[2]

    assert visitor.get(f"/open/{other.slug}/surveys/{token}").status_code == 404
    assert visitor.get(f"/open/{workspace.slug}/surveys/wrong").status_code == 404
    assert visitor.get(f"/open/nowhere/surveys/{token}").status_code == 404


def test_withdrawn_survey_is_not_found(visitor: Client, workspace: Workspace) -> None:
    asked = make.asked(workspace)
    surveys.withdraw(asked.survey, by=None)

    assert visitor.get(f"/open/{workspace.slug}/surveys/{asked.token}").status_code == 404


def test_page_speaks_the_visitors_language_or_the_workspaces(visitor: Client) -> None:
    workspace = make.workspace("Мельница", language="ru")
    path = link(workspace)

    asked_for = visitor.get(path, headers={"Accept-Language": "en-GB,en;q=0.5"})
    unknown = visitor.get(path, headers={"Accept-Language": "fi"})

    assert asked_for.headers["Content-Language"] == "en"
    assert 'lang="ru"' in unknown.content.decode()


def test_visitor_who_asks_too_often_is_told_to_wait(
    visitor: Client, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PER_ADDRESS", 2)
    path = link(workspace)

    codes = [visitor.get(path).status_code for _ in range(3)]

    assert codes == [200, 200, 429]


def test_nothing_of_the_workspace_is_left_on_the_connection(
    visitor: Client, workspace: Workspace
) -> None:
    visitor.get(link(workspace))

    assert walls.current_workspace_id() is None


def test_link_is_not_written_into_the_log(
    visitor: Client, workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    path = link(workspace)

    with caplog.at_level("INFO", logger="penstock.access"):
        visitor.get(path)

    assert path.rpartition("/")[2] not in caplog.text
