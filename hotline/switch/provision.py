"""Phones added and removed while calls go on: one file each in ``etc/pjsip.d``, then a reload of PJSIP.

The reload takes milliseconds; registrations and calls stay (docs/decisions/0001-private-asterisk.md).  Passwords
are never chosen here: the caller hands in generated ones (``SecretsFile.get("sip.<extension>")``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hotline.switch.render import write_private

PhoneKind = Literal["web", "phone", "citizen"]
"""An agent's browser, an agent's SIP phone, a browser phone of the demo's citizens."""

_EXTENSION = re.compile(r"[0-9]{2,8}")
_NUMBER = re.compile(r"\+?[0-9]{2,20}")
_SECRET = re.compile(r"[0-9A-Za-z]{16,}")
_NOT_IN_A_NAME = re.compile(r"[\x00-\x1f\x7f\"<>;\\\[\]]")
_LINES = """\
; {kind} {extension}: written by this program, changes are lost.
[{extension}]({kind})
auth = {extension}
aors = {extension}
callerid = "{name}" <{number}>

[{extension}](secret)
username = {extension}
password = {password}

[{extension}](seat)
"""


@dataclass(frozen=True)
class Phone:
    """One phone.  ``number`` is what the other side sees; empty: the extension itself."""

    extension: str
    kind: PhoneKind
    name: str
    password: str
    number: str = ""


class BadPhone(ValueError):
    """The phone cannot be written into a configuration file; the text says why."""


def add_phone(pjsip_dir: Path, phone: Phone) -> bool:
    """Writes the phone's file; True if something changed, so that a reload is needed.  Raises :class:`BadPhone`."""
    path = _path(pjsip_dir, phone.extension)
    number = phone.number or phone.extension
    if not _NUMBER.fullmatch(number):
        raise BadPhone(f"not a number: {number!r}")
    if not _SECRET.fullmatch(phone.password):
        raise BadPhone(f"the password of {phone.extension} has to be 16 or more letters and digits")
    # A name may hold anything a person is called; what would end the line or the quotes is left out.
    name = _NOT_IN_A_NAME.sub(" ", phone.name).strip()[:60]
    text = _LINES.format(kind=phone.kind, extension=phone.extension, name=name, number=number, password=phone.password)
    if path.exists() and path.read_text("utf-8") == text:
        return False
    write_private(path, text)
    return True


def remove_phone(pjsip_dir: Path, extension: str) -> bool:
    """Deletes the phone's file; True if there was one."""
    path = _path(pjsip_dir, extension)
    existed = path.exists()
    path.unlink(missing_ok=True)
    return existed


def phones(pjsip_dir: Path) -> dict[str, str]:
    """Extension and kind of every phone, sorted."""
    found: dict[str, str] = {}
    for path in sorted(pjsip_dir.glob("*.conf")):
        section = re.search(r"^\[(\d+)\]\((web|phone|citizen)\)", path.read_text("utf-8"), re.MULTILINE)
        if section is not None:
            found[section[1]] = section[2]
    return found


def _path(pjsip_dir: Path, extension: str) -> Path:
    if not _EXTENSION.fullmatch(extension):
        raise BadPhone(f"an extension has 2 to 8 digits, not {extension!r}")
    return pjsip_dir / f"{extension}.conf"
