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
from lms.core.db import UTCDateTime, begin_write, db, end_write
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
            message = _claim(message_id)
            if message is not None and _send(smtp, message, url):
                sent += 1
    return sent


def _list_waiting() -> list[int]:
    query = select(OutboxMessage.id).where(
        OutboxMessage.sent_at.is_(None),
        OutboxMessage.tries < MAX_TRIES,
        OutboxMessage.not_before <= now(),
    )
    waiting = list(db.session.scalars(query.order_by(OutboxMessage.id).limit(BATCH)))
    db.session.rollback()  # nothing is held while the server is talked to
    return waiting


def _claim(message_id: int) -> OutboxMessage | None:
    """Take a message for one try, detached; None when another sender has it.

    The try is noted first, so that the database is free while a slow server thinks.
    """
    begin_write()
    message = db.session.get_one(OutboxMessage, message_id, with_for_update=True)
    free = message.sent_at is None and message.not_before <= now()
    if free:
        message.tries += 1
        message.not_before = now() + timedelta(minutes=2**message.tries)
        db.session.flush()
    db.session.expunge(message)
    db.session.commit()
    end_write()
    return message if free else None


def _send(smtp: smtplib.SMTP, message: OutboxMessage, url: str) -> bool:
    try:
        smtp.send_message(_email(message, url))
    except smtplib.SMTPServerDisconnected:
        raise  # the others are not to blame: they keep their tries
    except (smtplib.SMTPException, ValueError):  # refused, or not an address at all
        log.exception("mail %s was not taken", message.id)
        return False
    begin_write()
    db.session.get_one(OutboxMessage, message.id).sent_at = now()
    db.session.commit()
    end_write()
    return True


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
