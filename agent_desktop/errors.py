"""One shape for every error, with stable ids the web app translates.

``{"error": {"error_id": "ticket_conflict", "message": "...", "detail": {...}}}``
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import InterfaceError, OperationalError
from starlette.exceptions import HTTPException

log = logging.getLogger(__name__)

ERRORS: Mapping[str, tuple[int, str]] = {
    "invalid_request": (422, "The request has fields that cannot be accepted."),
    "bad_body": (400, "The request's body cannot be read."),
    "too_large": (413, "The request's body is larger than allowed."),
    "not_logged_in": (401, "Log in first."),
    "login_failed": (401, "User name or password is wrong."),
    "login_throttled": (429, "Too many failed log-ins; wait before the next try."),
    "bad_token": (401, "The token is not known."),
    "token_throttled": (429, "The token was used too often; wait before the next request."),
    "token_refused": (422, "A token cannot be made like this."),
    "forbidden": (403, "Your role does not allow this."),
    "csrf": (403, "The request does not come from the desk's own page."),
    "not_found": (404, "There is nothing under this address."),
    "method_not_allowed": (405, "This address does not take this method."),
    "not_an_agent": (403, "This user has no agent's place."),
    "unknown_reason": (422, "There is no such not-ready reason."),
    "unknown_disposition": (422, "There is no such disposition that can be chosen."),
    "disposition_required": (409, "Say first how the call turned out."),
    "unknown_service": (422, "There is no such emergency service."),
    "unknown_mark": (422, "There is no such mark."),
    "anonymous_caller": (409, "The caller hides the number; nothing can be noted about it."),
    "own_mark": (409, "Somebody else than the marker has to confirm it."),
    "article_conflict": (409, "Somebody else has changed the article meanwhile."),
    "article_refused": (422, "This cannot be done with the article."),
    "ticket_conflict": (409, "Somebody else has changed the ticket meanwhile."),
    "ticket_refused": (422, "The ticket cannot be saved like this."),
    "paper_failed": (409, "The paper could not be made."),
    "unknown_paper": (422, "There is no such kind of paper."),
    "setting_conflict": (409, "Somebody else has changed the setting meanwhile."),
    "duty_conflict": (409, "Somebody else has changed this line of the roster meanwhile."),
    "report_conflict": (409, "The report was changed meanwhile."),
    "too_many_reports": (409, "There are too many reports of one person."),
    "query_throttled": (429, "Too many queries; wait before the next try."),
    "draft_conflict": (409, "A newer draft is stored already."),
    "type_refused": (415, "Files of this type are not kept."),
    "attachment_lost": (410, "The file is known, but the store does not give it back as it was."),
    "storage_full": (507, "There is no room left for files; nothing else was lost."),
    "storage_away": (503, "The files' store cannot be reached at the moment."),
    "recording_not_ready": (409, "The recording is not finished yet."),
    "recording_lost": (410, "The recording is known, but its file cannot be played."),
    "reason_needed": (403, "Say first why you open this recording."),
    "confidential": (403, "This caller is confidential; only people named for it may hear the voice."),
    "remark_refused": (422, "This cannot be put on the recording."),
    "review_refused": (409, "The scorecard cannot be used like this."),
    "export_refused": (409, "The recording cannot be given out like this."),
    "hold_refused": (409, "The hold cannot be placed or lifted."),
    "range_not_satisfiable": (416, "The recording has no such range."),
    "voicemail_refused": (409, "The voice message is not yours to deal with, or is done already."),
    "refused_by_switch": (409, "The switch has refused this."),
    "switch_down": (503, "The switch cannot be reached at the moment."),
    "database_busy": (503, "The database does not answer at the moment; try again."),
    "no_free_phone": (409, "All demo phones are in use."),
    "request_refused": (400, "The request was refused."),
    "internal": (500, "Something unexpected went wrong; it has been logged."),
}
"""Every error id with its HTTP status and default text."""


class ErrorDetail(BaseModel):
    """What went wrong."""

    error_id: str
    message: str
    detail: dict[str, Any] = {}


class ErrorBody(BaseModel):
    """The body of every answer with a status from 400 on."""

    error: ErrorDetail


class DeskError(Exception):
    """An expected refusal: becomes the error answer of its ``error_id``."""

    def __init__(self, error_id: str, *, headers: Mapping[str, str] | None = None, **detail: Any) -> None:
        super().__init__(error_id)
        self.error_id = error_id
        self.status, self.message = ERRORS[error_id]
        self.detail = detail
        self.headers = headers

    def response(self) -> JSONResponse:
        """The HTTP answer for this error."""
        error = {"error_id": self.error_id, "message": self.message, "detail": self.detail}
        return JSONResponse({"error": error}, self.status, self.headers)


def responses(*error_ids: str) -> dict[int | str, dict[str, Any]]:
    """OpenAPI entries for the errors a route may answer with."""
    by_status: dict[int | str, dict[str, Any]] = {}
    for error_id in error_ids:
        status, message = ERRORS[error_id]
        entry = by_status.setdefault(status, {"model": ErrorBody, "description": ""})
        entry["description"] = f"{entry['description']} `{error_id}`: {message}".strip()
    return by_status


_BY_STATUS = {400: "bad_body", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}


async def _on_desk_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DeskError)
    return error.response()


async def _on_http_exception(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    known = DeskError(_BY_STATUS.get(error.status_code, "request_refused"), headers=error.headers)
    known.status = error.status_code
    return known.response()


async def _on_invalid(_request: Request, error: Exception) -> JSONResponse:
    """Names each bad field.  The input itself is not repeated: it may be unprintable or private."""
    assert isinstance(error, RequestValidationError)
    problems = [
        {
            "where": [_printable(part) for part in problem["loc"]],
            "code": problem["type"],
            "message": _printable(problem["msg"]),
        }
        for problem in error.errors()
    ]
    error_id = "bad_body" if any(problem["code"] == "json_invalid" for problem in problems) else "invalid_request"
    return DeskError(error_id, problems=problems[:50]).response()


def _printable(value: Any) -> Any:
    """``value`` without lone surrogates, which no JSON answer can carry."""
    return value if isinstance(value, int) else str(value)[:200].encode("utf-8", "replace").decode()


async def _on_database_away(_request: Request, error: Exception) -> JSONResponse:
    log.warning("the database does not answer", exc_info=error)
    return DeskError("database_busy").response()


def install_error_handlers(app: FastAPI) -> None:
    """Makes every expected error of ``app`` come out in the one shape; the others are caught in the guards."""
    app.add_exception_handler(DeskError, _on_desk_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(OperationalError, _on_database_away)
    app.add_exception_handler(InterfaceError, _on_database_away)
