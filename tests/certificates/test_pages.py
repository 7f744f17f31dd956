"""Pages of certificates: the holder's own, the register, and who may open what."""

import hashlib
import re

import pytest
from flask import Flask
from sqlalchemy import select

from certificates.models import Certificate
from lms.core import jobs
from lms.core.access import ADMIN, HR, LEAD
from lms.core.audit import AuditEntry
from lms.core.db import db
from lms.people.models import Person
from tests.certificates.conftest import Certifying
from tests.factories import Factory
from tests.services.page_client import PageClient

# WeasyPrint leaves its colour profile to be closed by the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014:ResourceWarning")


def newest(app: Flask) -> Certificate:
    with app.app_context():
        found = db.session.scalars(select(Certificate).order_by(Certificate.id.desc())).first()
        assert found is not None
        db.session.expunge(found)
    return found


def render(app: Flask) -> None:
    with app.app_context():
        jobs.run("certificates.render")


def test_an_empty_list_says_how_to_earn_one(make: Factory, client: PageClient) -> None:
    client.sign_in(make.person(agency=make.agency()))
    page = client.get("/certificates/").text
    assert "Anh/chị chưa có giấy chứng nhận nào" in page
    assert 'href="/courses/"' in page


def test_the_holder_finds_opens_and_downloads_the_certificate(
    app: Flask, make: Factory, client: PageClient, certifying: Certifying
) -> None:
    person = make.person("Nguyễn Thị Đoan Hoà", agency=make.agency())
    certifying.complete(person, make.course("Kiến thức cơ bản"))
    certificate = newest(app)
    client.sign_in(person)

    listed = client.get("/certificates/").text
    assert certificate.number in listed
    assert "Kiến thức cơ bản" in listed

    waiting = client.get(f"/certificates/{certificate.id}")
    assert "Đang tạo tệp" in waiting.text
    assert waiting.headers["Refresh"] == "4"
    early = client.get(f"/certificates/{certificate.id}.pdf")
    assert early.status_code == 303
    assert early.headers["Location"].endswith(f"/certificates/{certificate.id}")

    render(app)
    ready = client.get(f"/certificates/{certificate.id}")
    assert "Đang tạo tệp" not in ready.text
    assert "Refresh" not in ready.headers
    assert certificate.snapshot["verify_url"] in ready.text

    paper = client.get(f"/certificates/{certificate.id}.pdf")
    assert paper.mimetype == "application/pdf"
    year = certificate.issued_on.year
    name = f"Nguyen Thi Doan Hoa - 0001-{year}-GCN-SNV.pdf"
    assert f'filename="{name}"' in paper.headers["Content-Disposition"]
    assert hashlib.sha256(paper.data).hexdigest() == newest(app).sha256


def test_a_paper_downloaded_after_a_new_name_has_the_same_bytes(
    app: Flask, make: Factory, client: PageClient, certifying: Certifying
) -> None:
    person = make.person("Nguyễn Thị Hoà", agency=make.agency())
    certifying.complete(person, make.course())
    render(app)
    client.sign_in(person)
    address = f"/certificates/{newest(app).id}.pdf"
    before = client.get(address).data
    with make.writing():
        db.session.get_one(Person, person.id).full_name = "Nguyễn Thị Bình"
    render(app)
    assert client.get(address).data == before


def test_a_file_that_was_never_asked_for_can_be_asked_for(
    app: Flask, make: Factory, client: PageClient, certifying: Certifying
) -> None:
    person = make.person(agency=make.agency())
    certifying.complete(person, make.course())
    with make.writing():
        db.session.scalars(select(Certificate)).one().requested_at = None
    render(app)
    certificate = newest(app)
    assert certificate.sha256 is None
    client.sign_in(person)
    assert "Tạo tệp PDF" in client.get(f"/certificates/{certificate.id}").text
    for _press in range(2):
        assert client.post(f"/certificates/{certificate.id}/request").status_code == 303
    render(app)
    assert client.get(f"/certificates/{certificate.id}.pdf").status_code == 200


def test_others_see_a_certificate_only_in_their_scope(
    app: Flask, make: Factory, client: PageClient, certifying: Certifying
) -> None:
    province = make.agency("Tỉnh Bắc Ninh")
    own, other = make.agency("Sở Nội vụ", parent=province), make.agency(parent=province)
    office = make.agency("Phòng Cải cách hành chính", parent=own, kind="unit")
    certifying.complete(make.person(agency=office), make.course())
    render(app)
    certificate = newest(app)

    colleague, lead = make.person(agency=office), make.person(agency=own)
    make.grant(lead, LEAD)
    for person, status in (
        (make.hr(own), 200),
        (make.hr(office), 200),
        (lead, 200),
        (make.hr(other), 404),
        (colleague, 404),
    ):
        client.sign_in(person)
        assert client.get(f"/certificates/{certificate.id}").status_code == status
        assert client.get(f"/certificates/{certificate.id}.pdf").status_code == status
        asked = client.post(f"/certificates/{certificate.id}/request").status_code
        assert asked == (303 if status == 200 else 404)


