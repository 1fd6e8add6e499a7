"""The phone's process: ``python -m hotline.sip_phone.program``; JSON lines in on stdin, JSON lines out on stdout.

First line in: the configuration (:class:`hotline.sip_phone.driver.PhoneConfig` as JSON; not in the arguments, where
other users could read the password).  Then commands ``{"cmd": …}``; every command is answered by ``ok`` or
``error`` with its ``id``.  Events: ``ready``, ``registration``, ``incoming``, ``state``, ``media``, ``digit``.

pjsua2 runs without threads of its own for signalling: all its callbacks come from ``libHandleEvents`` in the one
loop below, so nothing here needs a lock.  One process a phone, because pjsua2 allows one endpoint a process.
"""

from __future__ import annotations

import json
import os
import select
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pjsua2 as pj

_STEP = 10  # milliseconds of one turn of the loop
_TRANSPORTS = {"udp": pj.PJSIP_TRANSPORT_UDP, "tcp": pj.PJSIP_TRANSPORT_TCP, "tls": pj.PJSIP_TRANSPORT_TLS}
_CODECS = {"PCMU": 254, "PCMA": 253, "opus": 252}
_LONGEST_GOODBYE = 2.0  # seconds


_to_driver = os.dup(1)
os.dup2(2, 1)  # pjsua2 prints its own lines to stdout; they must not come between ours


def emit(event: str, **fields: Any) -> None:
    """One line to the driver, with the wall-clock time of the event."""
    line = json.dumps({"event": event, "at": round(time.time(), 3), **fields}) + "\n"
    os.write(_to_driver, line.encode())


class Call(pj.Call):  # type: ignore[misc]
    """One call; reports its states and connects its audio."""

    def __init__(self, phone: Phone, number: int = pj.PJSUA_INVALID_ID) -> None:
        super().__init__(phone.account, number)
        self._phone = phone

    def onCallState(self, prm: pj.OnCallStateParam) -> None:
        info = self.getInfo()
        emit("state", call=info.id, state=info.stateText, code=info.lastStatusCode, reason=info.lastReason)
        if info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self._phone.forget(self)

    def onCallMediaState(self, prm: pj.OnCallMediaStateParam) -> None:
        info = self.getInfo()
        for number, media in enumerate(info.media):
            if media.type == pj.PJMEDIA_TYPE_AUDIO:
                emit("media", call=info.id, active=media.status == pj.PJSUA_CALL_MEDIA_ACTIVE)
                self._phone.connect(self, number, media.status)

    def onDtmfDigit(self, prm: pj.OnDtmfDigitParam) -> None:
        emit("digit", digit=prm.digit)


class Account(pj.Account):  # type: ignore[misc]
    """The phone's identity, registered if it has a password."""

    def __init__(self, phone: Phone) -> None:
        super().__init__()
        self._phone = phone

    def onRegState(self, prm: pj.OnRegStateParam) -> None:
        emit("registration", code=prm.code, active=self.getInfo().regIsActive)

    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:
        self._phone.ring(Call(self._phone, prm.callId))


