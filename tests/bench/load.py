"""A load generator: many clients in several processes, each with its own connection."""

import multiprocessing
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

PROCESSES = 2


@dataclass
class Outcome:
    """How a load went: seconds of each act, and what was answered."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        """Acts a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Return the latency below which a share of the acts lay, in seconds."""
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


class Client:
    """A browser reduced to its connection and its cookie."""

    def __init__(self, port: int, token: str = "") -> None:
        self.port = port
        self.token = token
        self.statuses: Counter[int] = Counter()
        self._socket: socket.socket | None = None
        self._rest = b""

    def get(self, path: str) -> bytes:
        """Fetch a page; return its body."""
        return self._send(f"GET {path} HTTP/1.1\r\n{self._headers()}\r\n".encode())

    def post(self, path: str, form: str, accept: str = "text/html") -> bytes:
        """Send a form; return the answer's body."""
        body = form.encode()
        head = (
            f"POST {path} HTTP/1.1\r\n{self._headers()}Accept: {accept}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return self._send(head.encode() + body)

    def _headers(self) -> str:
        cookie = f"Cookie: lms={self.token}\r\n" if self.token else ""
        return f"Host: 127.0.0.1:{self.port}\r\n{cookie}"

    def _send(self, request: bytes) -> bytes:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
            self._rest = b""
        self._socket.sendall(request)
        head = self._until(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.statuses[int(lines[0].split()[1])] += 1
        length = 0
        for line in lines[1:]:
            name, _colon, value = line.partition(":")
            if name.lower() == "content-length":
                length = int(value)
            elif name.lower() == "set-cookie" and value.strip().startswith("lms="):
                self.token = value.strip()[4:].partition(";")[0]
        return self._take(length)

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._rest:
            self._fill()
        head, self._rest = self._rest.split(mark, 1)
        return head

    def _take(self, length: int) -> bytes:
        while len(self._rest) < length:
            self._fill()
        body, self._rest = self._rest[:length], self._rest[length:]
        return body

    def _fill(self) -> None:
        assert self._socket is not None
        chunk = self._socket.recv(65536)
        if not chunk:
            raise ConnectionError("the server closed the connection")
        self._rest += chunk


Act = Callable[[Client, int], None]


def run(act: Act, port: int, tokens: Sequence[str], seconds: float) -> Outcome:
    """Let one client per token repeat an act for some seconds, over several processes."""
    context = multiprocessing.get_context("fork")
    results: multiprocessing.Queue[Outcome] = context.Queue()
    shares = [list(tokens[i::PROCESSES]) for i in range(PROCESSES)]
    processes = [
        context.Process(target=_run_share, args=(act, port, share, seconds, results))
        for share in shares
    ]
    for process in processes:
        process.start()
    whole = Outcome()
    for _process in processes:
        part = results.get()
        whole.seconds = max(whole.seconds, part.seconds)
        whole.latencies += part.latencies
        whole.statuses += part.statuses
    for process in processes:
        process.join()
    return whole


def _run_share(act, port, tokens, seconds, results) -> None:  # type: ignore[no-untyped-def]
    outcome, lock = Outcome(), threading.Lock()
    started = time.perf_counter()

    def repeat(token: str) -> None:
        client, number, latencies = Client(port, token), 0, []
        while time.perf_counter() - started < seconds:
            begun = time.perf_counter()
            act(client, number)
            latencies.append(time.perf_counter() - begun)
            number += 1
        with lock:
            outcome.latencies += latencies
            outcome.statuses += client.statuses

    threads = [threading.Thread(target=repeat, args=(token,)) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcome.seconds = time.perf_counter() - started
    results.put(outcome)
