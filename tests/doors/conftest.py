"""Every way by which somebody moves or wins a deal, asked alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.http import HttpResponse
from django.utils import timezone
from typer.testing import CliRunner

from penstock.base.errors import PenstockError
from penstock.cli import main, session
from penstock.flow.models import Stage
from penstock.intake import access as intake
from penstock.sales.models import Deal
from penstock.users import walls
from penstock.users.models import Member
from penstock.web.errors import CODE
from tests.intake import build
from tests.web.conftest import sign_in


@dataclass(frozen=True, kw_only=True)
class Try:
    """What somebody wants: a deal in a stage, or won; ``seen`` is where they saw it."""

    deal: Deal
    by: Member
    to: Stage | None = None
    seen: Stage | None = None
    despite: str = ""
    options: dict[str, Any] = field(default_factory=dict)


Door = Callable[[Try], str]


def board(one: Try) -> str:
    """A drop on the board."""
    return _web(one, htmx=True, page="pipeline")


def listed(one: Try) -> str:
    """A move from the list."""
    return _web(one, htmx=True, page="pipeline?view=list")


def form(one: Try) -> str:
    """The form on the page of a deal, without a script."""
    return _web(one, htmx=False)


def command(one: Try) -> str:
    """``penstock deal``."""
    act = ["move", one.deal.item.key, str(one.to.pk)] if one.to else ["win", one.deal.item.key]
    seen = ["--seen", str(one.seen.pk)] if one.seen else []
    despite = ["--despite", one.despite] if one.despite else []
    assert one.by.account is not None
    account, workspace = one.by.account, one.by.workspace
    where = ["--workspace", workspace.slug, "--as", account.email]
    try:
        result = CliRunner().invoke(main.build(), ["deal", *act, *seen, *despite, *where])
    finally:
        walls.enter(workspace_id=workspace.pk, account_id=account.pk)
    error = result.exception
    assert error is None or isinstance(error, PenstockError), result.output
    return error.code if error else ""


def imported(one: Try) -> str:
    """A row of a stage history."""
    try:
        intake.importer(one.by)
    except PenstockError as error:
        return error.code
    origin, to = str(one.seen.pk) if one.seen else "", str(one.to.pk) if one.to else "won"
    row = f"{one.deal.item.key},{origin},{to},{timezone.now().isoformat()}"
    change_set = build.applied(
        one.by,
        "stage_history",
        f"Deal ID,From,To,Date\n{row}\n",
        options={**one.options, **({"despite": one.despite} if one.despite else {})},
    )
    return change_set.rows.get().reason


DOORS: dict[str, Door] = {
    "board": board,
    "list": listed,
    "form": form,
    "command": command,
    "import": imported,
}


@pytest.fixture(autouse=True)
def ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' server runs already, and Django is set up."""
    monkeypatch.setattr(session, "ready", lambda: None)


@pytest.fixture(params=DOORS)
def door(request: pytest.FixtureRequest) -> str:
    """The name of each door."""
    return str(request.param)


def _web(one: Try, *, htmx: bool, page: str = "/") -> str:
    told: dict[str, object] = {"stage": one.to.pk} if one.to else {"zone": "won"}
    told |= {"seen": one.seen.pk} if one.seen else {}
    told |= {"override": "1", "despite": one.despite} if one.despite else {}
    path = f"items/{one.deal.item.key}/moves"
    answer: HttpResponse = sign_in(one.by).post(path, htmx=htmx, page=page, **told)
    assert (answer.status_code < 400) == (CODE not in answer)
    return str(answer.get(CODE, ""))
