from __future__ import annotations

import pytest

from penstock.base.errors import Unavailable
from penstock.config import database, env

URL = "postgresql://penstock:p%40ss@db.example.com:5433/sales?sslmode=require"


def test_address_becomes_djangos_setting() -> None:
    found = database.django_settings(env.parse({"DATABASE_URL": URL}))

    assert found["NAME"] == "sales"
    assert found["USER"] == "penstock"
    assert found["PASSWORD"] == "p@ss"
    assert found["HOST"] == "db.example.com"
    assert found["PORT"] == "5433"
    assert found["OPTIONS"] == {"sslmode": "require", **database.PREPARED}


def test_owner_has_an_address_of_its_own() -> None:
    owner = "postgresql://boss@db.example.com/sales"

    found = database.django_settings(
        env.parse({"DATABASE_URL": URL, "DATABASE_OWNER_URL": owner}), as_owner=True
    )

    assert found["USER"] == "boss"


def test_missing_owner_is_one_sentence() -> None:
    with pytest.raises(Unavailable) as refused:
        database.conninfo(env.parse({"DATABASE_URL": URL}), as_owner=True)

    assert refused.value.code == "database.no_owner"
    assert "DATABASE_OWNER_URL" in str(refused.value)


def test_nonsense_is_refused_without_repeating_it() -> None:
    with pytest.raises(Unavailable) as refused:
        database.conninfo(env.parse({"DATABASE_URL": "secret nonsense"}))

    assert refused.value.code == "database.bad_url"
    assert "nonsense" not in str(refused.value)


def test_silent_server_is_one_sentence_without_the_password() -> None:
    silent = env.parse({"DATABASE_URL": "postgresql://penstock:secret@127.0.0.1:1/x"})

    with pytest.raises(Unavailable) as refused:
        database.check(silent)

    assert refused.value.code == "database.unreachable"
    assert "127.0.0.1:1/x" in str(refused.value)
    assert "secret" not in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("number", "major"), [(150000, 15), (180004, 18)])
def test_supported_versions(number: int, major: int) -> None:
    assert database.supported(number) == major


def test_old_server_is_one_sentence() -> None:
    with pytest.raises(Unavailable) as refused:
        database.supported(140017)

    assert str(refused.value) == (
        "The database server is PostgreSQL 14; Penstock needs 15 or newer."
    )
