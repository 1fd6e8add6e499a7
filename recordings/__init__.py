"""Recordings and voicemail: from the spool to a stored, hashed, searchable file that can be played and proved.

The public names are in ``__all__``; everything else may change.
"""

from recordings.alarms import AlarmView, clear_alarm, open_alarms, raise_alarm
from recordings.config import Finished, StoreConfig, Stored
from recordings.contacts import ContactFacts, note_contact
from recordings.crypto import Signer
from recordings.encrypted_store import EncryptedStore
from recordings.evidence import Finding, check_all, check_recording
from recordings.export import ExportOrder, ExportRefused, export_clip
from recordings.finaliser import process_next
from recordings.holds import HoldRefused, holds_of, lift_hold, place_hold
from recordings.hotwords import Hotwords, read_names
from recordings.keys import KeyMissing, KeyRing
from recordings.listening import copy_next
from recordings.manifest import Verdict, check_export
from recordings.models import Installed, Known, ModelRefused
from recordings.opening import open_store
from recordings.parts import Part, mark, parts_of
from recordings.plays import (
    PlayRefused,
    PlayView,
    close_play,
    heard,
    open_play,
    plays_of_agent,
    plays_of_recording,
)
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
from recordings.recogniser import Recogniser, RecogniserFailed, model_name
from recordings.rekey import rekey
from recordings.retention import Categories, RetentionRule, delete_expired, delete_recording, read_rules
from recordings.s3_store import S3Options
from recordings.seals import Break, check_chain, newest, seal_everything
from recordings.spoken import find_numbers, mask_numbers
from recordings.spool import is_contact_id
from recordings.store import LocalStore, NotInStore, Store, StoreUnavailable
from recordings.tables import Base
from recordings.transcriber import queue_again, queue_missing, queue_older_models, transcribe_next
from recordings.vosk_recogniser import VoskRecogniser
from recordings.whisper_recogniser import WhisperRecogniser
from recordings.work import CallOver, InvalidContact, enqueue, sweep_spool
from recordings.worker import Care, Hearing, Step, recording_steps

__all__ = [
    "AlarmView",
    "AudioFile",
    "Base",
    "Break",
    "CallOver",
    "Care",
    "Categories",
    "ContactFacts",
    "EncryptedStore",
    "ExportOrder",
    "ExportRefused",
    "Finding",
    "Finished",
    "Hearing",
    "HoldRefused",
    "Hotwords",
    "Installed",
    "InvalidContact",
    "KeyMissing",
    "KeyRing",
    "Known",
    "LocalStore",
    "ModelRefused",
    "NotInStore",
    "Part",
    "PlayRefused",
    "PlayView",
    "RangeNotSatisfiable",
    "Recogniser",
    "RecogniserFailed",
    "RecordingView",
    "RetentionRule",
    "S3Options",
    "Signer",
    "Step",
    "Store",
    "StoreConfig",
    "StoreUnavailable",
    "Stored",
    "Verdict",
    "VoskRecogniser",
    "WhisperRecogniser",
    "check_all",
    "check_chain",
    "check_export",
    "check_recording",
    "clear_alarm",
    "close_play",
    "copy_next",
    "delete_expired",
    "delete_recording",
    "enqueue",
    "export_clip",
    "file_path",
    "find_for_contact",
    "find_for_contacts",
    "find_numbers",
    "get_recording",
    "heard",
    "holds_of",
    "is_contact_id",
    "lift_hold",
    "mark",
    "mask_numbers",
    "model_name",
    "newest",
    "note_contact",
    "open_alarms",
    "open_audio",
    "open_play",
    "open_store",
    "parse_range",
    "parts_of",
    "peaks",
    "place_hold",
    "plays_of_agent",
    "plays_of_recording",
    "process_next",
    "queue_again",
    "queue_missing",
    "queue_older_models",
    "raise_alarm",
    "read_names",
    "read_rules",
    "recording_steps",
    "rekey",
    "seal_everything",
    "sweep_spool",
    "transcribe_next",
    "transcript",
]
