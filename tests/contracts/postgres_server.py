"""A real PostgreSQL for tests, from Debian's package, on a unix socket in a folder of its own.

fsync is off: these tests kill processes, not the machine, and Linux keeps a killed process's writes.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

START_WITHIN = 20.0


class NoPostgres(Exception):
    """The way out is in the message."""


def programs() -> Path:
    """The folder of the newest initdb and postgres; Debian keeps them off the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: float(one.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    raise NoPostgres(
        "no PostgreSQL here: ./hotline test installs it (apt-get install postgresql-common, put "
        "create_main_cluster = false into /etc/postgresql-common/createcluster.conf, then postgresql)"
    )


class PostgresServer:
    """initdb and postgres refuse root, so as root they run as whoever the package made, or nobody."""

    def __init__(self, *, fsync: bool = False) -> None:
        self._fsync = "on" if fsync else "off"
        self._programs = programs()
        self._user = _unprivileged()
        # Not pytest's folder: others may not enter that, and a socket's path has 107 bytes at most.
        self.folder = Path(tempfile.mkdtemp(prefix="hotline-pg-", dir="/tmp"))
        self._log = self.folder / "log"
        if self._user is not None:
            shutil.chown(self.folder, self._user)
        self._process: subprocess.Popen[bytes] | None = None
        options = ["--auth=trust", "--username=hotline", "--encoding=UTF8", "--locale=C", "--no-sync"]
        self._run("initdb", f"--pgdata={self.folder / 'data'}", *options)

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    self._programs / "postgres",
                    *("-D", self.folder / "data"),
                    *("-c", "listen_addresses="),
                    *("-c", f"unix_socket_directories={self.folder}"),
                    *("-c", f"fsync={self._fsync}"),
                ],
                user=self._user,
                group=self._group(),
                extra_groups=None if self._user is None else [],
                stdout=log,
                stderr=log,
                cwd=self.folder,
            )
        self._await_ready(self._process)

    def kill(self) -> None:
        """As when the machine's memory runs out: no warning, no farewell to its clients."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()
            self._process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str = "postgres", *, folder: Path | None = None) -> str:
        return f"postgresql://hotline@/{database}?host={folder or self.folder}"

    def make_database(self, name: str) -> str:
        """An empty database; returns its URL."""
        self.sql(f"CREATE DATABASE {name}")
        return self.url(name)

    def sql(self, statement: str, database: str = "postgres") -> str:
        return self._run("psql", "-h", str(self.folder), "-U", "hotline", "-qAtc", statement, database)

    def _await_ready(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + START_WITHIN
        while time.monotonic() < until and process.poll() is None:
            with contextlib.suppress(subprocess.CalledProcessError):
                self.sql("SELECT 1")
                return
            time.sleep(0.05)
        raise NoPostgres(f"PostgreSQL did not start: {self._log.read_text()[-800:]}")

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [self._programs / program, *arguments],
            user=self._user,
            group=self._group(),
            extra_groups=None if self._user is None else [],
            cwd=self.folder,
            env=os.environ | {"LC_ALL": "C"},
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    def _group(self) -> int | None:
        return None if self._user is None else pwd.getpwnam(self._user).pw_gid


def _unprivileged() -> str | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise NoPostgres("PostgreSQL refuses root, and there is neither a user postgres nor a user nobody here")
