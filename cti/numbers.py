"""Telephone numbers of the Chinese mainland plan: one canonical key for every way a number is written.

Sources: the national plan keeps trunk prefix 0, area codes of 2–3 digits behind it and subscriber numbers of
7–8 digits; mobile numbers have 11 digits and begin with 13–19; short service numbers begin with 1 or 95/96.
A mobile number tells nothing about a place any more (number portability since 2019), so none is claimed.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

Kind = Literal["mobile", "landline", "service", "extension", "international", "anonymous", "unknown"]

_ANONYMOUS = frozenset(
    {"", "anonymous", "unknown", "<unknown>", "restricted", "withheld", "private", "unavailable", "asterisk"}
)
_MOBILE = re.compile(r"1[3-9]\d{9}")
_SERVICE = re.compile(r"1\d{2,4}|9[56]\d{3,4}|1[0-2]\d{4}|[48]00\d{7}")
_SUBSCRIBER = re.compile(r"[2-8]\d{6,7}")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is kept (``key``), shown and sorted.

    ``key`` is ``+86…`` for full numbers, the bare digits for service numbers and extensions, and empty for
    an anonymous caller: never look up history by an empty key.
    """

    key: str
    shown: str
    kind: Kind
    place: str = ""
    """Province and city of a landline; empty for everything else."""

    @property
    def masked(self) -> str:
        """For lists and logs people see over a shoulder: the middle is starred."""
        digits = self.key.removeprefix("+86") or self.shown
        if len(digits) < 7 or not digits.lstrip("+").isdigit():
            return self.shown
        prefix = "0" if self.kind == "landline" else ""
        return f"{prefix}{digits[:3]}****{digits[-4:]}"


@lru_cache(maxsize=1)
def area_codes() -> dict[str, str]:
    """Area code with its 0 → province and city, from ``cti/data/area_codes.csv``."""
    text = resources.files("cti").joinpath("data/area_codes.csv").read_text(encoding="utf-8")
    return {
        row["area_code"]: row["place"] if row["place"] == row["province"] else row["province"] + row["place"]
        for row in csv.DictReader(text.splitlines())
    }


@lru_cache(maxsize=4096)
def normalise(raw: str, home_area_code: str = "") -> Number:
    """The number behind ``raw``, whatever the carrier, a phone or a person put around it.

    ``home_area_code`` (``"0571"``) completes a subscriber number given without one.  Never raises: what is not
    understood comes back as ``unknown`` with its digits as key.
    """
    written = unicodedata.normalize("NFKC", raw[:64]).strip()
    if written.lower() in _ANONYMOUS:
        return Number("", "", "anonymous")
    plus = written.startswith("+")
    digits = re.sub(r"[^0-9]", "", written.split("@")[0])
    if not digits:
        return Number("", written[:40], "unknown")
    if plus and not digits.startswith("86"):
        return Number("+" + digits, "+" + digits, "international")
    if digits.startswith("00") and not digits.startswith("0086") and len(digits) > 8:
        return Number("+" + digits[2:], "+" + digits[2:], "international")
    national = _without_country_code(digits, certain=plus or digits.startswith("0086"))
    return _mobile(national) or _landline(national, home_area_code) or _short(national)


def _without_country_code(digits: str, *, certain: bool) -> str:
    """The national form.  A bare leading 86 is the country code only if a full number stands behind it."""
    rest = digits.removeprefix("00")
    if not rest.startswith("86"):
        return digits
    rest = rest[2:]
    if _MOBILE.fullmatch(rest.removeprefix("0")):
        return rest
    full_landline = _split_area("0" + rest.removeprefix("0")) is not None
    if full_landline and (certain or len(rest) >= 9):
        return "0" + rest.removeprefix("0")
    return rest if certain else digits


def _mobile(digits: str) -> Number | None:
    number = digits.removeprefix("0")
    if not _MOBILE.fullmatch(number):
        return None
    return Number("+86" + number, f"{number[:3]} {number[3:7]} {number[7:]}", "mobile")


def _landline(digits: str, home_area_code: str) -> Number | None:
    if home_area_code and _SUBSCRIBER.fullmatch(digits):
        digits = home_area_code + digits
    parts = _split_area(digits)
    if parts is None:
        return None
    area, subscriber = parts
    cut = len(subscriber) - 4
    shown = f"{area}-{subscriber[:cut]} {subscriber[cut:]}"
    return Number("+86" + area[1:] + subscriber, shown, "landline", area_codes().get(area, ""))


def _split_area(digits: str) -> tuple[str, str] | None:
    """``05718888…`` → (``0571``, ``8888…``); unlisted four-digit area codes are split too, listed or not."""
    if not digits.startswith("0") or digits.startswith("00"):
        return None
    length = 3 if digits[1:2] in {"1", "2"} else 4
    area, subscriber = digits[:length], digits[length:]
    return (area, subscriber) if _SUBSCRIBER.fullmatch(subscriber) else None


def _short(digits: str) -> Number:
    if _SERVICE.fullmatch(digits):
        return Number(digits, digits, "service")
    if len(digits) <= 6:
        return Number(digits, digits, "extension")
    return Number(digits, digits, "unknown")
