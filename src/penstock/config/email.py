"""How mail leaves: through SMTP, or as files in the home until a server is named."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from penstock.config.env import Env


def settings(env: Env) -> dict[str, Any]:
    """Django's ``EMAIL_…`` settings."""
    common = {
        "DEFAULT_FROM_EMAIL": env.email_from,
        "SERVER_EMAIL": env.email_from,
        "EMAIL_TIMEOUT": 20,
    }
    if not env.email_url:
        backend = "django.core.mail.backends.filebased.EmailBackend"
        return {**common, "EMAIL_BACKEND": backend, "EMAIL_FILE_PATH": str(env.home / "mail")}
    url = urlsplit(env.email_url)
    is_tls = url.scheme == "smtps"
    return {
        **common,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": url.hostname or "localhost",
        "EMAIL_PORT": url.port or (465 if is_tls else 587),
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_SSL": is_tls,
        "EMAIL_USE_TLS": not is_tls and url.username is not None,
    }
