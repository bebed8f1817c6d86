"""Questions of an import are planned for the tables as they have grown, and only those."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from penstock.intake import running
from penstock.users.models import Workspace
from tests import make
from tests.intake import build


@pytest.fixture
def workspace(db: None) -> Workspace:
    return make.workspace()


def threshold() -> Any:
    driver: Any = connection.connection
    return driver.prepare_threshold


def test_check_and_apply_prepare_nothing_and_leave_the_connection_as_it_was(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, seen = threshold(), []
    whole = running._run

    def watched(*args: Any, **settings: Any) -> Any:
        seen.append(threshold())
        return whole(*args, **settings)

    monkeypatch.setattr(running, "_run", watched)
    owner = make.owner_of(workspace)
    build.checked(owner, "companies", "Name,City\nAcme,Bern\n")
    build.applied(owner, "companies", "Name,City\nBrook,Thun\n")

    assert before is not None
    assert seen == [None, None]
    assert threshold() == before


def test_connection_is_as_it_was_after_a_run_that_breaks(db: None) -> None:
    connection.ensure_connection()
    before = threshold()

    with pytest.raises(RuntimeError), running._planned_anew():
        raise RuntimeError

    assert threshold() == before
