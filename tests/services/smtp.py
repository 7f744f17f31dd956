"""A real SMTP server for tests: takes every message and keeps it to be read."""

import socket
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Letter:
    """One message as the server received it."""

    sender: str
    recipients: list[str]
    message: EmailMessage

    @property
    def subject(self) -> str:
        """The subject, decoded."""
        return str(self.message["Subject"])

    def text(self, kind: str = "plain") -> str:
        """Return the decoded ``plain`` or ``html`` body; nothing where there is none."""
        part = self.message.get_body((kind,))
        return str(part.get_content()).replace("\r\n", "\n") if part else ""


@dataclass
class Mailbox:
    """A running server and the letters it took, oldest first."""

    letters: list[Letter] = field(default_factory=list)
    #: Addresses for which the server answers 550, as for a mailbox that is gone.
    refused: set[str] = field(default_factory=set)
    port: int = 0

    @property
    def url(self) -> str:
        """The address to send mail by, for LMS_MAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    def to(self, recipient: str) -> list[Letter]:
        """Return the letters that one address received."""
        return [letter for letter in self.letters if recipient in letter.recipients]

    def clear(self) -> None:
        """Forget the letters and take every address again."""
        self.letters.clear()
        self.refused.clear()

    # The names of the following two are aiosmtpd's.
    async def handle_RCPT(  # noqa: N802
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        rcpt_options: list[str],
    ) -> str:
        """Answer whether mail for an address is taken."""
        if address in self.refused:
            return "550 No such mailbox"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(rcpt_options)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep one message."""
        content = envelope.original_content or b""
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.letters.append(Letter(envelope.mail_from or "", list(envelope.rcpt_tos), message))
        return "250 OK"


class _Server(Controller):
    """aiosmtpd's server on a socket that is bound already, so that no port is guessed."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        mailbox.port = self.socket.getsockname()[1]
        super().__init__(mailbox, hostname="127.0.0.1", port=mailbox.port)

    def _create_server(self) -> Awaitable[object]:
        return self.loop.create_server(self._factory_invoker, sock=self.socket)


@pytest.fixture(scope="session")
def smtp_server() -> Iterator[Mailbox]:
    """Give this test process an SMTP server."""
    mailbox = Mailbox()
    server = _Server(mailbox)
    server.start()
    yield mailbox
    server.stop()


@pytest.fixture
def mailbox(smtp_server: Mailbox) -> Mailbox:
    """Give a test the SMTP server with an empty mailbox."""
    smtp_server.clear()
    return smtp_server
