"""A carrier that wants a registration, played by a second Asterisk: both directions, by the file that the docs show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.ami_tap import AmiTap
from tests.kit.stack import ports_at
from tests.kit.switch import TestSwitch, running_switch
from tests.kit.tones import speakers
from tests.kit.waiting import until

pytestmark = pytest.mark.live

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "carrier-registration.conf"


@pytest.fixture
def office(switch: TestSwitch) -> Iterator[TestSwitch]:
    """A second switch, whose carrier is the first one: registered there as 8102."""
    words = {"CARRIER_HOST": switch.server, "CARRIER_USER": "8102", "CARRIER_PASSWORD": switch.secrets.get("sip.8102")}
    text = EXAMPLE.read_text("utf-8")
    for word, value in words.items():
        text = text.replace(word, value)
    with running_switch(trunk_match="127.0.0.1", trunk_contact=switch.server, **ports_at(6000)) as office:
        (office.settings.asterisk_dir / "etc" / "local" / "pjsip.conf").write_text(text)
        office.cli("module reload")
        yield office


async def test_the_office_registers_and_is_called(switch: TestSwitch, ami: AmiTap, office: TestSwitch) -> None:
    def registered() -> bool:
        return "Registered" in office.cli("pjsip show registrations")

    await until(registered, "the registration")
    await until(lambda: "8102/sip:12345@" in switch.cli("pjsip show contacts"), "the carrier knows where to call")
    async with switch.agent() as outside, office.ami() as office_ami:
        await outside.call("8102")
        joined = await office_ami.wait("QueueCallerJoin", Queue="citizens")
        assert joined["CallerIDNum"] == "8101"
        await until(lambda: abs(outside.heard(0.5).samples).max(initial=0) > 500, "the office's waiting music")


async def test_the_office_calls_out_with_the_carriers_log_in(
    switch: TestSwitch, ami: AmiTap, office: TestSwitch
) -> None:
    """The carrier asks for the password of every call; here its echo line is what is dialled."""
    await until(lambda: "Registered" in office.cli("pjsip show registrations"), "the registration")
    async with office.ami() as office_ami:
        await office_ami.send(
            "Originate", Channel="PJSIP/*43@trunk", Context="hold", Exten="s", Priority="1", Async="true"
        )
        await office_ami.wait("OriginateResponse", Response="Success")
        await ami.wait("Newchannel", Context="from-agents", Exten="*43")


async def test_an_outside_voice_is_heard(switch: TestSwitch, ami: AmiTap, office: TestSwitch) -> None:
    await until(lambda: "Registered" in office.cli("pjsip show registrations"), "the registration")
    async with switch.agent() as outside, office.ami() as office_ami:
        await outside.call("8102")
        joined = await office_ami.wait("QueueCallerJoin")
        await office_ami.send("Redirect", Channel=joined["Channel"], Context="from-agents", Exten="*43", Priority="1")
        await until(lambda: speakers(outside.heard(0.5)) == {"agent"}, "one's own voice, back from the office")
