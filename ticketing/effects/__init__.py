"""What each verb does to the rows beside moving the status.  The dictionary at the end is the index."""

from ticketing.effects import closing, dispatching, intake, ordering, overlays, requests, working
from ticketing.effects.kind import Effect

EFFECTS: dict[str, Effect] = {
    **intake.EFFECTS,
    **dispatching.EFFECTS,
    **working.EFFECTS,
    **requests.EFFECTS,
    **ordering.EFFECTS,
    **closing.EFFECTS,
    **overlays.EFFECTS,
}
"""One handler per verb of the table; each returns what the history says."""

__all__ = ["EFFECTS", "Effect"]
