"""Every exception from a rule says why."""

from __future__ import annotations

import re

from tests.house.sources import SOURCE, TESTS, inner_imports, modules, name_of

NOQA = re.compile(r"#\s*noqa\b(?!: [A-Z0-9, ]+ -- \S)")
# Mypy reads nothing after its own comment, so the reason stands in one of its own.
IGNORE = re.compile(r"#\s*type:\s*ignore\b(?!\[[a-z, -]+\]  # -- \S)")
LATER = re.compile(r"#\s*(TODO|FIXME|XXX|HACK)\b")


def _found(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name_of(path)}:{number}"
        for path in modules(SOURCE, TESTS)
        if path.name != "test_excuses.py"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_every_noqa_has_a_rule_and_a_reason() -> None:
    assert _found(NOQA) == []


def test_every_type_ignore_has_a_code_and_a_reason() -> None:
    assert _found(IGNORE) == []


def test_nothing_is_left_for_later() -> None:
    assert _found(LATER) == []


def test_every_import_inside_a_function_has_a_reason() -> None:
    silent = [
        f"{name_of(path)}:{number}"
        for path in modules(SOURCE)
        for number in inner_imports(path)
        if "PLC0415 -- " not in path.read_text(encoding="utf-8").splitlines()[number - 1]
    ]

    assert silent == []
