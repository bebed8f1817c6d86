"""What the documentation names is there: files, functions, commands, variables, targets of make."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from penstock.cli.main import build
from tests.docs import pages

PAGES = [pytest.param(page, id=str(page.relative_to(pages.ROOT))) for page in pages.all_pages()]
PACKAGE = pages.ROOT / "src" / "penstock"
ROOMS = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
PATH = re.compile(r"(?:src|tests|docs|frontend|requirements|\.ci)/[\w./-]*")
COMMAND = re.compile(r"^(?:\$ )?(?:\S+/)?penstock ([a-z]+(?:-[a-z]+)*)", re.MULTILINE)
NAME = re.compile(r"([a-z_]+)((?:\.\w+)+)(?:\(.*\))?")


@pytest.mark.parametrize("page", PAGES)
def test_paths_in_a_page_exist(page: Path) -> None:
    named = [span for span in pages.spans(page) if PATH.fullmatch(span)]

    missing = [path for path in named if not (pages.ROOT / path).exists()]

    assert missing == []


@pytest.mark.parametrize("page", PAGES)
def test_names_of_code_in_a_page_exist(page: Path) -> None:
    assert [span for span in pages.spans(page) if is_name(span) and not exists(span)] == []


@pytest.mark.parametrize("page", PAGES)
def test_commands_in_a_page_exist(page: Path) -> None:
    known = {command.name for command in build().registered_commands}
    known |= {group.name for group in build().registered_groups}

    named = set(COMMAND.findall(pages.code(page)))

    assert named - known == set()


@pytest.mark.parametrize("page", PAGES)
def test_targets_of_make_in_a_page_exist(page: Path) -> None:
    makefile = (pages.ROOT / "Makefile").read_text()
    known = set(re.findall(r"^([a-z0-9-]+):", makefile, re.MULTILINE))

    named = set(re.findall(r"\bmake ([a-z0-9-]+)", pages.code(page)))

    assert named - known == set()


def test_every_environment_variable_is_explained_and_no_other() -> None:
    source = (PACKAGE / "config" / "env.py").read_text()
    guide = (pages.ROOT / "docs" / "guides" / "operating.md").read_text()
    variable = re.compile(r"\b(?:PENSTOCK_[A-Z_]+|DATABASE_[A-Z_]+)\b")

    assert set(variable.findall(guide)) == set(variable.findall(source)) - {"PENSTOCK_AS_OWNER"}


def test_every_command_is_explained() -> None:
    text = "\n".join(pages.code(page) for page in pages.all_pages())

    named = {command.name or "" for command in build().registered_commands if not command.hidden}

    assert {name for name in named if f"penstock {name}" not in text} == set()


def test_every_page_is_in_the_index() -> None:
    index = (pages.ROOT / "docs" / "README.md").read_text()
    listed = {(pages.ROOT / "docs" / link).resolve() for link in re.findall(r"\]\(([^)#]+)", index)}
    written = {page.resolve() for page in (pages.ROOT / "docs").glob("**/*.md")}

    assert {str(page.relative_to(pages.ROOT)) for page in written - listed} <= {"docs/README.md"}


@pytest.mark.parametrize(
    ("span", "is_there"),
    [
        ("sales.deals.win", True),
        ("sales.deals.vanish", False),
        ("flow.models.Item.is_open", True),
        ("flow.nowhere.move", False),
    ],
)
def test_a_name_is_looked_up_in_the_code(span: str, *, is_there: bool) -> None:
    assert is_name(span)
    assert exists(span) == is_there


def is_name(span: str) -> bool:
    """Whether a span names code in a room; two parts that are no module name an error."""
    found = NAME.fullmatch(span)
    if found is None or found[1] not in ROOMS:
        return False
    return span.count(".") > 1 or is_module(span)


def is_module(span: str) -> bool:
    """Whether a span of two parts is a module."""
    path = PACKAGE.joinpath(*span.split("."))
    return path.is_dir() or path.with_suffix(".py").exists()


def exists(span: str) -> bool:
    """Whether a dotted name leads to something, as deep as modules go and then by attributes."""
    parts = ["penstock", *span.partition("(")[0].split(".")]
    for depth in range(len(parts), 0, -1):
        try:
            thing: object = import_module(".".join(parts[:depth]))
        except ModuleNotFoundError:
            continue
        for part in parts[depth:]:
            if not hasattr(thing, part) and part not in getattr(thing, "__dataclass_fields__", {}):
                return False
            thing = getattr(thing, part, None)
        return depth > 1
    return False
