"""What a package posts, for tests."""

from typing import Any

RUN = "may-tinh-1"


def report_body(sequence: int, state: dict[str, Any], **other: Any) -> dict[str, Any]:
    """Return a report that is right, with some parts changed."""
    return {
        "learner": "",
        "attempt": 1,
        "base": 0,
        "sequence": sequence,
        "run": RUN,
        "state": state,
        "statements": [],
        **other,
    }
