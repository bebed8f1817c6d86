"""Public data sets, brought in by the code of ``penstock import``, each in a database of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django.plugin import DjangoDbBlocker

from penstock.cli.commands import importing
from penstock.intake.models import ChangeSet
from penstock.users import access, walls
from penstock.users.models import Member
from tests import make, postgres

FOLDER = Path(os.environ.get("PENSTOCK_DATA", "../shared/data"))
Bring = Callable[..., ChangeSet]


@pytest.fixture(scope="module")
def committed(
    database_name: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Let a module work in committed data, and empty the database afterwards."""
    with django_db_blocker.unblock():
        yield
        walls.leave()
        postgres.empty_tables(database_name)


@pytest.fixture(scope="module")
def member(committed: None) -> Member:
    """The owner of a new workspace."""
    account = make.account("Ada")
    workspace = make.workspace("Real data", by=account, slug="real-data")
    return access.enter(account, slug=workspace.slug)


@pytest.fixture(scope="module")
def bring(member: Member) -> Bring:
    """Bring in a file as the command line does."""

    def bring(path: str | Path, noun: str, **settings: Any) -> ChangeSet:
        file = path if isinstance(path, Path) else FOLDER / path
        if not file.exists():
            pytest.skip(f"PENSTOCK_DATA has no {path}")
        return importing.run(file, noun, workspace="real-data", **settings)

    return bring
