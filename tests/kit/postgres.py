"""A private PostgreSQL in a temporary folder, reached by a socket in that folder; no port, no password."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

_NOBODY = 65534
SMALL = ("shared_buffers=32MB",)


class Postgres:
    """One cluster; ``kill()`` is a power cut, ``start()`` brings it back."""

    def __init__(self, tools: Path, folder: Path, settings: Sequence[str] = SMALL) -> None:
        self.tools, self.folder, self.settings = tools, folder, settings
        self.user = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        self.url = f"postgresql+psycopg://hotline@/postgres?host={folder}"

    def _run(self, *command: str) -> None:
        subprocess.run(
            [str(self.tools / command[0]), *command[1:]],
            check=True,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            cwd="/",
            **self.user,  # type: ignore[call-overload]
        )

    def create(self) -> None:
        self._run("initdb", "-D", f"{self.folder}/data", "-U", "hotline", "-A", "trust", "-E", "UTF8", "--no-sync")
        self.start()

    def start(self) -> None:
        chosen = "".join(f" -c {setting}" for setting in self.settings)
        options = f"-k {self.folder} -c listen_addresses='' -c max_connections=60{chosen}"
        log = f"{self.folder}/log"
        self._run("pg_ctl", "-D", f"{self.folder}/data", "-w", "-t", "60", "-l", log, "-o", options, "start")

    def database(self, name: str) -> str:
        """The address of a database of this name, made when it is not there yet."""
        with psycopg.connect(f"postgresql://hotline@/postgres?host={self.folder}", autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if known is None:
                connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        return self.url.replace("/postgres?", f"/{name}?")

    def kill(self) -> None:
        """kill -9 of the server and all its backends."""
        while everybody := [pid for pid in _working_in(self.folder / "data") if _alive(pid)]:
            for pid in everybody:  # again and again: the leader may have been starting one more
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            os.sched_yield()
        # where process 1 does not collect the dead, a stale lock file would name a process that "still exists"
        for lock in (self.folder / "data" / "postmaster.pid", self.folder / ".s.PGSQL.5432.lock"):
            lock.unlink(missing_ok=True)

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "-D", f"{self.folder}/data", "-m", mode, "-w", "-t", "300", "stop")


def _working_in(folder: Path) -> list[int]:
    """Processes whose working directory this is: a cluster's server and its backends, and nobody else."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").readlink() == folder:
                found.append(int(process.name))
    return found


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def tools_folder() -> Path | None:
    """Where initdb lies; None when PostgreSQL's server is not installed."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).parent] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in found if (folder / "initdb").exists()), None)


@contextmanager
def postgres(tools: Path) -> Iterator[Postgres]:
    """A running cluster in a folder with a short name (socket paths are limited to 107 bytes)."""
    folder = Path(tempfile.mkdtemp(prefix="hlpg-"))
    folder.chmod(0o777)
    server = Postgres(tools, folder)
    try:
        server.create()
        yield server
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


_held = ExitStack()


@cache
def shared_postgres() -> Postgres:
    """One cluster for all tests of a process, each kind of test with a database of its own in it."""
    tools = tools_folder()
    assert tools is not None, "apt-get install -y postgresql"
    return _held.enter_context(postgres(tools))


def stop_shared_postgres() -> None:
    """At the end of the run."""
    shared_postgres.cache_clear()
    _held.close()
