"""Mail: goes out once, waits longer after each refusal, and holds nobody up."""

import smtplib
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from lms.core import jobs, mail
from lms.core.clock import now
from lms.core.db import begin_write, db
from lms.core.mail import MAX_TRIES, OutboxMessage
from tests.factories import Factory
from tests.services.page_client import PageClient
from tests.services.smtp import Mailbox

GONE, THERE = "gone@bacninh.example", "hoa@bacninh.example"


@pytest.fixture
def outbox(app: Flask, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    """Give the mailbox of the server that the app sends by."""
    monkeypatch.setitem(app.config, "LMS_MAIL_URL", f"{mailbox.url}?from=hoc@bacninh.example")
    return mailbox


def _post(app: Flask, *recipients: str) -> None:
    moment = now()
    with app.app_context():
        begin_write()
        db.session.add_all(
            OutboxMessage(
                recipient=recipient,
                subject="Giấy chứng nhận số 0001/2026",
                body="Chào chị Hoà,\nMời chị mở giấy chứng nhận.",
                created_at=moment,
                not_before=moment,
            )
            for recipient in recipients
        )
        db.session.commit()


def _send(app: Flask, at: datetime | None = None) -> int:
    with app.app_context(), time_machine.travel(at or now(), tick=False):
        return jobs.run("core.mail.send")


def _message(app: Flask, recipient: str) -> OutboxMessage:
    with app.app_context():
        message = db.session.scalars(
            select(OutboxMessage).where(OutboxMessage.recipient == recipient)
        ).one()
        db.session.expunge(message)
        return message


def test_a_letter_arrives_as_it_was_written(app: Flask, outbox: Mailbox) -> None:
    _post(app, THERE)
    assert _send(app) == 1
    [letter] = outbox.letters
    assert letter.subject == "Giấy chứng nhận số 0001/2026"
    assert letter.text() == "Chào chị Hoà,\nMời chị mở giấy chứng nhận.\n"
    assert letter.sender == "hoc@bacninh.example"
    assert letter.message["Message-ID"].endswith("@bacninh.example>")


def test_a_refused_letter_waits_twice_as_long_each_time_and_the_others_go(
    app: Flask, outbox: Mailbox
) -> None:
    outbox.refused.add(GONE)
    _post(app, GONE, THERE)
    moment = now()
    assert _send(app, moment) == 1
    assert [letter.recipients for letter in outbox.letters] == [[THERE]]
    for tries in range(1, MAX_TRIES):
        message = _message(app, GONE)
        assert (message.tries, message.sent_at) == (tries, None)
        assert message.not_before == moment + timedelta(minutes=2**tries)
        assert _send(app, message.not_before - timedelta(seconds=1)) == 0
        assert _message(app, GONE).tries == tries
        moment = message.not_before
        assert _send(app, moment) == 0

    last = _message(app, GONE)
    assert last.tries == MAX_TRIES
    assert _send(app, last.not_before + timedelta(days=1)) == 0
    assert _message(app, GONE).tries == MAX_TRIES


def test_a_letter_that_was_refused_goes_out_when_it_is_taken(app: Flask, outbox: Mailbox) -> None:
    outbox.refused.add(GONE)
    _post(app, GONE)
    assert _send(app) == 0
    outbox.refused.clear()
    assert _send(app, _message(app, GONE).not_before) == 1
    assert len(outbox.to(GONE)) == 1


@pytest.mark.parametrize("address", ["", f"{THERE}\nBcc: x@x.example"])
def test_what_is_no_address_holds_up_nobody(app: Flask, outbox: Mailbox, address: str) -> None:
    _post(app, address, THERE)
    assert _send(app) == 1
    assert [letter.recipients for letter in outbox.letters] == [[THERE]]
    assert _message(app, address).sent_at is None


def test_without_a_server_nothing_is_lost_and_no_try_is_used_up(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        monkeypatch.setitem(app.config, "LMS_MAIL_URL", f"smtp://127.0.0.1:{port}")
        _post(app, THERE)
        with pytest.raises(ConnectionRefusedError):
            _send(app)
    assert _message(app, THERE).tries == 0


class StallingServer:
    """Greets, and once mail is offered says nothing until told to hang up."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"smtp://127.0.0.1:{self._socket.getsockname()[1]}"
        self.offered, self.hang_up = threading.Event(), threading.Event()

    def serve(self) -> None:
        """Serve one connection."""
        connection, _address = self._socket.accept()
        with self._socket, connection, connection.makefile("rb") as lines:
            connection.sendall(b"220 slow\r\n")
            for line in lines:
                if line.upper().startswith(b"MAIL"):
                    self.offered.set()
                    self.hang_up.wait(60)
                    return
                connection.sendall(b"250 slow\r\n")


@pytest.fixture
def stalling() -> Iterator[StallingServer]:
    """Give a server that stalls."""
    server = StallingServer()
    thread = threading.Thread(target=server.serve)
    thread.start()
    yield server
    server.hang_up.set()
    thread.join()


@pytest.mark.xdist_group("parallel")
def test_a_server_that_stalls_and_hangs_up_holds_up_no_writer_and_no_other_letter(
    live_app: Flask, stalling: StallingServer
) -> None:
    live_app.config["LMS_MAIL_URL"] = stalling.url
    make, client = Factory(live_app), live_app.test_client()
    assert isinstance(client, PageClient)
    client.sign_in(make.person(agency=make.agency()))
    course = make.course()
    _post(live_app, THERE, GONE)
    with ThreadPoolExecutor(1) as thread:
        sending = thread.submit(_send, live_app)
        assert stalling.offered.wait(60)
        # Were a lock held, this would wait for it and be refused.
        assert client.post(f"/courses/{course.slug}/enrol").status_code == 303
        stalling.hang_up.set()
        with pytest.raises(smtplib.SMTPServerDisconnected):
            sending.result()
    assert _message(live_app, THERE).tries == 1
    assert _message(live_app, GONE).tries == 0


@pytest.mark.xdist_group("parallel")
def test_two_workers_send_each_letter_once(live_app: Flask, mailbox: Mailbox) -> None:
    live_app.config["LMS_MAIL_URL"] = mailbox.url
    recipients = [f"nguoi{n}@bacninh.example" for n in range(20)]
    _post(live_app, *recipients)
    with ThreadPoolExecutor(2) as threads:
        sent = [threads.submit(_send_now, live_app) for _worker in range(2)]
        assert sum(done.result() for done in sent) == len(recipients)
    assert sorted(letter.recipients[0] for letter in mailbox.letters) == sorted(recipients)


def _send_now(app: Flask) -> int:
    with app.app_context():
        return mail.send_waiting()
