"""Who may call the routes for other programs: whoever shows a token that has the right.

Cookies open none of these routes, and a token no other: a page in somebody's browser cannot make use of either.
"""

from __future__ import annotations

import logging
import math
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.concurrency import run_in_threadpool

from agent_desktop.access import Rule, doors_of
from agent_desktop.doors import Doors
from agent_desktop.errors import DeskError
from agent_desktop.ledger import add_use
from agent_desktop.tokens import Right, Token, TooOften, use_token

log = logging.getLogger(__name__)
CHALLENGE = {"www-authenticate": "Bearer"}
"""RFC 6750, section 3."""

bearer = HTTPBearer(auto_error=False, scheme_name="token", description="A token of `hotline tokens create`.")


class WithToken(Rule):
    """Another program whose token has a right.  Each use is on record: which token, which right, which ticket."""

    def __init__(self, right: Right) -> None:
        self.right = right
        self.name = f"token {right}"

    async def __call__(
        self, request: Request, shown: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)]
    ) -> Token:
        if shown is None:
            raise DeskError("bad_token", headers=CHALLENGE)
        about = request.path_params.get("ticket_id", self.right)
        return await run_in_threadpool(_let_in, doors_of(request), shown.credentials, self.right, about)


def _let_in(doors: Doors, secret: str, right: Right, about: str) -> Token:
    now = doors.now()
    with doors.write.begin() as session:
        found = use_token(session, secret, now)
        if isinstance(found, Token):
            add_use(session, found.token_id, about, now)
    if found is None:
        raise DeskError("bad_token", headers=CHALLENGE)
    if isinstance(found, TooOften):
        seconds = math.ceil(found.wait.total_seconds())
        raise DeskError("token_throttled", headers={"retry-after": str(seconds)}, retry_after_seconds=seconds)
    if right not in found.rights:
        raise DeskError("forbidden", permission=right)
    log.info("token %s used for %s", found.token_id, right)
    return found


CreatingMachine = Annotated[Token, Depends(WithToken("tickets.create"))]
ReadingMachine = Annotated[Token, Depends(WithToken("tickets.read_own"))]
