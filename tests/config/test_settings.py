"""Settings as a fresh process sees them under different environments."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

NAMES = (
    "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
    "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "DATABASES", "EMAIL_BACKEND", "DEBUG",
)  # fmt: skip
SCRIPT = f"""
import json
from penstock.config import settings
print(json.dumps({{name: getattr(settings, name) for name in {NAMES!r}}}, default=str))
"""


@pytest.fixture
def settings_under(tmp_path: Path) -> Any:
    """Settings of a process with the given variables and an empty home."""

    def load(**variables: str) -> dict[str, Any]:
        environment = {"PATH": os.environ["PATH"], "PENSTOCK_HOME": str(tmp_path), **variables}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return dict(json.loads(done.stdout))

    return load


def test_plain_loopback_works_without_tls(settings_under: Any) -> None:
    found = settings_under()

    assert found["ALLOWED_HOSTS"] == ["127.0.0.1", "[::1]", "localhost"]
    assert not found["SESSION_COOKIE_SECURE"]
    assert found["SECURE_HSTS_SECONDS"] == 0
    assert found["DEBUG"] is False


def test_https_address_makes_everything_strict(settings_under: Any) -> None:
    found = settings_under(PENSTOCK_URL="https://crm.example.com")

    assert found["ALLOWED_HOSTS"] == ["127.0.0.1", "[::1]", "crm.example.com", "localhost"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://crm.example.com"]
    assert found["SESSION_COOKIE_SECURE"]
    assert found["CSRF_COOKIE_SECURE"]
    assert found["SECURE_SSL_REDIRECT"]
    assert found["SECURE_HSTS_SECONDS"] == 365 * 24 * 3600


def test_embedded_database_keeps_its_password_out_of_the_settings(settings_under: Any) -> None:
    found = settings_under()["DATABASES"]["default"]

    assert found["USER"] == "penstock"
    assert found["NAME"] == "penstock"
    assert "PASSWORD" not in found
    assert Path(found["OPTIONS"]["passfile"]).name == "passwords"
    assert found["CONN_MAX_AGE"] is None


def test_settings_start_no_server(settings_under: Any, tmp_path: Path) -> None:
    settings_under()

    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_mail_goes_to_files_until_a_server_is_named(settings_under: Any) -> None:
    assert settings_under()["EMAIL_BACKEND"].endswith("filebased.EmailBackend")
    given = settings_under(PENSTOCK_EMAIL_URL="smtp://me:pw@mail.example.com")
    assert given["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
