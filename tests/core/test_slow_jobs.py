"""Jobs that take hours: one at a time, and nobody else waits for them."""

from threading import Event, Thread

import pytest
from flask import Flask

from lms.core import jobs

PATIENCE_SECONDS = 30


def test_the_others_run_while_a_slow_job_does_and_a_second_slow_one_comes_later(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end = Event(), Event()

    def take_long() -> int:
        begun.set()
        assert may_end.wait(PATIENCE_SECONDS)
        return 7

    monkeypatch.setattr(jobs, "_jobs", {"quick": lambda: 1, "slow": take_long, "other": lambda: 3})
    monkeypatch.setattr(jobs, "_slow", {"slow", "other"})
    made = []

    def work() -> None:
        with app.app_context():
            made.append(jobs.run("slow"))

    worker = Thread(target=work)
    worker.start()
    assert begun.wait(PATIENCE_SECONDS)
    with app.app_context():
        assert jobs.run("quick") == 1
        assert jobs.run("other") == 0
        may_end.set()
        worker.join()
        assert jobs.run("other") == 3
    assert made == [7]


def test_a_slow_job_that_fails_leaves_its_lane(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_jobs", {"slow": lambda: 1 // 0})
    monkeypatch.setattr(jobs, "_slow", {"slow"})
    with app.app_context():
        for _twice in range(2):
            with pytest.raises(ZeroDivisionError):
                jobs.run("slow")
