"""The installation that is measured: a seeded province, served as in real life."""

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy import select, update

from courses.models import Course, Enrolment, Revision
from lms import create_app
from lms.core.clock import now
from lms.core.db import begin_write, db
from lms.core.sessions import SIGNED_IN_FOR, WebSession
from lms.core.sessions import _hash as hash_token
from lms.people.models import Person
from lms.people.services.passwords import hash_password
from quizzes.models import Quiz, QuizSection

ROOT = Path(__file__).resolve().parents[2]
COURSE = "binh-dang-gioi-co-ban"
PASSWORD = "đường làng quan họ"


class Site:
    """One data folder and what the measurements need of it."""

    def __init__(self, folder: Path, people: int) -> None:
        self.folder = folder
        self.people = people
        self.port = _free_port()
        self.environ = {
            **os.environ,
            "LMS_DATA_DIR": str(folder),
            "LMS_PORT": str(self.port),
            "LMS_ENV": "embedded",
        }
        self.app: Flask = create_app(self.environ)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the product on this data."""
        command = [sys.executable, "-m", "flask", "--app", "lms", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environ, capture_output=True, text=True, check=True
        )

    def seed(self) -> float | None:
        """Fill the folder; return the seconds, or None when it was filled before."""
        if (self.folder / "lms.sqlite").exists():
            return None
        self.command("db", "upgrade")
        started = time.perf_counter()
        self.command("seed", "demo", "--people", str(self.people))
        return time.perf_counter() - started

    @contextmanager
    def served(self) -> Iterator[subprocess.Popen[bytes]]:
        """Serve it with a worker beside it."""
        command = [sys.executable, "-m", "flask", "--app", "lms", "serve", "--with-worker"]
        with subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                _wait(f"http://127.0.0.1:{self.port}/readyz")
                yield process
            finally:
                process.terminate()

    def learners(self, how_many: int) -> list[str]:
        """Return session tokens of people who are in the course and have not completed it."""
        with self.app.app_context():
            query = (
                select(Enrolment.person_id)
                .join(Course, Course.id == Enrolment.course_id)
                .where(Course.slug == COURSE, Enrolment.status.in_(("assigned", "started")))
                .distinct()
                .limit(how_many)
            )
            return [self.session_of(person_id) for person_id in db.session.scalars(query).all()]

    def session_of(self, person_id: int, *, is_staff: bool = False) -> str:
        """Open a session without the slow password check."""
        token, moment = secrets.token_urlsafe(32), now()
        with self.app.app_context():
            begin_write()
            db.session.execute(
                WebSession.__table__.insert().values(
                    token_hash=hash_token(token),
                    person_id=person_id,
                    is_staff=is_staff,
                    data=f'{{"_user_id": "{person_id}", "_fresh": true, "csrf_token": "bench"}}',
                    created_at=moment,
                    seen_at=moment,
                    expires_at=moment + SIGNED_IN_FOR,
                )
            )
            db.session.commit()
        return token

    def csrf(self) -> str:
        """Return the signed form of the token that ``session_of`` keeps."""
        from itsdangerous import URLSafeTimedSerializer  # noqa: PLC0415

        serializer = URLSafeTimedSerializer(self.app.secret_key or "", salt="wtf-csrf-token")
        return str(serializer.dumps("bench"))

    def person(self, email: str) -> int:
        """Return the id of the person with this e-mail address."""
        with self.app.app_context():
            return db.session.scalars(select(Person.id).where(Person.email == email)).one()

    def give_passwords(self, how_many: int) -> list[str]:
        """Give people one password; return their staff codes."""
        with self.app.app_context():
            begin_write()
            query = select(Person.id, Person.staff_code).where(Person.staff_code.is_not(None))
            rows = db.session.execute(query.limit(how_many)).all()
            db.session.execute(
                update(Person)
                .where(Person.id.in_([row.id for row in rows]))
                .values(password_hash=hash_password(PASSWORD))
            )
            db.session.commit()
            return [row.staff_code for row in rows]

    def make_quiz_long(self) -> None:
        """Let the course's quiz ask 20 questions, as often as one likes."""
        with self.app.app_context():
            begin_write()
            quizzes = (
                select(Quiz.id)
                .join(Quiz.lesson)
                .join(Revision, Revision.id == Quiz.lesson.property.mapper.class_.revision_id)
                .join(Course, Course.id == Revision.course_id)
                .where(Course.slug == COURSE)
            )
            ids = list(db.session.scalars(quizzes))
            db.session.execute(
                update(Quiz).where(Quiz.id.in_(ids)).values(attempts_allowed=100_000, pass_mark=100)
            )
            db.session.execute(
                update(QuizSection).where(QuizSection.quiz_id.in_(ids)).values(draw=4)
            )
            db.session.commit()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(address: str) -> None:
    for _try in range(150):
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(address)
