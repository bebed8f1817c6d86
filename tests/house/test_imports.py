"""Imports go down; the plain rooms know no Django; only doors speak HTTP."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

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


def test_no_room_is_missing_from_the_contracts() -> None:
    contracts = {one["id"]: one for one in _import_linter()["contracts"]}
    rooms = {path.parent.name for path in SOURCE.glob("*/__init__.py")} - {"formats"}
    floors = contracts["floors"]["layers"]

    assert {room for floor in floors for room in floor.split(" | ")} == rooms
    assert _sources(contracts["analytics-without-django"]) == {"base", "analytics"}
    assert _sources(contracts["typer-only-in-cli"]) == rooms - {"cli"}


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


def test_settings_name_their_parts_without_looking_for_them() -> None:
    lookers = {
        name_of(path)
        for path in modules(SOURCE / "config")
        if "importlib.util.find_spec" in imports(path)
    }

    assert lookers == {"src/penstock/config/postgres/binaries.py"}


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


def _import_linter() -> dict[str, Any]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return dict(project["tool"]["importlinter"])


def _sources(contract: dict[str, Any]) -> set[str]:
    return {name.removeprefix("penstock.") for name in contract["source_modules"]}


def _is_door(path: Path) -> bool:
    return path.relative_to(SOURCE).parts[0] in ("web", "api", "mcp")
