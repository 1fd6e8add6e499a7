"""Turns ``asterisk-conf/`` into the configuration of one installation, ``<home>/asterisk/etc``.

A template holds ``@NAME@`` marks; each must be known, and no file is written before all are resolved.  Two
folders below ``etc`` are never touched here: ``pjsip.d`` (the phones, :mod:`hotline.switch.provision`) and
``local`` (the operator's own additions).
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from hotline.settings import Settings
from hotline.switch import certificate, sounds
from hotline.switch.addresses import local_ipv4
from hotline.switch.installation import Installation

CHANNEL_VARIABLES = ("CONTACT_ID", "CITY", "HL_QUEUE", "HL_PRIORITY", "HL_MENU_PATH", "HL_CALLER_CLASS", "HL_NOTE")
"""The dialplan variables that come with every AMI channel event."""

_MARK = re.compile(r"@([A-Z_]+)@")
_LOAD = re.compile(r"^load\s*=>?\s*(\S+\.so)(.*)$", re.MULTILINE)
_BAD_IN_PATH = re.compile(r"[;,()\[\]{}$|&\"'\\\n]")  # each means something in a configuration file or the dialplan
_LONGEST_SOCKET_PATH = 104  # bytes; unix(7) allows 107 and Asterisk's client adds a name of its own
_EMPTY = ("acl", "ccss", "features", "pjproject", "queuerules", "udptl")
"""Files that Asterisk complains about when they are absent, though all their defaults are right."""

_FOLDERS = (
    *("etc/pjsip.d", "etc/local", "lib", "db", "run", "log/cel-custom", "agi", "keys/keys", "cache", "bin"),
    *("data/moh", "data/ringing", "data/sounds", "spool/tmp", "spool/system", "spool/outgoing"),
)


class BadSwitchConfig(Exception):
    """The templates and the settings do not go together; the text lists every problem."""


def needed_modules(conf: Path, *, optional: bool = False) -> list[str]:
    """The modules of ``modules.conf`` that must exist, in loading order; with ``optional`` all of them."""
    found = _LOAD.findall((conf / "modules.conf").read_text("utf-8"))
    return [name for name, rest in found if optional or "(optional)" not in rest]


def render(settings: Settings, conf: Path, ami_secret: str, installation: Installation, prompts: Path) -> None:
    """Writes everything Asterisk reads, mode 0600, and makes its folders.

    ``conf`` is the template folder; ``prompts`` holds the city's sound files by language, which
    the dialplan and the IVR know as ``city/<language>/<name>``.  Raises :class:`BadSwitchConfig` and
    leaves the files of an earlier rendering as they were.
    """
    home = settings.asterisk_dir
    control = home / "run" / "asterisk.ctl"
    if _BAD_IN_PATH.search(str(home)):
        raise BadSwitchConfig(f"{home}: the path may not hold any of ; , ( ) [ ] {{ }} $ | & \" ' or a backslash")
    if len(os.fsencode(control)) > _LONGEST_SOCKET_PATH:
        raise BadSwitchConfig(f"{control}: the path of a control socket may have {_LONGEST_SOCKET_PATH} bytes")
    files = rendered(conf, values(settings, ami_secret, installation), installation)
    for folder in (home, *(home / name for name in _FOLDERS), *_spools(settings)):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, text in files.items():
        write_private(home / "etc" / name, text)
    certificate.ensure(home / "keys" / "asterisk.crt", home / "keys" / "asterisk.key", local_ipv4())
    sounds.ensure(home / "data")
    _link(prompts, home / "data" / "sounds" / "city")
    _link(installation.data / "documentation", home / "data" / "documentation")


def _spools(settings: Settings) -> tuple[Path, ...]:
    return settings.recording_spool, settings.consult_spool, settings.voicemail_spool, settings.survey_spool


def rendered(conf: Path, known: Mapping[str, str], installation: Installation) -> dict[str, str]:
    """The text of every file of ``conf`` with its marks replaced; raises :class:`BadSwitchConfig` for unknown ones."""
    files = {f"{name}.conf": "; All defaults.\n" for name in _EMPTY}
    problems: list[str] = []
    for path in sorted(conf.glob("*.conf")):
        text = path.read_text("utf-8")
        if path.name == "modules.conf":
            text = _without_absent(text, installation.modules)
        for number, line in enumerate(text.splitlines(), 1):
            problems += [
                f"{path.name}:{number}: @{name}@ is unknown" for name in _MARK.findall(line) if name not in known
            ]
        files[path.name] = _MARK.sub(lambda mark: known.get(mark[1], mark[0]), text)
    if len(files) == len(_EMPTY):
        problems.append(f"{conf}: no configuration files here")
    if problems:
        raise BadSwitchConfig("\n".join(problems))
    return files


def values(settings: Settings, ami_secret: str, installation: Installation) -> dict[str, str]:
    """What stands for each mark of the templates."""
    numbers = {
        "AMI_PORT": settings.ami_port,
        "FASTAGI_PORT": settings.fastagi_port,
        "HTTP_PORT": settings.asterisk_http_port,
        "HTTPS_PORT": settings.asterisk_https_port,
        "SIP_PORT": settings.sip_port,
        "SIP_TLS_PORT": settings.sip_tls_port,
        "RTP_START": settings.rtp_start,
        "RTP_END": settings.rtp_end,
        "LONGEST_WAIT": settings.queue_longest_wait_seconds,
        "LONGEST_HOLD": settings.longest_hold_seconds,
        "LONGEST_ABSENCE": settings.lost_call_seconds,
    }
    return {name: str(number) for name, number in numbers.items()} | {
        "AMI_SECRET": ami_secret,
        "BIND": settings.bind_address,
        "CHANNEL_VARIABLES": ",".join(CHANNEL_VARIABLES),
        "CITY": settings.city,
        "CONSULT_SPOOL": str(settings.consult_spool),
        "DIR": str(settings.asterisk_dir),
        "HOTLINE_NUMBER": settings.hotline_number,
        "ICE_MAP": "\n".join(f"{address} => {settings.bind_address}" for address in _mapped_addresses(settings)),
        "ICE_RULES": _ICE_LOOPBACK_ONLY if _on_loopback(settings) else "",
        "MEDIA": _media_lines(settings),
        "MODULE_DIR": str(installation.modules),
        "NAT": _nat_lines(settings),
        "RECORDING_SPOOL": str(settings.recording_spool),
        "TRUNK_CONTACT": settings.trunk_contact,
        "TRUNK_MATCH": settings.trunk_match,
        "UNITS_CONTACT": settings.units_contact,
        "UNITS_MATCH": settings.units_contact.partition(":")[0],
        "VOICEMAIL_SPOOL": str(settings.voicemail_spool),
        "SURVEY_SPOOL": str(settings.survey_spool),
    }


def write_private(path: Path, text: str) -> None:
    """Writes a file that only its owner may read; a reader sees the old text or the new one, never a half."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)


