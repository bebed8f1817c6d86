"""Scripts and formulas in everything that anybody can write, on every page and in every file that shows it."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import click
import pytest
import typer.main
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from typer.testing import CliRunner

from penstock.base import spreadsheets
from penstock.cli import main, session
from penstock.notices.models import Message
from penstock.sales import deals, proposal_links
from penstock.sales.models import CaptureForm, Proposal
from penstock.users import walls
from penstock.users.models import Workspace
from tests import make
from tests.web import poison
from tests.web.conftest import Browser
from tests.web.test_security import BREAKOUT, SCRIPT, addresses, body, furnish, is_page

pytestmark = pytest.mark.django_db

IMAGE = "<img src=x"
FORMULA = '=HYPERLINK("http://evil.test";"look")'
#: A number, or a sum with its currency.
NUMBER = re.compile(r"[+-]?\d[\d.,]*( [A-Z]{3})?")
#: Only the owner of the database could write these anew; what they hold was written with the text as it is.
KEPT = {"ConsentText.text", "Rate.source", "Goal.channel", "Identity.source"}
#: What a command of the command line needs besides.
ARGUMENTS = {
    "deal open": ["A wheel"],
    "deal show": ["{deal}"],
    "deal move": ["{deal}", "negotiation"],
    "deal win": ["{deal}"],
    "deal lose": ["{deal}"],
    "deal park": ["{deal}"],
    "deal reopen": ["{deal}"],
    "deal assign": ["{deal}", "nobody"],
}


@pytest.fixture(autouse=True)
def _nobody_asked_before() -> None:
    cache.clear()


def visitors(workspace: Workspace, proposal: Proposal) -> list[str]:
    """Pages that are open to whoever has their link."""
    form = CaptureForm.objects.filter(workspace=workspace, retired_at=None).first()
    assert form is not None
    _link, token = proposal_links.make(proposal, by=None)
    survey = make.asked(workspace).token
    home = f"/open/{workspace.slug}"
    return [
        f"{home}/forms/{form.token}",
        f"{home}/forms/{form.token}?thanks",
        f"{home}/forms/{form.token}?page={SCRIPT}&ref={SCRIPT}",
        f"{home}/forms/{form.token}/embed.js",
        f"{home}/surveys/{survey}",
        f"{home}/proposals/{token}",
        f"{home}/proposals/{token}/accept",
        f"{home}/proposals/{token}/decline",
    ]


def test_script_in_every_column_is_shown_as_text_on_every_page(
    workspace: Workspace, owner: Browser
) -> None:
    names = furnish(workspace, text=BREAKOUT)
    make.consent_text(workspace)
    offered = make.sent_version(workspace).proposal
    poison.everywhere(workspace, BREAKOUT)
    today = timezone.now().date().isoformat()
    paths = [
        *addresses(workspace, names),
        *(owner.url(page) for page in ("pipeline?view=list", "backlog/board?of=work")),
        *(owner.url(f"{page}?on={today}") for page in ("pipeline", "backlog", "outlook")),
    ]

    assert poison.without(workspace, IMAGE) <= KEPT
    pages = {path: owner.get(path) for path in paths}
    stranger = Client()
    for path in visitors(workspace, offered):
        pages[path] = stranger.get(path)
        walls.enter(workspace_id=workspace.pk)

    bodies = {path: body(page) for path, page in pages.items() if is_page(page)}
    bodies |= {path: body(page) for path, page in pages.items() if path.endswith(".js")}
    assert [path for path, page in pages.items() if page.status_code >= 500] == []
    assert [path for path, told in bodies.items() if SCRIPT in told or IMAGE in told] == []
    assert [path for path, told in bodies.items() if 'href="javascript:' in told.lower()] == []
    assert sum("&lt;img src=x" in told for told in bodies.values()) > 60


def test_letters_show_scripts_as_text(workspace: Workspace) -> None:
    furnish(workspace, text=BREAKOUT)
    make.escalation(workspace)

    letters = Message.objects.all()

    assert len({letter.kind for letter in letters}) >= 2
    assert [one.kind for one in letters if SCRIPT in one.html or IMAGE in one.html] == []
    assert [one.kind for one in letters if "\n" in one.subject] == []


def cells_that_run(text: str, *, delimiter: str = ",") -> list[str]:
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=delimiter)
    cells = [cell for row in rows for cell in row]
    return [cell for cell in cells if spreadsheets.runs(cell) and not NUMBER.fullmatch(cell)]


def test_formula_in_every_column_is_text_in_every_file_to_download(
    workspace: Workspace, owner: Browser
) -> None:
    names = furnish(workspace, text=FORMULA)
    deals.lose(make.deal(workspace), reason=make.loss_reason(workspace), by=None)
    poison.everywhere(workspace, FORMULA)

    answers = {path: owner.get(path) for path in addresses(workspace, names)}
    files = {
        path: body(answer)
        for path, answer in answers.items()
        if answer.get("Content-Type", "").startswith("text/csv")
    }

    assert {path.rpartition("/")[2] for path in files} >= {"export", "rejected"} or len(files) >= 4
    assert {path: cells_that_run(text) for path, text in files.items()} == {
        path: [] for path in files
    }
    assert [path for path, text in files.items() if "'=HYPERLINK" not in text] == []


def commands() -> dict[str, list[str]]:
    """Every command that can print CSV, with what it needs besides."""
    found: dict[str, list[str]] = {}

    def walk(command: Any, name: str) -> None:
        if isinstance(command, click.Group) or hasattr(command, "commands"):
            for part, sub in command.commands.items():
                walk(sub, f"{name} {part}".strip())
        elif any("--format" in option.opts for option in command.params):
            found[name] = ARGUMENTS.get(name, [])

    walk(typer.main.get_command(main.build()), "")
    return found


def test_formula_in_every_column_is_text_in_what_every_command_prints(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "ready", lambda: None)
    names = furnish(workspace, text=FORMULA)
    poison.everywhere(workspace, FORMULA)
    workspace.refresh_from_db()

    printed = {}
    for name, needs in commands().items():
        walls.leave()
        told = [*name.split(), *(one.format(**names) for one in needs), "--format", "csv"]
        result = CliRunner().invoke(main.build(), told)
        walls.enter(workspace_id=workspace.pk)
        printed[name] = result.stdout if result.exit_code == 0 else f"? {result.exception!r}"

    assert len(printed) > 15
    assert {name: cells_that_run(text) for name, text in printed.items()} == {
        name: [] for name in printed
    }
    refused = {name for name, text in printed.items() if text.startswith("? ")}
    assert refused <= {"deal win", "deal lose", "deal park", "deal reopen"}
