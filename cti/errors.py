"""What can go wrong with a command to the switch, as the rest of the house sees it."""

from __future__ import annotations


class AmiDown(Exception):
    """There is no working link to Asterisk (now, or it went while the answer was awaited)."""


class BadAction(ValueError):
    """An action that must not be sent: a line break or a control character in it."""


class Refused(Exception):
    """The command makes no sense now, or Asterisk declined it.  ``error_id`` is stable, for screens."""

    def __init__(self, error_id: str, detail: str = "") -> None:
        super().__init__(f"{error_id}: {detail}" if detail else error_id)
        self.error_id = error_id
        self.detail = detail
