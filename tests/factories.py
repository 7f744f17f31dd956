"""Factories: make what a test needs, with believable defaults.

Each method commits and returns a detached object, so that a test's requests see it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from functools import wraps
from itertools import count
from typing import Any, TypeVar

from flask import Flask

from courses.models import Course, Enrolment, Lesson, Module, Revision
from courses.services import enrolling
from lms.agencies.models import Agency
from lms.agencies.services import open_agency
from lms.core.access import HR
from lms.core.clock import now, today
from lms.core.db import begin_write, db, end_write
from lms.core.text import fold, name_sort_key
from lms.people.models import Audience, Membership, Person, PersonAudience
from lms.people.services.passwords import hash_password
from lms.people.services.roles import grant_role
from lms.reports.tallies import rebuild
from quizzes.models import Question, QuestionBank, QuestionRevision, Quiz, QuizSection

Made = TypeVar("Made")

PASSWORD = "một câu dài dễ nhớ"
_password_hash: list[str] = []
_numbers = count(1)

AUDIENCES = (
    ("official", "Cán bộ, công chức, viên chức", "Officials"),
    ("collaborator", "Cộng tác viên", "Collaborators"),
    ("communicator", "Tuyên truyền viên", "Communicators"),
    ("teacher", "Giáo viên", "Teachers"),
)


def committed(method: Callable[..., Made]) -> Callable[..., Made]:
    """Run a factory method in a transaction of its own and detach what it made."""

    @wraps(method)
    def wrapper(self: "Factory", *args: Any, **kwargs: Any) -> Made:
        with self.writing():
            made = method(self, *args, **kwargs)
            db.session.commit()
            if isinstance(made, db.Model):
                db.session.refresh(made)
                db.session.expunge(made)
        return made

    return wrapper


class Factory:
    """Makes rows through the services where there is one."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Open an app context whose transaction may write."""
        with self.app.app_context():
            begin_write()
            yield
            db.session.commit()
            end_write()

    @committed
    def audiences(self) -> None:
        """Make the audiences that every database holds."""
        db.session.add_all(
            Audience(key=key, name=name, name_en=english, position=position)
            for position, (key, name, english) in enumerate(AUDIENCES, 1)
        )

    @committed
    def agency(
        self, name: str = "", *, parent: Agency | None = None, kind: str = "", **facts: Any
    ) -> Agency:
        """Make an agency; the first without a parent is the province."""
        number = next(_numbers)
        kind = kind or ("province" if parent is None else "department")
        facts.setdefault("valid_from", date(2025, 7, 1))
        return open_agency(
            facts.pop("code", f"A{number}"),
            kind,
            name or f"Đơn vị {number}",
            parent=db.session.merge(parent, load=True) if parent else None,
            **facts,
        )

    @committed
    def person(
        self,
        full_name: str = "Nguyễn Thị Hoà",
        *,
        agency: Agency | None = None,
        audiences: Sequence[str] = (),
        password: bool = False,
        **facts: Any,
    ) -> Person:
        """Make a person, with a post in an agency when one is given."""
        number = next(_numbers)
        facts.setdefault("staff_code", f"BN{number:05}")
        facts.setdefault("sex", "F")
        facts.setdefault("birth_date", date(1985, 3, 8))
        person = Person(
            full_name=full_name,
            sort_key=name_sort_key(full_name),
            search=fold(f"{full_name} {facts['staff_code']}"),
            password_hash=_hash() if password else None,
            created_at=now(),
            **facts,
        )
        db.session.add(person)
        db.session.flush()
        if agency is not None:
            db.session.add(
                Membership(
                    person_id=person.id,
                    agency_id=agency.id,
                    position="Chuyên viên",
                    valid_from=date(2025, 7, 1),
                )
            )
        db.session.add_all(
            PersonAudience(person_id=person.id, audience_key=key) for key in audiences
        )
        return person

    def hr(self, agency: Agency, full_name: str = "Trần Văn Bình", **facts: Any) -> Person:
        """Make the HR officer of an agency."""
        person = self.person(full_name, agency=agency, sex="M", **facts)
        self.grant(person, HR, agency)
        return person

    @committed
    def grant(
        self, person: Person, role: str, agency: Agency | None = None, until: date | None = None
    ) -> None:
        """Give a person a role."""
        grant_role(db.session.get_one(Person, person.id), role, agency, until=until)

    @committed
    def course(
        self,
        title: str = "Kiến thức cơ bản về bình đẳng giới",
        *,
        lessons: int = 2,
        quiz: bool = False,
        owner: Person | None = None,
        published: bool = True,
        audiences: Sequence[str] = ("official",),
        sensitive: bool = False,
    ) -> Course:
        """Make a course with readings and perhaps a quiz at its end."""
        number = next(_numbers)
        course = Course(
            slug=f"khoa-{number}", owner_id=owner.id if owner else None, created_at=now()
        )
        revision = Revision(
            course=course,
            number=1,
            state="published" if published else "draft",
            title=title,
            summary="Tóm tắt khóa học.",
            periods=4,
            audiences=list(audiences),
            objectives=["Nêu được khái niệm giới."],
            sources=[
                {"title": "Luật Bình đẳng giới", "number": "73/2006/QH11", "date": "2006-11-29"}
            ],
            updated_at=now(),
            published_at=now() if published else None,
        )
        module = Module(revision=revision, key="khai-niem", position=1, title="Khái niệm")
        db.session.add_all([course, revision, module])
        db.session.flush()
        for position in range(1, lessons + 1):
            db.session.add(self._lesson(revision, module, position, sensitive=sensitive))
        if quiz:
            self._quiz(revision, module, course, lessons + 1)
        return course

    @committed
    def enrolment(
        self, person: Person, course: Course, *, due_in: int | None = None, **facts: Any
    ) -> Enrolment:
        """Enrol a person; ``due_in`` is days from today, below 0 for overdue."""
        revision = next(
            r for r in db.session.get_one(Course, course.id).revisions if r.state == "published"
        )
        enrolment = enrolling.enrol_self(person.id, revision)
        if due_in is not None:
            enrolment.due_on = today() + timedelta(days=due_in)
            enrolment.source = "assigned"
            db.session.flush()
            rebuild()
        for name, value in facts.items():
            setattr(enrolment, name, value)
        return enrolment

    def lessons(self, course: Course) -> list[Lesson]:
        """Return a course's lessons in order, detached."""
        with self.app.app_context():
            query = (
                db.select(Lesson)
                .join(Revision, Revision.id == Lesson.revision_id)
                .where(Revision.course_id == course.id, Revision.state == "published")
                .order_by(Lesson.position)
            )
            lessons = list(db.session.scalars(query))
            db.session.expunge_all()
        return lessons

    def _lesson(
        self, revision: Revision, module: Module, position: int, *, sensitive: bool
    ) -> Lesson:
        return Lesson(
            revision_id=revision.id,
            module_id=module.id,
            key=f"bai-{position}",
            position=position,
            kind="article",
            title=f"Bài {position}: Giới và giới tính",
            source="## Khái niệm\n\nGiới là *đặc điểm, vị trí, vai trò* của nam và nữ.",
            minutes=10,
            sensitive=sensitive,
        )

    def _quiz(self, revision: Revision, module: Module, course: Course, position: int) -> Quiz:
        lesson = Lesson(
            revision_id=revision.id,
            module_id=module.id,
            key="kiem-tra",
            position=position,
            kind="quiz",
            title="Bài kiểm tra cuối khóa",
            minutes=20,
        )
        bank = QuestionBank(name=course.slug, course_id=course.id)
        db.session.add_all([lesson, bank])
        db.session.flush()
        for number in range(1, 6):
            question = Question(bank_id=bank.id, key=f"q{number}", category="chung")
            question.revisions.append(
                QuestionRevision(
                    number=1,
                    is_current=True,
                    type="true_false",
                    stem=f"Câu {number}: Giới tính là đặc điểm sinh học của nam, nữ.",
                    data={"answer": True},
                    feedback="Theo Luật Bình đẳng giới, Điều 5.",
                    created_at=now(),
                )
            )
            db.session.add(question)
        quiz = Quiz(
            lesson_id=lesson.id, bank_id=bank.id, pass_mark=60, attempts_allowed=3, time_limit=30
        )
        quiz.sections.append(QuizSection(position=1, title="Chung", category="chung", draw=5))
        db.session.add(quiz)
        return quiz


def _hash() -> str:
    if not _password_hash:
        _password_hash.append(hash_password(PASSWORD))
    return _password_hash[0]
