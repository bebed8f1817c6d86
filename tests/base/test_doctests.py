"""The examples in the documentation of the two plain rooms are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import penstock.analytics
import penstock.base

MODULES = sorted(
    found.name
    for room in (penstock.base, penstock.analytics)
    for found in pkgutil.walk_packages(room.__path__, prefix=f"{room.__name__}.")
)


@pytest.mark.parametrize("name", [*MODULES, "penstock.flow.values"])
def test_examples_are_true(name: str) -> None:
    module = importlib.import_module(name)

    assert doctest.testmod(module).failed == 0


def test_examples_are_found() -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    modules = [importlib.import_module(name) for name in MODULES]

    assert sum(bool(test.examples) for module in modules for test in finder.find(module)) >= 8
