"""What a package reports is read with bounds, in the words of its standard."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.package_reports import BadReport, Results, read_report, read_results
from tests.courses.reports_of_packages import report_body

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
_FIELDS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        ("lesson_status", "score", "total_time", "completion_status", "success_status"), _JSON
    ),
)


@given(st.binary(max_size=300) | _JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_a_report_or_refused(data: bytes) -> None:
    with contextlib.suppress(BadReport):
        read_report(data)


@given(_FIELDS, st.lists(st.dictionaries(st.text(), _JSON, max_size=3) | _FIELDS, max_size=3))
def test_results_stay_within_their_bounds_whatever_a_package_says(
    fields: dict[str, Any], statements: list[Any]
) -> None:
    state = {"cmi": {"core": fields, **fields}}
    said = [
        {"verb": {"id": "x/completed"}, "result": fields, "object": fields, **other}
        for other in statements
    ]
    body = {**report_body(1, state), "statements": said}
    try:
        report = read_report(json.dumps(body).encode())
    except BadReport:
        return
    for standard in ("scorm12", "scorm2004", "h5p"):
        results = read_results(standard, report)
        assert results.score is None or 0 <= results.score <= 1
        assert results.seconds >= 0
        assert results.passed in (None, True, False)
        assert isinstance(results.completed, bool)


_RESULTS = st.builds(
    Results,
    st.booleans(),
    st.none() | st.booleans(),
    st.none() | st.floats(0, 1),
    st.integers(0, 9999),
)


@given(_RESULTS, _RESULTS, _RESULTS)
def test_results_only_get_better_in_whatever_order_they_come(
    one: Results, two: Results, three: Results
) -> None:
    assert one.merged(two) == two.merged(one)
    assert one.merged(two).merged(three) == one.merged(two.merged(three))
    assert one.merged(one) == one
    merged = one.merged(two)
    assert merged.completed >= one.completed
    assert merged.seconds >= one.seconds
    assert (merged.score or 0) >= (one.score or 0)


@pytest.mark.parametrize(
    ("standard", "cmi", "expected"),
    [
        ("scorm12", {"core": {"lesson_status": "completed"}}, Results(True)),
        ("scorm12", {"core": {"lesson_status": "browsed"}}, Results()),
        (
            "scorm12",
            {"core": {"score": {"raw": "7", "min": "5", "max": "9"}, "total_time": "0001:02:03.5"}},
            Results(score=0.5, seconds=3723),
        ),
        ("scorm12", {"core": {"score": {"raw": "120"}}}, Results(score=1.0)),
        ("scorm12", {"core": {"score": {"raw": "1", "min": "9", "max": "9"}}}, Results()),
        (
            "scorm2004",
            {"completion_status": "completed", "success_status": "failed"},
            Results(True, passed=False),
        ),
        (
            "scorm2004",
            {"score": {"scaled": "-0.5"}, "total_time": "P1DT1H1M1.9S"},
            Results(score=0.0, seconds=90061),
        ),
    ],
)
def test_each_standards_words_are_understood(
    standard: str, cmi: dict[str, Any], expected: Results
) -> None:
    report = read_report(json.dumps(report_body(1, {"cmi": cmi})).encode())
    assert read_results(standard, report) == expected


@pytest.mark.parametrize(
    ("said", "pass_share", "passed"),
    [
        (Results(True, passed=True, score=0.79), 0.8, False),
        (Results(True, passed=False, score=0.8), 0.8, True),
        (Results(True, score=0.9), 0.8, True),
        (Results(False, score=0.9), 0.8, None),
        (Results(True, passed=True), 0.8, True),
        (Results(True, passed=True, score=0.1), None, True),
        (Results(True, passed=True, score=0.1), "x", True),
    ],
)
def test_the_pass_mark_of_the_manifest_counts_once_the_package_has_ended(
    said: Results, pass_share: object, passed: bool | None
) -> None:
    assert said.judged(pass_share).passed is passed
