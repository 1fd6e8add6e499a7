"""A real S3 API server on loopback (moto), started and stopped by the test."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from recordings.s3_store import S3Options


@dataclass
class S3Server:
    """Where it listens; ``down`` makes every answer a 503."""

    options: S3Options
    bucket: str = "recordings"
    down: bool = False
    forbidden: bool = False

    @property
    def location(self) -> str:
        return f"s3://{self.bucket}/calls"


@contextmanager
def s3_server() -> Iterator[S3Server]:
    import boto3
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    inner = DomainDispatcherApplication(create_backend_app)
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
    endpoint = f"http://127.0.0.1:{server.server_port}"
    made = S3Server(S3Options(endpoint, "us-east-1", "test", "test", timeout=5))
    client = boto3.client(
        "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )
    client.create_bucket(Bucket=made.bucket)
    running.append(made)
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
