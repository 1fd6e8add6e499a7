"""Telephone numbers: one key for every way of writing one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cti import normalise
from cti.numbers import area_codes

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "raw",
    [
        "13800138000",
        "+8613800138000",
        "8613800138000",
        "008613800138000",
        "013800138000",
        "+86 138-0013-8000",
        "(+86)13800138000",
        "13800138000@carrier",
        "１３８００１３８０００",
        "sip:13800138000@10.0.0.1",
    ],
)
def test_a_mobile_number_has_one_key(raw: str) -> None:
    found = normalise(raw)
    assert (found.key, found.kind, found.place) == ("+8613800138000", "mobile", "")
    assert found.shown == "138 0013 8000"
    assert found.masked == "138****8000"


@pytest.mark.parametrize(
    "raw", ["057188886666", "0571-8888 6666", "+8657188886666", "8657188886666", "+86 0571 88886666"]
)
def test_a_landline_has_one_key_and_a_place(raw: str) -> None:
    found = normalise(raw)
    assert (found.key, found.kind) == ("+8657188886666", "landline")
    assert found.place == area_codes()["0571"]
    assert found.shown == "0571-8888 6666"


@pytest.mark.parametrize(
    ("raw", "key", "kind"),
    [
        ("01088886666", "+861088886666", "landline"),
        ("861088886666", "+861088886666", "landline"),
        ("07198663123", "+867198663123", "landline"),
        ("12345", "12345", "service"),
        ("110", "110", "service"),
        ("95588", "95588", "service"),
        ("4008001234", "4008001234", "service"),
        ("8001", "8001", "extension"),
        ("+442071234567", "+442071234567", "international"),
        ("00442071234567", "+442071234567", "international"),
        ("88886666", "88886666", "unknown"),
        ("1069012345678", "1069012345678", "unknown"),
    ],
)
def test_other_kinds(raw: str, key: str, kind: str) -> None:
    found = normalise(raw)
    assert (found.key, found.kind) == (key, kind)


@pytest.mark.parametrize("raw", ["", "anonymous", "Anonymous", "<unknown>", "unavailable", " Restricted "])
def test_an_anonymous_caller_has_no_key(raw: str) -> None:
    found = normalise(raw)
    assert (found.key, found.shown, found.kind, found.masked) == ("", "", "anonymous", "")


def test_a_number_without_area_code_belongs_to_the_home_area() -> None:
    assert normalise("88886666", "0571") == normalise("057188886666")
    assert normalise("12345", "0571").kind == "service"
    assert normalise("13800138000", "0571").kind == "mobile"


@settings(deadline=None)
@given(st.text())
def test_nothing_raises_and_keys_are_stable(raw: str) -> None:
    found = normalise(raw)
    if found.key:
        assert normalise(found.key) == normalise(normalise(found.key).key)
    assert len(found.key) <= 40
    assert isinstance(found.masked, str)


def test_the_area_codes_are_those_of_a_plan() -> None:
    codes = area_codes()
    assert len(codes) > 300
    for code, place in codes.items():
        assert re.fullmatch(r"0(10|2[0-57-9])|0[3-9]\d\d", code)
        assert place
        assert not any(other != code and other.startswith(code) for other in codes)


def test_a_landline_of_every_area_is_found_in_its_place() -> None:
    for code, place in area_codes().items():
        assert normalise(code + "86655443").place == place
