"""Models, migrations, walls, makers and the glossary tell one story."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.db.migrations.loader import MigrationLoader

from penstock.users import walls
from tests import makers
from tests.house.sources import ROOT

OURS = [model for model in apps.get_models() if model.__module__.startswith("penstock.")]
WALLED = [model for model in OURS if issubclass(model, walls.Walled)]
APPS = sorted({model._meta.app_label for model in OURS})


def label(model: type[models.Model]) -> str:
    return model._meta.label


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("app", APPS)
def test_migrations_are_linear(app: str) -> None:
    graph = MigrationLoader(None).graph
    ours = [key for key in graph.nodes if key[0] == app]
    parents = {key: [p.key for p in graph.node_map[key].parents if p.key[0] == app] for key in ours}
    children = Counter(parent for chain in parents.values() for parent in chain)

    assert len(graph.leaf_nodes(app)) == 1
    assert all(len(chain) <= 1 for chain in parents.values())
    assert all(n == 1 for n in children.values())


def test_every_model_of_a_workspace_is_walled() -> None:
    with_workspace = {
        label(model)
        for model in OURS
        if any(field.name == "workspace" for field in model._meta.local_fields)
    }

    assert with_workspace == {label(model) for model in WALLED}


def test_every_walled_model_has_its_wall_once() -> None:
    loader = MigrationLoader(None)
    built = Counter(
        f"{app}.{name}".lower()
        for (app, _name), migration in loader.disk_migrations.items()
        for operation in migration.operations
        if isinstance(operation, walls.Wall)
        for name in operation.names
    )

    assert built == Counter(label(model).lower() for model in WALLED)


@pytest.mark.parametrize("model", OURS, ids=label)
def test_every_model_has_a_maker(model: type[models.Model]) -> None:
    assert makers.maker_of(model)


@pytest.mark.parametrize("model", OURS, ids=label)
def test_every_model_is_in_the_glossary(model: type[models.Model]) -> None:
    assert model.__name__ in _glossary_codes()


def test_glossary_names_no_model_twice() -> None:
    counted = Counter(code for code in _codes() if re.fullmatch(r"[a-z]+\.[A-Z]\w+", code))

    assert [code for code, n in counted.items() if n > 1] == []


def test_glossary_names_models_that_there_are() -> None:
    named = {code for code in _codes() if re.fullmatch(r"[a-z]+\.[A-Z]\w+", code)}
    known = {label(model) for model in apps.get_models()}

    assert {code for code in named if code.split(".")[0] in APPS} <= known


def _glossary_codes() -> set[str]:
    return {code.split(".")[-1] for code in _codes()}


def _codes() -> list[str]:
    """What stands in the column of codes."""
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    rows = [line.split("|")[1:-1] for line in lines if line.startswith("|")]
    cells = [row[1] for row in rows if len(row) >= 4]
    return [code for cell in cells for code in re.findall(r"`([^`]+)`", cell)]
