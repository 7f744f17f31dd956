"""What a package says of its learner: read without trusting a word. Pure.

A package runs in the learner's browser, so anything may come: what is too large or is no
plain JSON is refused whole, and every value that counts is brought into its bounds.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

#: Bytes of one report; SCORM 2004 allows a package 64,000 characters to suspend with.
MOST_BYTES = 320 * 1024
STATE_BYTES = 256 * 1024
MOST_DEPTH = 24
MOST_STATEMENTS = 50
MOST_SECONDS = 10_000 * 3600
MOST_NUMBER = 2**31 - 1
VERB_LENGTH, ACTIVITY_LENGTH, NAME_LENGTH, RESPONSE_LENGTH = 60, 500, 200, 1000

_RUN = re.compile(r"[A-Za-z0-9-]{8,64}")
#: SCORM 1.2: hours:minutes:seconds.
_TIMESPAN = re.compile(r"(\d{1,5}):(\d{1,2}):(\d{1,2})(?:\.\d*)?")
#: SCORM 2004: ISO 8601, of which years and months say nothing certain.
_DURATION = re.compile(
    r"P(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,9})(?:\.\d*)?S)?)?"
)
#: Verbs of xAPI by which H5P ends its activity.
_ENDING_VERBS = frozenset({"completed", "answered", "passed", "failed", "mastered"})


class BadReport(ValueError):
    """A report that is no report: nothing of it is kept."""


@dataclass(frozen=True)
class Results:
    """How the learner stands, as the package has it."""

    completed: bool = False
    #: None: it says nothing about it.
    passed: bool | None = None
    #: From 0 to 1.
    score: float | None = None
    seconds: int = 0

    def merged(self, other: "Results") -> "Results":
        """Return the better of both, value by value: the order of reports does not matter."""
        scores = [score for score in (self.score, other.score) if score is not None]
        passes = [passed for passed in (self.passed, other.passed) if passed is not None]
        return Results(
            completed=self.completed or other.completed,
            passed=any(passes) if passes else None,
            score=max(scores, default=None),
            seconds=max(self.seconds, other.seconds),
        )

    def judged(self, pass_share: object) -> "Results":
        """Return them by the pass mark of the manifest, from 0 to 1, where it names one.

        SCORM leaves that judgement to the system, once the package has ended.
        """
        mark = _number(pass_share)
        if mark is None or self.score is None or not (self.completed or self.passed is not None):
            return self
        return replace(self, passed=self.score >= mark)


@dataclass(frozen=True)
class Report:
    """One commit of a package."""

    #: Whose it is: the name that the package was given for its learner.
    learner: str
    #: Number of the learner's attempt, from 1.
    attempt: int
    #: The sequence that this tab had read when it began, and the commit's own.
    base: int
    sequence: int
    #: Names the tab.
    run: str
    state: dict[str, Any]
    statements: tuple["Said", ...] = ()


@dataclass(frozen=True)
class Said:
    """An xAPI statement, cut to what is kept."""

    verb: str
    activity: str
    name: str = ""
    result: dict[str, Any] = field(default_factory=dict)
    #: About the whole of the content, not a part of it.
    is_whole: bool = False


def read_report(data: bytes, sequence: int | None = None) -> Report:
    """Return the report in a request's body. Raises BadReport.

    ``sequence`` stands in for one that the sender cannot know.
    """
    if len(data) > MOST_BYTES:
        raise BadReport("too large")
    given = _mapping(_parse(data))
    run = given.get("run")
    if not isinstance(run, str) or not _RUN.fullmatch(run):
        raise BadReport("run")
    state = _mapping(given.get("state"))
    if len(json.dumps(state)) > STATE_BYTES:
        raise BadReport("state too large")
    statements = given.get("statements", [])
    if not isinstance(statements, list) or len(statements) > MOST_STATEMENTS:
        raise BadReport("statements")
    base = _whole(given.get("base"), 0)
    number = _whole(given.get("sequence"), 1) if sequence is None else max(sequence, base + 1)
    if number <= base:
        raise BadReport("sequence")
    return Report(
        learner=_text(given.get("learner")),
        attempt=_whole(given.get("attempt"), 1),
        base=base,
        sequence=number,
        run=run,
        state=state,
        statements=tuple(_read_statement(_mapping(statement)) for statement in statements),
    )


def read_results(standard: str, report: Report) -> Results:
    """Return what a report says of the learner under a standard: scorm12, scorm2004 or h5p."""
    if standard == "h5p":
        return _read_h5p(report.statements)
    cmi = _get(report.state, "cmi")
    return _read_scorm12(_get(cmi, "core")) if standard == "scorm12" else _read_scorm2004(cmi)


def _read_scorm12(core: Mapping[str, Any]) -> Results:
    status = core.get("lesson_status")
    passed = {"passed": True, "failed": False}.get(status) if isinstance(status, str) else None
    return Results(
        completed=status in ("passed", "completed"),
        passed=passed,
        score=_share(_get(core, "score")),
        seconds=_seconds(core.get("total_time"), _TIMESPAN, (3600, 60, 1)),
    )


def _read_scorm2004(cmi: Mapping[str, Any]) -> Results:
    success = cmi.get("success_status")
    passed = {"passed": True, "failed": False}.get(success) if isinstance(success, str) else None
    return Results(
        completed=cmi.get("completion_status") == "completed",
        passed=passed,
        score=_share(_get(cmi, "score")),
        seconds=_seconds(cmi.get("total_time"), _DURATION, (86400, 3600, 60, 1)),
    )


def _read_h5p(statements: Sequence[Said]) -> Results:
    results = Results()
    for said in statements:
        if said.is_whole and said.verb in _ENDING_VERBS:
            success = said.result.get("success")
            passed = success if isinstance(success, bool) else None
            duration = said.result.get("duration")
            seconds = _seconds(duration, _DURATION, (86400, 3600, 60, 1))
            score = _share(_get(said.result, "score"))
            results = results.merged(Results(True, passed, score, seconds))
    return results


def _read_statement(given: Mapping[str, Any]) -> Said:
    about = _get(given, "object")
    names = _get(_get(about, "definition"), "name").values()
    parents = _get(_get(given, "context"), "contextActivities").get("parent")
    return Said(
        verb=_text(_get(given, "verb").get("id")).rstrip("/").rpartition("/")[2][:VERB_LENGTH],
        activity=_text(about.get("id"))[:ACTIVITY_LENGTH],
        name=next((_text(name)[:NAME_LENGTH] for name in names), ""),
        result=_cut_result(_get(given, "result")),
        is_whole=not parents,
    )


def _cut_result(given: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name in ("success", "completion"):
        if isinstance(given.get(name), bool):
            kept[name] = given[name]
    for name in ("response", "duration"):
        if isinstance(given.get(name), str):
            kept[name] = given[name][:RESPONSE_LENGTH]
    score = {k: n for k, v in _get(given, "score").items() if (n := _number(v)) is not None}
    if score:
        kept["score"] = {
            name: score[name] for name in ("scaled", "raw", "min", "max") if name in score
        }
    return kept


def _share(score: Mapping[str, Any]) -> float | None:
    """Return a score as a share of what can be had: scaled, or raw between min and max."""
    share = _number(score.get("scaled"))
    if share is None:
        raw = _number(score.get("raw"))
        low, high = _number(score.get("min")) or 0.0, _number(score.get("max"))
        high = 100.0 if high is None else high
        if raw is None or high <= low:
            return None
        share = (raw - low) / (high - low)
    return min(max(share, 0.0), 1.0) if math.isfinite(share) else None


def _seconds(given: object, pattern: re.Pattern[str], weights: Sequence[int]) -> int:
    match = pattern.fullmatch(given) if isinstance(given, str) else None
    if match is None:
        return 0
    total = sum(
        int(part or 0) * weight for part, weight in zip(match.groups(), weights, strict=True)
    )
    return min(total, MOST_SECONDS)


def _number(given: object) -> float | None:
    """Return a finite number, also one that is written as a text as SCORM does."""
    if isinstance(given, bool) or not isinstance(given, (int, float, str)):
        return None
    try:
        number = float(given)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _whole(given: object, least: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= MOST_NUMBER:
        raise BadReport("number")
    return given


def _text(given: object) -> str:
    return given if isinstance(given, str) else ""


def _get(given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = given.get(name)
    return value if isinstance(value, dict) else {}


def _mapping(given: object) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise BadReport("not an object")
    return given


def _parse(data: bytes) -> object:
    try:
        parsed = json.loads(data.decode(), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise BadReport("not JSON") from error
    return _plain(parsed, MOST_DEPTH)


def _plain(value: object, depth: int) -> object:
    """Return JSON that both databases keep: finite numbers, no NUL, no half of a character."""
    if depth == 0:
        raise BadReport("too deep")
    if isinstance(value, dict):
        return {_clean(str(key)): _plain(item, depth - 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, depth - 1) for item in value]
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise BadReport("number")
    return value


def _clean(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _refuse(constant: str) -> object:
    raise BadReport(constant)