# Asterisk never offers an address of 127.0.0.0/8 by itself.  Mapping the machine's own addresses onto the bind
# address makes it offer that one; the rules, which are checked against the mapped address, forbid all others.
_ICE_LOOPBACK_ONLY = "ice_deny = ::/0\nice_deny = 0.0.0.0/0\nice_permit = 127.0.0.0/255.0.0.0"


def _on_loopback(settings: Settings) -> bool:
    return settings.bind_address.startswith("127.")


def _mapped_addresses(settings: Settings) -> Iterable[str]:
    return local_ipv4() if _on_loopback(settings) else ()


def _media_lines(settings: Settings) -> str:
    """Audio on the bind address, unless that is "every address"."""
    if settings.bind_address == "0.0.0.0":  # noqa: S104 - compared, not bound
        return ""
    return f"media_address = {settings.bind_address}\nbind_rtp_to_media_address = yes"


def _nat_lines(settings: Settings) -> str:
    """What peers outside the local networks are told, when the machine is known outside by another address."""
    if not settings.external_address:
        return ""
    outside = settings.external_address
    networks = "\n".join(f"local_net = {network}" for network in settings.local_networks)
    return f"external_media_address = {outside}\nexternal_signaling_address = {outside}\n{networks}"


def _without_absent(text: str, module_dir: Path) -> str:
    """``modules.conf`` without the optional modules that this Asterisk does not have."""

    def keep(line: re.Match[str]) -> str:
        absent = "(optional)" in line[2] and not (module_dir / line[1]).is_file()
        return f"; absent: {line[1]}" if absent else line[0]

    return _LOAD.sub(keep, text)


def _link(target: Path, name: Path) -> None:
    if name.is_symlink() or name.is_file():
        name.unlink()
    elif name.is_dir():
        shutil.rmtree(name)
    name.symlink_to(target.absolute())
