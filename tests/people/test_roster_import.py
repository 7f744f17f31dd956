"""Roster import by web page and by command: previewed, applied whole, taken back."""

import io
import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.agencies.models import Agency
from lms.core.db import db
from lms.people.models import Membership, Person, RosterBatch
from tests.factories import Factory
from tests.services.page_client import PageClient

HEADER = "STT;Mã cán bộ;Họ và tên;Ngày sinh;Giới tính;Chức vụ;Đơn vị;Điện thoại;Email\n"
GOOD = (
    HEADER
    + "1;BN00001;Nguyễn Thị Hoà;08/03/1985;Nữ;Chuyên viên;UBND xã Hiệp Hoà;0912000001;hoa@bn.example\n"
    + "2;BN00002;Đặng Văn Ước;1979;Nam;Văn thư;UBND xã Hiệp Hoà;912000002;\n"
)


@pytest.fixture
def commune(make: Factory) -> Agency:
    """Give a commune with its office, in a province."""
    province = make.agency("Tỉnh Bắc Ninh", code="24")
    commune = make.agency("Xã Hiệp Hoà", parent=province, kind="commune", code="07840")
    make.agency(
        "Ủy ban nhân dân xã Hiệp Hoà",
        parent=commune,
        kind="commune_office",
        aliases=["UBND xã Hiệp Hoà"],
    )
    return commune


def _upload(client: PageClient, agency: Agency, text: str, name: str = "ds.csv"):  # type: ignore[no-untyped-def]
    file = (io.BytesIO(text.encode("utf-8-sig")), name)
    return client.post("/people/rosters/new", data={"agency": agency.id, "file": file})