def test_the_register_lists_the_scope_and_is_searched_by_name_or_number(
    app: Flask, make: Factory, client: PageClient, certifying: Certifying
) -> None:
    province = make.agency("Tỉnh Bắc Ninh")
    own, other = make.agency("Sở Nội vụ", parent=province), make.agency(parent=province)
    course = make.course()
    certifying.complete(make.person("Đặng Thị Huệ", agency=own), course)
    certifying.complete(make.person("Nguyễn Văn Nam", agency=own), course)
    certifying.complete(make.person("Lê Thị Xa", agency=other), course)

    client.sign_in(make.hr(own))
    page = client.get("/certificates/register").text
    assert "Đặng Thị Huệ" in page
    assert "Nguyễn Văn Nam" in page
    assert "Lê Thị Xa" not in page

    found = client.get("/certificates/register?q=dang+hue").text
    assert "Đặng Thị Huệ" in found
    assert "Nguyễn Văn Nam" not in found
    found = client.get("/certificates/register?q=0002/").text
    assert "Nguyễn Văn Nam" in found
    assert "Đặng Thị Huệ" not in found
    assert "Không có giấy chứng nhận nào như vậy" in client.get("/certificates/register?q=xa").text

    client.sign_in(make.person(agency=own))
    assert client.get("/certificates/register").status_code == 403


def test_a_long_register_costs_as_many_queries_as_a_short_one(
    make: Factory, client: PageClient, certifying: Certifying, count_queries: list[str]
) -> None:
    agency, course = make.agency(), make.course(lessons=1)
    hr = make.hr(agency)
    client.sign_in(hr)
    costs = []
    for people in (1, 11):
        for _ in range(people):
            certifying.complete(make.person(agency=agency), course)
        count_queries.clear()
        client.get("/certificates/register?q=hoa")
        costs.append(len(count_queries))
    assert costs[0] == costs[1]


def test_the_register_has_pages(
    app: Flask, make: Factory, client: PageClient, certifying: Certifying
) -> None:
    agency, course = make.agency(), make.course(lessons=1)
    for _ in range(51):
        certifying.complete(make.person(agency=agency), course)
    admin = make.person(agency=agency)
    make.grant(admin, ADMIN)
    client.sign_in(admin)
    first = client.get("/certificates/register").text
    assert len(re.findall('data-test="register-row"', first)) == 50
    second = client.get("/certificates/register?page=2").text
    assert len(re.findall('data-test="register-row"', second)) == 1
    assert "0001/" in second
    for strange in ("page=99", "page=-1", f"page={10**30}", "page=x", "q=%25_%5C"):
        assert client.get(f"/certificates/register?{strange}").status_code == 200


def test_a_certificate_is_revoked_for_a_reason_and_stays_in_the_register(
    app: Flask, make: Factory, client: PageClient, certifying: Certifying
) -> None:
    agency = make.agency()
    person, lead = make.person(agency=agency), make.person("Lý Thị Lan", agency=agency)
    make.grant(lead, LEAD)
    certifying.complete(person, make.course())
    certificate = newest(app)
    address = f"/certificates/{certificate.id}/revoke"
    client.sign_in(lead)

    refused = client.post(address, data={"reason": "   "})
    assert refused.status_code == 422
    assert newest(app).state == "valid"

    assert client.post(address, data={"reason": "Cấp nhầm người"}).status_code == 303
    page = client.get(f"/certificates/{certificate.id}").text
    assert "Đã thu hồi" in page
    assert "Cấp nhầm người" in page
    assert 'data-test="revoke-certificate"' not in page
    assert certificate.number in client.get("/certificates/register").text
    assert client.post(address, data={"reason": "Lần nữa"}).status_code == 409
    with app.app_context():
        entry = db.session.scalar(
            select(AuditEntry).where(AuditEntry.action == "certificates.revoked")
        )
        assert entry is not None
        assert entry.actor_id == lead.id
        assert entry.details == {"number": certificate.number, "reason": "Cấp nhầm người"}


@pytest.mark.parametrize("role", [None, HR])
def test_neither_holder_nor_hr_may_revoke(
    app: Flask,
    make: Factory,
    client: PageClient,
    certifying: Certifying,
    role: str | None,
) -> None:
    agency = make.agency()
    person = make.person(agency=agency)
    if role:
        make.grant(person, role, agency)
    certifying.complete(person, make.course())
    client.sign_in(person)
    number = newest(app).id
    assert 'data-test="revoke-certificate"' not in client.get(f"/certificates/{number}").text
    answer = client.post(f"/certificates/{number}/revoke", data={"reason": "Thử"})
    assert answer.status_code == 403
    assert newest(app).state == "valid"


def test_a_lead_of_another_agency_cannot_revoke(
    app: Flask, make: Factory, client: PageClient, certifying: Certifying
) -> None:
    province = make.agency("Tỉnh Bắc Ninh")
    own, other = make.agency(parent=province), make.agency(parent=province)
    certifying.complete(make.person(agency=own), make.course())
    lead = make.person(agency=other)
    make.grant(lead, LEAD, other)
    client.sign_in(lead)
    answer = client.post(f"/certificates/{newest(app).id}/revoke", data={"reason": "Thử"})
    assert answer.status_code == 404
    assert newest(app).state == "valid"
