"""One PostgreSQL data folder: made, configured, started and stopped."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop as _

from penstock.base.errors import Unavailable
from penstock.config.env import write_private
from penstock.config.postgres import binaries, sockets
from penstock.config.postgres.pidfile import forget_stale, living_pid
from penstock.config.sentences import say

SUPERUSER = "postgres"
OWNER = "penstock_owner"
RUNTIME = "penstock"
DATABASE = "penstock"

#: Seconds between attempts to start after a crash.
PAUSES = (0.2, 0.5, 1, 2, 4)

#: Sorting is byte order, the same on every system.
INITDB = (
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
)

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "max_connections": "80",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "wal_compression": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "on",
    "log_directory": "../log",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_min_duration_statement": "2s",
    "password_encryption": "scram-sha-256",
}


@dataclass(frozen=True)
class Cluster:
    """A server of our own in one folder.

    Attributes:
        root: Holds ``data``, ``log``, ``run`` (the socket), the passwords and the locks.
        settings: Server settings on top of ours (tests switch fsync off).
    """

    root: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_home(cls, home: Path) -> Cluster:
        """The server of a home folder; beside it when root's home is closed to others."""
        if os.geteuid() == 0 and not binaries.is_open_to_others(home):
            digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
            return cls(Path("/var/lib/penstock") / digest)
        return cls(home / "postgres")

    @property
    def data(self) -> Path:
        """What PostgreSQL calls PGDATA."""
        return self.root / "data"

    @property
    def log(self) -> Path:
        """Folder of the server's own log, a file for each day of the week."""
        return self.root / "log"

    @property
    def socket(self) -> Path:
        """Folder of the Unix socket; also the ``host`` of every connection."""
        return sockets.folder(self.root)

    @property
    def passwords(self) -> Path:
        """The libpq password file with the three logins."""
        return self.root / "passwords"

    def conninfo(self, user: str, dbname: str = DATABASE) -> dict[str, Any]:
        """Keyword arguments for ``psycopg.connect``."""
        return {
            "host": str(self.socket),
            "user": user,
            "dbname": dbname,
            "passfile": str(self.passwords),
        }

    @property
    def is_running(self) -> bool:
        """Whether a PostgreSQL process holds the data folder."""
        return living_pid(self.data) is not None

    def start(self) -> None:
        """Make the data folder if there is none, and start the server; harmless when it runs.

        Raises:
            Unavailable: PostgreSQL cannot start; the message names its log.
        """
        as_ = binaries.run_as(self.data)
        self.make_root()
        for folder in (self.log, self.socket):
            sockets.prepare(folder, owner=as_)
        if self.is_running:
            return
        if not self.data.exists():
            self._initialise(as_)
        self._check_version()
        forget_stale(self.data, self.socket)
        (self.data / "penstock.conf").write_text(self._configuration())
        self._launch(as_)

    def stop(self) -> None:
        """Stop the server and wait for it; open connections are ended."""
        if self.is_running:
            self._pg_ctl("stop", "-w", "-t", "60", "-m", "fast", as_=binaries.run_as(self.data))

    def _launch(self, as_: binaries.RunAs) -> None:
        """Start, and again while processes of a killed server still hold its shared memory."""
        start = ("start", "-w", "-t", "60", "-l", str(self.log / "start.log"))
        for pause in PAUSES:
            try:
                return self._pg_ctl(*start, as_=as_)
            except Unavailable as error:
                if "shared memory" not in str(error):
                    raise
                time.sleep(pause)
        return self._pg_ctl(*start, as_=as_)

    def make_root(self) -> None:
        """Make the folder itself: closed, but for root, whose server runs as another user."""
        self.root.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)

    def _initialise(self, as_: binaries.RunAs) -> None:
        """Run initdb beside the final place, so that an interrupted one is never taken for data."""
        self._write_passwords()
        draft = self.root / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        as_.own(draft)
        with tempfile.NamedTemporaryFile("w", dir=self.socket, prefix="initdb-") as secret:
            secret.write(self.password(SUPERUSER))
            secret.flush()
            as_.own(Path(secret.name))
            self._initdb(draft, secret.name, as_)
        with (draft / "postgresql.conf").open("a") as file:
            file.write("\ninclude = 'penstock.conf'\n")
        draft.rename(self.data)

    def _initdb(self, draft: Path, password_file: str, as_: binaries.RunAs) -> None:
        options = ["-D", str(draft), "-U", SUPERUSER, "--pwfile", password_file, *INITDB]
        done = binaries.run(self._program("initdb", as_), *options, as_=as_, cwd=self.log)
        if done.returncode:
            raise _not_started(done.stderr.strip().splitlines()[-1:], self.log)

    def _write_passwords(self) -> None:
        lines = [
            f"*:*:*:{user}:{secrets.token_urlsafe(24)}" for user in (SUPERUSER, OWNER, RUNTIME)
        ]
        write_private(self.passwords, "\n".join(lines) + "\n")

    def password(self, user: str) -> str:
        """The password of one of the three logins."""
        lines = self.passwords.read_text().splitlines()
        return next(line.rsplit(":", 1)[1] for line in lines if f":{user}:" in line)

    def _configuration(self) -> str:
        settings = {**SETTINGS, "unix_socket_directories": str(self.socket), **self.settings}
        return "".join(f"{name} = '{value}'\n" for name, value in settings.items())

    def _check_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != str(binaries.MAJOR):
            raise Unavailable(
                "database.other_version",
                say(
                    _(
                        "The data in %(path)s was written by PostgreSQL %(found)s, this "
                        "is %(ours)s: restore a backup into a new folder."
                    ),
                    path=self.data,
                    found=found,
                    ours=binaries.MAJOR,
                ),
            )

    def _pg_ctl(self, action: str, *options: str, as_: binaries.RunAs) -> None:
        began = time.time()
        command = (action, "-s", "-D", str(self.data), *options)
        done = binaries.run(self._program("pg_ctl", as_), *command, as_=as_, cwd=self.log)
        if done.returncode:
            raise _not_started(self._last_words(since=began), self.log)

    def _last_words(self, *, since: float) -> list[str]:
        """What the server said before it gave up."""
        # A file's time may be a little behind the clock.
        fresh = [path for path in self.log.glob("*.log") if path.stat().st_mtime > since - 2]
        lines = [line for path in fresh for line in path.read_text(errors="replace").splitlines()]
        return [line.partition("FATAL:")[2].strip() for line in lines if "FATAL:" in line][-1:]

    def _program(self, name: str, as_: binaries.RunAs) -> Path:
        return binaries.folder(self.root / f"programs-{binaries.MAJOR}", as_=as_) / name


def _not_started(words: list[str], log: Path) -> Unavailable:
    text = _("The embedded PostgreSQL did not start (%(why)s): its log is in %(log)s.")
    return Unavailable("database.not_started", say(text, why=" ".join(words) or "?", log=log))
