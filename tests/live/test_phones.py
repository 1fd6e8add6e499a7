"""Phones come and go while calls live; strangers get nowhere; all stays on this machine and in this user's hands."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import ssl
import struct
from pathlib import Path

import pytest

from hotline import switch as house
from hotline.sip_phone import NoPhone, PhoneConfig, SipPhone
from tests.kit.ami_tap import AmiTap
from tests.kit.switch import TestSwitch
from tests.kit.tones import speakers
from tests.kit.waiting import until

pytestmark = pytest.mark.live


async def reload(ami: AmiTap) -> None:
    await ami.send("Reload", Module="res_pjsip.so")


async def test_an_agent_is_added_and_removed_during_a_call(switch: TestSwitch, ami: AmiTap) -> None:
    async with switch.citizen() as citizen, switch.agent() as agent:
        await ami.send("QueueAdd", Queue="citizens", Interface="PJSIP/8101")
        await citizen.call("12345")
        await until(lambda: speakers(citizen.heard(0.5)) == {"agent"}, "the call is up")
        switch.add_agent("8777")
        await reload(ami)
        async with switch.agent("8777") as newcomer:
            assert newcomer.registered
            await ami.send("QueueAdd", Queue="priority", Interface="PJSIP/8777")
            members = await ami.list_of("QueueStatus", "QueueMember", Queue="priority", Member="PJSIP/8777")
            assert [member["Status"] for member in members] == ["1"], "the queue knows at once that it is free"
            await ami.send("QueueRemove", Queue="priority", Interface="PJSIP/8777")
        assert house.remove_phone(switch.pjsip_dir, "8777")
        await reload(ami)
        with pytest.raises(NoPhone):
            await switch.agent("8777").__aenter__()
        await citizen.listen()
        await until(lambda: citizen.heard().seconds > 1, "a second after all that")
        assert speakers(citizen.heard()) == {"agent"}
        assert citizen.in_call
        assert agent.in_call


async def test_a_wrong_password_does_not_register(switch: TestSwitch, ami: AmiTap) -> None:
    with pytest.raises(NoPhone, match=r"40[13]"):
        await SipPhone(PhoneConfig("8101", switch.server, password="12345678")).__aenter__()


async def test_strangers_cannot_call(switch: TestSwitch, ami: AmiTap) -> None:
    """From an address that is neither the carrier's nor a registered phone's."""
    async with SipPhone(PhoneConfig("13900000001", switch.server, address="127.0.0.9")) as stranger:
        await stranger.call("12345")
        assert (await stranger.wait_state("DISCONNECTED"))["code"] in (401, 403)
    assert not ami.of("Newchannel")


async def test_the_demos_citizens_reach_only_the_hotline(switch: TestSwitch, ami: AmiTap) -> None:
    switch.add_agent("9001", "citizen")
    await reload(ami)
    async with switch.agent("9001") as citizen:
        for forbidden in ("8101", "13900000009", "*43"):
            await citizen.call(forbidden)
            ended = await citizen.wait_state("DISCONNECTED", count=1 + ("8101", "13900000009", "*43").index(forbidden))
            assert ended["code"] == 404, forbidden
    house.remove_phone(switch.pjsip_dir, "9001")
    await reload(ami)


async def test_a_citizen_with_an_agents_number_is_still_a_citizen(switch: TestSwitch, ami: AmiTap) -> None:
    async with switch.citizen("8101") as citizen:
        await citizen.call("12345")
        await ami.wait("QueueCallerJoin", CallerIDNum="8101")


def server(switch: TestSwitch, transport: str) -> str:
    return f"127.0.0.1:{switch.settings.sip_tls_port}" if transport == "tls" else switch.server


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
async def test_phones_register_over(switch: TestSwitch, ami: AmiTap, transport: str) -> None:
    config = PhoneConfig(
        "8102", server(switch, transport), password=switch.secrets.get("sip.8102"), transport=transport
    )
    async with SipPhone(config) as phone:
        assert phone.registered


@pytest.mark.parametrize("transport", ["tcp", "tls"])
async def test_the_carrier_may_use(switch: TestSwitch, ami: AmiTap, transport: str) -> None:
    carrier = PhoneConfig(
        "13900000001",
        server(switch, transport),
        address="127.0.0.2",
        transport=transport,
        play=switch.voice("citizen"),
    )
    async with switch.agent() as agent, SipPhone(carrier) as citizen:
        await ami.send("QueueAdd", Queue="citizens", Interface="PJSIP/8101")
        await citizen.call("12345")
        await until(lambda: speakers(agent.heard(0.5)) == {"citizen"}, "the agent hears the citizen")


async def test_sip_over_tls_is_offered(switch: TestSwitch, ami: AmiTap) -> None:
    """TLS 1.2 or newer, with the generated certificate; an OPTIONS over it is answered."""
    folder = switch.settings.asterisk_dir / "keys"
    context = ssl.create_default_context(cafile=str(folder / "asterisk.crt"))
    port = switch.settings.sip_tls_port
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="localhost")
    tls = writer.get_extra_info("ssl_object")
    assert tls.version() in ("TLSv1.2", "TLSv1.3")
    writer.write(
        b"OPTIONS sip:localhost SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
        b"From: <sip:x@127.0.0.1>;tag=1\r\nTo: <sip:localhost>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n"
        b"Content-Length: 0\r\n\r\n"
    )
    assert (await asyncio.wait_for(reader.readline(), 5)).startswith(b"SIP/2.0 ")
    writer.close()


def _listening(pid: int) -> set[tuple[str, str, int]]:
    """Protocol, address and port of every bound IPv4 and IPv6 socket of a process (proc(5))."""
    inodes = {
        target[8:-1]
        for link in Path(f"/proc/{pid}/fd").iterdir()
        if (target := os.readlink(link)).startswith("socket:[")
    }
    found = set()
    for table in ("tcp", "udp", "tcp6", "udp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            address, port = fields[1].split(":")
            if fields[9] in inodes and (table.startswith("udp") or fields[3] == "0A"):
                plain = socket.inet_ntoa(struct.pack("=I", int(address, 16))) if len(address) == 8 else address
                found.add((table, plain, int(port, 16)))
    return found


async def test_only_loopback_is_listened_on(switch: TestSwitch, ami: AmiTap) -> None:
    """Two UDP sockets on a random port are pjproject's name resolver; they answer nobody."""
    pid = house.running_pid(switch.settings.asterisk_dir)
    assert pid is not None
    async with switch.citizen() as citizen:
        await citizen.call("12345")
        await ami.wait("QueueCallerJoin")
        sockets = _listening(pid)
    settings = switch.settings
    ports = {settings.ami_port, settings.sip_port, settings.sip_tls_port, settings.asterisk_http_port}
    assert ports <= {port for _, address, port in sockets if address == "127.0.0.1"}
    outside = {entry for entry in sockets if entry[1] != "127.0.0.1"}
    assert all(protocol.startswith("udp") for protocol, _, _ in outside)
    rtp = range(settings.rtp_start, settings.rtp_end + 1)
    assert not [port for _, _, port in outside if port in rtp or port in ports]
    assert len(outside) <= 2


