"""The two logins: an owner who migrates and backs up, and a run-time login that owns nothing."""

from __future__ import annotations

import psycopg
from psycopg import sql

from penstock.config.postgres.cluster import DATABASE, OWNER, RUNTIME, SUPERUSER, Cluster

RESTRICTED = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION"


def ensure(cluster: Cluster) -> None:
    """Create database and logins where they are missing, as the superuser; nothing else uses it."""
    with psycopg.connect(**cluster.conninfo(SUPERUSER, "postgres"), autocommit=True) as connection:
        _login(connection, OWNER, "CREATEDB", cluster)
        _login(connection, RUNTIME, "NOCREATEDB", cluster)
        if not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE):
            statement = sql.SQL("CREATE DATABASE {} OWNER {}")
            connection.execute(statement.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))


def _login(connection: psycopg.Connection, name: str, right: str, cluster: Cluster) -> None:
    if _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", name):
        return
    statement = sql.SQL(f"CREATE ROLE {{}} {RESTRICTED} {right} PASSWORD {{}}")
    connection.execute(statement.format(sql.Identifier(name), sql.Literal(cluster.password(name))))


def _exists(connection: psycopg.Connection, query: str, name: str) -> bool:
    return connection.execute(query, [name]).fetchone() is not None


def statements() -> str:
    """The SQL that makes database and logins on another server, for its administrator."""
    return f"""\
CREATE ROLE {OWNER} {RESTRICTED} NOCREATEDB PASSWORD 'choose-one';
CREATE ROLE {RUNTIME} {RESTRICTED} NOCREATEDB PASSWORD 'choose-another';
CREATE DATABASE {DATABASE} OWNER {OWNER} ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE {DATABASE} TO {RUNTIME};
"""
