from __future__ import annotations

import sys

import pytest
import typer

from penstock.base.errors import RuleBroken
from penstock.cli import main


def refuse() -> None:
    raise RuleBroken("test.no", "Not today: [try] tomorrow.")


def test_refusal_is_one_line_and_exit_code_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    app = typer.Typer()
    app.command()(refuse)
    monkeypatch.setattr(main, "build", lambda: app)
    monkeypatch.setattr(sys, "argv", ["penstock"])

    with pytest.raises(SystemExit) as ended:
        main.main()

    assert ended.value.code == 2
    assert capsys.readouterr().err == "Not today: [try] tomorrow.\n"


def test_every_command_says_what_it_does() -> None:
    commands = typer.main.get_command(main.build()).commands  # type: ignore[attr-defined]  # -- a group

    assert {"demo", "doctor", "migrate", "serve", "worker"} <= set(commands)
    assert [name for name, command in commands.items() if not command.help] == []
