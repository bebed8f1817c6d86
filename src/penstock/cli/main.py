"""The ``penstock`` command: every command in one list, every error in one place."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import typer
from rich.console import Console

from penstock.base.errors import PenstockError
from penstock.cli.session import SETTINGS

#: Modules of ``penstock.cli.commands``: each has ``register(app)``, which adds its commands.
COMMANDS = ("demo", "serve", "worker", "migrate", "doctor", "importing", "report", "deal")

EXIT_REFUSED = 2


def build() -> typer.Typer:
    """The command line with all its commands."""
    app = typer.Typer(
        name="penstock",
        help="Sales pipeline, order backlog and delivery as one flow.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for name in COMMANDS:
        import_module(f"penstock.cli.commands.{name}").register(app)
    return app


def main() -> None:
    """Run one command; a refusal is one line on stderr and exit code 2."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    try:
        build()()
    except PenstockError as error:
        Console(stderr=True, soft_wrap=True, highlight=False).print(sentence(error), markup=False)
        sys.exit(EXIT_REFUSED)


def sentence(error: PenstockError) -> str:
    """A refusal as one line; where a gate refuses, what it misses stands behind it."""
    if error.code != "flow.gate":
        return str(error)
    from penstock.sales.facts import LABELS  # noqa: PLC0415 -- Django is set up once a gate was asked

    return f"{error} {', '.join(str(LABELS.get(need, need)) for need in error.needs)}."


if __name__ == "__main__":
    main()
