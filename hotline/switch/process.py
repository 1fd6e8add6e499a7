"""The Asterisk process of one installation: its command, whether it is ready, its command line, its end."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from hotline.switch.installation import Installation
from hotline.switch.manager import NoManager, manager

_NO_ETHERNET = "No ethernet interface found for seeding global EID. You will have to set it manually.\n"


class SwitchFailed(Exception):
    """Asterisk did not start or did not stop; the text holds its last words."""


def start_command(installation: Installation, asterisk_dir: Path) -> list[str]:
    """The command that runs Asterisk in the foreground.

    ``umask`` first: what it writes (recordings, call records, its control socket) is for this user alone.
    """
    return ["/bin/sh", "-c", 'umask 077 && exec "$@"', "asterisk", *_program(installation, asterisk_dir), "-f"]


def is_ready(ami_port: int, ami_secret: str, timeout: float = 1.0) -> bool:
    """Whether it is fully booted; waits for that at most ``timeout`` seconds.  Never raises.

    AMI answers while modules are still loading; the event ``FullyBooted``, which every log-in gets, is the proof.
    """
    try:
        with manager(ami_port, ami_secret, events=True, timeout=timeout) as link:
            return any(message.get("Event") == "FullyBooted" for message in link.messages())
    except NoManager:
        return False


def start(
    installation: Installation, asterisk_dir: Path, ami_port: int, ami_secret: str, seconds: float = 20.0
) -> subprocess.Popen[bytes]:
    """Starts it and returns once it is ready; raises :class:`SwitchFailed` with the end of its log."""
    out = asterisk_dir / "log" / "console.log"
    out.unlink(missing_ok=True)
    with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as console:
        process = subprocess.Popen(  # noqa: S603 - our own command, no user text in it
            start_command(installation, asterisk_dir),
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    end = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < end:
        if is_ready(ami_port, ami_secret):
            return process
        time.sleep(0.05)
    if process.poll() is None:
        process.kill()
        process.wait()
    raise SwitchFailed(f"Asterisk did not start.\n{_last_words(asterisk_dir)}")


def stop(installation: Installation, asterisk_dir: Path, seconds: float = 10.0) -> None:
    """Hangs up all calls and ends it; nothing happens when it does not run."""
    pid = running_pid(asterisk_dir)
    if pid is None:
        return
    cli(installation, asterisk_dir, "core stop now")
    end = time.monotonic() + seconds
    while running_pid(asterisk_dir) == pid:
        if time.monotonic() > end:
            raise SwitchFailed(f"Asterisk (pid {pid}) does not stop")
        time.sleep(0.05)


def cli(installation: Installation, asterisk_dir: Path, command: str) -> str:
    """Runs one command of Asterisk's own command line, as ``asterisk -rx`` does, and returns what it prints."""
    done = subprocess.run(  # noqa: S603
        [*_program(installation, asterisk_dir), "-rx", command], capture_output=True, text=True, timeout=20, check=False
    )
    # Said by the client before it reads its configuration, on machines that have only loopback.
    return done.stdout.removeprefix(_NO_ETHERNET)


def running_pid(asterisk_dir: Path) -> int | None:
    """The pid of the running Asterisk of this folder, or None.

    The kernel may have given the number of a dead one to another program, so the program's command line has to
    name this folder's configuration.
    """
    try:
        pid = int((asterisk_dir / "run" / "asterisk.pid").read_text("ascii"))
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return None
    return pid if os.fsencode(_conf(asterisk_dir)) in words else None


def _program(installation: Installation, asterisk_dir: Path) -> list[str]:
    return [*installation.command, "-C", str(_conf(asterisk_dir))]


def _conf(asterisk_dir: Path) -> Path:
    return asterisk_dir / "etc" / "asterisk.conf"


def _last_words(asterisk_dir: Path) -> str:
    lines: list[str] = []
    for name in ("console.log", "messages"):
        path = asterisk_dir / "log" / name
        if path.exists():
            lines += path.read_text("utf-8", "replace").splitlines()[-15:]
    return "\n".join(lines)
