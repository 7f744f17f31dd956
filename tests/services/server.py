"""The product's web server in processes of its own, to be killed at any moment."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60


class Server:
    """Starts, kills and starts again on one port and one database.

    ``watcher`` is a command that runs the server under its eyes, like strace.
    """

    def __init__(
        self, environ: dict[str, str], folder: Path, *, watcher: Sequence[str] = ()
    ) -> None:
        self.port = _free_port()
        self._environ = {**os.environ, **environ, "LMS_PORT": str(self.port)}
        self._watcher = watcher
        self._log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Serve, and return when it answers."""
        command = [*self._watcher, sys.executable, "-m", "flask", "--app", "lms", "serve"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self._environ, stdout=log, stderr=log, start_new_session=True
            )
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            try:
                if self.request("GET", "/healthz")[0] == http.HTTPStatus.OK:
                    return
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
        raise AssertionError(self._log.read_text()[-4000:])

    def kill(self) -> None:
        """Kill -9 every process of it."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def request(
        self,
        method: str,
        path: str,
        form: dict[str, object] | None = None,
        *,
        token: str = "",
        accept: str = "text/html",
        timeout: float = 30,
    ) -> tuple[int, dict[str, str], str]:
        """Send one request; return status, headers and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        headers = {"Accept": accept, "Cookie": f"lms={token}"}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, urlencode(form) if form is not None else None, headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode()
        finally:
            connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
