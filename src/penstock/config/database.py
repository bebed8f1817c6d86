"""Which server, which login: the database as Django and psycopg are told about it."""

from __future__ import annotations

from typing import Any

import psycopg
from django.utils.translation import gettext_noop as _
from psycopg.conninfo import conninfo_to_dict

from penstock.base.errors import Unavailable
from penstock.config.env import Env
from penstock.config.postgres.cluster import DATABASE, OWNER, RUNTIME, Cluster
from penstock.config.sentences import say

OLDEST_MAJOR = 15
#: A question that a connection asked so often is planned once: under row-level security planning a small
#: one takes longer than answering it.
PREPARED = {"server_side_binding": True, "prepare_threshold": 3}
DJANGO_KEYS = {
    "dbname": "NAME",
    "user": "USER",
    "password": "PASSWORD",
    "host": "HOST",
    "port": "PORT",
}


def conninfo(env: Env, *, as_owner: bool = False) -> dict[str, Any]:
    """Keyword arguments for ``psycopg.connect`` as one of the two logins.

    Raises:
        Unavailable: Another server is named without a login for its owner.
    """
    if env.is_embedded:
        return dict(Cluster.of_home(env.home).conninfo(OWNER if as_owner else RUNTIME))
    if as_owner and not env.database_owner_url:
        raise Unavailable(
            "database.no_owner",
            say(
                _(
                    "DATABASE_URL is set but DATABASE_OWNER_URL is not: set it to the "
                    "login that owns the database."
                )
            ),
        )
    return _parsed("DATABASE_OWNER_URL" if as_owner else "DATABASE_URL", env)


def django_settings(env: Env, *, as_owner: bool = False) -> dict[str, Any]:
    """One entry of Django's ``DATABASES``."""
    parameters = conninfo(env, as_owner=as_owner)
    known = {DJANGO_KEYS[name]: value for name, value in parameters.items() if name in DJANGO_KEYS}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE,
        **known,
        # A new connection costs seven times a request; the threads that keep one are few.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {name: value for name, value in parameters.items() if name not in DJANGO_KEYS}
        | PREPARED,
    }


def runtime_role(env: Env) -> str:
    """Name of the run-time login, to which rights are granted."""
    return str(conninfo(env)["user"])


def check(env: Env, *, as_owner: bool = False) -> int:
    """Connect once and return the server's major version.

    Raises:
        Unavailable: Nothing answers there, the login is refused, or the server is too old.
    """
    parameters = conninfo(env, as_owner=as_owner)
    try:
        with psycopg.connect(**{"connect_timeout": 10, **parameters}) as connection:
            return supported(connection.info.server_version)
    except psycopg.OperationalError as error:
        text = _(
            "The database at %(place)s does not answer (%(why)s): check that it runs "
            "and that the address is right."
        )
        why = str(error).strip().splitlines()[-1]
        raise Unavailable(
            "database.unreachable", say(text, place=place(parameters), why=why)
        ) from error


def supported(server_version: int) -> int:
    """The major version in a ``server_version_num``, refused when Penstock cannot use it."""
    major = server_version // 10000
    if major < OLDEST_MAJOR:
        raise Unavailable(
            "database.too_old",
            say(
                _(
                    "The database server is PostgreSQL %(found)s; Penstock needs "
                    "%(needed)s or newer."
                ),
                found=major,
                needed=OLDEST_MAJOR,
            ),
        )
    return major


def place(parameters: dict[str, Any]) -> str:
    """Host, port and database of a connection, without its password."""
    port = f":{parameters['port']}" if parameters.get("port") else ""
    return f"{parameters.get('host', 'localhost')}{port}/{parameters.get('dbname', '')}"


def _parsed(name: str, env: Env) -> dict[str, Any]:
    url = env.database_owner_url if name == "DATABASE_OWNER_URL" else env.database_url
    try:
        return dict(conninfo_to_dict(url))
    except psycopg.ProgrammingError as error:
        raise Unavailable(
            "database.bad_url",
            say(
                _(
                    "%(name)s is not an address of a database: write "
                    "postgresql://user:password@host:5432/name."
                ),
                name=name,
            ),
        ) from error
