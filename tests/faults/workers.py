"""Worker processes of a test: waited for, killed, run to their end."""

import subprocess
import time
from collections.abc import Callable

PATIENCE_SECONDS = 120

Worker = subprocess.Popen[bytes]


def wait_until(reached: Callable[[], bool], workers: list[Worker]) -> None:
    """Look again and again while the workers go on."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not reached():
        assert time.monotonic() < deadline
        assert all(worker.poll() is None for worker in workers)
        time.sleep(0.003)


def kill(workers: list[Worker]) -> None:
    """End them at once, whatever they are at (kill -9)."""
    for worker in workers:
        worker.kill()
        worker.wait()


def run_out(workers: list[Worker]) -> None:
    """Let them come to a good end."""
    assert [worker.wait(PATIENCE_SECONDS) for worker in workers] == [0] * len(workers)
