"""Two agencies that are strangers to each other, each with everything a page can show."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from werkzeug.routing import Rule

from certificates.models import Certificate
from certificates.services import appoint_issuer
from courses.models import Course, Media, Module
from lms.agencies.models import Agency
from lms.core.clock import now
from lms.core.db import db
from lms.people.models import Person, RoleGrant, RosterBatch
from quizzes.models import Attempt
from tests.factories import Factory
from tests.services.page_client import PageClient

ROSTER = "Họ và tên;Ngày sinh\nNguyễn Thị Lạ;01/02/1990\n"


@dataclass(frozen=True)
class Side:
    """One agency's people and all that is theirs."""

    agency: Agency
    trainee: Person
    hr: Person
    trainer: Person
    #: Values of the variables in addresses, all of this side.
    values: dict[str, object]


def make_side(make: Factory, client: PageClient, province: Agency, name: str) -> Side:
    """Make one side by using the product: learn, submit, import, write."""
    agency = make.agency(name, parent=province, kind="commune")
    trainee = make.person(f"Nguyễn Thị {name[-1]}", agency=agency)
    hr = make.hr(agency)
    trainer = make.person(f"Lê Văn {name[-1]}", agency=agency, sex="M")
    make.grant(trainer, "trainer", agency)
    course = make.course(f"Khóa của {name}", lessons=1, quiz=True, owner=trainer)
    reading = make.course(f"Bài đọc của {name}", lessons=1, owner=trainer)
    client.sign_in(trainee)
    client.post(f"/courses/{reading.slug}/enrol")
    client.post(f"/courses/{reading.slug}/lessons/bai-1/read")
    client.post(f"/courses/{course.slug}/enrol")
    client.post(f"/quizzes/{course.slug}/kiem-tra/start")
    client.sign_in(hr)
    data = {"agency": agency.id, "file": (io.BytesIO(ROSTER.encode()), "ds.csv")}
    client.post("/people/rosters/new", data=data)
    client.sign_in(trainer)
    client.post(f"/courses/write/{course.slug}/draft")
    return Side(agency, trainee, hr, trainer, _values(make, agency, trainee, hr, course))


def make_issuer(make: Factory) -> None:
    """Let certificates be issued."""
    with make.writing():
        appoint_issuer(
            parent_name="UBND TỈNH BẮC NINH",
            name="SỞ NỘI VỤ",
            symbol="GCN-SNV",
            place="Bắc Ninh",
            signer_post="GIÁM ĐỐC",
            signer_name="Người Ký Mẫu",
            valid_from=date(2025, 7, 1),
        )


def addresses(rule: Rule, side: Side) -> Iterator[tuple[str, str]]:
    """Return (method, address) of a rule with this side's ids."""
    values = {name: side.values.get(name, _any(rule, name)) for name in rule._converters}
    if rule.endpoint.startswith("reports."):
        values |= {"agency": side.agency.id, "course": side.values["slug"], "period": now().year}
    built = rule.build(values)
    assert built is not None
    for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
        yield method, built[1]


def _any(rule: Rule, name: str) -> object:
    items = getattr(rule._converters[name], "items", None)
    return min(items) if items else "khong-co"


def _values(
    make: Factory, agency: Agency, trainee: Person, hr: Person, course: Course
) -> dict[str, object]:
    with make.app.app_context():
        modules = (
            select(Module.id).join(Module.revision).where(Module.revision.has(course_id=course.id))
        )
        certificate = select(Certificate.id).where(Certificate.person_id == trainee.id)
        attempt = select(Attempt.id).where(Attempt.enrolment.has(person_id=trainee.id))
        values = {
            "agency_id": agency.id,
            "person_id": trainee.id,
            "grant_id": db.session.scalar(select(RoleGrant.id).where(RoleGrant.person_id == hr.id)),
            "batch_id": db.session.scalar(
                select(RosterBatch.id).where(RosterBatch.agency_id == agency.id)
            ),
            "certificate_id": db.session.scalar(certificate),
            "attempt_id": db.session.scalar(attempt),
            "position": 1,
            "slug": course.slug,
            "key": "kiem-tra",
            "module_id": db.session.scalar(modules.order_by(Module.id.desc())),
            "media_id": db.session.scalar(select(Media.id)) or 1,
            "revision": 1,
            "extension": "csv",
        }
        return {name: 999999 if value is None else value for name, value in values.items()}
