"""What an office has decided about its floor, and changes while calls come: see :meth:`cti.bridge.Bridge.follow`."""

from __future__ import annotations

from dataclasses import dataclass

from cti.agents import WrapUp


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorRules:
    """The house's rules about agents, and how long citizens wait.  Times are in seconds."""

    missed_calls_limit: int = 2
    """Calls in a row an agent may let ring before being made not ready; 0 switches the rule off."""
    wrap_up: WrapUp = WrapUp.TIME_BOXED
    """How a queue call is followed by wrap-up."""
    longest_wait: int | None = None
    """After this long in the queue a citizen may leave a message; None: as the dialplan says."""
    longest_hold: int | None = None
    """After this long on hold a forgotten citizen goes back to the queue; None: as the dialplan says."""
    longest_absence: int | None = None
    """How long a citizen hears music for an agent whose browser has gone; None: as the dialplan says."""

    def dialplan(self) -> dict[str, str]:
        """The dialplan's global variables (``asterisk-conf/extensions.conf``) that these rules set."""
        limits = {
            "LONGEST_WAIT": self.longest_wait,
            "LONGEST_HOLD": self.longest_hold,
            "LONGEST_ABSENCE": self.longest_absence,
        }
        return {name: str(seconds) for name, seconds in limits.items() if seconds is not None}