class Phone:
    """One endpoint with one account; ``run`` serves commands until ``quit`` or the end of stdin."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config
        self._calls: list[Call] = []
        self._finished: list[Call] = []  # kept until the callback that ended them has returned
        self._due: list[tuple[float, Call]] = []
        self._player: pj.AudioMediaPlayer | None = None
        self._recorder: pj.AudioMediaRecorder | None = None
        self._endpoint = _endpoint(config)
        self.account = Account(self)
        self.account.create(_account_config(config))
        if config["play"]:
            self._play(config["play"], loop=config["loop"])
        self._commands: dict[str, Callable[[dict[str, Any]], None]] = {
            "call": self._place_call,
            "answer": lambda command: self._last(command).answer(_code(command.get("code", 200))),
            "reject": lambda command: self._last(command).hangup(_code(command.get("code", 486))),
            "hangup": lambda command: self._last(command).hangup(pj.CallOpParam(True)),
            "dtmf": lambda command: self._last(command).dialDtmf(command["digits"]),
            "hold": lambda command: self._last(command).setHold(pj.CallOpParam(True)),
            "unhold": self._unhold,
            "transfer": lambda command: self._last(command).xfer(command["to"], pj.CallOpParam(True)),
            "transfer_to_call": self._transfer_to_call,
            "play": lambda command: self._play(command["file"], loop=command.get("loop", True)),
            "record": lambda command: self._record(command["file"]),
            "auto_answer": lambda command: self._config.update(auto_answer=command["after"]),
            "unregister": lambda command: self.account.setRegistration(False),
        }

    def run(self) -> None:
        emit("ready")
        waiting = b""
        while True:
            self._turn()
            while select.select([0], [], [], 0)[0]:
                got = os.read(0, 65536)
                if not got:
                    return
                *lines, waiting = (waiting + got).split(b"\n")
                for line in lines:
                    command = json.loads(line)
                    if command["cmd"] == "quit":
                        return
                    self._obey(command)

    def close(self) -> None:
        """Hangs up and unregisters, and waits until the other side has heard of it."""
        self._endpoint.hangupAllCalls()
        registered = self.account.getInfo().regIsActive
        if registered:
            self.account.setRegistration(False)
        end = time.monotonic() + _LONGEST_GOODBYE
        while time.monotonic() < end and (self._calls or (registered and self.account.getInfo().regIsActive)):
            self._turn()
        self._recorder = None  # writes the WAV header's lengths
        emit("bye")

    def ring(self, call: Call) -> None:
        """A call came in: answered by itself after the configured seconds, else it rings until a command."""
        self._calls.append(call)
        info = call.getInfo()
        emit("incoming", call=info.id, remote=info.remoteUri, local=info.localUri)
        after = self._config["auto_answer"]
        if after is not None:
            self._due.append((time.monotonic() + after, call))
        if after is None or after > 0:
            call.answer(_code(180))

    def connect(self, call: Call, number: int, status: int) -> None:
        """Joins the call's audio with the player and the recorder."""
        if status not in (pj.PJSUA_CALL_MEDIA_ACTIVE, pj.PJSUA_CALL_MEDIA_REMOTE_HOLD):
            return
        audio = call.getAudioMedia(number)
        if self._recorder is not None:
            audio.startTransmit(self._recorder)
        if self._player is not None and status == pj.PJSUA_CALL_MEDIA_ACTIVE:
            self._player.startTransmit(audio)

    def forget(self, call: Call) -> None:
        if call in self._calls:
            self._calls.remove(call)
            self._finished.append(call)

    def _turn(self) -> None:
        self._endpoint.libHandleEvents(_STEP)
        self._finished.clear()
        now = time.monotonic()
        for due, call in [pair for pair in self._due if pair[0] <= now]:
            self._due.remove((due, call))
            if call in self._calls:
                call.answer(_code(200))

    def _obey(self, command: dict[str, Any]) -> None:
        try:
            self._commands[command["cmd"]](command)
        except (pj.Error, LookupError) as problem:
            # A call that ended a moment ago is no reason to end the phone.
            text = problem.info() if isinstance(problem, pj.Error) else repr(problem)
            emit("error", id=command["id"], cmd=command["cmd"], problem=text)
        else:
            emit("ok", id=command["id"])

    def _last(self, command: dict[str, Any]) -> Call:
        """The call a command speaks of: by its number, else the newest."""
        wanted = command.get("call")
        return self._calls[-1] if wanted is None else next(c for c in self._calls if c.getInfo().id == wanted)

    def _place_call(self, command: dict[str, Any]) -> None:
        call = Call(self)
        self._calls.append(call)
        try:
            call.makeCall(command["to"], pj.CallOpParam(True))
        except pj.Error:
            self.forget(call)
            raise

    def _unhold(self, command: dict[str, Any]) -> None:
        parameter = pj.CallOpParam(True)
        parameter.opt.flag = pj.PJSUA_CALL_UNHOLD
        self._last(command).reinvite(parameter)

    def _transfer_to_call(self, command: dict[str, Any]) -> None:
        """Attended transfer: the older of the two calls is joined with the newer one."""
        self._calls[-2].xferReplaces(self._calls[-1], pj.CallOpParam(True))

    def _play(self, file: str, *, loop: bool) -> None:
        self._player = pj.AudioMediaPlayer()  # the old one stops when it is dropped
        self._player.createPlayer(file, 0 if loop else pj.PJMEDIA_FILE_NO_LOOP)
        self._reconnect()

    def _record(self, file: str) -> None:
        self._recorder = pj.AudioMediaRecorder()
        self._recorder.createRecorder(file)
        self._reconnect()

    def _reconnect(self) -> None:
        for call in self._calls:
            info = call.getInfo()  # in a variable: pjsua2 frees the media list together with a temporary
            for number, media in enumerate(info.media):
                if media.type == pj.PJMEDIA_TYPE_AUDIO:
                    self.connect(call, number, media.status)


