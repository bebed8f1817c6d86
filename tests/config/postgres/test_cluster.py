"""The life of the embedded server, on real servers of their own."""

from __future__ import annotations

import os
import signal
import stat
import time
from pathlib import Path

import psycopg
import pytest

from penstock.base.errors import Unavailable
from penstock.config import postgres
from penstock.config.postgres import Cluster, pidfile
from penstock.config.postgres.cluster import OWNER, RUNTIME


def write_row(cluster: Cluster) -> None:
    with psycopg.connect(**cluster.conninfo(OWNER)) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 42 AS answer")


def read_row(cluster: Cluster) -> object:
    with psycopg.connect(**cluster.conninfo(OWNER)) as owner:
        return owner.execute("SELECT answer FROM kept").fetchone()


def kill(cluster: Cluster) -> None:
    """End the server as a power failure would, and wait until it is gone."""
    pid = pidfile.living_pid(cluster.data)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    while pidfile.living_pid(cluster.data):
        time.sleep(0.02)


def test_second_start_finds_the_data(cluster: Cluster) -> None:
    postgres.ensure_running(cluster)
    write_row(cluster)
    postgres.release(cluster)
    assert not cluster.is_running

    postgres.ensure_running(cluster)

    assert read_row(cluster) == (42,)


def test_calling_twice_starts_one_server(cluster: Cluster) -> None:
    postgres.ensure_running(cluster)
    pid = pidfile.living_pid(cluster.data)

    postgres.ensure_running(cluster)

    assert pidfile.living_pid(cluster.data) == pid


def test_killed_server_recovers_its_data(cluster: Cluster) -> None:
    postgres.ensure_running(cluster)
    write_row(cluster)
    kill(cluster)

    postgres.ensure_running(cluster)

    assert read_row(cluster) == (42,)


def test_interrupted_first_start_is_begun_anew(cluster: Cluster) -> None:
    draft = cluster.root / "data.new"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")

    postgres.ensure_running(cluster)

    assert cluster.is_running


def test_pid_of_another_program_is_not_taken_for_a_server(cluster: Cluster) -> None:
    postgres.ensure_running(cluster)
    postgres.release(cluster)
    file = cluster.data / "postmaster.pid"
    file.write_text(f"{os.getpid()}\n{cluster.data}\n")
    assert not cluster.is_running

    postgres.ensure_running(cluster)

    assert pidfile.living_pid(cluster.data) != os.getpid()


def test_logins_are_no_superusers_and_the_network_is_closed(cluster: Cluster) -> None:
    postgres.ensure_running(cluster)

    with psycopg.connect(**cluster.conninfo(RUNTIME)) as connection:
        roles = connection.execute(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'penstock%'"
            " AND (rolsuper OR rolbypassrls OR rolcreaterole)"
        ).fetchall()
        listening = connection.execute("SHOW listen_addresses").fetchone()
        encoding = connection.execute(
            "SELECT pg_encoding_to_char(encoding), datlocprovider, datlocale FROM pg_database"
            " WHERE datname = current_database()"
        ).fetchone()

    assert roles == []
    assert listening == ("",)
    assert encoding == ("UTF8", "b", "C.UTF-8")


def test_wrong_password_is_refused_even_here(cluster: Cluster) -> None:
    postgres.ensure_running(cluster)
    wrong = cluster.conninfo(OWNER) | {"password": "guess"}

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(**wrong)


def test_nobody_else_can_read_data_socket_or_passwords(cluster: Cluster) -> None:
    postgres.ensure_running(cluster)

    assert stat.S_IMODE(cluster.data.stat().st_mode) == 0o700
    assert stat.S_IMODE(cluster.socket.stat().st_mode) == 0o700
    assert stat.S_IMODE(cluster.passwords.stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to step down")
def test_root_steps_down(cluster: Cluster) -> None:
    postgres.ensure_running(cluster)

    pid = pidfile.living_pid(cluster.data)

    assert pid is not None
    assert Path(f"/proc/{pid}").stat().st_uid != 0
    assert cluster.data.stat().st_uid != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user can open its own folders")
def test_root_keeps_data_out_of_a_closed_home(home: Path) -> None:
    home.chmod(0o700)

    found = Cluster.of_home(home / "x")

    assert found.root.parent == Path("/var/lib/penstock")
    assert found == Cluster.of_home(home / "x")


def test_data_of_another_version_is_one_sentence(cluster: Cluster) -> None:
    postgres.ensure_running(cluster)
    postgres.release(cluster)
    (cluster.data / "PG_VERSION").write_text("16\n")

    with pytest.raises(Unavailable) as refused:
        postgres.ensure_running(cluster)

    assert refused.value.code == "database.other_version"
    assert "16" in str(refused.value)


def test_failure_names_the_reason_and_the_log(cluster: Cluster) -> None:
    broken = Cluster(cluster.root, {**cluster.settings, "shared_buffers": "a lot"})

    with pytest.raises(Unavailable) as refused:
        postgres.ensure_running(broken)

    assert refused.value.code == "database.not_started"
    assert "shared_buffers" in str(refused.value) or "configuration" in str(refused.value)
    assert str(cluster.log) in str(refused.value)
