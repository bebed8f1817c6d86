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
COMMANDS = ("demo", "serve", "worker", "migrate", "doctor", "importing", "report")

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
        Console(stderr=True, soft_wrap=True, highlight=False).print(str(error), markup=False)
        sys.exit(EXIT_REFUSED)


if __name__ == "__main__":
    main()
