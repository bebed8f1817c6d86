"""What every test can ask for: a real PostgreSQL as the run-time login, and the owner beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck, settings
from pytest_django.plugin import DjangoDbBlocker

from tests import postgres

settings.register_profile("dev", max_examples=30, deadline=None)
settings.register_profile("ci", max_examples=60, deadline=None, derandomize=True, print_blob=True)
settings.register_profile(
    "nightly", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))


def pytest_configure(config: pytest.Config) -> None:
    """Say what the server of this run is made from, before anything can change."""
    postgres.begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the home of the run once every worker has left the server."""
    if os.environ.get("PENSTOCK_TEST_HOME_OWNER") == str(os.getpid()):
        postgres.leave_nothing()


@pytest.fixture(scope="session")
def database_name() -> str:
    """This worker's database."""
    return f"test_penstock_{os.environ.get('PYTEST_XDIST_WORKER', os.getpid())}"


@pytest.fixture(scope="session")
def django_db_setup(database_name: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """One migrated database for this worker; tests connect as the run-time login."""
    with django_db_blocker.unblock():
        postgres.start()
        postgres.make_database(database_name)
    patched = pytest.MonkeyPatch()
    patched.setattr(
        TransactionTestCase, "_fixture_teardown", lambda _self: postgres.empty_tables(database_name)
    )
    yield
    patched.undo()
    with django_db_blocker.unblock():
        postgres.drop_database(database_name)
    postgres.stop()


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """A request leaves its language on the thread; the next test must not find it there."""
    with translation.override("en"):
        yield


@pytest.fixture
def owner_cursor(database_name: str, db: None) -> Iterator[psycopg.Cursor[Any]]:
    """A cursor of the owner, outside the test's transaction: it sees only what was committed."""
    with postgres.owner_connection(database_name) as owner, owner.cursor() as cursor:
        yield cursor
