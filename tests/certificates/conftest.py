"""What tests of certificates share."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from certificates.models import Issuer
from certificates.services import appoint_issuer
from courses.models import Course, Enrolment
from courses.services import learning
from lms.core.db import begin_write, db, end_write
from lms.people.models import Person
from tests.factories import Factory


class Certifying:
    """Makes completions and what they leave, through the services."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.make = Factory(app)

    def appoint(self, **words: Any) -> None:
        """Let a body issue certificates."""
        words = {
            "name": "SỞ NỘI VỤ",
            "symbol": "GCN-SNV",
            "parent_name": "UBND TỈNH BẮC NINH",
            "place": "Bắc Ninh",
            "signer_post": "GIÁM ĐỐC",
            "signer_name": "Trần Văn Đức",
            "valid_from": date(2025, 7, 1),
            **words,
        }
        with self.make.writing():
            appoint_issuer(**words)

    def complete(self, person: Person, course: Course) -> int:
        """Enrol a person, do every lesson, and return the enrolment's id."""
        enrolment = self.make.enrolment(person, course)
        self.do_lessons(enrolment.id, course)
        return enrolment.id

    def do_lessons(self, enrolment_id: int, course: Course) -> None:
        """Do every lesson of an enrolment in one transaction."""
        lessons = [lesson.id for lesson in self.make.lessons(course)]
        with self.app.app_context():
            begin_write()
            enrolment = db.session.get_one(Enrolment, enrolment_id)
            for lesson_id in lessons:
                learning.complete_step(enrolment, lesson_id)
            db.session.commit()
            end_write()

    def run(self, *args: str) -> Any:
        """Run a command of the product and return click's result."""
        return self.app.test_cli_runner().invoke(args=list(args))


@pytest.fixture
def certifying(app: Flask) -> Certifying:
    """Give what makes certificates, with a body in force that issues them."""
    certifying = Certifying(app)
    certifying.appoint()
    return certifying


@pytest.fixture
def live_certifying(live_app: Flask) -> Certifying:
    """Give the same on a database that several connections may share."""
    certifying = Certifying(live_app)
    certifying.appoint()
    return certifying


def forget_issuers(app: Flask) -> None:
    """Leave nobody in force who issues certificates."""
    with app.app_context():
        begin_write()
        db.session.execute(db.delete(Issuer))
        db.session.commit()
        end_write()