def test_secrets_are_generated_and_private(switch: TestSwitch) -> None:
    home = switch.settings.asterisk_dir
    readable = [
        path
        for path in [switch.settings.home / "secrets.toml", *home.rglob("*")]
        if path.is_file() and not path.is_symlink() and path.stat().st_mode & 0o077
    ]
    assert not readable
    secret = re.search(r"^secret = (.+)$", (home / "etc/manager.conf").read_text(), re.MULTILINE)
    assert secret is not None
    assert len(secret[1]) >= 32
    passwords = [re.search(r"^password = (.+)$", path.read_text(), re.MULTILINE) for path in switch.pjsip_dir.iterdir()]
    found = [match[1] for match in passwords if match]
    assert len(set(found)) == len(found) == 2
    assert all(len(password) >= 32 for password in found)


async def test_ami_refuses_a_wrong_secret(switch: TestSwitch) -> None:
    with pytest.raises(AssertionError, match="Authentication failed"):
        await AmiTap(switch.settings.ami_port, "secret").__aenter__()


def test_asterisk_starts_without_a_complaint(switch: TestSwitch) -> None:
    """Every module that is asked for is running, every application of the dialplan exists, nothing was reported."""
    dialplan = switch.cli("dialplan show")
    for application in set(re.findall(r"\d\. (\w+)\(", dialplan)):
        assert "not registered" not in switch.cli(f"core show application {application}").strip().splitlines()[0], (
            application
        )
    for function in set(re.findall(r"\$\{([A-Z_]+)\(", (switch.conf / "extensions.conf").read_text())):
        assert "No function" not in switch.cli(f"core show function {function}"), function
    running = switch.cli("module show")
    for module in house.needed_modules(switch.conf, optional=True):
        state = re.search(rf"^{module} .*?(Not )?Running", running, re.MULTILINE)
        assert state, module
        assert not state[1], module


async def test_stopping_and_starting_again(switch: TestSwitch) -> None:
    """``stop`` leaves no process; a phone's registration survives the restart."""
    async with switch.agent("8102"):
        switch.stop()
        assert house.running_pid(switch.settings.asterisk_dir) is None
        assert not house.is_ready(switch.settings.ami_port, switch.secrets.get("ami"))
        switch.stop()
        switch.start()
        assert "8102/sip:8102@" in switch.cli("pjsip show contacts")
