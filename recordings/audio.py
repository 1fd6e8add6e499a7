"""Joining, levelling, encoding and decoding: the only module that knows pydub and ffmpeg.

pydub resamples, joins and writes plain WAV; ffmpeg makes Opus and MP3.  ffmpeg is started here and not by
``AudioSegment.export``: export leaves two temporary files in the system's temp folder whenever ffmpeg fails, and has
no time limit.  FLAC is read and written by libsndfile inside our process, at a third of what starting ffmpeg costs.
"""

from __future__ import annotations

import errno
import os
import subprocess
import warnings
from pathlib import Path
from shutil import which
from typing import Literal

import numpy as np
import soundfile

from recordings.measure import VOICE_ABOVE, frame_levels
from recordings.wav import Samples

with warnings.catch_warnings():  # pydub warns at import when ffmpeg is absent; we say it where it matters
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

Format = Literal["webm", "opus", "mp3", "wav", "flac"]

EXTENSION: dict[str, str] = {"webm": "webm", "opus": "ogg", "mp3": "mp3", "wav": "wav", "flac": "flac"}
MEDIA_TYPE: dict[str, str] = {
    "webm": "audio/webm",
    "opus": "audio/ogg",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "json": "application/json",
}
# 16 kbit/s a leg: RFC 6716 §2.1.1 gives 8–12 for narrowband speech.  Effort 1 of 10 takes a third of the time.
_OPUS = ["-c:a", "libopus", "-b:a", "32k", "-application", "voip", "-compression_level", "1"]
_ENCODER: dict[str, list[str]] = {
    # Ogg has no index: a player asks ten times, one range after the other, until it is at a second of a long file.
    # WebM's index stands at the front here (docs/decisions/0049-webm-is-what-is-played.md).
    "webm": [*_OPUS, "-f", "webm", "-cues_to_front", "1"],
    "opus": [*_OPUS, "-f", "ogg"],
    "mp3": ["-c:a", "libmp3lame", "-b:a", "64k", "-ar", "16000", "-f", "mp3"],
}
LOSSLESS = ("flac", "wav")
LEVEL_TARGET = 0.1
"""RMS of speech in the listening copy, as a part of full scale (-20 dBFS)."""
MOST_GAIN = 10.0
"""A whisper is lifted by 20 dB at most; more would only lift the noise."""
ENCODE_LIMIT = 1800.0
"""Seconds ffmpeg may take; a two-hour call takes about one minute on a slow core."""


class EncoderMissing(Exception):
    """ffmpeg is not installed (or not on the PATH)."""


class EncoderFailed(Exception):
    """ffmpeg ran and gave up; the text is the last line it said."""


def have_ffmpeg() -> bool:
    """Whether recordings can be encoded on this machine."""
    return which("ffmpeg") is not None


def same_rate(samples: Samples, rate: int, wanted: int) -> Samples:
    """``samples`` at ``wanted`` Hz."""
    if rate == wanted or not len(samples):
        return samples
    segment = AudioSegment(samples.tobytes(), sample_width=2, frame_rate=rate, channels=1)
    return np.frombuffer(segment.set_frame_rate(wanted).raw_data, dtype="<i2").astype(np.int16)


def levelled(samples: Samples, rate: int) -> Samples:
    """A copy whose speech has the usual loudness, never clipped; a dead leg stays as it is.

    Only frames with sound count, so a leg that is silent most of the time is not blown up.
    """
    levels = frame_levels(samples, rate)
    speech = levels[levels > VOICE_ABOVE]
    if not len(speech):
        return samples
    gain = min(MOST_GAIN, LEVEL_TARGET * 32768 / float(np.sqrt((speech * speech).mean())))
    loud = samples.astype(np.float32) * (gain / 32768)
    # a soft knee above half of full scale instead of clipping: loud syllables stay round
    knee = np.abs(loud) > 0.5
    loud[knee] = np.sign(loud[knee]) * (0.5 + 0.48 * np.tanh((np.abs(loud[knee]) - 0.5) / 0.48))
    return (loud * 32767).astype(np.int16)


