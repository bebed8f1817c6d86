from __future__ import annotations

from penstock.config import email, env


def settings_of(url: str) -> dict[str, object]:
    return email.settings(env.parse({"PENSTOCK_EMAIL_URL": url}))


def test_smtp_with_a_login_asks_for_tls() -> None:
    found = settings_of("smtp://me%40example.com:p%2Fw@mail.example.com")

    assert found["EMAIL_HOST"] == "mail.example.com"
    assert found["EMAIL_PORT"] == 587
    assert found["EMAIL_HOST_USER"] == "me@example.com"
    assert found["EMAIL_HOST_PASSWORD"] == "p/w"
    assert found["EMAIL_USE_TLS"] is True
    assert found["EMAIL_USE_SSL"] is False


def test_smtps_speaks_tls_from_the_first_byte() -> None:
    found = settings_of("smtps://mail.example.com")

    assert found["EMAIL_PORT"] == 465
    assert found["EMAIL_USE_SSL"] is True
    assert found["EMAIL_USE_TLS"] is False


def test_local_relay_needs_no_tls() -> None:
    assert settings_of("smtp://localhost:1025")["EMAIL_USE_TLS"] is False
