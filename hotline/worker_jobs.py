"""What this installation's worker has to do, built from the settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

import cti
import recordings
import ticketing
from hotline import caller_words, database, recording_room, relay, resources
from hotline.channels.setup import channels
from hotline.settings import Settings
from hotline.worker import Job
from ticketing.search_feed import Feed

_SEARCH_PAUSE = 1.0  # seconds until a changed ticket is found, at most
_RELAY_PAUSE = 2.0  # seconds between two looks into an empty outbox
_REMIND_PAUSE = 30.0  # seconds between two looks for voice messages that wait too long
_SURVEY_PAUSE = 3.0  # seconds between two looks for what callers have answered
_SWEEP_PAUSE = 10.0  # seconds between two looks for deadlines that passed
_FORGET_PAUSE = 3600.0  # seconds between two looks for identity documents kept long enough
_STATISTICS_PAUSE = 6 * 3600.0  # seconds until an index's share may have changed


def jobs(settings: Settings) -> list[Job]:
    """Recordings and transcripts, what time brings about in tickets, and the outbox relay."""
    engine = database.build_engine(settings.sqlalchemy_url)
    sessions = database.sessions(engine)
    office = _office(settings)
    ways = channels(settings, sessions, office.current)
    steps = recordings.recording_steps(
        sessions,
        recording_room.store_config(settings, call_over, caller_words.message_stored(office.current)),
        _now,
        recording_room.hearing(settings, open_calls),
        recording_room.care(settings, ticketing.categories_of_contacts),
    )
    return [
        *(Job(step.name, step.run, step.every) for step in steps),
        Job("search", search_feed(settings, engine).step, _SEARCH_PAUSE),
        Job("recordings.search", recording_room.feed(settings, engine).step, _SEARCH_PAUSE),
        Job("tickets.sweep", _sweeping(office, sessions), _SWEEP_PAUSE),
        Job("identities.forget", _forgetting(settings, office, sessions), _FORGET_PAUSE),
        Job("voicemail.remind", _reminding(settings, office, sessions), _REMIND_PAUSE),
        Job("survey", caller_words.survey_intake(sessions, settings.survey_spool), _SURVEY_PAUSE),
        Job("database.statistics", partial(database.keep_statistics, engine), _STATISTICS_PAUSE),
        Job("outbox", partial(relay.relay_step, sessions, ways, _now), _RELAY_PAUSE),
    ]


def _office(settings: Settings) -> ticketing.OfficeDesk:
    """The office as it works now."""
    pack = ticketing.load_rulepack(resources.city_dir(settings))
    if isinstance(pack, list):
        raise ValueError("\n".join(str(problem) for problem in pack))
    return ticketing.OfficeDesk(pack)


def _reminding(settings: Settings, desk: ticketing.OfficeDesk, sessions: sessionmaker[Session]) -> Callable[[], bool]:
    def limit(session: Session) -> timedelta:
        changed = desk.current(session).desk
        return timedelta(minutes=changed.get("voicemail_limit_minutes", settings.voicemail_limit_minutes))

    return caller_words.reminding(sessions, _now, limit)


def _sweeping(desk: ticketing.OfficeDesk, sessions: sessionmaker[Session]) -> Callable[[], bool]:
    """Deadlines that passed, orders that expired, promises that wake up."""

    def sweep() -> bool:
        with sessions.begin() as session:
            return bool(ticketing.sweep(session, desk.current(session), _now()))

    return sweep


def _forgetting(settings: Settings, desk: ticketing.OfficeDesk, sessions: sessionmaker[Session]) -> Callable[[], bool]:
    """Identity documents whose ticket has been over for as long as they are kept."""

    def forget() -> bool:
        with sessions.begin() as session:
            days = desk.current(session).desk.get("caller_identity_days", settings.caller_identity_days)
            return ticketing.forget_identities(session, _now() - timedelta(days=days)) > 0

    return forget


def search_feed(settings: Settings, engine: Engine) -> Feed:
    """What keeps the search index up to date; transcripts are searched with the ticket of their call.

    It only reads, and says so: on SQLite nobody could write while it reads thousands of tickets for the index.
    """
    return Feed(database.sessions(database.read_only(engine)), settings.search_index, _transcripts)


def _transcripts(session: Session, contacts: Sequence[str]) -> dict[str, str]:
    """Contact id → everything that the transcripts of its recordings say.

    What a confidential caller said is left out: a ticket that is found by it would tell whoever guesses the words.
    """
    said: dict[str, str] = {}
    secret = {one for one, note in recordings.notes_of(session, contacts).items() if note.confidential}
    for contact, found in recordings.find_for_contacts(session, [one for one in contacts if one not in secret]).items():
        texts = [recordings.transcript(session, one.recording_id) for one in found]
        said[contact] = " ".join(part["text"] for text in texts if text for part in text["segments"])
    return said


def call_over(session: Session, contact_id: str) -> bool | None:
    """Whether a contact's call, or the call that it is an aside of, has ended; None for one that the call log does not
    know."""
    call = cti.get_call(session, recordings.wholes_of(session, [contact_id])[contact_id])
    return None if call is None else call.ended_at is not None


def open_calls(session: Session) -> int:
    """How many calls are going on."""
    return len(cti.open_calls(session))


def _now() -> datetime:
    return datetime.now(UTC)
