"""Performs the verbs of a flow on a session.  Knows neither sockets nor pyst2, so tests drive flows with tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ivr.verbs import Answer, Flow, GetData, Keys, Lookup, Play, PlayBack, Record, Recorded, SetVariables, Tell, Verb

ALL_KEYS = "0123456789*#"


class CallerHungUp(Exception):
    """The caller is gone, or the connection to the switch is: nothing more can be said."""


class CommandFailed(Exception):
    """The switch could not or would not perform a command; the call goes on.  Carries the command's name only."""


class Session(Protocol):
    """One caller on the line.  Every method may raise :class:`CallerHungUp` or :class:`CommandFailed`."""

    def play(self, prompt: str, stop_keys: str) -> str:
        """The key that ended the prompt, or an empty string."""

    def get_digits(self, prompt: str, seconds: float, max_digits: int) -> Keys:
        """The keys pressed during and after a prompt."""

    def wait_for_key(self, seconds: float) -> str:
        """One key, or an empty string after ``seconds``."""

    def record(self, file: str, seconds: float, silence: float) -> Recorded:
        """A tone, then the caller's voice until ``seconds`` are over, ``silence`` seconds are silent, or ``#``."""

    def play_back(self, file: str) -> str:
        """The key that ended the caller's own recording, or an empty string."""

    def allow(self, prompts: tuple[str, ...], seconds: float) -> None:
        """What comes next takes as long as these prompts and so many seconds more.

        The switch is told, and takes the call back when we are silent for longer: a process that is stopped in the
        middle of a call costs its caller seconds.
        """

    def set_variables(self, values: tuple[tuple[str, str], ...]) -> None:
        """All of them in one command."""

    def lookup(self, source: str, argument: str) -> str:
        """Never raises CommandFailed: a failed look-up answers with its default."""


def drive(flow: Flow, session: Session, failed: Callable[[Verb], None]) -> None:
    """Runs a flow to its end.  A command that fails is told to ``failed`` and answered as silence.

    Raises:
        CallerHungUp: the caller left; the flow is closed.
    """
    try:
        verb = next(flow)
        while True:
            verb = flow.send(_perform(verb, session, failed))
    except StopIteration:
        return
    finally:
        flow.close()


def _perform(verb: Verb, session: Session, failed: Callable[[Verb], None]) -> Answer:
    match verb:
        case Play(prompts, stop_keys):
            return _play(verb, prompts, stop_keys, session, failed)
        case GetData():
            return _get_data(verb, session, failed)
        case Record(file, seconds, silence):
            session.allow((), seconds + silence)
            try:
                return session.record(file, seconds, silence)
            except CommandFailed:
                failed(verb)
                return Recorded(ok=False)
        case PlayBack(file, seconds):
            session.allow((), seconds)
            try:
                key = session.play_back(file)
            except CommandFailed:
                failed(verb)
                key = ""
            return Keys(key, timed_out=not key)
        case SetVariables(values):
            try:
                session.set_variables(values)
            except CommandFailed:
                failed(verb)
                return False
            return True
        case Lookup(source, argument) | Tell(source, argument):
            return session.lookup(source, argument)


def _play(
    verb: Verb, prompts: tuple[str, ...], stop_keys: str, session: Session, failed: Callable[[Verb], None]
) -> Keys:
    """A prompt that cannot be played is passed over.

    Each has a limit of its own: one for all would let a process stopped in the first be silent for as long as the
    others take.  It costs a round trip a prompt, under a millisecond between two programs of one machine.
    """
    for prompt in prompts:
        session.allow((prompt,), 0)
        try:
            if key := session.play(prompt, stop_keys):
                return Keys(key, timed_out=False)
        except CommandFailed:
            failed(verb)
    return Keys()


def _get_data(verb: GetData, session: Session, failed: Callable[[Verb], None]) -> Keys:
    """All prompts but the last are played key by key; the last one and the waiting are a single command."""
    early = _play(verb, verb.prompts[:-1], ALL_KEYS, session, failed)
    waiting = verb.seconds * verb.max_digits
    if early.timed_out and verb.prompts:
        session.allow(verb.prompts[-1:], waiting)
        try:
            return session.get_digits(verb.prompts[-1], verb.seconds, verb.max_digits)
        except CommandFailed:
            failed(verb)
    session.allow((), waiting)
    return _collect(early, verb, session, failed)


def _collect(keys: Keys, verb: GetData, session: Session, failed: Callable[[Verb], None]) -> Keys:
    """Key by key: after a key pressed early, or when there is no prompt that could be played."""
    digits, key = "", keys.digits
    try:
        while key != "#" and len(digits) + len(key) < verb.max_digits:
            digits += key
            key = session.wait_for_key(verb.seconds)
            if not key:
                return Keys(digits, timed_out=True)
    except CommandFailed:
        failed(verb)
        return Keys(digits, timed_out=True)
    return Keys(digits + key.replace("#", ""), timed_out=False)
