"""A real S3 API server on loopback (moto), started and stopped by the test; or a process of its own that can be killed.

``python -m tests.kit.s3_server PORT [VICTIM]`` dies by SIGKILL when half of an object named like VICTIM has come in.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from recordings.s3_store import S3Options

BUCKET = "recordings"


@dataclass
class S3Server:
    """Where it listens; ``down`` makes every answer a 503."""

    options: S3Options
    down: bool = False
    forbidden: bool = False

    @property
    def location(self) -> str:
        return f"s3://{BUCKET}/calls"


def _application() -> Any:
    from moto.server import DomainDispatcherApplication, create_backend_app

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    return DomainDispatcherApplication(create_backend_app)


def _with_bucket(endpoint: str) -> S3Options:
    import boto3

    boto3.client(
        "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    ).create_bucket(Bucket=BUCKET)
    return S3Options(endpoint, "us-east-1", "test", "test", timeout=5)


@contextmanager
def s3_process(port: int, victim: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """The service as a process at this port, with an empty bucket; killed at the end if it has not been before."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.kit.s3_server", str(port), victim], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == b"ready\n"
        _with_bucket(f"http://127.0.0.1:{port}")
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def main(port: int, victim: str) -> None:
    from werkzeug.serving import make_server

    inner = _application()

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if victim and environ["REQUEST_METHOD"] == "PUT" and victim in environ["PATH_INFO"]:
            environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]) // 2)
            os.kill(os.getpid(), signal.SIGKILL)
        served: Iterable[bytes] = inner(environ, start_response)
        return served

    server = make_server("127.0.0.1", port, app, threaded=True)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    server.serve_forever()


@contextmanager
def s3_server() -> Iterator[S3Server]:
    from werkzeug.serving import make_server

    inner = _application()
    running: list[S3Server] = []

    def app(environ, start_response):  # type: ignore[no-untyped-def]
        if running and (running[0].down or running[0].forbidden):
            code, name = (
                ("503 Service Unavailable", "SlowDown") if running[0].down else ("403 Forbidden", "AccessDenied")
            )
            start_response(code, [("Content-Type", "application/xml")])
            return [f"<Error><Code>{name}</Code><Message>no</Message></Error>".encode()]
        return inner(environ, start_response)

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made = S3Server(_with_bucket(f"http://127.0.0.1:{server.server_port}"))
    running.append(made)
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
