"""Somebody who takes quizzes through every outage and remembers what was acknowledged."""

import http.client
import random
import re
import threading
import time
from collections import defaultdict
from dataclasses import dataclass

from tests.services.page_client import PageClient
from tests.services.server import Server

QUESTIONS = range(1, 6)
#: A dead server answers nothing; a browser that is asked to reload tries again.
PAUSE = 0.05


@dataclass(frozen=True)
class Reply:
    """What the server said."""

    status: int
    location: str
    text: str


class Learner:
    """Saves answers, submits, begins anew; a request without a reply is sent again."""

    def __init__(self, server: Server, client: PageClient, quiz: str) -> None:
        cookie = client.get_cookie("lms")
        assert cookie is not None
        self.cookie, self.csrf = cookie.value, client.csrf_token()
        self._server, self._quiz = server, quiz
        self._chance = random.Random(self.cookie)
        self._stop = threading.Event()
        #: By attempt and position: (sequence number, value), as acknowledged.
        self.answers: dict[int, dict[int, tuple[int, str]]] = defaultdict(dict)
        self.submitted: set[int] = set()
        #: Statuses that no request of a learner should meet.
        self.surprises: list[tuple[str, int]] = []

    def learn(self, stop: threading.Event) -> None:
        """Take one attempt after the other until told to stop."""
        self._stop = stop
        while not stop.is_set():
            self._take_attempt()

    def _take_attempt(self) -> None:
        begun = self._post(f"{self._quiz}/start", {}, 303)
        if begun is None:
            return
        address = begun.location.partition("?")[0]
        attempt = int(address.rpartition("/")[2])
        page = self._send("GET", address, None, 200)
        if page is None:
            return
        offered = {
            n: re.findall(rf'name="answer-{n}" value="([^"]+)"', page.text) for n in QUESTIONS
        }
        for sequence in range(1, self._chance.randint(6, 16)):
            position = self._chance.choice(QUESTIONS)
            value = self._chance.choice(offered[position])
            form = {"position": position, "seq": sequence, f"answer-{position}": value}
            if self._post(f"{address}/answers", form, 200) is None:
                return
            self.answers[attempt][position] = (sequence, value)
        if self._post(f"{address}/submit", {}, 303) is not None:
            self.submitted.add(attempt)

    def _post(self, address: str, form: dict[str, object], wanted: int) -> Reply | None:
        return self._send("POST", address, {"csrf_token": self.csrf, **form}, wanted)

    def _send(
        self, method: str, address: str, form: dict[str, object] | None, wanted: int
    ) -> Reply | None:
        """Send until it is answered as wanted; None when it is time to stop."""
        accept = "application/json" if address.endswith("/answers") else "text/html"
        while not self._stop.is_set():
            try:
                status, headers, text = self._server.request(
                    method, address, form, token=self.cookie, accept=accept, timeout=8
                )
            except (OSError, http.client.HTTPException):
                time.sleep(PAUSE)
                continue
            if status == wanted:
                return Reply(status, headers.get("location", ""), text)
            if status != http.client.SERVICE_UNAVAILABLE:
                self.surprises.append((address, status))
                return None
        return None
