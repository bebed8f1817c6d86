from __future__ import annotations

import stat
from pathlib import Path

import pytest

from penstock.base.errors import Unavailable
from penstock.config import env


def test_defaults_are_a_server_of_our_own_on_this_machine() -> None:
    found = env.parse({"PENSTOCK_HOME": "/data"})

    assert found.is_embedded
    assert not found.is_https
    assert found.origin == "http://localhost:8000"
    assert found.proxies == 0
    assert found.home == Path("/data")


def test_https_means_one_proxy_unless_said_otherwise() -> None:
    assert env.parse({"PENSTOCK_URL": "https://crm.example.com/"}).proxies == 1
    assert (
        env.parse({"PENSTOCK_URL": "https://crm.example.com", "PENSTOCK_PROXIES": "2"}).proxies == 2
    )


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("yes", True), ("0", False), ("", False)]
)
def test_flags(value: str, expected: bool) -> None:
    assert env.parse({"PENSTOCK_DEBUG": value}).debug is expected


def test_secret_key_is_made_once_and_readable_for_its_owner_only(tmp_path: Path) -> None:
    found = env.parse({"PENSTOCK_HOME": str(tmp_path / "new")})

    first = env.secret_key(found)
    second = env.secret_key(found)

    path = tmp_path / "new" / "secret_key"
    assert first == second
    assert len(first) > 60
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_secret_key_from_the_environment_is_not_written(tmp_path: Path) -> None:
    found = env.parse({"PENSTOCK_HOME": str(tmp_path), "PENSTOCK_SECRET_KEY": "given"})

    assert env.secret_key(found) == "given"
    assert list(tmp_path.iterdir()) == []


def test_first_of_two_writers_wins(tmp_path: Path) -> None:
    path = tmp_path / "secret"

    env.write_private(path, "first")
    env.write_private(path, "second")

    assert path.read_text() == "first"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PENSTOCK_URL", "crm.example.com"),
        ("PENSTOCK_URL", "https://example.com/crm"),
        ("PENSTOCK_PROXIES", "many"),
        ("PENSTOCK_SIGNUP", "sometimes"),
    ],
)
def test_value_that_cannot_be_understood_is_named(name: str, value: str) -> None:
    with pytest.raises(Unavailable) as refused:
        env.parse({name: value})

    assert name in str(refused.value)


@pytest.mark.parametrize(("given", "signup"), [("", "open"), ("Closed", "closed")])
def test_sign_up_is_open_unless_it_is_closed(given: str, signup: str) -> None:
    assert env.parse({"PENSTOCK_SIGNUP": given}).signup == signup
