from __future__ import annotations

import os
from pathlib import Path

import psycopg
import pytest

from penstock.base.errors import Unavailable
from penstock.config import postgres
from penstock.config.postgres import Cluster, sockets
from penstock.config.postgres.binaries import RunAs
from tests.postgres import UNSAFE

ME = RunAs(os.geteuid(), os.getegid())


def test_short_folder_holds_its_own_socket() -> None:
    assert sockets.folder(Path("/srv/penstock")) == Path("/srv/penstock/run")


def test_long_folder_gets_a_short_socket_that_is_always_the_same() -> None:
    long = Path("/srv") / ("d" * 120)

    found = sockets.folder(long)

    assert len(str(found / sockets.SOCKET_NAME)) <= sockets.LONGEST_PATH
    assert found == sockets.folder(long)
    assert found != sockets.folder(long / "other")


def test_server_in_a_very_long_folder_can_be_reached(home: Path) -> None:
    cluster = Cluster(home / ("d" * 60) / ("e" * 60) / "postgres", UNSAFE)
    cluster.root.parent.mkdir(parents=True)

    postgres.ensure_running(cluster)
    with psycopg.connect(**cluster.conninfo("penstock")) as connection:
        answer = connection.execute("SELECT 1").fetchone()
    postgres.release(cluster)
    cluster.socket.rmdir()

    assert answer == (1,)


def test_link_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    trap = tmp_path / "run"
    trap.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(Unavailable) as refused:
        sockets.prepare(trap, owner=ME)

    assert refused.value.code == "database.foreign_socket_folder"


def test_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()

    with pytest.raises(Unavailable):
        sockets.prepare(tmp_path / "run", owner=RunAs(ME.uid + 1, ME.gid))


def test_open_folder_of_ours_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir(mode=0o755)

    sockets.prepare(folder, owner=ME)

    assert folder.stat().st_mode & 0o777 == 0o700
