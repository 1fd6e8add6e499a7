"""What a file is, told from its content: neither its name nor what the browser says of it is believed.

The list holds what people send to a hotline and what a unit proves its work with.  Types that a browser runs (HTML,
SVG) or an office program does (macros) are not on it, nor archives, which hide what they hold.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path

import puremagic

ALLOWED = {
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".txt": "text/plain",
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".mpga": "audio/mpeg",
    ".wav": "audio/wav",
}
"""Types by the ending that the library gives them."""

SHOWN = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
"""Types that may be shown in the page; the others are saved."""

GUESSED = 0.5
"""Below this the library has gone by the name's ending or by two bytes, and text is looked at here."""


def type_of(file: Path) -> str | None:
    """The media type of a file that may be kept, None for any other."""
    try:
        found = puremagic.magic_file(file)
    except (puremagic.PureError, ValueError, OSError, zipfile.BadZipFile, zlib.error, struct.error):
        return None
    best = found[0] if found else None
    if best is not None and best.extension in (".mp3", ".mpga"):
        return ALLOWED[best.extension]
    if best is None or best.confidence < GUESSED or best.extension == ".txt":
        return "text/plain" if _is_text(file) else None
    if best.extension in (".docx", ".xlsx") and _holds_macros(file):
        return None
    return ALLOWED.get(best.extension)


def _holds_macros(file: Path) -> bool:
    with zipfile.ZipFile(file) as archive:
        return any(name.lower().endswith("vbaproject.bin") for name in archive.namelist())


def _is_text(file: Path) -> bool:
    """Text as Chinese offices have it, without control characters."""
    raw = file.read_bytes()
    for encoding in ("utf-8", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return bool(text.strip()) and not any(letter < " " and letter not in "\t\r\n\f" for letter in text)
    return False
