"""A completion leaves one certificate, with its number and its words, for good."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from certificates.models import Certificate, CertificateSeries, Issuer
from certificates.numbering import format_number, next_number
from lms.core import jobs
from lms.core.audit import AuditEntry
from lms.core.db import begin_write, db
from lms.people.models import Person
from tests.certificates.conftest import Certifying, forget_issuers
from tests.factories import Factory
from tests.services.page_client import PageClient


def all_certificates(app: Flask) -> list[Certificate]:
    with app.app_context():
        found = list(db.session.scalars(select(Certificate).order_by(Certificate.id)))
        db.session.expunge_all()
    return found


def numbers(app: Flask) -> list[str]:
    return [certificate.number for certificate in all_certificates(app)]


def test_the_last_lesson_brings_the_certificate_in_the_same_request(
    app: Flask, make: Factory, client: PageClient, certifying: Certifying
) -> None:
    course = make.course(lessons=2)
    person = make.person(agency=make.agency())
    client.sign_in(person)
    client.post(f"/courses/{course.slug}/enrol")

    client.post(f"/courses/{course.slug}/lessons/bai-1/read")
    assert numbers(app) == []

    client.post(f"/courses/{course.slug}/lessons/bai-2/read")
    [certificate] = all_certificates(app)
    assert certificate.person_id == person.id
    assert re.fullmatch(r"0001/\d{4}/GCN-SNV", certificate.number)
    assert certificate.requested_at is not None


def test_completing_twice_leaves_one_certificate(
    app: Flask, make: Factory, client: PageClient, certifying: Certifying
) -> None:
    course = make.course(lessons=1)
    client.sign_in(make.person(agency=make.agency()))
    client.post(f"/courses/{course.slug}/enrol")
    for _press in range(3):
        assert client.post(f"/courses/{course.slug}/lessons/bai-1/read").status_code == 303
    with app.app_context():
        jobs.run("certificates.issue")
    assert len(numbers(app)) == 1


def test_a_certificate_keeps_every_word_that_is_printed(
    app: Flask, make: Factory, certifying: Certifying
) -> None:
    agency = make.agency("Ủy ban nhân dân phường Kinh Bắc")
    person = make.person("Nguyễn Thị Hoà", agency=agency, sex="F", birth_date=date(1985, 3, 8))
    with time_machine.travel(datetime(2026, 11, 20, 3, tzinfo=UTC), tick=False):
        certifying.complete(person, make.course("Kiến thức cơ bản về bình đẳng giới"))
    [certificate] = all_certificates(app)
    assert re.fullmatch(r"[\w-]{32}", certificate.token)
    assert certificate.snapshot == {
        "number": "0001/2026/GCN-SNV",
        "holder": "Nguyễn Thị Hoà",
        "sex": "F",
        "birth_date": "1985-03-08",
        "birth_year": None,
        "agency": "Ủy ban nhân dân phường Kinh Bắc",
        "course": "Kiến thức cơ bản về bình đẳng giới",
        "periods": 4,
        "started_on": "2026-11-20",
        "completed_on": "2026-11-20",
        "issuer_parent": "UBND TỈNH BẮC NINH",
        "issuer": "SỞ NỘI VỤ",
        "place": "Bắc Ninh",
        "title": "GIẤY CHỨNG NHẬN",
        "signer_authority": "",
        "signer_post": "GIÁM ĐỐC",
        "signer": "Trần Văn Đức",
        "issued_on": "2026-11-20",
        "verify_url": f"{app.config['LMS_BASE_URL']}/verify/{certificate.token}",
    }


def test_a_new_name_later_does_not_change_what_was_issued(
    app: Flask, make: Factory, certifying: Certifying
) -> None:
    person = make.person("Nguyễn Thị Hoà", agency=make.agency())
    certifying.complete(person, make.course())
    with make.writing():
        db.session.get_one(Person, person.id).full_name = "Nguyễn Thị Hòa Bình"
    [certificate] = all_certificates(app)
    assert certificate.snapshot["holder"] == "Nguyễn Thị Hoà"


def test_numbers_follow_each_other_and_begin_anew_each_local_year(
    app: Flask, make: Factory, certifying: Certifying
) -> None:
    course, agency = make.course(), make.agency()
    people = [make.person(agency=agency) for _ in range(4)]
    # 31 December 17:30 in UTC is half past midnight of the new year in Bắc Ninh.
    moments = [
        datetime(2026, 12, 31, 9, 0, tzinfo=UTC),
        datetime(2026, 12, 31, 16, 59, tzinfo=UTC),
        datetime(2026, 12, 31, 17, 30, tzinfo=UTC),
        datetime(2027, 1, 1, 2, 0, tzinfo=UTC),
    ]
    for person, moment in zip(people, moments, strict=True):
        with time_machine.travel(moment, tick=False):
            certifying.complete(person, course)
    assert numbers(app) == [
        "0001/2026/GCN-SNV",
        "0002/2026/GCN-SNV",
        "0001/2027/GCN-SNV",
        "0002/2027/GCN-SNV",
    ]
    assert all_certificates(app)[2].issued_on == date(2027, 1, 1)


def test_a_completion_waits_for_an_issuing_body_and_is_not_lost(
    app: Flask, make: Factory, certifying: Certifying
) -> None:
    forget_issuers(app)
    certifying.complete(make.person(agency=make.agency()), make.course())
    with app.app_context():
        assert jobs.run("certificates.issue") == 0
    assert numbers(app) == []

    certifying.appoint(symbol="GCN-BCD")
    with app.app_context():
        assert jobs.run("certificates.issue") == 1
        assert jobs.run("certificates.issue") == 0
    assert [number.partition("/")[0] for number in numbers(app)] == ["0001"]


def test_a_new_signer_signs_what_is_issued_from_that_day_on(
    app: Flask, make: Factory, certifying: Certifying
) -> None:
    course, agency = make.course(), make.agency()
    certifying.appoint(
        valid_from=date(2026, 11, 1),
        signer_authority="KT. GIÁM ĐỐC",
        signer_post="PHÓ GIÁM ĐỐC",
        signer_name="Ngô Thị Ánh",
    )
    for month, day in ((10, 30), (10, 31), (11, 1)):
        with time_machine.travel(datetime(2026, month, day, 3, tzinfo=UTC), tick=False):
            certifying.complete(make.person(agency=agency), course)
    signers = [c.snapshot["signer"] for c in all_certificates(app)]
    assert signers == ["Trần Văn Đức", "Trần Văn Đức", "Ngô Thị Ánh"]
    assert [n[:4] for n in numbers(app)] == ["0001", "0002", "0003"]
    with app.app_context():
        assert list(db.session.scalars(select(Issuer.valid_to).order_by(Issuer.valid_from))) == [
            date(2026, 11, 1),
            None,
        ]


def test_issuing_is_in_the_audit_log(app: Flask, make: Factory, certifying: Certifying) -> None:
    certifying.complete(make.person(agency=make.agency()), make.course())
    with app.app_context():
        entry = db.session.scalar(
            select(AuditEntry).where(AuditEntry.action == "certificates.issued")
        )
        assert entry is not None
        assert entry.details["number"] == numbers(app)[0]


def test_a_number_that_is_not_used_is_given_back(live_certifying: Certifying) -> None:
    with live_certifying.app.app_context():
        begin_write()
        assert next_number("GCN-SNV", 2026).text == "0001/2026/GCN-SNV"
        db.session.commit()
        begin_write()
        assert next_number("GCN-SNV", 2026).text == "0002/2026/GCN-SNV"
        db.session.rollback()
        begin_write()
        assert next_number("GCN-SNV", 2026).text == "0002/2026/GCN-SNV"
        assert next_number("GCN-KHAC", 2026).text == "0001/2026/GCN-KHAC"
        db.session.commit()
        assert db.session.scalar(select(db.func.count()).select_from(CertificateSeries)) == 2


@pytest.mark.parametrize(
    ("ordinal", "text"), [(7, "0007/2026/GCN-SNV"), (12345, "12345/2026/GCN-SNV")]
)
def test_a_number_is_printed_with_at_least_four_digits(ordinal: int, text: str) -> None:
    assert format_number(ordinal, 2026, "GCN-SNV") == text
