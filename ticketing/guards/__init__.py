"""What must hold before a verb may be carried out: pure rules over a case, the city's regulation and the time.

Each returns None or a :class:`~ticketing.model.Refused` whose detail names the article.  The table in ``life.txt``
names them.
"""

from ticketing.facts import Guard
from ticketing.guards import dispatch, marks, matter, time

GUARDS: dict[str, Guard] = {guard.__name__: guard for guard in (*matter.ALL, *marks.ALL, *dispatch.ALL, *time.ALL)}
"""Every rule by the name the table uses."""

__all__ = ["GUARDS"]
