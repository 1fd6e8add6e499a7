"""The demo citizen's browser phone: only while the demo runs."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from agent_desktop.access import DEMO_COOKIE, DEMO_ONLY, TheDoors, sign, unsign
from agent_desktop.errors import DeskError, responses

from .session import SipInfo, sip_info

router = APIRouter(prefix="/demo", tags=["demo"], dependencies=[DEMO_ONLY])


class CitizenPhone(BaseModel):
    sip: SipInfo
    dial: str = "12345"


@router.post("/citizen", response_model=CitizenPhone, responses=responses("not_found", "no_free_phone"))
async def citizen(request: Request, response: Response, doors: TheDoors) -> CitizenPhone:
    """Lends this browser a free demo phone, the same one again after a reload."""
    config = doors.config
    had = unsign(config, DEMO_COOKIE, request.cookies.get(DEMO_COOKIE, ""))
    account = request.app.state.demo_phones.lend(had)
    if account is None:
        raise DeskError("no_free_phone")
    response.set_cookie(
        DEMO_COOKIE,
        sign(config, DEMO_COOKIE, account.extension),
        max_age=24 * 3600,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return CitizenPhone(sip=sip_info(account).model_copy(update={"ws_path": "/sip?phone=demo"}))
