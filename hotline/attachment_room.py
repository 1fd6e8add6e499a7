"""Where the files of tickets lie, as this installation's settings want it."""

from __future__ import annotations

import recordings
from agent_desktop import AttachmentFiles
from hotline import recording_room
from hotline.settings import Settings

MEGABYTE = 1024 * 1024


def files(settings: Settings) -> AttachmentFiles:
    """The store of tickets' files, always encrypted, with what limits them."""
    location = settings.attachment_store
    ring = recordings.KeyRing(settings.attachment_keys)
    store = recordings.open_store(location, ring, recording_room.s3(settings, location))
    return AttachmentFiles(store, settings.home / "incoming", settings.attachment_megabytes * MEGABYTE)