def _endpoint(config: dict[str, Any]) -> pj.Endpoint:
    """A started pjsua2 endpoint on the phone's address, with no sound card and no log."""
    endpoint = pj.Endpoint()
    endpoint.libCreate()
    settings = pj.EpConfig()
    settings.uaConfig.threadCnt = 0
    settings.uaConfig.mainThreadOnly = True
    settings.uaConfig.userAgent = "hotline phone"
    settings.logConfig.level = settings.logConfig.consoleLevel = 0
    settings.medConfig.noVad = True  # silence is sent too, as the public network does
    settings.medConfig.ecTailLen = 0
    settings.medConfig.clockRate = settings.medConfig.sndClockRate = 8000
    settings.medConfig.threadCnt = 1
    endpoint.libInit(settings)
    transport = pj.TransportConfig()
    transport.port = config["port"]
    transport.boundAddress = transport.publicAddress = config["address"]
    endpoint.transportCreate(_TRANSPORTS[config["transport"]], transport)
    endpoint.libStart()
    endpoint.audDevManager().setNullDev()
    for codec in endpoint.codecEnum2():
        name = codec.codecId.partition("/")[0]
        endpoint.codecSetPriority(codec.codecId, _CODECS.get(name, 0) if name in config["codecs"] else 0)
    return endpoint


def _account_config(config: dict[str, Any]) -> pj.AccountConfig:
    account = pj.AccountConfig()
    account.idUri = f"sip:{config['user']}@{config['server']}"
    if config["name"]:
        account.idUri = f'"{config["name"]}" <{account.idUri}>'
    media = account.mediaConfig.transportConfig
    media.boundAddress = media.publicAddress = config["address"]
    media.port = 0
    if config["password"]:
        account.regConfig.registrarUri = f"sip:{config['server']};transport={config['transport']}"
        account.regConfig.timeoutSec = 120
        account.sipConfig.authCreds.append(pj.AuthCredInfo("digest", "*", config["user"], 0, config["password"]))
    return account


def _code(number: int) -> pj.CallOpParam:
    parameter = pj.CallOpParam()
    parameter.statusCode = number
    return parameter


def main() -> None:
    configuration = b""
    while not configuration.endswith(b"\n"):  # unbuffered: what follows belongs to the loop
        byte = os.read(0, 1)
        if not byte:
            return
        configuration += byte
    phone = Phone(json.loads(configuration))
    try:
        phone.run()
    finally:
        phone.close()
        os._exit(0)  # pjsua2's own end takes two seconds and may crash on objects Python still holds


if __name__ == "__main__":
    Path("/proc/self/comm").write_text("hotline-phone", "ascii")
    main()
