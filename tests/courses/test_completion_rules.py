"""When a lesson counts as done: the rules as data, and at the doors."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from courses.kinds import KINDS, rules_of
from courses.models import Enrolment, Evidence, LessonProgress
from courses.rules.completing import (
    MINUTES,
    MOST_MINUTES,
    RULES,
    WATCHED,
    CompletionRule,
    read_completion,
    seconds_left,
    write_completion,
)
from courses.rules.words import describe_completion, word_need
from lms.core.db import db
from tests.courses.ruled import make_ruled_course
from tests.factories import Factory
from tests.services.page_client import PageClient

START = datetime(2026, 11, 24, 2, tzinfo=UTC)
anything = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats()
allowed_rules = st.lists(st.sampled_from(RULES), min_size=1, unique=True)


@given(st.dictionaries(st.sampled_from(["rule", "minutes", "share"]), anything), allowed_rules)
def test_whatever_is_kept_reads_as_a_rule_of_the_kind(data: dict[str, Any], allowed: Any) -> None:
    rule = read_completion(data, allowed)
    assert rule.rule in allowed
    assert (1 <= rule.minutes <= MOST_MINUTES) == (rule.rule == MINUTES)
    assert (1 <= rule.share <= 100) == (rule.rule == WATCHED)


@given(allowed_rules, st.data())
def test_a_rule_that_is_written_reads_the_same(allowed: Any, data: Any) -> None:
    rule = data.draw(st.sampled_from(allowed))
    given_rule = CompletionRule(
        rule,
        minutes=data.draw(st.integers(1, MOST_MINUTES)) if rule == MINUTES else 0,
        share=data.draw(st.integers(1, 100)) if rule == WATCHED else 0,
    )
    kept = write_completion(given_rule, allowed)
    assert read_completion(kept, allowed) == given_rule
    assert (kept == {}) == (given_rule == read_completion({}, allowed))


@given(st.integers(1, MOST_MINUTES), st.integers(0, 3600 * 24), st.integers(0, 3600))
def test_what_is_left_never_grows_and_ends_after_the_minutes(
    minutes: int, passed: int, more: int
) -> None:
    rule = CompletionRule(MINUTES, minutes=minutes)
    left = seconds_left(rule, START, START + timedelta(seconds=passed))
    later = seconds_left(rule, START, START + timedelta(seconds=passed + more))
    assert later <= left
    assert (left == 0) == (passed >= minutes * 60)
    assert seconds_left(rule, None, START) == minutes * 60


def test_every_rule_has_its_words_for_learners_and_for_trainers(app: Flask) -> None:
    with app.test_request_context():
        for rule in RULES:
            one = CompletionRule(rule, minutes=5, share=90)
            assert word_need(one)
            assert describe_completion(one)


def test_every_kind_has_rules_that_there_are() -> None:
    for kind in KINDS:
        rules = rules_of(kind, {})
        assert rules
        assert set(rules) <= set(RULES)


@pytest.fixture
def learner(make: Factory, client: PageClient) -> Any:
    person = make.person(agency=make.agency())
    client.sign_in(person)
    return person


def _open_since(app: Flask, minutes: float) -> None:
    with app.app_context():
        moment = datetime.now(UTC) - timedelta(minutes=minutes)
        db.session.execute(update(LessonProgress).values(opened_at=moment))
        db.session.commit()


def _evidence(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Evidence)) or 0


def test_a_lesson_with_a_minimum_time_is_done_only_after_it(
    app: Flask, make: Factory, client: PageClient, learner: Any
) -> None:
    course = make_ruled_course(make, [{"completion": {"rule": "minutes", "minutes": 3}}])
    client.post(f"/courses/{course.slug}/enrol")
    address = f"/courses/{course.slug}/lessons/bai-1"

    early = client.post(f"{address}/read")
    assert early.status_code == 409
    assert 'data-test="notice"' in early.text
    assert _evidence(app) == 0

    _open_since(app, 2.5)
    assert 'data-test="wait"' in client.get(address).text
    assert client.post(f"{address}/read").status_code == 409

    _open_since(app, 3)
    assert 'data-test="wait"' not in client.get(address).text
    assert client.post(f"{address}/read").status_code == 303
    assert _evidence(app) == 1


def test_the_time_runs_from_the_first_opening_and_reading_pages_writes_nothing(
    app: Flask, make: Factory, client: PageClient, learner: Any
) -> None:
    course = make_ruled_course(make, [{}, {"completion": {"rule": "minutes", "minutes": 3}}, {}])
    client.post(f"/courses/{course.slug}/enrol")
    address = f"/courses/{course.slug}/lessons/bai-2"

    assert 'data-test="begin-lesson"' in client.get(address).text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(LessonProgress)) == 0

    assert client.post(f"{address}/begin").status_code == 303
    assert 'data-test="mark-read"' in client.get(address).text
    _open_since(app, 2)
    client.post(f"{address}/begin")
    with app.app_context():
        (opened,) = db.session.scalars(select(LessonProgress.opened_at))
    assert datetime.now(UTC) - opened > timedelta(minutes=1.9)


def test_going_on_to_a_lesson_with_a_minimum_time_begins_it(
    app: Flask, make: Factory, client: PageClient, learner: Any
) -> None:
    course = make_ruled_course(make, [{}, {"completion": {"rule": "minutes", "minutes": 3}}])
    client.post(f"/courses/{course.slug}/enrol")
    answer = client.post(f"/courses/{course.slug}/lessons/bai-1/read")
    assert 'data-test="mark-read"' in client.get(answer.headers["Location"]).text


@pytest.mark.parametrize("rule", ["confirmed", "marked"])
def test_a_lesson_that_others_confirm_cannot_be_marked_by_its_learner(
    app: Flask, make: Factory, client: PageClient, learner: Any, rule: str
) -> None:
    kind = "assignment" if rule == "marked" else "article"
    course = make_ruled_course(make, [{"kind": kind, "completion": {"rule": rule}}])
    client.post(f"/courses/{course.slug}/enrol")

    assert 'data-test="need"' in client.get(f"/courses/{course.slug}/lessons/bai-1").text
    assert client.post(f"/courses/{course.slug}/lessons/bai-1/read").status_code == 422
    assert _evidence(app) == 0


def test_the_course_says_what_is_missing_and_what_has_to_be_done_for_it(
    app: Flask, make: Factory, client: PageClient, learner: Any
) -> None:
    course = make_ruled_course(
        make, [{}, {"completion": {"rule": "confirmed"}}, {"required": False}]
    )
    client.post(f"/courses/{course.slug}/enrol")
    with app.test_request_context():
        needs = [word_need(CompletionRule(rule)) for rule in ("read", "confirmed")]

    page = client.get(f"/courses/{course.slug}").text

    assert all(need in page for need in needs)
    client.post(f"/courses/{course.slug}/lessons/bai-1/read")
    page = client.get(f"/courses/{course.slug}").text
    assert needs[0] not in page
    assert needs[1] in page
    with app.app_context():
        assert db.session.scalar(select(Enrolment.status)) == "started"
