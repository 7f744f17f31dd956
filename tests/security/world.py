"""Two agencies that are strangers to each other, each with everything a page can show."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from werkzeug.routing import Rule

from certificates.models import Certificate
from certificates.services import appoint_issuer
from courses.models import Course, Enrolment, HandIn, Import, LibraryFile, Media, Module, Upload
from lms.agencies.models import Agency
from lms.core.clock import now
from lms.core.db import db
from lms.people.models import Person, RoleGrant, RosterBatch
from quizzes.models import Attempt
from tests.courses.ruled import hand_in, make_ruled_course
from tests.factories import Factory
from tests.services.page_client import PageClient

CAPTIONS = b"1\n00:00:01,000 --> 00:00:02,000\nXin ch\xc3\xa0o\n"
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
    exercise = make_ruled_course(make, [{"kind": "assignment"}], owner=trainer)
    client.sign_in(trainee)
    client.post(f"/courses/{exercise.slug}/enrol")
    hand_in(client, exercise)
    client.post(f"/courses/{reading.slug}/enrol")
    client.post(f"/courses/{reading.slug}/lessons/bai-1/read")
    client.post(f"/courses/{course.slug}/enrol")
    client.post(f"/quizzes/{course.slug}/kiem-tra/start")
    client.sign_in(hr)
    data = {"agency": agency.id, "file": (io.BytesIO(ROSTER.encode()), "ds.csv")}
    client.post("/people/rosters/new", data=data)
    client.sign_in(trainer)
    client.post(f"/courses/write/{course.slug}/draft")
    client.post("/courses/library", data={"file": (io.BytesIO(CAPTIONS), "phu-de.srt")})
    client.post("/courses/write/import", data={"file": (io.BytesIO(CAPTIONS), "bai.txt")})
    begin_upload(client)
    return Side(agency, trainee, hr, trainer, _values(make, agency, trainee, hr, course))


def begin_upload(client: PageClient) -> None:
    """Begin a file of four bytes that does not come."""
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "4", "X-CSRFToken": client.csrf_token()}
    client.open("/courses/uploads", method="POST", headers=headers)


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
        work = select(HandIn.id).join(Enrolment, Enrolment.id == HandIn.enrolment_id)
        values = {
            "agency_id": agency.id,
            "hand_in_id": db.session.scalar(work.where(Enrolment.person_id == trainee.id)),
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
            "file_id": db.session.scalar(
                select(LibraryFile.id).where(LibraryFile.agency_id == agency.id)
            ),
            "media_id": db.session.scalar(select(Media.id)) or 1,
            "import_id": db.session.scalar(select(Import.id).order_by(Import.id.desc())),
            "upload_token": db.session.scalar(select(Upload.token).order_by(Upload.id.desc())),
            "revision": 1,
            "number": 1,
            "extension": "csv",
        }
        return {name: 999999 if value is None else value for name, value in values.items()}
