"""What watches over the web server stays small."""

from __future__ import annotations

import subprocess
import sys

HEAVY = (
    "django.contrib.auth",
    "django.db.models",
    "penstock.users",
    "typer",
    "rich",
    "numpy",
    "allauth",
)


def test_watching_process_loads_neither_django_nor_commands() -> None:
    code = f"import sys, penstock.cli.serving; print([m for m in {HEAVY!r} if m in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
