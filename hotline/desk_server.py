"""The desk's HTTP server: uvicorn with the limits that keep one bad peer from harming the others."""

from __future__ import annotations

import uvicorn
from fastapi import FastAPI

LARGEST_FRAME = 64 * 1024
"""Bytes of one WebSocket message; SIP messages with a long SDP have under 10,000."""

GOODBYE = 3
"""Seconds for answers in hand when the desk stops."""


def server_config(app: FastAPI, host: str, port: int) -> uvicorn.Config:
    """How the desk is served.

    ``X-Forwarded-*`` is believed from this machine only, where the TLS proxy runs.  WebSocket compression is off:
    SIP and the live messages are small, and 60 pages would cost 60 zlib contexts.
    """
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,  # addresses hold ids of calls and the query holds numbers; the metrics count instead
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips="127.0.0.1,::1",
        timeout_graceful_shutdown=GOODBYE,
        timeout_keep_alive=65,
        ws_max_size=LARGEST_FRAME,
        ws_per_message_deflate=False,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        h11_max_incomplete_event_size=32 * 1024,
    )
