"""Every setting of the system, in one typed place.

Order of precedence: environment (``HOTLINE_…``; ``DATABASE_URL`` alone without prefix), then
``<home>/hotline.toml``, then the defaults below.  ``home`` itself comes from ``HOTLINE_HOME`` or is
``./var``.  Secrets never stand here: they are generated into ``<home>/secrets.toml`` (mode 0600) by
:mod:`hotline.secrets_file`.
"""

from __future__ import annotations

import ipaddress
import json
import os
import re
import tomllib
import zoneinfo
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

Port = Annotated[int, Field(ge=1, le=65535)]
_HOST_OR_NOTHING = r"^[0-9A-Za-z.\-]*$"
_HOST_AND_PORT = r"^[0-9A-Za-z.\-]+(:[0-9]{1,5})?$"


def default_home() -> Path:
    """The folder that holds everything the running system writes (database, logs, recordings, configs)."""
    return Path(os.environ.get("HOTLINE_HOME", "var")).absolute()


class BadSettings(Exception):
    """The settings cannot be used; ``problems`` says everything that is wrong, each with its place."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class Settings(BaseSettings):
    """Typed settings; unknown names in ``hotline.toml`` are an error, so that a typing slip is seen."""

    model_config = SettingsConfigDict(
        env_prefix="HOTLINE_", extra="forbid", frozen=True, use_attribute_docstrings=True, validate_default=True
    )

    home: Path = Field(default_factory=default_home)
    """Folder of everything the running system writes: database, logs, recordings, configuration; default ``./var``."""
    city: str = Field(default="demo", pattern=r"^[a-z][a-z0-9_]*$")
    """Which city pack is used."""
    city_dir: Path | None = None
    """Folder with ``ivr.toml``, ``tickets.toml`` and prompts; default: the shipped ``cities/<city>``."""
    time_zone: str = "Asia/Shanghai"
    """Office hours and dates on pages are in this zone; the database keeps UTC."""

    database_url: str = Field(
        default="", validation_alias=AliasChoices("DATABASE_URL", "HOTLINE_DATABASE_URL", "database_url")
    )
    """``postgresql+psycopg://…``; empty: an SQLite file in the home folder.  ``DATABASE_URL`` sets it, too."""

    desk_host: str = "127.0.0.1"
    """Address the desk listens on.  For other machines put a TLS proxy before it: browsers want https."""
    desk_port: Port = 12345
    """Port of the desk: pages, API, WebSocket, SIP over WebSocket."""
    fastagi_port: Port = 24573
    """Where Asterisk asks the IVR, on loopback."""
    ivr_metrics_port: Port = 24574
    """Where the IVR answers ``/metrics`` and ``/healthz``, on loopback."""
    ivr_sessions: int = Field(default=200, ge=1, le=10_000)
    """Calls the IVR serves at once; one more goes straight to the queue."""
    ivr_session_seconds: int = Field(default=90, ge=10, le=600)
    """The longest a call may stay in the IVR; then it goes on to the queue."""
    ami_port: Port = 25038
    """Where the desk listens to Asterisk (AMI), on loopback."""
    sip_port: Port = 25060
    """SIP over UDP and TCP.  A carrier usually expects 5060."""
    asterisk_http_port: Port = 28088
    """Asterisk's WebSocket (ws), on loopback; browsers reach it through the desk."""
    asterisk_https_port: Port = 28089
    """Asterisk's WebSocket (wss), on loopback."""
    rtp_start: Port = 30000
    """First UDP port of audio."""
    rtp_end: Port = 30400
    """Last UDP port of audio; a call with an agent takes four."""
    bind_address: str = "127.0.0.1"
    """Address of SIP and RTP.  The default keeps every packet on this machine; ``0.0.0.0`` is every address."""
    sip_tls_port: Port = 25061
    """SIP over TLS."""
    external_address: str = Field(default="", pattern=_HOST_OR_NOTHING)
    """Address under which carriers and phones outside ``local_networks`` reach this machine; empty: its own."""
    local_networks: Annotated[tuple[str, ...], NoDecode] = (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "127.0.0.0/8",
    )
    """Networks that see this machine under its own address."""
    trunk_match: str = Field(default="127.0.0.2", pattern=r"^[0-9A-Za-z.:/,\-]+$")
    """Addresses or networks the carrier's calls come from, separated by commas: they alone are citizens."""
    trunk_contact: str = Field(default="127.0.0.2:5060", pattern=_HOST_AND_PORT)
    """Where calls to the outside are sent."""
    units_contact: str = Field(default="127.0.0.3:25070", pattern=_HOST_AND_PORT)
    """The exchange through which handling units are dialled."""
    hotline_number: str = Field(default="12345", pattern=r"^[0-9]{3,15}$")
    """Shown to those we call, and the one number that the demo's citizen phones can dial."""
    queue_longest_wait_seconds: int = Field(default=1200, ge=10, le=86_400)
    """After this long in the queue a citizen may leave a message instead."""
    longest_hold_seconds: int = Field(default=300, ge=10, le=3600)
    """After this long on hold a forgotten citizen goes back to the queue."""
    lost_call_seconds: int = Field(default=30, ge=5, le=300)
    """How long a citizen hears music for an agent whose page has gone in mid-call; then somebody else gets the call."""
    screen_grace_seconds: float = Field(default=5.0, ge=1, le=60)
    """How long a ready agent's page may be gone (a reload, a short cut) before no calls are offered."""

    voicemail_limit_minutes: int = Field(default=60, ge=1, le=10_080)
    """Voice messages that wait longer are red on their page; whoever keeps them is told, again each time it
    passes."""

    caller_identity_days: int = Field(default=90, ge=1, le=36_500)
    """Days after the last act on a ticket that is over; then its caller's identity document is deleted."""

    wrap_up_seconds: float = Field(default=30.0, ge=0, le=900)
    """Longest wrap-up after a call, in seconds; then the agent is ready again by itself.  0: no wrap-up."""
    wrap_up_mode: Literal["time_boxed", "discretionary", "optional", "timed", "none"] = "time_boxed"
    """After a call: ``time_boxed`` until done or its time is up, ``discretionary`` until done, ``optional`` only if
    asked for, ``timed`` always the whole time, ``none``."""
    missed_calls_limit: int = Field(default=2, ge=0, le=100)
    """Calls in a row an agent may let ring before being made not ready; 0: any number."""

    service_seconds: int = Field(default=15, ge=1, le=600)
    """Seconds within which a call is to be answered, for the floor's service level (GB/T 33358-2016: 15)."""
    short_abandon_seconds: int = Field(default=5, ge=0, le=120)
    """Who hangs up within so many seconds counts apart as a short abandon; no standard says how many."""
    service_formula: Literal["of_all", "of_answered", "answered_or_gone", "late_abandons", "short_as_answered"] = (
        "of_all"
    )
    """How the service level is counted: answered in time of all, of the answered; with the early abandons counted as
    in time, left out (``late_abandons``), or only the short ones counted as in time."""
    floor_waiting_yellow: int = Field(default=3, ge=1, le=10_000)
    """Callers waiting in a queue from which its tile on the floor's page is yellow."""
    floor_waiting_red: int = Field(default=8, ge=1, le=10_000)
    """The same for red."""
    floor_wait_yellow_seconds: int = Field(default=15, ge=1, le=86_400)
    """Longest wait in a queue from which its tile is yellow."""
    floor_wait_red_seconds: int = Field(default=60, ge=1, le=86_400)
    """The same for red."""
    floor_level_yellow: int = Field(default=90, ge=1, le=99)
    """Service level of the day, in percent, below which the figure is yellow; the staffing hint aims at it."""
    floor_level_red: int = Field(default=80, ge=1, le=99)
    """The same for red."""

    recording_format: Literal["webm", "opus", "mp3", "wav"] = "webm"
    """Form of the recording that people play; the untouched original is kept beside it."""
    recording_original: Literal["flac", "wav"] = "flac"
    """Form of the untouched original that is kept as evidence."""
    recording_location: str = ""
    """Where recordings are stored: a folder or ``s3://bucket/prefix``; empty: ``recordings`` in the home folder."""
    recording_s3_endpoint: str = ""
    """Address of an S3-compatible service; empty: Amazon's.  The log-in is in the secrets ``s3.key``, ``s3.secret``."""
    recording_s3_region: str = ""
    """Region of the S3 service, if it has any."""
    recording_encryption: bool = True
    """Encrypt recordings at rest with the keys in ``recording-keys.json`` of the home folder (back it up apart)."""
    attachment_location: str = ""
    """Where the files of tickets are stored: a folder or ``s3://bucket/prefix``; empty: ``attachments`` in the home
    folder.  Encrypted with the keys in ``attachment-keys.json`` of the home folder (back it up apart)."""
    attachment_megabytes: int = Field(default=20, ge=1, le=1000)
    """The largest file that can be put to a ticket."""
    transcriber: Literal["vosk", "whisper"] = "vosk"
    """Engine that writes recordings down after the call."""
    transcribe_below_calls: int = Field(default=50, ge=0)
    """Transcripts wait while more calls than this are going on."""
    whisper_model: Path | None = None
    """Folder of a faster-whisper model, for ``transcriber = "whisper"``."""
    vosk_model: Path | None = None
    """Folder of a vosk model; without one the transcript says plainly that there is none."""

    caption_streams: int = Field(default=2, ge=0, le=64)
    """Calls whose citizens are written along while they speak (needs ``vosk_model``); 0: no live captions."""
    caption_nice: int = Field(default=10, ge=0, le=19)
    """How far captions stand back behind everything else for the processor: 0 (as important) to 19 (leftovers only)."""

    webhook_url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    """Where ticket events are posted, signed with the secret ``webhook``; empty: nobody listens."""
    sms_url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    """Where text messages are handed to a provider's gateway; empty: none are sent."""
    sms_fields: str = '{"mobile": "{to}", "content": "{text}", "id": "{id}"}'
    """The gateway's request as JSON; ``{to}``, ``{text}``, ``{id}``, ``{secret}`` (secret ``sms``) are filled in."""
    sms_format: Literal["json", "form"] = "json"
    """How the fields are sent."""
    sms_success: str = ""
    """A regular expression that the gateway's answer must contain; empty: any answer of success will do."""
    smtp_server: str = Field(default="", pattern=r"^([0-9A-Za-z.\-]+:[0-9]{1,5})?$")
    """Mail server for e-mail to handling units, ``host:port``; empty: none is sent."""
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    """Encryption towards the mail server: begun by STARTTLS, from the first byte, or none (same machine only)."""
    smtp_user: str = ""
    """Log-in at the mail server, with the secret ``smtp``; empty: without one."""
    mail_from: str = Field(default="hotline@localhost", pattern=r"^[^@\s]+@[^@\s]+$")
    """Sender of e-mail."""

    demo: bool = False
    """Demo parts: the citizen's phone page and the shown log-ins.  ``make run`` sets it."""

    @field_validator("time_zone")
    @classmethod
    def _a_zone(cls, value: str) -> str:
        try:
            zoneinfo.ZoneInfo(value)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"no time zone {value!r} on this machine (is the package tzdata there?)") from error
        return value

    @field_validator("bind_address")
    @classmethod
    def _an_address(cls, value: str) -> str:
        return str(ipaddress.IPv4Address(value))

    @field_validator("local_networks", mode="before")
    @classmethod
    def _a_list(cls, value: Any) -> Any:
        """From the environment it comes as JSON; read here, so that a slip is told with all the others."""
        try:
            return json.loads(value) if isinstance(value, str) else value
        except json.JSONDecodeError as error:
            raise ValueError('not a list of texts, ["10.0.0.0/8", …]') from error

    @field_validator("local_networks")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            ipaddress.ip_network(one, strict=False)
        return value

    @field_validator("*")
    @classmethod
    def _ports_are_apart(cls, value: Any, info: ValidationInfo) -> Any:
        """A field knows those declared before it, so both checks stand with the later one of two that clash."""
        name, earlier = str(info.field_name), info.data
        if name.endswith("_port"):
            for other, taken in earlier.items():
                if other.endswith("_port") and taken == value:
                    raise ValueError(f"port {value} is {other} already")
        if name == "rtp_end":
            first = earlier.get("rtp_start", value)
            if first > value:
                raise ValueError(f"is below rtp_start ({first})")
            if first <= earlier.get("sip_port", 0) <= value:
                raise ValueError(f"sip_port ({earlier['sip_port']}) lies between rtp_start and rtp_end")
        return value

    @field_validator("sms_fields")
    @classmethod
    def _an_object(cls, value: str) -> str:
        if not isinstance(json.loads(value), dict):
            raise ValueError("not a JSON object")
        return value

    @field_validator("sms_success")
    @classmethod
    def _an_expression(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        toml = TomlConfigSettingsSource(settings_cls, default_home() / "hotline.toml")
        return init_settings, env_settings, toml

    @property
    def asterisk_dir(self) -> Path:
        """Everything Asterisk reads and writes (etc, spool, log, run, keys)."""
        return self.home / "asterisk"

    @property
    def recording_spool(self) -> Path:
        """MixMonitor's ``<CONTACT_ID>-rx.wav`` (citizen) and ``-tx.wav`` (what the citizen hears)."""
        return self.asterisk_dir / "spool" / "monitor" / "rec"

    @property
    def consult_spool(self) -> Path:
        """MixMonitor's files of private consultations: ``-rx.wav`` the party consulted, ``-tx.wav`` the agent."""
        return self.asterisk_dir / "spool" / "monitor" / "consult"

    @property
    def voicemail_spool(self) -> Path:
        """Where voice messages are recorded: ``<CONTACT_ID>-1.wav`` and so on (recordings/spool.py)."""
        return self.asterisk_dir / "spool" / "voicemail"

    @property
    def survey_spool(self) -> Path:
        """What callers answer when they are asked how the call was: by key, and in their own words."""
        return self.asterisk_dir / "spool" / "survey"

    @property
    def recording_store(self) -> str:
        """Finished recordings, by date: a folder or an S3 address."""
        return self.recording_location or str(self.home / "recordings")

    @property
    def recording_keys(self) -> Path:
        """Keys that encrypt recordings and sign the ledger."""
        return self.home / "recording-keys.json"

    @property
    def attachment_store(self) -> str:
        """Where the files of tickets are stored."""
        return self.attachment_location or str(self.home / "attachments")

    @property
    def attachment_keys(self) -> Path:
        """Keys that encrypt the files of tickets; apart from those of the recordings, which change at times."""
        return self.home / "attachment-keys.json"

    @property
    def search_index(self) -> Path:
        """The full-text index over tickets; derived data, built again by ``hotline reindex``."""
        return self.home / "search" / "tickets"

    @property
    def recording_index(self) -> Path:
        """The full-text index over what was said; derived data, built again by ``hotline reindex``."""
        return self.home / "search" / "recordings"

    def suggest_model(self, target: str) -> Path:
        """What intake suggestions have learned of ``target`` (category, unit, urgency)."""
        return self.home / "models" / f"suggest-{target}.joblib"

    @property
    def log_dir(self) -> Path:
        return self.home / "log"

    @property
    def sqlalchemy_url(self) -> str:
        """``DATABASE_URL`` or the embedded SQLite file."""
        return self.database_url or f"sqlite:///{self.home / 'hotline.sqlite'}"


def load(**overrides: Any) -> Settings:
    """The settings in force, ``overrides`` above all; raises :class:`BadSettings` with every problem and its place."""
    file = default_home() / "hotline.toml"
    try:
        return Settings(**overrides)
    except tomllib.TOMLDecodeError as error:
        raise BadSettings([f"{file}: {error}"]) from error
    except UnicodeDecodeError as error:
        raise BadSettings([f"{file}: is not UTF-8: {error.reason} at byte {error.start}"]) from error
    except OSError as error:
        raise BadSettings([f"{file}: cannot be read: {error.strerror}"]) from error
    except ValidationError as error:
        raise BadSettings([_place(str(one["loc"][0]), file) + _said(one) for one in error.errors()]) from error


def _said(error: Mapping[str, Any]) -> str:
    return "there is no such setting" if error["type"] == "extra_forbidden" else str(error["msg"])


def _place(name: str, file: Path) -> str:
    """Where a setting was given: its environment variable, or its line in the file."""
    for variable in (name.upper(), f"HOTLINE_{name.upper()}"):
        if variable in os.environ:
            return f"environment variable {variable}: "
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    for number, line in enumerate(lines, 1):
        if re.match(rf"\s*{re.escape(name)}\s*=", line):
            return f"{file}:{number}: {name}: "
    return f"{name}: "
