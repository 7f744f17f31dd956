"""Anyone who has a paper in hand learns whether it is good, and nothing more."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from certificates.files import storage_key
from certificates.models import Certificate
from lms.core import jobs, storage
from lms.core.db import db
from tests.certificates.conftest import Certifying
from tests.factories import Factory
from tests.services.page_client import PageClient

# WeasyPrint leaves its colour profile to be closed by the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014:ResourceWarning")


@pytest.fixture
def certificate(app: Flask, make: Factory, certifying: Certifying) -> Certificate:
    """Give a certificate that was issued and rendered."""
    agency = make.agency("Phường Kinh Bắc")
    person = make.person("Nguyễn Thị Hoà", agency=agency, birth_date=date(1985, 3, 8))
    certifying.complete(person, make.course("Kiến thức cơ bản về bình đẳng giới"))
    with app.app_context():
        jobs.run("certificates.render")
        certificate = db.session.scalars(select(Certificate)).one()
        db.session.expunge(certificate)
    return certificate


@pytest.fixture
def paper(app: Flask, certificate: Certificate, tmp_path: Path) -> Path:
    """Give its PDF as the holder has it."""
    path = tmp_path / "paper.pdf"
    with app.app_context():
        path.write_bytes(storage.get(storage_key(certificate.token, certificate.issued_on)))
    return path


def verify(certifying: Certifying, subject: object) -> dict[str, Any]:
    result = certifying.run("certificates", "verify", str(subject), "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_valid_certificate_says_so_to_anyone(
    client: PageClient, certificate: Certificate
) -> None:
    answer = client.get(f"/verify/{certificate.token}")
    assert answer.status_code == 200
    for text in (
        'data-state="valid"',
        "Nguyễn Thị Hoà",
        "Kiến thức cơ bản về bình đẳng giới",
        certificate.number,
        "SỞ NỘI VỤ",
        certificate.issued_on.strftime("%d/%m/%Y"),
    ):
        assert text in answer.text
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex">' in answer.text


def test_the_public_learns_nothing_else_of_the_holder(
    client: PageClient, certificate: Certificate
) -> None:
    page = client.get(f"/verify/{certificate.token}").text
    for secret in ("1985", "Phường Kinh Bắc", "BN0", "Nữ"):
        assert secret not in page


def test_a_revoked_certificate_says_when_and_why(
    client: PageClient, certifying: Certifying, certificate: Certificate
) -> None:
    result = certifying.run(
        "certificates", "revoke", certificate.number, "--reason", "Cấp nhầm người", "--json"
    )
    assert json.loads(result.stdout) == {"number": certificate.number, "state": "revoked"}
    page = client.get(f"/verify/{certificate.token}").text
    assert 'data-state="revoked"' in page
    assert "Cấp nhầm người" in page
    assert certificate.number in page


def test_a_certificate_is_valid_on_its_last_day_and_expired_after_it(
    make: Factory, client: PageClient, certificate: Certificate
) -> None:
    with make.writing():
        db.session.get_one(Certificate, certificate.id).expires_on = date(2027, 3, 1)
    # 16:59 in UTC is the last minute of that day in Bắc Ninh.
    for moment, state in (
        (datetime(2027, 3, 1, 16, 59, tzinfo=UTC), "valid"),
        (datetime(2027, 3, 1, 17, 0, tzinfo=UTC), "expired"),
    ):
        with time_machine.travel(moment, tick=False):
            assert f'data-state="{state}"' in client.get(f"/verify/{certificate.token}").text


def test_a_number_or_a_guess_is_not_an_address(
    client: PageClient, certificate: Certificate
) -> None:
    for guess in (
        "0001",
        "0002",
        "0001-2026-GCN-SNV",
        certificate.token[1:] + "A",
        "x" * 5000,
        "%FF",
    ):
        answer = client.get(f"/verify/{guess}")
        assert answer.status_code == 404
        assert 'data-state="unknown"' in answer.text
        assert "Không có giấy chứng nhận này" in answer.text


def test_guessing_is_stopped_and_checking_is_not(
    client: PageClient, certificate: Certificate
) -> None:
    for _ in range(100):
        assert client.get(f"/verify/{certificate.token}").status_code == 200
    statuses = [client.get(f"/verify/guess-{n}").status_code for n in range(70)]
    assert statuses == [404] * 60 + [429] * 10


def test_the_command_knows_a_token_an_address_and_the_file(
    certifying: Certifying, certificate: Certificate, paper: Path
) -> None:
    told = {
        "state": "valid",
        "number": certificate.number,
        "holder": "Nguyễn Thị Hoà",
        "course": "Kiến thức cơ bản về bình đẳng giới",
        "issued_on": certificate.issued_on.isoformat(),
    }
    assert verify(certifying, certificate.token) == told
    assert verify(certifying, certificate.snapshot["verify_url"]) == told
    assert verify(certifying, paper) == told


def test_a_file_with_one_byte_changed_is_altered(
    certifying: Certifying, certificate: Certificate, paper: Path
) -> None:
    data = bytearray(paper.read_bytes())
    data[-10] ^= 1
    paper.write_bytes(data)
    assert verify(certifying, paper)["state"] == "altered"


def test_a_file_written_anew_with_another_name_is_altered(
    certifying: Certifying, certificate: Certificate, paper: Path, tmp_path: Path
) -> None:
    forged = tmp_path / "forged.pdf"
    with pikepdf.open(paper) as document:
        document.docinfo["/Title"] = "Giấy chứng nhận của người khác"
        document.save(forged)
    assert verify(certifying, forged) == {
        **verify(certifying, paper),
        "state": "altered",
    }


def test_a_revoked_paper_is_revoked_in_the_hand_too(
    certifying: Certifying, certificate: Certificate, paper: Path
) -> None:
    certifying.run("certificates", "revoke", certificate.number, "--reason", "Cấp nhầm")
    assert verify(certifying, paper)["state"] == "revoked"


def test_what_was_never_issued_is_unknown(certifying: Certifying, tmp_path: Path) -> None:
    nothing = {
        "state": "unknown",
        "number": None,
        "holder": None,
        "course": None,
        "issued_on": None,
    }
    assert verify(certifying, "no-such-token") == nothing
    other = tmp_path / "other.pdf"
    other.write_bytes(b"%PDF-1.7 not ours")
    assert verify(certifying, other) == nothing


def test_commands_issue_and_render_what_is_missing(
    app: Flask, make: Factory, certifying: Certifying
) -> None:
    course, agency = make.course(), make.agency()
    certifying.complete(make.person(agency=agency), course)
    missing = make.enrolment(make.person(agency=agency), course)
    with make.writing():
        # Done on paper long ago, and written down without anything following from it.
        enrolment = db.session.merge(missing)
        enrolment.status, enrolment.completed_at = "completed", datetime(2026, 5, 4, tzinfo=UTC)

    issued = certifying.run("certificates", "issue", "--course", course.slug, "--json")
    assert json.loads(issued.stdout) == {"issued": 1, "already": 1}
    again = certifying.run("certificates", "issue", "--course", course.slug, "--json")
    assert json.loads(again.stdout) == {"issued": 0, "already": 2}

    rendered = json.loads(certifying.run("certificates", "render", "--pending", "--json").stdout)
    assert rendered["rendered"] == 2
    assert rendered["per_second"] > 0
    assert json.loads(certifying.run("certificates", "render", "--json").stdout)["rendered"] == 0


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (("issue", "--course", "khong-co"), "khong-co"),
        (("revoke", "9999/2026/GCN-SNV", "--reason", "Thử"), "9999/2026/GCN-SNV"),
    ],
)
def test_a_refused_command_says_why_and_exits_1(
    certifying: Certifying, command: tuple[str, ...], reason: str
) -> None:
    result = certifying.run("certificates", *command)
    assert result.exit_code == 1
    assert reason in result.stderr


def test_an_issuing_body_is_appointed_by_command(certifying: Certifying, make: Factory) -> None:
    words = {
        "--name": "UBND PHƯỜNG KINH BẮC",
        "--symbol": "GCN-UBND",
        "--place": "Kinh Bắc",
        "--signer-post": "CHỦ TỊCH",
        "--signer-name": "Đỗ Thị Mai",
        "--from": "01/01/2026",
    }
    arguments = [part for pair in words.items() for part in pair]
    result = certifying.run("certificates", "appoint", *arguments, "--json")
    assert json.loads(result.stdout)["symbol"] == "GCN-UBND"
    certifying.complete(make.person(agency=make.agency()), make.course())
    with certifying.app.app_context():
        assert db.session.scalars(select(Certificate.number)).one().endswith("/GCN-UBND")
    again = certifying.run("certificates", "appoint", *arguments)
    assert again.exit_code == 1
