"""The channels of this installation, from its settings."""

from __future__ import annotations

import json
from collections.abc import Callable

from sqlalchemy.orm import Session, sessionmaker

import ticketing
from hotline.channels import Channel
from hotline.channels.email import MailServer, address
from hotline.channels.notices import NoticeChannel
from hotline.channels.sms import SmsGateway, mobile
from hotline.channels.webhook import Webhook
from hotline.secrets_file import SecretsFile
from hotline.settings import Settings


def channels(
    settings: Settings, sessions: sessionmaker[Session], office: Callable[[Session], ticketing.Office]
) -> dict[str, Channel]:
    """By name; empty when nothing is set up, and events then end where they are."""
    secrets = SecretsFile(settings.home)
    found: dict[str, Channel] = {}
    if settings.webhook_url:
        found["webhook"] = Webhook(settings.webhook_url, secrets.get("webhook"))
    if settings.sms_url:
        gateway = SmsGateway(
            settings.sms_url,
            json.loads(settings.sms_fields),
            settings.sms_format == "form",
            settings.sms_success,
            _given(secrets, "sms"),
        )
        found["sms"] = NoticeChannel("sms", sessions, office, gateway.send, lambda to: mobile(to) is not None)
    if settings.smtp_server:
        host, _, port = settings.smtp_server.rpartition(":")
        server = MailServer(
            host,
            int(port),
            settings.smtp_security,
            settings.mail_from,
            settings.smtp_user,
            _given(secrets, "smtp") if settings.smtp_user else "",
        )
        found["email"] = NoticeChannel("email", sessions, office, server.send, address)
    return found


def _given(secrets: SecretsFile, name: str) -> str:
    """A secret the provider gave; nothing is drawn, for nobody else would know it."""
    return secrets.get(name) if name in secrets.names() else ""
