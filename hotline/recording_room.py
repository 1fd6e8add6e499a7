"""The recordings room as this installation's settings want it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session

import recordings
from hotline import database, resources
from hotline.secrets_file import SecretsFile
from hotline.settings import Settings

RETENTION = "retention.toml"
"""File of a city pack with the office's own rules on how long recordings are kept."""

SCORECARD = "scorecard.toml"
"""File of a city pack with its own form by which calls are judged; it replaces the shipped one."""

HOTWORDS = "hotwords.txt"
"""File of a city pack with names that transcripts should spell right, one a line."""


class BadRetention(ValueError):
    """The rules cannot be used; the text names every problem."""


class BadScorecard(ValueError):
    """The form cannot be used; the text names every problem."""


def keys(settings: Settings) -> recordings.KeyRing:
    """The keys that encrypt and sign."""
    return recordings.KeyRing(settings.recording_keys)


def store(settings: Settings) -> recordings.Store:
    """Where recordings lie, encrypted unless the office said otherwise."""
    ring = keys(settings) if settings.recording_encryption else None
    return recordings.open_store(settings.recording_store, ring, s3(settings, settings.recording_store))


def s3(settings: Settings, location: str) -> recordings.S3Options | None:
    """How the S3 service is reached, for a store that lies there."""
    if not location.startswith("s3://"):
        return None
    secrets = SecretsFile(settings.home)
    known = set(secrets.names())
    key, secret = (secrets.get(name) if name in known else "" for name in ("s3.key", "s3.secret"))
    return recordings.S3Options(settings.recording_s3_endpoint, settings.recording_s3_region, key, secret)


def store_config(
    settings: Settings, call_over: recordings.CallOver | None = None, stored: recordings.Stored | None = None
) -> recordings.StoreConfig:
    """Where recordings come from and go to."""
    return recordings.StoreConfig(
        store=store(settings),
        spool=settings.recording_spool,
        consult_spool=settings.consult_spool,
        voicemail_spool=settings.voicemail_spool,
        survey_spool=settings.survey_spool,
        work=settings.home / "work",
        listening_format=settings.recording_format,
        original_format=settings.recording_original,
        call_over=call_over,
        stored=stored,
        transcribe=recogniser(settings) is not None,
    )


def recogniser(settings: Settings) -> Callable[[], recordings.Recogniser] | None:
    """Makes the engine that writes recordings down; None when its model is not configured."""
    if settings.transcriber == "whisper":
        return partial(recordings.WhisperRecogniser, settings.whisper_model) if settings.whisper_model else None
    return partial(recordings.VoskRecogniser, settings.vosk_model) if settings.vosk_model else None


def model_name(settings: Settings) -> str:
    """The name under which transcripts of the configured model are known; empty without one."""
    folder = settings.whisper_model if settings.transcriber == "whisper" else settings.vosk_model
    return recordings.model_name(folder) if folder else ""


def hearing(settings: Settings, calls: Callable[[Session], int]) -> recordings.Hearing | None:
    """What transcribing needs; None without a model.  ``calls`` counts the calls that are going on."""
    make = recogniser(settings)
    if make is None:
        return None
    return recordings.Hearing(
        make, hotwords(settings), lambda session: calls(session) > settings.transcribe_below_calls
    )


def hotwords(settings: Settings) -> recordings.Hotwords | None:
    """The city's names of places and offices; None when it lists none."""
    file = resources.city_dir(settings) / HOTWORDS
    return recordings.Hotwords(recordings.read_names(file.read_text("utf-8"))) if file.exists() else None


def care(settings: Settings, categories: recordings.Categories | None = None) -> recordings.Care:
    """Who signs, which day it is, what is kept for how long.  Raises BadRetention."""
    rules = tuple(retention(settings))
    return recordings.Care(keys(settings).signer, ZoneInfo(settings.time_zone), rules, categories)


def scorecard(settings: Settings) -> recordings.Scorecard:
    """The form by which calls are judged: the city's own or the shipped one.  Raises BadScorecard."""
    own = resources.city_dir(settings) / SCORECARD
    file = own if own.exists() else recordings.SHIPPED_SCORECARD
    found = recordings.read_scorecard(file.read_text("utf-8"))
    if isinstance(found, list):
        raise BadScorecard("\n".join(f"{file}: {problem}" for problem in found))
    return found


def feed(settings: Settings, engine: Engine) -> recordings.RecordingFeed:
    """What keeps the search index over recordings up to date."""
    read, write = database.sessions(database.read_only(engine)), database.sessions(engine)
    return recordings.RecordingFeed(read, write, store(settings), settings.recording_index)


def retention(settings: Settings) -> list[recordings.RetentionRule]:
    """The office's rules; none when it has written none.  Raises BadRetention."""
    file = resources.city_dir(settings) / RETENTION
    if not file.exists():
        return []
    rules: list[recordings.RetentionRule] = []
    problems: list[str] = []
    for one in recordings.read_rules(file.read_text("utf-8")):
        if isinstance(one, str):
            problems.append(f"{file}: {one}")
        else:
            rules.append(one)
    if problems:
        raise BadRetention("\n".join(problems))
    return rules