def _count(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_hr_previews_applies_and_undoes_a_roster(
    app: Flask, make: Factory, client: PageClient, commune: Agency
) -> None:
    client.sign_in(make.hr(commune))
    before = _count(app, Person)

    preview = _upload(client, commune, GOOD)
    assert preview.status_code == 303
    address = preview.headers["Location"]
    page = client.get(address).text
    assert "Đặng Văn Ước" in page
    assert _count(app, Person) == before, "a preview changes nothing"

    client.post(f"{address}/apply")
    assert _count(app, Person) == before + 2
    with app.app_context():
        uoc = db.session.scalar(select(Person).where(Person.staff_code == "BN00002"))
        assert uoc is not None
        assert (uoc.birth_date, uoc.birth_year, uoc.phone) == (None, 1979, "0912000002")

    client.post(f"{address}/undo")
    assert _count(app, Person) == before


def test_the_same_file_twice_changes_nothing(
    app: Flask, make: Factory, client: PageClient, commune: Agency
) -> None:
    client.sign_in(make.hr(commune))
    first = _upload(client, commune, GOOD).headers["Location"]
    client.post(f"{first}/apply")

    second = _upload(client, commune, GOOD).headers["Location"]
    client.post(f"{second}/apply")

    with app.app_context():
        batch = db.session.scalar(select(RosterBatch).order_by(RosterBatch.id.desc()))
        assert batch is not None
        assert batch.counts["unchanged"] == 2
        assert batch.counts["new"] == 0


def test_an_unknown_agency_is_refused_with_the_nearest_one(
    make: Factory, client: PageClient, commune: Agency
) -> None:
    client.sign_in(make.hr(commune))
    text = GOOD.replace("UBND xã Hiệp Hoà;0912000001", "UBND xã Hiệp Hùa;0912000001")

    page = client.get(_upload(client, commune, text).headers["Location"]).text

    assert "Hiệp Hùa" in page
    near = page.partition("Gần giống: ")[2].partition("<")[0]
    assert "Ủy ban nhân dân xã Hiệp Hoà" in near


def test_the_command_refuses_the_whole_file_when_a_row_is_refused(
    app: Flask, commune: Agency, tmp_path
) -> None:
    file = tmp_path / "ds.csv"
    file.write_text(GOOD.replace("08/03/1985", "31/02/1985"), encoding="utf-8")

    result = app.test_cli_runner().invoke(
        args=["people", "import", str(file), "--agency", "07840", "--apply", "--json"]
    )

    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert document["errors"][0]["row"] == 2
    assert document["errors"][0]["column"] == "Ngày sinh"
    assert "31/02/1985" in document["errors"][0]["reason"]
    assert _count(app, Person) == 0


def test_the_command_applies_and_undoes(app: Flask, commune: Agency, tmp_path) -> None:
    file = tmp_path / "ds.csv"
    file.write_text(GOOD, encoding="utf-8")
    run = app.test_cli_runner().invoke

    applied = json.loads(
        run(args=["people", "import", str(file), "--agency", "07840", "--apply", "--json"]).stdout
    )
    assert {k: applied[k] for k in ("new", "changed", "moved", "left", "unchanged")} == {
        "new": 2,
        "changed": 0,
        "moved": 0,
        "left": 0,
        "unchanged": 0,
    }
    undone = run(args=["people", "undo", str(applied["batch"]), "--json"])
    assert undone.exit_code == 0
    assert _count(app, Person) == 0


def test_homonyms_with_other_births_stay_two_people(
    app: Flask, make: Factory, client: PageClient, commune: Agency
) -> None:
    client.sign_in(make.hr(commune))
    make.person("Nguyễn Thị Hoà", agency=commune, staff_code=None)
    text = (
        "Họ và tên;Ngày sinh;Đơn vị\n"
        "Nguyễn Thị Hoà;01/01/1990;Xã Hiệp Hoà\n"
        "Nguyễn Thị Hoà;02/02/1991;Xã Hiệp Hoà\n"
    )
    before = _count(app, Person)

    address = _upload(client, commune, text).headers["Location"]
    client.post(f"{address}/apply")

    assert _count(app, Person) == before + 2


def test_a_person_with_the_same_name_and_birth_is_found_without_a_code(
    app: Flask, make: Factory, client: PageClient, commune: Agency
) -> None:
    client.sign_in(make.hr(commune))
    make.person("Nguyễn Thị Hoà", agency=commune, staff_code=None)
    text = "Họ và tên;Ngày sinh;Điện thoại\nNguyễn Thị Hòa;08/03/1985;0912999888\n"
    before = _count(app, Person)

    address = _upload(client, commune, text).headers["Location"]
    client.post(f"{address}/apply")

    assert _count(app, Person) == before
    with app.app_context():
        assert db.session.scalar(select(Person.phone).where(Person.phone == "0912999888"))


def test_a_person_of_another_agency_moves_and_undo_moves_them_back(
    app: Flask, make: Factory, client: PageClient, commune: Agency
) -> None:
    with app.app_context():
        province = db.session.get_one(Agency, commune.parent_id)
        db.session.expunge(province)
    school = make.agency("Trường THCS Hiệp Hoà", parent=commune, kind="school")
    person = make.person("Nguyễn Thị Hoà", agency=school, staff_code="BN00001")
    lead = make.person(agency=province)
    make.grant(lead, "lead")
    client.sign_in(lead)

    address = _upload(client, commune, GOOD).headers["Location"]
    client.post(f"{address}/apply")
    assert _agency_names(app, person.id) == ["Ủy ban nhân dân xã Hiệp Hoà"]

    client.post(f"{address}/undo")
    assert _agency_names(app, person.id) == ["Trường THCS Hiệp Hoà"]


def test_a_staff_code_of_someone_else_is_a_conflict_and_not_an_overwrite(
    app: Flask, make: Factory, client: PageClient, commune: Agency
) -> None:
    client.sign_in(make.hr(commune))
    make.person("Phạm Văn Khác", agency=commune, staff_code="BN00001", birth_date=None)

    page = client.get(_upload(client, commune, GOOD).headers["Location"]).text

    assert "Mã cán bộ" in page
    with app.app_context():
        name = db.session.scalar(select(Person.full_name).where(Person.staff_code == "BN00001"))
    assert name == "Phạm Văn Khác"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"PK\x03\x04 not really", "ds.xlsx"),
        (b"\x00\x01\x02\x03" * 50, "ds.csv"),
        (b"%PDF-1.7 hello", "ds.xlsx"),
        (b"", "ds.csv"),
        (b"a;b\n1;2\n", "ds.csv"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_in_words(
    make: Factory, client: PageClient, commune: Agency, content: bytes, name: str
) -> None:
    client.sign_in(make.hr(commune))
    data = {"agency": commune.id, "file": (io.BytesIO(content), name)}

    answer = client.post("/people/rosters/new", data=data)

    assert answer.status_code == 422
    assert 'data-test="error-summary"' in answer.text


def test_hr_cannot_import_into_or_see_a_foreign_agency(
    make: Factory, client: PageClient, commune: Agency
) -> None:
    other = make.agency("Sở Y tế", parent=None, code="SYT", kind="department")
    client.sign_in(make.hr(commune))
    address = _upload(client, commune, GOOD).headers["Location"]
    assert _upload(client, other, GOOD).status_code == 422

    client.sign_in(make.hr(other))

    assert client.get(address).status_code == 404
    assert client.post(f"{address}/apply").status_code == 404
    assert client.post(f"{address}/undo").status_code == 404


def test_people_are_listed_by_given_name_and_found_without_diacritics(
    make: Factory, client: PageClient, commune: Agency
) -> None:
    names = ["Đặng Văn Ước", "Nguyễn Thị Ánh", "Trần Đức Ân", "Lê Thị Ơn", "Phạm Thị Dung"]
    for name in names:
        make.person(name, agency=commune)
    client.sign_in(make.hr(commune, "Hoàng Văn Yên"))

    page = client.get("/people/").text
    shown = sorted(names, key=page.index)
    assert shown == ["Nguyễn Thị Ánh", "Trần Đức Ân", "Phạm Thị Dung", "Lê Thị Ơn", "Đặng Văn Ước"]

    found = client.get("/people/?q=dang+uoc").text
    assert "Đặng Văn Ước" in found
    assert "Phạm Thị Dung" not in found


def _agency_names(app: Flask, person_id: int) -> list[str]:
    with app.app_context():
        query = (
            select(Agency.name)
            .join(Membership, Membership.agency_id == Agency.id)
            .where(Membership.person_id == person_id, Membership.valid_to.is_(None))
        )
        return list(db.session.scalars(query))


EXAMPLES = (
    Path(__file__).resolve().parents[2].parent / "shared" / "examples" / "vietnam" / "rosters"
)


@pytest.mark.parametrize(
    ("name", "people"),
    [
        ("cong-van_60.xlsx", 60),
        ("ho-dem-ten_80.xlsx", 80),
        ("utf8_semicolon.csv", 30),
        ("utf8bom_comma.csv", 30),
    ],
)
def test_a_real_roster_is_imported_into_the_real_tree_and_again_changes_nothing(
    app: Flask, make: Factory, name: str, people: int
) -> None:
    if not EXAMPLES.is_dir():
        pytest.skip("the folder ../shared/examples is not beside the repository")
    run = app.test_cli_runner().invoke
    assert run(args=["seed", "base"]).exit_code == 0
    command = ["people", "import", str(EXAMPLES / name), "--agency", "24", "--apply", "--json"]

    first, second = json.loads(run(args=command).stdout), json.loads(run(args=command).stdout)

    assert (first["new"], first["errors"]) == (people, [])
    assert (second["new"], second["changed"], second["unchanged"]) == (0, 0, people)
