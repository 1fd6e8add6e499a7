"""What has to be true before the programs start; each step is safe to repeat and quick when there is nothing to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

import cti
import ivr
import ticketing
from hotline import database, migrations, pid_file, ports, programs, resources, seed, switch
from hotline.secrets_file import SecretsFile
from hotline.settings import Settings

Say = Callable[[str], None]


class CannotStart(Exception):
    """Something must be mended first; ``problems`` names everything, one entry a problem."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def city_warnings(settings: Settings) -> list[str]:
    """What is odd in the pack (prompts that are missing or older than their text) but keeps nothing from working."""
    city = ivr.load_city(resources.city_dir(settings) / "ivr.toml")
    return [] if isinstance(city, list) else [str(warning) for warning in city.warnings]


def busy_ports(settings: Settings) -> list[str]:
    """Ports that somebody else holds; those of our own running Asterisk are no problem."""
    ours = {"asterisk"} if switch.running_pid(settings.asterisk_dir) else set()
    return [
        f"port {port.number}/{port.protocol} ({port.setting}) is taken by {port.owner()}; "
        f"stop that, or set HOTLINE_{port.setting.upper()} to another port"
        for port in ports.needed(settings)
        if port.program not in ours and not port.free()
    ]


def find_switch(settings: Settings, say: Say) -> switch.Installation:
    """An Asterisk that can be run: the machine's own or a private one, fetched if need be."""
    try:
        return switch.ensure_asterisk(switch.needed_modules(resources.asterisk_conf()), say)
    except switch.NoAsterisk as error:
        raise CannotStart([f"No Asterisk: {error}"]) from error


def render_switch(settings: Settings, installation: switch.Installation) -> None:
    """Writes all that Asterisk reads, and notes one of this home that runs already, so that it is adopted."""
    secrets = SecretsFile(settings.home)
    prompts = resources.city_dir(settings) / "prompts"
    try:
        switch.render(settings, resources.asterisk_conf(), secrets.get("ami"), installation, prompts)
    except switch.BadSwitchConfig as error:
        raise CannotStart(str(error).splitlines()) from error
    pid = switch.running_pid(settings.asterisk_dir)
    running = pid_file.identify(pid) if pid is not None else None
    if running is not None:
        pid_file.write(programs.run_dir(settings) / "asterisk.pid", running)


def open_database(settings: Settings) -> Engine:
    """The database, reached and brought to the newest revision."""
    settings.home.mkdir(parents=True, exist_ok=True)
    engine = database.build_engine(settings.sqlalchemy_url)
    try:
        migrations.upgrade(engine)
    except SQLAlchemyError as error:
        raise CannotStart([f"The database cannot be used: {short(error)}"]) from error
    return engine


def seed_demo(settings: Settings, engine: Engine) -> dict[str, int]:
    """Fills in the city's demo people and history, as far as they are missing."""
    from hotline import seed_history, seeding  # load the whole desk, which nothing else here needs

    folder, zone, now = resources.city_dir(settings), ZoneInfo(settings.time_zone), datetime.now(UTC)
    content, pack = seed.read(folder), ticketing.load_rulepack(folder)
    if isinstance(pack, list):
        raise CannotStart([str(problem) for problem in pack])
    with database.sessions(engine).begin() as session:
        office = ticketing.OfficeDesk(pack).current(session)
        lived = seed_history.put_history(session, office, content, now, zone)
        added = seeding.put(session, content, SecretsFile(settings.home), now, zone)
    return added | {"tickets": added["tickets"] + lived}


def write_phones(settings: Settings, engine: Engine) -> int:
    """Brings the phones' files in line with the agents in the database (and the demo's citizens); returns how many.

    The database decides: a phone whose agent is gone or disabled loses its file.
    """
    secrets, folder = SecretsFile(settings.home), pjsip_dir(settings)
    with database.sessions(database.read_only(engine))() as session:
        agents = cti.list_agents(session, enabled_only=True)
        wanted = [_seat_phone(agent, secrets) for agent in agents]
    if settings.demo:
        wanted += [_citizen_phone(one, secrets) for one in seed.read(resources.city_dir(settings)).citizen_phones]
    for extension in switch.phones(folder).keys() - {phone.extension for phone in wanted}:
        switch.remove_phone(folder, extension)
    for phone in wanted:
        switch.add_phone(folder, phone)
    return len(wanted)


def pjsip_dir(settings: Settings) -> Path:
    """One file a phone."""
    return settings.asterisk_dir / "etc" / "pjsip.d"


def _seat_phone(agent: cti.AgentRow, secrets: SecretsFile) -> switch.Phone:
    kind: switch.PhoneKind = "web" if agent.kind == "web" else "phone"
    return switch.Phone(agent.extension, kind, agent.display_name, secrets.get(f"sip.{agent.extension}"))


def _citizen_phone(one: dict[str, str], secrets: SecretsFile) -> switch.Phone:
    secret = secrets.get(f"sip.{one['extension']}")
    return switch.Phone(one["extension"], "citizen", one["name"], secret, one["number"])


def short(error: SQLAlchemyError) -> str:
    """The driver's own words; SQLAlchemy's carry the statement."""
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]
