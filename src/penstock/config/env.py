"""The environment, read once into one frozen record."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext_noop as _

from penstock.base.errors import Unavailable
from penstock.config.sentences import say

TRUE = frozenset({"1", "true", "yes", "on"})


@dataclass(frozen=True, slots=True)
class Env:
    """Everything that Penstock reads from environment variables.

    Attributes:
        home: Folder for data, secrets and logs (``PENSTOCK_HOME``).
        url: Public address (``PENSTOCK_URL``).
        database_url: Run-time login on another server (``DATABASE_URL``); empty: embedded.
        database_owner_url: Owner login on another server (``DATABASE_OWNER_URL``).
        as_owner: Connect as the owner in this process (``PENSTOCK_AS_OWNER``).
        debug: Show details of errors to the browser (``PENSTOCK_DEBUG``).
        secret_key: Signs sessions (``PENSTOCK_SECRET_KEY``); empty: kept in the home.
        log_format: ``json`` or ``console`` (``PENSTOCK_LOG_FORMAT``).
        log_level: Least level that is written (``PENSTOCK_LOG_LEVEL``).
        proxies: Reverse proxies in front (``PENSTOCK_PROXIES``).
        email_url: ``smtp://user:password@host:587`` or ``smtps://`` (``PENSTOCK_EMAIL_URL``).
        email_from: Sender of mails (``PENSTOCK_EMAIL_FROM``).
        oidc_url: Issuer of single sign-on (``PENSTOCK_OIDC_URL``).
        oidc_id: Client id there (``PENSTOCK_OIDC_CLIENT_ID``).
        oidc_secret: Client secret there (``PENSTOCK_OIDC_CLIENT_SECRET``).
        oidc_name: Label of the button (``PENSTOCK_OIDC_NAME``).
        signup: ``open`` to everybody, or ``closed`` but to whom is invited (``PENSTOCK_SIGNUP``).
    """

    home: Path
    url: SplitResult
    database_url: str
    database_owner_url: str
    as_owner: bool
    debug: bool
    secret_key: str
    log_format: str
    log_level: str
    proxies: int
    email_url: str
    email_from: str
    oidc_url: str
    oidc_id: str
    oidc_secret: str
    oidc_name: str
    signup: str

    @property
    def is_embedded(self) -> bool:
        """Whether Penstock runs its own PostgreSQL."""
        return not self.database_url

    @property
    def is_https(self) -> bool:
        """Whether people reach Penstock over TLS."""
        return self.url.scheme == "https"

    @property
    def origin(self) -> str:
        """Scheme, host and port of the public address."""
        return f"{self.url.scheme}://{self.url.netloc}"


def parse(environ: Mapping[str, str]) -> Env:
    """Read a mapping of environment variables; nothing else is looked at.

    Raises:
        Unavailable: A value cannot be understood.
    """
    url = _url(environ)
    return Env(
        home=_home(environ),
        url=url,
        database_url=environ.get("DATABASE_URL", ""),
        database_owner_url=environ.get("DATABASE_OWNER_URL", ""),
        as_owner=_flag(environ, "PENSTOCK_AS_OWNER"),
        debug=_flag(environ, "PENSTOCK_DEBUG"),
        secret_key=environ.get("PENSTOCK_SECRET_KEY", ""),
        log_format=environ.get("PENSTOCK_LOG_FORMAT", "console"),
        log_level=environ.get("PENSTOCK_LOG_LEVEL", "INFO").upper(),
        proxies=_number(environ, "PENSTOCK_PROXIES", default=int(url.scheme == "https")),
        email_url=environ.get("PENSTOCK_EMAIL_URL", ""),
        email_from=environ.get("PENSTOCK_EMAIL_FROM", f"penstock@{url.hostname or 'localhost'}"),
        oidc_url=environ.get("PENSTOCK_OIDC_URL", ""),
        oidc_id=environ.get("PENSTOCK_OIDC_CLIENT_ID", ""),
        oidc_secret=environ.get("PENSTOCK_OIDC_CLIENT_SECRET", ""),
        oidc_name=environ.get("PENSTOCK_OIDC_NAME", "Single sign-on"),
        signup=_signup(environ),
    )


@cache
def read() -> Env:
    """The environment of this process, read at the first call."""
    return parse(os.environ)


def secret_key(env: Env) -> str:
    """The given key, or one that is made once and kept readable for this user only."""
    if env.secret_key:
        return env.secret_key
    path = env.home / "secret_key"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(50))
    return path.read_text().strip()


def write_private(path: Path, text: str) -> None:
    """Write a file that only this user can read; the first of two writers wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text)
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _url(environ: Mapping[str, str]) -> SplitResult:
    url = urlsplit(environ.get("PENSTOCK_URL", "http://localhost:8000").rstrip("/"))
    if url.scheme not in {"http", "https"} or not url.hostname or url.path:
        text = _("PENSTOCK_URL is not an address like https://crm.example.com: correct it.")
        raise Unavailable("config.bad_url", say(text))
    return url


def _number(environ: Mapping[str, str], name: str, *, default: int) -> int:
    given = environ.get(name, "")
    if given and not given.isdigit():
        text = _("%(name)s is not a number: correct it or leave it out.")
        raise Unavailable("config.bad_number", say(text, name=name))
    return int(given or default)


def _signup(environ: Mapping[str, str]) -> str:
    given = environ.get("PENSTOCK_SIGNUP", "").lower() or "open"
    if given not in ("open", "closed"):
        text = _("%(name)s is none of %(values)s: correct it or leave it out.")
        raise Unavailable(
            "config.bad_signup", say(text, name="PENSTOCK_SIGNUP", values="open, closed")
        )
    return given


def _flag(environ: Mapping[str, str], name: str) -> bool:
    return environ.get(name, "").lower() in TRUE


def _home(environ: Mapping[str, str]) -> Path:
    if given := environ.get("PENSTOCK_HOME"):
        return Path(given).expanduser().absolute()
    # Root's own home is closed to the user that PostgreSQL has to run as.
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/penstock")
    shared = environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(shared) / "penstock"
