"""When a lesson opens and for whom it counts: the rules as data, at the doors, in publishing."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from courses.completion import Step, find_missing
from courses.formats.pack import read
from courses.formats.pack.writing import write
from courses.formats.packed import PackedCourse, PackedLesson, PackedModule
from courses.models import Enrolment, Evidence, Lesson, Revision
from courses.readiness import find_obstacles
from courses.rules.releasing import (
    CIRCLE,
    GONE,
    ReleaseRule,
    counts_for,
    find_locks,
    find_rule_faults,
    read_release,
    write_release,
)
from courses.services.packs import pack_whole
from lms.core.clock import today
from lms.core.db import db
from quizzes.models import Attempt
from tests.courses.ruled import EXERCISE, make_ruled_course
from tests.factories import Factory
from tests.services.page_client import PageClient

TODAY = date(2026, 11, 24)
AUDIENCES = ("legal", "official", "teacher")
anything = st.none() | st.integers() | st.text(max_size=12) | st.lists(st.integers(), max_size=2)


@dataclass(frozen=True)
class Sketch:
    """A lesson as the rules see it."""

    key: str
    required: bool = True
    release: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return self.key.upper()


@st.composite
def courses(draw: st.DrawFn) -> list[Sketch]:
    """Draw courses whose lessons wait for any others, themselves and lost ones too."""
    keys = [f"b{n}" for n in range(draw(st.integers(1, 7)))]
    return [
        Sketch(
            key,
            required=draw(st.booleans()),
            release=write_release(
                ReleaseRule(
                    after=draw(st.sampled_from(["", "", *keys, "mat"])),
                    opens_on=draw(st.none() | st.just(TODAY + timedelta(days=3))),
                    audiences=frozenset(draw(st.sets(st.sampled_from(AUDIENCES), max_size=2))),
                )
            ),
        )
        for key in keys
    ]


own_audiences = st.sets(st.sampled_from(AUDIENCES))


def _learn_all(
    lessons: Sequence[Sketch], audiences: set[str], *, in_order: bool, on: date
) -> set[str]:
    """Do whatever is open until nothing more opens; return what is done."""
    done: set[str] = set()
    while True:
        locks = find_locks(lessons, in_order=in_order, done=done, audiences=audiences, on=on)
        opened = {x.key for x in lessons if x.key not in locks} - done
        if not opened:
            return done
        done |= opened


@given(courses(), own_audiences, st.booleans())
def test_no_rules_lock_anybody_out_for_good(
    lessons: list[Sketch], audiences: set[str], in_order: bool
) -> None:
    """Whatever a course says, once the days have come every lesson opens to who learns on."""
    later = TODAY + timedelta(days=3)
    assert _learn_all(lessons, audiences, in_order=in_order, on=later) == {x.key for x in lessons}


@given(courses(), own_audiences, st.booleans(), st.data())
def test_learning_more_never_locks_anything(
    lessons: list[Sketch], audiences: set[str], in_order: bool, data: Any
) -> None:
    keys = [lesson.key for lesson in lessons]
    done = data.draw(st.sets(st.sampled_from(keys)))
    more = done | data.draw(st.sets(st.sampled_from(keys)))
    before, after = (
        find_locks(lessons, in_order=in_order, done=d, audiences=audiences, on=TODAY)
        for d in (done, more)
    )
    assert set(after) <= set(before)
    assert not set(before) & done


@given(courses(), st.booleans())
def test_rules_without_faults_are_kept_to_the_letter(lessons: list[Sketch], in_order: bool) -> None:
    if find_rule_faults(lessons, in_order=in_order):
        return
    everyone = set(AUDIENCES)
    locks = find_locks(lessons, in_order=in_order, done=set(), audiences=everyone, on=TODAY)
    required_before = False
    for lesson in lessons:
        rule = read_release(lesson.release)
        waits = bool(rule.after or rule.opens_on) or (in_order and required_before)
        assert (lesson.key in locks) == waits
        required_before = required_before or lesson.required


@given(courses(), st.booleans())
def test_a_rule_is_a_fault_exactly_when_it_can_never_be_kept(
    lessons: list[Sketch], in_order: bool
) -> None:
    """Kept without mercy, rules with a fault lock somebody out; those without one nobody."""
    after = {x.key: read_release(x.release).after for x in lessons}
    keys = set(after)
    done: set[str] = set()
    for _round in lessons:
        for at, lesson in enumerate(lessons):
            ordered = [x.key for x in lessons[:at] if x.required] if in_order else []
            if {*ordered, *filter(None, [after[lesson.key]])} <= done:
                done.add(lesson.key)
    assert bool(find_rule_faults(lessons, in_order=in_order)) == (done != keys)


@given(courses(), own_audiences, st.sets(st.sampled_from(AUDIENCES)))
def test_what_is_missing_grows_with_audiences_and_shrinks_with_evidence(
    lessons: list[Sketch], audiences: set[str], more: set[str]
) -> None:
    def missing(of: set[str], done: set[int]) -> set[int]:
        steps = [Step(n, n, x.title, counts_for(x, of)) for n, x in enumerate(lessons, 1)]
        return {step.id for step in find_missing(steps, done)}

    assert missing(audiences, set()) <= missing(audiences | more, set())
    assert missing(audiences, {1, 2}) <= missing(audiences, {1})


@given(st.dictionaries(st.sampled_from(["after", "from", "audiences"]), anything))
def test_whatever_is_kept_reads_as_a_rule_that_writes_the_same(data: dict[str, Any]) -> None:
    rule = read_release(data)
    assert read_release(write_release(rule)) == rule


def test_circles_and_lost_lessons_are_named_once_each() -> None:
    lessons = [
        Sketch("a", release={"after": "c"}),
        Sketch("b", release={"after": "mat"}),
        Sketch("c", release={"after": "a"}),
        Sketch("d", release={"after": "a"}),
    ]
    faults = [(x.code, x.key) for x in find_rule_faults(lessons, in_order=False)]
    assert faults == [(CIRCLE, "a"), (GONE, "b"), (CIRCLE, "c")]


def test_waiting_for_a_later_lesson_is_a_circle_where_lessons_open_in_order() -> None:
    lessons = [Sketch("a", release={"after": "b"}), Sketch("b")]
    assert not find_rule_faults(lessons, in_order=False)
    assert [x.key for x in find_rule_faults(lessons, in_order=True)] == ["a"]


# --- publishing


def _packed(*lessons: PackedLesson, in_order: bool = False) -> PackedCourse:
    modules = (PackedModule("Một", lessons),)
    return PackedCourse("khoa", "Khóa", 4, modules=modules, in_order=in_order)


def _reading(key: str, **facts: Any) -> PackedLesson:
    return PackedLesson(key, key.upper(), source=facts.pop("source", "Chữ."), **facts)


@pytest.mark.parametrize(
    ("course", "codes"),
    [
        (_packed(_reading("a"), _reading("b", release={"after": "a"})), []),
        (_packed(_reading("a", release={"after": "mat"})), ["rule_gone"]),
        (_packed(_reading("a", release={"after": "a"})), ["rule_circle"]),
        (
            _packed(_reading("a", release={"after": "b"}), _reading("b"), in_order=True),
            ["rule_circle"],
        ),
        (_packed(_reading("a", release={"audiences": ["legal"]})), ["nothing_for_all"]),
        (
            _packed(
                _reading("a", release={"after": "b"}), _reading("b", required=False, source="")
            ),
            ["empty_text"],
        ),
        (
            _packed(_reading("a", kind="assignment", settings={"pass_points": 5})),
            ["too_few_points"],
        ),
    ],
)
def test_publishing_is_refused_while_a_rule_could_never_be_kept(
    course: PackedCourse, codes: list[str]
) -> None:
    assert [obstacle.code for obstacle in find_obstacles(course)] == codes


# --- at the doors


@pytest.fixture
def learner(make: Factory, client: PageClient) -> Any:
    person = make.person(agency=make.agency(), audiences=["official"])
    client.sign_in(person)
    return person


def _status(app: Flask) -> str | None:
    with app.app_context():
        return db.session.scalar(select(Enrolment.status))


def test_in_order_a_lesson_opens_when_the_required_one_before_is_done(
    make: Factory, client: PageClient, learner: Any
) -> None:
    course = make_ruled_course(make, [{}, {"required": False}, {}], in_order=True)
    client.post(f"/courses/{course.slug}/enrol")
    lessons = f"/courses/{course.slug}/lessons"

    locked = client.get(f"{lessons}/bai-2")
    assert locked.status_code == 403
    assert 'data-test="locked"' in locked.text
    assert "Bài 1" in locked.text
    assert client.get(f"/courses/{course.slug}").text.count('data-test="locked-lesson"') == 2

    client.post(f"{lessons}/bai-1/read")
    assert client.get(f"{lessons}/bai-2").status_code == 200
    assert client.get(f"{lessons}/bai-3").status_code == 200


def test_a_locked_lesson_takes_no_evidence_from_a_forged_form(
    app: Flask, make: Factory, client: PageClient, learner: Any
) -> None:
    course = make_ruled_course(make, [{}, {"release": {"after": "bai-1"}}])
    client.post(f"/courses/{course.slug}/enrol")

    for act in ("read", "begin"):
        answer = client.post(f"/courses/{course.slug}/lessons/bai-2/{act}")
        assert answer.status_code == 403
    with app.app_context():
        assert not db.session.scalar(select(func.count()).select_from(Evidence))


def test_a_lesson_opens_on_its_day_and_home_says_when(
    app: Flask, make: Factory, client: PageClient, learner: Any
) -> None:
    with app.app_context():
        tomorrow = today() + timedelta(days=1)
    course = make_ruled_course(
        make,
        [
            {"release": {"from": tomorrow.isoformat()}},
            {"release": {"from": "2020-01-01"}, "required": False},
        ],
    )
    first = client.post(f"/courses/{course.slug}/enrol")
    assert first.headers["Location"].endswith("/bai-2")
    assert client.get(f"/courses/{course.slug}/lessons/bai-1").status_code == 403
    assert f"{tomorrow:%d/%m/%Y}" in client.get("/").text
    assert 'data-test="waits"' in client.get(f"/courses/{course.slug}").text


def test_a_quiz_that_is_not_open_is_neither_shown_nor_begun(
    app: Flask, make: Factory, client: PageClient, learner: Any
) -> None:
    course = make.course(lessons=1, quiz=True)
    with make.writing():
        quiz = db.session.scalars(select(Lesson).where(Lesson.kind == "quiz")).one()
        quiz.release = {"after": "bai-1"}
    client.post(f"/courses/{course.slug}/enrol")
    quiz_address = f"/quizzes/{course.slug}/kiem-tra"

    assert client.get(quiz_address).status_code == 403
    assert client.post(f"{quiz_address}/start").status_code == 403
    with app.app_context():
        assert not db.session.scalar(select(func.count()).select_from(Attempt))

    client.post(f"/courses/{course.slug}/lessons/bai-1/read")
    assert client.get(quiz_address).status_code == 200
    assert client.post(f"{quiz_address}/start").status_code == 303


def test_a_lesson_for_others_is_by_choice_and_does_not_hold_up_completion(
    app: Flask, make: Factory, client: PageClient, learner: Any
) -> None:
    course = make_ruled_course(
        make,
        [{}, {"release": {"audiences": ["teacher"]}}, {"release": {"after": "bai-2"}}],
        in_order=True,
    )
    client.post(f"/courses/{course.slug}/enrol")
    lessons = f"/courses/{course.slug}/lessons"
    client.post(f"{lessons}/bai-1/read")
    assert client.get(f"{lessons}/bai-2").status_code == 200
    client.post(f"{lessons}/bai-3/read")
    assert _status(app) == "completed"


def test_the_same_lesson_counts_for_those_it_is_meant_for(
    app: Flask, make: Factory, client: PageClient
) -> None:
    client.sign_in(make.person(agency=make.agency(), audiences=["teacher"]))
    course = make_ruled_course(make, [{}, {"release": {"audiences": ["teacher"]}}])
    client.post(f"/courses/{course.slug}/enrol")
    client.post(f"/courses/{course.slug}/lessons/bai-1/read")
    assert _status(app) == "started"
    client.post(f"/courses/{course.slug}/lessons/bai-2/read")
    assert _status(app) == "completed"


# --- carried on


def test_a_pack_and_the_next_draft_carry_the_rules(
    app: Flask, make: Factory, client: PageClient, trainer: Any
) -> None:
    lessons = [
        {"completion": {"rule": "minutes", "minutes": 4}},
        {"kind": "assignment", "settings": EXERCISE, "release": {"after": "bai-1"}},
        {"release": {"from": "2026-12-01", "audiences": ["teacher"]}},
    ]
    course = make_ruled_course(make, lessons, owner=trainer, in_order=True)
    client.post(f"/courses/write/{course.slug}/draft")
    with app.app_context():
        published, draft = (
            pack_whole(revision)
            for revision in db.session.scalars(select(Revision).order_by(Revision.number))
        )
        out = io.BytesIO()
        write(published, out)
    assert draft.comparable() == published.comparable()
    assert read(out.getvalue()).comparable() == published.comparable()


# --- setting the rules


@pytest.fixture
def trainer(make: Factory, client: PageClient) -> Any:
    agency = make.agency()
    person = make.person("Lê Văn Dạy", agency=agency, sex="M")
    make.grant(person, "trainer", agency)
    client.sign_in(person)
    return person


def _seen(page: str) -> str:
    return page.partition('name="seen" type="hidden" value="')[2].partition('"')[0]


def test_a_trainer_sets_rules_and_reads_them_in_sentences(
    make: Factory, client: PageClient, trainer: Any
) -> None:
    course = make_ruled_course(make, [{}, {}], owner=trainer, published=False)
    address = f"/courses/write/{course.slug}/lessons/bai-2/rules"
    seen = _seen(client.get(address).text)
    data = {"rule": "minutes", "minutes": "7", "after": "bai-1", "opens_on": "2026-12-01"}

    saved = client.post(address, data={**data, "audiences": "official", "seen": seen})

    assert saved.status_code == 303
    page = client.get(f"/courses/write/{course.slug}/lessons/bai-2").text
    sentences = page.split('data-test="rules"')[1].split("</section>")[0]
    for word in ("7", "Bài 1", "01/12/2026", "Cán bộ, công chức, viên chức"):
        assert word in sentences
    assert 'data-test="lesson-rules"' in client.get(f"/courses/write/{course.slug}").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"rule": "quiz"},
        {"rule": ""},
        {"rule": "minutes", "minutes": "0"},
        {"rule": "minutes", "minutes": "x"},
        {"after": "bai-2"},
        {"after": "khong-co"},
        {"opens_on": "hôm qua"},
        {"audiences": "khong-co"},
    ],
)
def test_rules_that_make_no_sense_are_refused_in_words(
    make: Factory, client: PageClient, trainer: Any, wrong: dict[str, str]
) -> None:
    course = make_ruled_course(make, [{}, {}], owner=trainer, published=False)
    address = f"/courses/write/{course.slug}/lessons/bai-2/rules"
    seen = _seen(client.get(address).text)
    answer = client.post(address, data={"rule": "read", "seen": seen, **wrong})
    assert answer.status_code == 422
    assert 'data-test="error-summary"' in answer.text


def test_rules_that_another_saved_meanwhile_are_shown_and_not_overwritten(
    make: Factory, client: PageClient, trainer: Any
) -> None:
    course = make_ruled_course(make, [{}, {}], owner=trainer, published=False)
    address = f"/courses/write/{course.slug}/lessons/bai-2/rules"
    seen = _seen(client.get(address).text)
    client.post(address, data={"rule": "confirmed", "seen": seen})

    late = client.post(address, data={"rule": "read", "after": "bai-1", "seen": seen})

    assert late.status_code == 409
    assert 'data-test="stale"' in late.text
    again = client.post(address, data={"rule": "read", "seen": _seen(late.text)})
    assert again.status_code == 303


def test_a_course_is_set_to_open_in_order_among_its_facts(
    app: Flask, make: Factory, client: PageClient, trainer: Any
) -> None:
    course = make_ruled_course(make, [{}, {}], owner=trainer, published=False)
    facts = {"title": "Khóa", "periods": "8", "version": "1", "in_order": "y"}
    assert client.post(f"/courses/write/{course.slug}/facts", data=facts).status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Revision.in_order)).one()
