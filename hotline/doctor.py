"""Looks at everything the system needs, and for each thing that is wrong names the one command that mends it."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

import ticketing
from hotline import city_pack, database, migrations, pid_file, ports, preparation, programs, resources, switch
from hotline.secrets_file import SecretsFile
from hotline.settings import Settings

State = Literal["ok", "note", "failed"]

_LEAST_DISK = 2_000_000_000  # bytes; an hour of one call as recorded legs is about 115 MB
_LARGEST_SKEW = 2.0  # seconds between the database's clock and ours


@dataclass(frozen=True)
class Check:
    """One look.  A ``note`` is worth knowing but keeps nothing from working; ``mend`` is a command, or empty."""

    name: str
    state: State
    detail: str
    mend: str = ""


def examine(settings: Settings) -> list[Check]:
    """All checks, in the order in which one would mend things."""
    house = (_python, _tools, _clock, _home, _secrets, _files, _asterisk, _network)
    content = (_city, _web_app, _model)
    found = [check for look in (*house, *content) for check in look(settings)]
    return [*found, *_ports(settings), *_programs(settings), *_database(settings)]


def _python(_settings: Settings) -> Iterator[Check]:
    version = ".".join(map(str, sys.version_info[:3]))
    good = (3, 11) <= sys.version_info < (3, 13)
    yield Check("python", "ok" if good else "failed", version, "" if good else "apt-get install python3.11")


def _tools(_settings: Settings) -> Iterator[Check]:
    where = shutil.which("ffmpeg")
    if where:
        yield Check("ffmpeg", "ok", where)
    else:
        yield Check("ffmpeg", "failed", "recordings cannot be encoded", "apt-get install -y ffmpeg")


def _clock(_settings: Settings) -> Iterator[Check]:
    tool = shutil.which("timedatectl")
    said = _output([tool, "show", "--property=NTPSynchronized", "--value"]) if tool else ""
    if said == "yes":
        yield Check("clock", "ok", "synchronised")
    elif said == "no":
        yield Check(
            "clock", "failed", "not synchronised: times on recordings would be wrong", "timedatectl set-ntp true"
        )
    else:
        yield Check("clock", "note", "nobody here can say whether it is synchronised (a container?)")


def _home(settings: Settings) -> Iterator[Check]:
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        trial = settings.home / ".doctor"
        trial.write_bytes(b"")
        trial.unlink()
    except OSError as error:
        yield Check(
            "home", "failed", f"{settings.home}: {error.strerror}", "set HOTLINE_HOME to a folder you may write"
        )
        return
    free = shutil.disk_usage(settings.home).free
    good = free >= _LEAST_DISK
    detail = f"{settings.home}, {free / 1e9:.0f} GB free"
    yield Check("home", "ok" if good else "failed", detail, "" if good else f"du -xhd2 {settings.home} | sort -h")


def _secrets(settings: Settings) -> Iterator[Check]:
    path = SecretsFile(settings.home).path
    if not path.exists():
        yield Check("secrets", "note", "none yet; made at the first start")
        return
    open_to_others = path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    mend = f"chmod 600 {path}" if open_to_others else ""
    yield Check("secrets", "failed" if open_to_others else "ok", str(path), mend)


def _files(settings: Settings) -> Iterator[Check]:
    """Whether the files of tickets can be stored; a store behind the network says so itself when it is used."""
    location = settings.attachment_store
    if location.startswith("s3://"):
        yield Check("ticket files", "note", f"{location}: looked at when it is used")
        return
    trial = Path(location) / ".doctor"
    try:
        trial.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        trial.write_bytes(b"")
        trial.unlink()
    except OSError as error:
        yield Check("ticket files", "failed", f"{location}: {error.strerror}", f"install -d -m 0750 {location}")
    else:
        yield Check("ticket files", "ok", location)


def _asterisk(_settings: Settings) -> Iterator[Check]:
    found = switch.find_asterisk(switch.needed_modules(resources.asterisk_conf()))
    if found is None:
        yield Check("asterisk", "failed", "none found", "hotline switch fetch")
    else:
        yield Check("asterisk", "ok", f"{found.version}{' (private)' if found.private else ''}")


def _network(settings: Settings) -> Iterator[Check]:
    if switch.local_ipv4():
        yield Check("network", "ok", ", ".join(switch.local_ipv4()))
    else:
        mend = "ip addr add 192.0.2.2/32 dev lo"
        yield Check("network", "failed", "only 127.0.0.1: browsers get no media address", mend)
    if programs.reachable(settings.desk_host) != settings.desk_host:
        detail = (
            "browsers give a page their microphone only over https: put a TLS proxy before the desk (docs/install.md)"
        )
        yield Check("https", "note", detail)


def _city(settings: Settings) -> Iterator[Check]:
    problems = city_pack.problems(settings)
    for problem in problems:
        yield Check("city pack", "failed", problem, _mend_city(problem, resources.city_dir(settings)))
    if problems:
        return
    yield Check("city pack", "ok", str(resources.city_dir(settings)))
    warnings = preparation.city_warnings(settings)
    if warnings:
        yield Check("prompts", "note", f"{len(warnings)} remarks, the first: {warnings[0]}", "hotline ivr check")
    else:
        yield Check("prompts", "ok", "all there and up to date")


def _mend_city(problem: str, folder: Path) -> str:
    """The command that says more about the file at fault, or opens it where it is wrong."""
    file, line = [*problem.split(":", 2), ""][:2]
    if not folder.is_dir():
        return f"ls {resources.cities()}"
    if file.endswith("/tickets.toml"):
        return f"hotline rulepack check {folder}"
    if file.endswith(("/ivr.toml", "/prompts.toml")):
        return f"hotline ivr check {folder}"
    return f"editor +{line if line.isdigit() else 1} {file}"


def _web_app(_settings: Settings) -> Iterator[Check]:
    built = (resources.web_app() / "index.html").exists()
    yield Check("web app", "ok", "built") if built else Check("web app", "failed", "not built", "make web")


def _model(settings: Settings) -> Iterator[Check]:
    model = settings.whisper_model if settings.transcriber == "whisper" else settings.vosk_model
    if model is None:
        detail = f"no model for {settings.transcriber}: recordings have no transcript (docs/install.md)"
        yield Check("speech model", "note", detail, "hotline models list")
    elif not model.is_dir():
        setting = f"HOTLINE_{settings.transcriber.upper()}_MODEL"
        yield Check("speech model", "failed", f"{model} ({setting}) is no folder", "hotline models list")
    else:
        yield Check("speech model", "ok", str(model))


def _ports(settings: Settings) -> Iterator[Check]:
    running = {name for name in programs.NAMES if _runs(settings, name)}
    for port in ports.needed(settings):
        name = f"port {port.number}/{port.protocol}"
        if port.program in running:
            yield Check(name, "ok", f"ours ({port.program})")
        elif port.free():
            yield Check(name, "ok", "free")
        else:
            mend = f"export HOTLINE_{port.setting.upper()}=<another port>"
            yield Check(name, "failed", f"taken by {port.owner()}", mend)


def _programs(settings: Settings) -> Iterator[Check]:
    ready = {name: programs.is_ready(name, settings) for name in programs.NAMES}
    for name, good in ready.items():
        if good:
            yield Check(name, "ok", "ready")
        elif any(ready.values()):
            yield Check(name, "failed", "not ready", f"tail -n 50 {settings.log_dir / name}.log")
        else:
            yield Check(name, "note", "not running", "hotline up")


def _database(settings: Settings) -> Iterator[Check]:
    engine = database.build_engine(settings.sqlalchemy_url)
    try:
        if engine.dialect.name == "sqlite" and not (settings.home / "hotline.sqlite").exists():
            yield Check("database", "note", "none yet; made at the first start", "hotline migrate")
            return
        missing = migrations.pending(engine)
        if missing:
            yield Check("database", "failed", f"revisions missing: {', '.join(missing)}", "hotline migrate")
        else:
            yield Check("database", "ok", f"{engine.dialect.name}, newest revision")
            yield from _reminders(settings, engine)
        if engine.dialect.name == "postgresql":
            yield from _database_clock(engine.connect)
    except SQLAlchemyError as error:
        yield Check("database", "failed", preparation.short(error), "systemctl start postgresql")
    finally:
        engine.dispose()


def _reminders(settings: Settings, engine: Engine) -> Iterator[Check]:
    """Whether somebody is told of voice messages that wait too long."""
    pack = ticketing.load_rulepack(resources.city_dir(settings))
    if isinstance(pack, list):
        return  # the city pack's own check has said it
    with database.sessions(database.read_only(engine))() as session:
        untold = ticketing.sections_untold(ticketing.OfficeDesk(pack).current(session), datetime.now(UTC))
    if not untold:
        yield Check("voicemail reminders", "ok", "go to a number or an address")
        return
    of = ", ".join(filter(None, untold)) or "the office"
    detail = f"nobody is told when voice messages wait too long for {of}: enter a number or address under "
    yield Check("voicemail reminders", "note", detail + "Settings, Texts and e-mail")


def _database_clock(connect: Callable[[], Connection]) -> Iterator[Check]:
    with connect() as connection:
        theirs = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    skew = abs((theirs - datetime.now(UTC)).total_seconds())
    good = skew <= _LARGEST_SKEW
    mend = "" if good else "timedatectl set-ntp true"
    yield Check("database clock", "ok" if good else "failed", f"{skew:.1f} s from ours", mend)


def _runs(settings: Settings, name: str) -> bool:
    if name == "asterisk" and switch.running_pid(settings.asterisk_dir) is not None:
        return True
    return pid_file.read(programs.run_dir(settings) / f"{name}.pid") is not None


def _output(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()
