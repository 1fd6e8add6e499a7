"""Recordings and voicemail: from the spool to a stored, hashed, searchable file that can be played.

The public names are in ``__all__``; everything else may change.
"""

from recordings.config import StoreConfig
from recordings.finaliser import process_next
from recordings.keys import KeyRing
from recordings.opening import open_store
from recordings.ranges import RangeNotSatisfiable, parse_range
from recordings.reading import (
    AudioFile,
    RecordingView,
    file_path,
    find_for_contact,
    find_for_contacts,
    get_recording,
    open_audio,
    peaks,
    transcript,
)
from recordings.recogniser import Recogniser, RecogniserFailed
from recordings.s3_store import S3Options
from recordings.store import LocalStore, NotInStore, Store, StoreUnavailable
from recordings.tables import Base
from recordings.transcriber import queue_again, queue_missing, transcribe_next
from recordings.vosk_recogniser import VoskRecogniser
from recordings.work import InvalidContact, enqueue, sweep_spool
from recordings.worker import Step, recording_steps

__all__ = [
    "AudioFile",
    "Base",
    "InvalidContact",
    "KeyRing",
    "LocalStore",
    "NotInStore",
    "RangeNotSatisfiable",
    "Recogniser",
    "RecogniserFailed",
    "RecordingView",
    "S3Options",
    "Step",
    "Store",
    "StoreConfig",
    "StoreUnavailable",
    "VoskRecogniser",
    "enqueue",
    "file_path",
    "find_for_contact",
    "find_for_contacts",
    "get_recording",
    "open_audio",
    "open_store",
    "parse_range",
    "peaks",
    "process_next",
    "queue_again",
    "queue_missing",
    "recording_steps",
    "sweep_spool",
    "transcribe_next",
    "transcript",
]
