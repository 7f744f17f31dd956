"""The one mail path: a row in the outbox with its cause, sent by a job.

An SMTP failure never undoes what the mail was about; the row waits and is tried again.
"""

import logging
import smtplib
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import make_msgid
from urllib.parse import parse_qs, unquote, urlsplit

from flask import current_app, render_template
from sqlalchemy import Index, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.clock import now
from lms.core.db import UTCDateTime, begin_write, db
from lms.core.jobs import job, ring

log = logging.getLogger(__name__)

MAX_TRIES = 8
BATCH = 100


class OutboxMessage(db.Model):  # type: ignore[name-defined,misc]
    """A mail that is to go out once."""

    __tablename__ = "outbox_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    not_before: Mapped[datetime] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (
        Index("ix_outbox_message_waiting", "not_before", sqlite_where=sent_at.is_(None)),
    )


def post(recipient: str, template: str, **context: object) -> None:
    """Put a mail in the outbox, from ``<template>/subject.txt`` and ``body.txt``."""
    moment = now()
    db.session.add(
        OutboxMessage(
            recipient=recipient,
            subject=" ".join(render_template(f"{template}/subject.txt", **context).split()),
            body=render_template(f"{template}/body.txt", **context),
            created_at=moment,
            not_before=moment,
        )
    )
    ring("core.mail.send")


@job("core.mail.send")
def send_waiting() -> int:
    """Send what waits in the outbox; without LMS_MAIL_URL it stays there."""
    url = current_app.config["LMS_MAIL_URL"]
    if not url:
        return 0
    waiting = _list_waiting()
    if not waiting:
        return 0
    sent = 0
    with _open_smtp(url) as smtp:
        for message_id in waiting:
            sent += _send(smtp, message_id, url)
    return sent


def _list_waiting() -> list[int]:
    query = select(OutboxMessage.id).where(
        OutboxMessage.sent_at.is_(None),
        OutboxMessage.tries < MAX_TRIES,
        OutboxMessage.not_before <= now(),
    )
    return list(db.session.scalars(query.order_by(OutboxMessage.id).limit(BATCH)))


def _send(smtp: smtplib.SMTP, message_id: int, url: str) -> int:
    begin_write()
    message = db.session.get(OutboxMessage, message_id, with_for_update=True)
    if message is None or message.sent_at is not None:
        db.session.rollback()
        return 0
    message.tries += 1
    try:
        smtp.send_message(_email(message, url))
        message.sent_at = now()
    except smtplib.SMTPException:
        log.exception("mail %s was not taken", message.id)
        message.not_before = now() + timedelta(minutes=2**message.tries)
    db.session.commit()
    return int(message.sent_at is not None)


def _email(message: OutboxMessage, url: str) -> EmailMessage:
    sender = parse_qs(urlsplit(url).query).get("from", ["no-reply@localhost"])[0]
    mail = EmailMessage()
    mail["From"] = Address("Học bình đẳng", addr_spec=sender)
    mail["To"] = message.recipient
    mail["Subject"] = message.subject
    mail["Message-ID"] = make_msgid(idstring=str(message.id), domain=sender.partition("@")[2])
    mail.set_content(message.body)
    return mail


def _open_smtp(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    connect = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    smtp = connect(parts.hostname or "localhost", parts.port or 0, timeout=20)
    if parts.username:
        smtp.login(unquote(parts.username), unquote(parts.password or ""))
    return smtp
