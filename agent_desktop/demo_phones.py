"""Which browser has which demo citizen's phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from agent_desktop.doors import SipAccount
from agent_desktop.hub import Hub

LOAN = timedelta(minutes=1)
"""A phone lent but not connected is free again after this."""


class DemoPhones:
    """The few phones of the demo, lent to one browser each."""

    def __init__(self, accounts: tuple[SipAccount, ...], hub: Hub, now: Callable[[], datetime]) -> None:
        self._accounts = accounts
        self._hub = hub
        self._now = now
        self._lent: dict[str, datetime] = {}

    def lend(self, had: str | None) -> SipAccount | None:
        """The phone ``had`` before if it is ours, else a free one, else None."""
        connected = {wire.extension for wire in self._hub.wires}
        for account in sorted(self._accounts, key=lambda account: account.extension != had):
            lent_at = self._lent.get(account.extension)
            free = account.extension not in connected and (lent_at is None or self._now() - lent_at > LOAN)
            if free or account.extension == had:
                self._lent[account.extension] = self._now()
                return account
        return None
