"""Imports go down; the plain rooms know no Django; only doors speak HTTP."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.house.sources import ROOT, SOURCE, imports, modules, name_of

#: Files outside the doors that answer requests all the same, because every door stands behind them.
BEFORE_THE_DOORS = {
    "src/penstock/config/health.py",
    "src/penstock/config/requests.py",
    "src/penstock/users/middleware.py",
}


def test_import_contracts_hold() -> None:
    command = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"

    run = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert run.returncode == 0, run.stdout + run.stderr


def test_plain_rooms_load_without_django() -> None:
    command = (
        "import importlib, pkgutil, sys, penstock.base as b, penstock.analytics as a\n"
        "for room in (b, a):\n"
        "    for found in pkgutil.walk_packages(room.__path__, room.__name__ + '.'):\n"
        "        importlib.import_module(found.name)\n"
        "sys.exit('django' in sys.modules)"
    )

    run = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=False
    )

    assert run.returncode == 0, run.stderr


def test_only_doors_speak_http() -> None:
    spoken = ("django.http", "django.shortcuts")
    strangers = {
        name_of(path)
        for path in modules(SOURCE)
        if not _is_door(path) and any(name.startswith(spoken) for name in imports(path))
    }

    assert strangers - BEFORE_THE_DOORS == set()


def test_only_verbs_open_transactions() -> None:
    doors = [path for path in modules(SOURCE / "web") if path.parent.name in ("views", "pages")]

    assert [name_of(path) for path in doors if "atomic(" in path.read_text(encoding="utf-8")] == []


def test_domain_raises_its_own_errors_only() -> None:
    foreign = ("django.http.Http404", "django.core.exceptions.PermissionDenied")
    rooms = [
        SOURCE / room for room in ("flow", "contacts", "catalog", "sales", "backlog", "handoff")
    ]

    raisers = [
        name_of(path) for path in modules(*rooms) if any(name in foreign for name in imports(path))
    ]

    assert raisers == []


def _is_door(path: Path) -> bool:
    return path.relative_to(SOURCE).parts[0] in ("web", "api", "mcp")