def write_lossless(path: Path, legs: list[Samples], rate: int, form: str) -> None:
    """Writes the legs as they are, side by side, as ``flac`` or ``wav``; the shorter is padded with silence.

    Raises OSError.
    """
    whole = np.column_stack([_padded(leg, max(map(len, legs))) for leg in legs])
    try:
        soundfile.write(path, whole, rate, subtype="PCM_16", format=form.upper())
    except soundfile.LibsndfileError as error:  # libsndfile does not say which; the usual reason is a full disk
        raise _disk_trouble(path) from error
    _flush(path)


def write_wav(path: Path, legs: list[Samples], rate: int) -> None:
    """Writes one leg as mono or two as stereo (first left, second right); the shorter is padded with silence.

    Raises OSError.
    """
    longest = max(map(len, legs))
    segments = [
        AudioSegment(_padded(leg, longest).tobytes(), sample_width=2, frame_rate=rate, channels=1) for leg in legs
    ]
    whole = segments[0] if len(segments) == 1 else AudioSegment.from_mono_audiosegments(*segments)
    with path.open("wb") as file:
        whole.export(file, format="wav")
    _flush(path)


def encode(wav: Path, target: Path, form: str, remark: str = "") -> None:
    """Encodes ``wav`` into ``target`` (opus, mp3, flac); ``remark`` becomes the file's comment tag.

    Bit-exact mode: no date, no random stream number, so the same audio gives the same bytes.
    Raises EncoderMissing, EncoderFailed, OSError (disk full).
    """
    exact = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"]
    if remark:
        exact += ["-metadata", f"comment={remark}"]
    _ffmpeg(["-i", str(wav), *_ENCODER.get(form, ["-f", form]), *exact, str(target)])
    _flush(target)


def decode(source: Path, form: str, rate: int | None = None) -> tuple[list[Samples], int]:
    """The legs of a file of format ``form``, at ``rate`` Hz (default: the file's own), and the rate.

    Raises EncoderMissing, EncoderFailed.
    """
    if form not in LOSSLESS:
        rate = rate or 48_000
        raw = _ffmpeg(["-i", str(source), "-f", "s16le", "-ac", "2", "-ar", str(rate), "-"])
        whole = np.frombuffer(raw, dtype="<i2").reshape(-1, 2)
        return [whole[:, leg].astype(np.int16) for leg in range(2)], rate
    try:
        read, own = soundfile.read(source, dtype="int16", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise EncoderFailed("not readable") from error
    legs = [same_rate(np.ascontiguousarray(read[:, leg]), own, rate or own) for leg in range(read.shape[1])]
    return legs, rate or own


def _padded(leg: Samples, length: int) -> Samples:
    return np.pad(leg, (0, length - len(leg)))


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _disk_trouble(path: Path) -> OSError:
    """What the operating system says when a file beside ``path`` is written; libsndfile keeps it to itself."""
    probe = path.with_name(path.name + ".probe")
    try:
        probe.write_bytes(bytes(65536))
        _flush(probe)
    except OSError as error:
        return error
    finally:
        probe.unlink(missing_ok=True)
    return OSError(errno.EIO, "libsndfile could not write")


def _ffmpeg(arguments: list[str]) -> bytes:
    command = ["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-threads", "1", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, timeout=ENCODE_LIMIT, check=False)  # noqa: S603
    except FileNotFoundError as error:
        raise EncoderMissing("ffmpeg is not installed") from error
    except subprocess.TimeoutExpired as error:
        raise EncoderFailed("ffmpeg took too long") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = said[-1] if said else f"exit code {done.returncode}"
        if "No space left" in done.stderr.decode("utf-8", "replace"):
            raise OSError(errno.ENOSPC, "No space left on device")
        raise EncoderFailed(reason)
    return done.stdout
