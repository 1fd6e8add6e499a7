"""Logging in and out, and who I am."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

import cti
from agent_desktop import accounts
from agent_desktop.access import PUBLIC, SESSION_COOKIE, AnyUser, TheDoors, allowed, keeper_of, sign
from agent_desktop.doors import Doors, SipAccount
from agent_desktop.errors import DeskError, responses
from agent_desktop.texts import Line

router = APIRouter(tags=["session"])


class Credentials(BaseModel):
    """What the log-in form sends."""

    username: Annotated[Line, Field(min_length=1, max_length=64)]
    password: Annotated[Line, Field(min_length=1, max_length=accounts.LONGEST_PASSWORD)]


class UserInfo(BaseModel):
    """A logged-in person."""

    user_id: str
    username: str
    display_name: str
    roles: list[str]
    permissions: list[str]


class LoginAnswer(BaseModel):
    user: UserInfo


class AgentInfo(BaseModel):
    """The person's agent's place."""

    agent_id: str
    extension: str
    display_name: str
    kind: Literal["web", "phone"]


class CityInfo(BaseModel):
    code: str
    name: str


class SipInfo(BaseModel):
    """How the page's softphone registers; only the person's own."""

    uri: str
    password: str
    ws_path: str = "/sip"
    display_name: str
    extension: str


class ReasonInfo(BaseModel):
    """A not-ready reason; system ones are shown but not offered."""

    code: str
    zh: str
    en: str
    system: bool


class Me(BaseModel):
    user: UserInfo
    agent: AgentInfo | None
    sip: SipInfo | None
    city: CityInfo
    demo: bool
    reasons: list[ReasonInfo]
    live_path: str = "/api/v1/live?v=1"


class DemoLoginOut(BaseModel):
    username: str
    password: str
    display_name: str


class Welcome(BaseModel):
    city: CityInfo
    demo: bool
    logins: list[DemoLoginOut]


@router.post(
    "/login",
    dependencies=[PUBLIC],
    response_model=LoginAnswer,
    responses=responses("login_failed", "login_throttled"),
)
def log_in(credentials: Credentials, request: Request, response: Response, doors: TheDoors) -> LoginAnswer:
    """Opens a session; its cookie goes with every later request."""
    address = request.client.host if request.client else ""
    result = accounts.log_in(doors.write, credentials.username, credentials.password, address, doors.now())
    if isinstance(result, accounts.LoginRefused):
        if result.retry_after is None:
            raise DeskError("login_failed")
        seconds = max(1, round(result.retry_after.total_seconds()))
        raise DeskError("login_throttled", headers={"Retry-After": str(seconds)}, retry_after_seconds=seconds)
    response.set_cookie(
        SESSION_COOKIE,
        sign(doors.config, SESSION_COOKIE, result.token),
        max_age=int(accounts.SESSION_LIFE.total_seconds()),
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return LoginAnswer(user=user_info(doors, result.user))


@router.post("/logout", status_code=204, responses=responses("not_logged_in"))
async def log_out(visitor: AnyUser, request: Request, response: Response, doors: TheDoors) -> None:
    """Ends the session: its live pages and softphone sockets close, the agent leaves the queues."""

    def end() -> None:
        with doors.write.begin() as session:
            accounts.log_out(session, visitor.session)

    await run_in_threadpool(end)
    await keeper_of(request).session_over(visitor.session, visitor.user.agent_id)
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="strict")


@router.get("/me", response_model=Me, responses=responses("not_logged_in"))
def me(visitor: AnyUser, doors: TheDoors) -> Me:
    """The person, their agent's place and their own softphone's credentials."""
    config = doors.config
    agent = None
    account = None
    if visitor.user.agent_id is not None and visitor.may("call.take"):
        with doors.read() as session:
            row = cti.get_agent(session, visitor.user.agent_id)
        if row is not None and row.enabled:
            agent = AgentInfo.model_validate(row, from_attributes=True)
            account = doors.sip_account(row.agent_id)
    return Me(
        user=user_info(doors, visitor.user),
        agent=agent,
        sip=sip_info(account) if account else None,
        city=CityInfo(code=config.city_code, name=config.city_name),
        demo=config.demo,
        reasons=[ReasonInfo.model_validate(reason, from_attributes=True) for reason in config.house_rules.reasons],
    )


@router.get("/welcome", dependencies=[PUBLIC], response_model=Welcome)
def welcome(doors: TheDoors) -> Welcome:
    """What the log-in page shows before anybody is logged in; log-ins only in the demo."""
    config = doors.config
    logins = [DemoLoginOut.model_validate(login, from_attributes=True) for login in config.demo_logins]
    return Welcome(
        city=CityInfo(code=config.city_code, name=config.city_name),
        demo=config.demo,
        logins=logins if config.demo else [],
    )


def user_info(doors: Doors, user: accounts.User) -> UserInfo:
    """A person as this API says it."""
    return UserInfo(
        user_id=user.user_id,
        username=user.username,
        display_name=user.display_name,
        roles=list(user.roles),
        permissions=sorted(allowed(doors, user)[0]),
    )


def sip_info(account: SipAccount) -> SipInfo:
    """A softphone's account as this API says it."""
    return SipInfo(
        uri=f"sip:{account.extension}@{account.domain}",
        password=account.password,
        display_name=account.display_name,
        extension=account.extension,
    )
