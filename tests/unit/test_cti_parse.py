"""Reading manager streams: any chunking, any line end, any garbage; captures in three forms; masking."""

from __future__ import annotations

import io
import itertools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cti import AmiParser, BadCapture, Mask, clean_event, read_events
from tests.kit.call_stories import CAPTURES, events

pytestmark = pytest.mark.unit

RAW = (CAPTURES / "queue_answered" / "events.ami").read_bytes()


@settings(deadline=None)
@given(st.lists(st.integers(0, len(RAW)), max_size=20))
def test_chunks_do_not_matter(cuts: list[int]) -> None:
    whole = AmiParser().feed(RAW)
    parser = AmiParser()
    edges = [0, *sorted(cuts), len(RAW)]
    assert [m for a, b in itertools.pairwise(edges) for m in parser.feed(RAW[a:b])] == whole


def test_one_byte_at_a_time() -> None:
    parser = AmiParser()
    assert [m for n in range(len(RAW)) for m in parser.feed(RAW[n : n + 1])] == AmiParser().feed(RAW)


def test_line_ends_do_not_matter() -> None:
    assert AmiParser().feed(RAW.replace(b"\r\n", b"\n")) == AmiParser().feed(RAW)


def test_repeated_headers_are_joined() -> None:
    parsed = AmiParser().feed(b"Event: X\r\nChanVariable: A=1\r\nChanVariable: B=2\r\nEmpty:\r\n\r\n")
    assert parsed == [{"Event": "X", "ChanVariable": "A=1\nB=2", "Empty": ""}]


def test_the_greeting_and_garbage_are_read_past() -> None:
    parser = AmiParser()
    data = b"Asterisk Call Manager/7.0.3\r\nEvent: A\r\nno header here\r\n\r\n\x00\xff garbage\r\n\r\nEvent: B\r\n\r\n"
    assert [m["Event"] for m in parser.feed(data)] == ["A", "B"]
    assert parser.junk == 2


def test_a_block_without_end_is_thrown_away() -> None:
    parser = AmiParser()
    for _ in range(40):
        assert parser.feed(b"x" * 65536) == []
    parser.feed(b"\r\n\r\n")
    assert parser.feed(b"Event: A\r\n\r\n") == [{"Event": "A"}]


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    parser = AmiParser()
    parser.feed(data)
    parser.close()
    assert parser.feed(b"\r\n\r\nEvent: A\r\n\r\n")[-1]["Event"] == "A"


@settings(deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=5), st.text())
def test_any_object_becomes_text(value: object, key: str) -> None:
    assert set(map(type, clean_event({key: value, 3: value}).values())) == {str}
    assert clean_event(value) == {}


@pytest.mark.parametrize("indent", [None, 2])
def test_json_arrays_are_read_piece_by_piece(indent: int | None) -> None:
    data = json.dumps(list(events("three_way")) * 5, indent=indent).encode()
    assert len(data) > 2**17
    assert list(read_events(io.BytesIO(data))) == list(events("three_way")) * 5


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_reading_anything_ends_in_events_or_bad_capture(data: bytes) -> None:
    for start in (b"", b"[", b"{", b'[{"Event": "Hangup"},'):
        try:
            for event in read_events(io.BytesIO(start + data)):
                assert all(isinstance(value, str) for value in event.values())
        except BadCapture:
            pass


@pytest.mark.parametrize("data", [b'[{"Event": "A"', b'[{"Event": "A"}, nonsense]', b"{", b"hello\nworld\n", b"[}"])
def test_broken_files_are_named_so(data: bytes) -> None:
    with pytest.raises(BadCapture):
        list(read_events(io.BytesIO(data)))


@pytest.mark.parametrize("data", [b"", b"  \n", b"[]", b"\xef\xbb\xbf[]", b"[1, null, [], {}]"])
def test_empty_captures_are_no_error(data: bytes) -> None:
    assert [event for event in read_events(io.BytesIO(data)) if event] == []


def test_masking_is_consistent_and_keeps_everything_else() -> None:
    mask = Mask()
    text = (
        b"Event: Newchannel\r\nChannel: PJSIP/13812345678-00000001\r\n"
        b"CallerIDNum: 13812345678\r\nCallerIDName: Mrs X\r\n"
        b"Uniqueid: hotline-1795300369.25\r\nLinkedid: 1795300369.25\r\nConnectedLineNum: 8001\r\n"
        b"Exten: 013812345678\r\nAppData: sip:+8613812345678@1.2.3.4\r\nOther: 01087654321\r\n"
        b"CallerIDName: <unknown>\r\n"
        b"ChanVariable: CONTACT_ID=4ce7645a-fe9f-49ad-a9af-5e0e5f459748\r\nConnectedLineName: Mrs X\r\n\r\n"
    )
    masked = b"".join(mask.feed(text[n : n + 7]) for n in range(0, len(text), 7)) + mask.close()
    assert b"12345678" not in masked
    assert b"87654321" not in masked
    assert b"Mrs X" not in masked
    kept = AmiParser().feed(masked)[0]
    assert kept["Channel"] == "PJSIP/13800000001-00000001"
    assert kept["CallerIDNum"] == "13800000001"
    assert kept["Exten"] == "013800000001"
    assert kept["AppData"] == "sip:+8613800000001@1.2.3.4"
    assert kept["Other"] == "01000000002"
    assert kept["ConnectedLineNum"] == "8001"
    assert kept["ConnectedLineName"] == kept["CallerIDName"].split("\n")[0] == "Name 1"
    assert kept["Uniqueid"] == "hotline-1795300369.25"
    assert kept["ChanVariable"] == "CONTACT_ID=4ce7645a-fe9f-49ad-a9af-5e0e5f459748"


def test_a_masked_capture_tells_the_same_story() -> None:
    masked = Mask().feed(RAW)
    plain, other = AmiParser().feed(RAW), AmiParser().feed(masked)
    same = ("Event", "Uniqueid", "Linkedid", "Channel", "DestChannel", "DialStatus")
    assert [[e.get(k) for k in same] for e in plain] == [[e.get(k) for k in same] for e in other]


@pytest.mark.parametrize(
    ("line", "leaks"),
    [
        (b"CallerIDNum: 138-0013-8000", b"0013"),
        (b"AppData: call 138 0013 8000 back", b"0013"),
        (b"AppData: 0571-8888 6666", b"8888"),
        (b"AppData: +86 139-1234-5678", b"1234"),
        (b"MemberName: Wang Min", b"Wang"),
        (b"Caller1Name: Wang Min", b"Wang"),
        (b'CallerID: "Wang Min" <13800138000>', b"Wang"),
    ],
)
def test_the_mask_knows_numbers_with_separators_and_every_field_of_a_name(line: bytes, leaks: bytes) -> None:
    masked = Mask().feed(line + b"\r\n")
    assert leaks not in masked
    assert b"0138000" not in masked and masked.endswith(b"\r\n")
    assert masked.startswith(line.partition(b":")[0])


def test_one_number_has_one_stand_in_however_it_is_written() -> None:
    one, other = Mask().feed(b"A: 13800138000\nA: 138-0013-8000\n").splitlines()
    assert one == other


@pytest.mark.parametrize("line", [b"MemberName: 8001", b"MemberName: PJSIP/8001", b"Date: 2026-11-28 12:00:00"])
def test_the_mask_leaves_what_names_nobody(line: bytes) -> None:
    assert Mask().feed(line + b"\n") == line + b"\n"
