"""What a command needs before it can ask the database anything."""

from __future__ import annotations

import os

import django

from penstock.config import database, env, parent, postgres

SETTINGS = "penstock.config.settings"


def ready(*, as_owner: bool = False) -> None:
    """Start the embedded database if need be, see that it answers, and set Django up.

    Args:
        as_owner: Connect as the login that owns the tables: for migrations and backups only.

    Raises:
        Unavailable: The database cannot be reached or is too old.
    """
    choose_login(as_owner=as_owner)
    parent.follow()
    postgres.ensure_running()
    database.check(env.read(), as_owner=as_owner)
    django.setup()


def choose_login(*, as_owner: bool) -> None:
    """Decide, before settings are read, as whom this process connects."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    os.environ["PENSTOCK_AS_OWNER"] = "1" if as_owner else ""
    env.read.cache_clear()
