"""The SMTP server that tests send mail to."""

import smtplib
from email.message import EmailMessage

import pytest

from tests.services.smtp import Mailbox


def send(mailbox: Mailbox, recipient: str) -> None:
    letter = EmailMessage()
    letter["From"] = "hoc@example.vn"
    letter["To"] = recipient
    letter["Subject"] = "Khóa học mới của anh/chị"
    letter.set_content("Kính gửi anh/chị")
    with smtplib.SMTP("127.0.0.1", mailbox.port) as server:
        server.send_message(letter)


def test_a_letter_arrives_with_its_accents(mailbox: Mailbox) -> None:
    send(mailbox, "an@example.vn")
    [letter] = mailbox.to("an@example.vn")
    assert letter.sender == "hoc@example.vn"
    assert letter.subject == "Khóa học mới của anh/chị"
    assert letter.text() == "Kính gửi anh/chị\n"
    assert letter.text("html") == ""


def test_each_test_starts_with_an_empty_mailbox(mailbox: Mailbox) -> None:
    assert mailbox.letters == []


def test_a_refused_address_is_told_so_to_the_sender(mailbox: Mailbox) -> None:
    mailbox.refused.add("gone@example.vn")
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(mailbox, "gone@example.vn")
    assert mailbox.letters == []
