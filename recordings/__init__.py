"""Recordings and voicemail: from the spool to a stored, hashed, searchable file that can be played and proved.

The public names are in ``__all__``; everything else may change.
"""

from recordings.alarms import AlarmView, clear_alarm, open_alarms, raise_alarm
from recordings.asides import asides_of, set_asides, wholes_of
from recordings.audio import EncoderFailed, EncoderMissing
from recordings.calibration import (
    CalibrationView,
    Difference,
    WeekOfAgent,
    get_calibration,
    list_calibrations,
    results,
    start_calibration,
)
from recordings.config import Finished, StoreConfig, Stored
from recordings.contacts import ContactFacts, NoteView, confide, kept_from, note_contact, notes_of
from recordings.crypto import Signer
from recordings.encrypted_store import EncryptedStore
from recordings.evidence import Finding, check_all, check_file, check_recording
from recordings.export import ExportOrder, ExportRefused, export_clip
from recordings.finaliser import process_next
from recordings.holds import HoldRefused, holds_of, lift_hold, place_hold
from recordings.hotwords import Hotwords, read_names
from recordings.keeping import (
    Holdings,
    HoldView,
    Run,
    SealView,
    Tombstone,
    Trouble,
    held,
    holdings,
    is_sealed,
    newest_seal,
    runs_of,
    tombstone_of,
    tombstones,
    troubles,
)
from recordings.keys import KeyMissing, KeyRing
from recordings.listening import copy_next
from recordings.live_hearing import LiveHearing, StreamEnded, Words
from recordings.manifest import Verdict, check_export
from recordings.models import Installed, Known, ModelRefused
from recordings.opening import open_store
from recordings.parts import Label, Part, Unit, judged_parts, mark, parts_of
from recordings.plays import (
    SHORTEST_REASON,
    PlayRefused,
    PlayView,
    close_play,
    heard,
    is_open,
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
    get_recordings,
    open_audio,
    peaks,
    transcript,
)
from recordings.recogniser import Recogniser, RecogniserFailed, model_name
from recordings.rekey import rekey
from recordings.remarks import (
    ClipView,
    CommentView,
    RemarkRefused,
    TalkView,
    add_comment,
    attach_clip,
    clips_of_recording,
    clips_of_ticket,
    comments_of,
    may_hear,
    remove_comment,
    talk_of,
)
from recordings.retention import Categories, RetentionRule, delete_expired, delete_recording, read_rules
from recordings.reviews import ReviewRefused, ReviewView, form_of, get_review, list_reviews
from recordings.reviews import claim as claim_review
from recordings.reviews import release as release_review
from recordings.reviews import save as save_review
from recordings.s3_store import S3Options
from recordings.scorecard import SHIPPED as SHIPPED_SCORECARD
from recordings.scorecard import PhraseFinding, Scorecard, find_phrases, read_scorecard
from recordings.seals import Break, check_chain, newest, seal_everything
from recordings.search_feed import RecordingFeed
from recordings.search_index import FoundPage, FoundRecording, RecordingDocument, RecordingIndex, Said, Wanted
from recordings.spoken import find_numbers, mask_numbers
from recordings.spool import is_contact_id
from recordings.store import LocalStore, NotInStore, Store, StoreUnavailable, sha256_of
from recordings.tables import Base
from recordings.transcriber import queue_again, queue_missing, queue_older_models, transcribe_next
from recordings.vosk_recogniser import VoskRecogniser
from recordings.whisper_recogniser import WhisperRecogniser
from recordings.work import CallOver, InvalidContact, enqueue, sweep_spool
from recordings.worker import Care, Hearing, Step, recording_steps

__all__ = [
    "SHIPPED_SCORECARD",
    "SHORTEST_REASON",
    "AlarmView",
    "AudioFile",
    "Base",
    "Break",
    "CalibrationView",
    "CallOver",
    "Care",
    "Categories",
    "ClipView",
    "CommentView",
    "ContactFacts",
    "Difference",
    "EncoderFailed",
    "EncoderMissing",
    "EncryptedStore",
    "ExportOrder",
    "ExportRefused",
    "Finding",
    "Finished",
    "FoundPage",
    "FoundRecording",
    "Hearing",
    "HoldRefused",
    "HoldView",
    "Holdings",
    "Hotwords",
    "Installed",
    "InvalidContact",
    "KeyMissing",
    "KeyRing",
    "Known",
    "Label",
    "LiveHearing",
    "LocalStore",
    "ModelRefused",
    "NotInStore",
    "NoteView",
    "Part",
    "PhraseFinding",
    "PlayRefused",
    "PlayView",
    "RangeNotSatisfiable",
    "Recogniser",
    "RecogniserFailed",
    "RecordingDocument",
    "RecordingFeed",
    "RecordingIndex",
    "RecordingView",
    "RemarkRefused",
    "RetentionRule",
    "ReviewRefused",
    "ReviewView",
    "Run",
    "S3Options",
    "Said",
    "Scorecard",
    "SealView",
    "Signer",
    "Step",
    "Store",
    "StoreConfig",
    "StoreUnavailable",
    "Stored",
    "StreamEnded",
    "TalkView",
    "Tombstone",
    "Trouble",
    "Unit",
    "Verdict",
    "VoskRecogniser",
    "Wanted",
    "WeekOfAgent",
    "WhisperRecogniser",
    "Words",
    "add_comment",
    "asides_of",
    "attach_clip",
    "check_all",
    "check_chain",
    "check_export",
    "check_file",
    "check_recording",
    "claim_review",
    "clear_alarm",
    "clips_of_recording",
    "clips_of_ticket",
    "close_play",
    "comments_of",
    "confide",
    "copy_next",
    "delete_expired",
    "delete_recording",
    "enqueue",
    "export_clip",
    "file_path",
    "find_for_contact",
    "find_for_contacts",
    "find_numbers",
    "find_phrases",
    "form_of",
    "get_calibration",
    "get_recording",
    "get_recordings",
    "get_review",
    "heard",
    "held",
    "holdings",
    "holds_of",
    "is_contact_id",
    "is_open",
    "is_sealed",
    "judged_parts",
    "kept_from",
    "lift_hold",
    "list_calibrations",
    "list_reviews",
    "mark",
    "mask_numbers",
    "may_hear",
    "model_name",
    "newest",
    "newest_seal",
    "note_contact",
    "notes_of",
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
    "read_scorecard",
    "recording_steps",
    "rekey",
    "release_review",
    "remove_comment",
    "results",
    "runs_of",
    "save_review",
    "seal_everything",
    "set_asides",
    "sha256_of",
    "start_calibration",
    "sweep_spool",
    "talk_of",
    "tombstone_of",
    "tombstones",
    "transcribe_next",
    "transcript",
    "troubles",
    "wholes_of",
]
