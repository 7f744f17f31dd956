"""Reports as files: what Excel and scripts get."""

import csv
import io
from datetime import datetime

import openpyxl
from flask import Flask

from courses.models import Course, Enrolment
from lms.agencies.queries import subtree_ids
from lms.core.db import db
from lms.people.models import Person
from tests.factories import Factory
from tests.reports.trees import Province, Stand, day
from tests.services.page_client import PageClient

BOM = b"\xef\xbb\xbf"


def read_csv(data: bytes) -> list[list[str]]:
    assert data.startswith(BOM)
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def read_xlsx(data: bytes) -> list[list[object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_the_csv_names_exactly_the_people_of_the_subtree(
    app: Flask,
    make: Factory,
    tree: Province,
    course: Course,
    client: PageClient,
    stand: Stand,
) -> None:
    for place in (tree.ward, tree.school, tree.school, tree.office, tree.province):
        stand(place)
    client.sign_in(make.hr(tree.ward))

    _headers, *rows = read_csv(client.get("/reports/people.csv").data)

    with app.app_context():
        query = (
            db.select(Person.staff_code)
            .join(Enrolment, Enrolment.person_id == Person.id)
            .where(
                Enrolment.course_id == course.id,
                Enrolment.agency_id.in_(subtree_ids([tree.ward.id])),
            )
        )
        expected = set(db.session.scalars(query))
    assert len(expected) == 3
    assert {row[1] for row in rows} == expected


def test_a_name_that_looks_like_a_formula_stays_a_text(
    make: Factory, tree: Province, client: PageClient, stand: Stand
) -> None:
    name = '=HYPERLINK("http://x","y")'
    stand(tree.school, name=name)
    client.sign_in(make.hr(tree.ward))

    assert read_csv(client.get("/reports/people.csv").data)[1][0] == f"'{name}"
    workbook = openpyxl.load_workbook(io.BytesIO(client.get("/reports/people.xlsx").data))
    cell = workbook.active["A2"]
    assert (cell.value, cell.data_type) == (name, "s")


def test_people_in_excel_have_dates_and_vietnamese_headers(
    make: Factory, tree: Province, client: PageClient, stand: Stand
) -> None:
    stand(tree.school, "completed", name="Đặng Thị Ánh", due_in=3)
    stand(tree.school, "started", name="Bùi Văn Đạt", sex="M", due_in=-1)
    client.sign_in(make.hr(tree.ward))

    headers, done, late = read_xlsx(client.get("/reports/people.xlsx").data)

    assert headers[:5] == ["Họ và tên", "Mã cán bộ", "Giới tính", "Mã đơn vị", "Đơn vị"]
    assert headers[5:] == ["Trạng thái", "Hạn hoàn thành", "Quá hạn", "Ngày hoàn thành"]
    assert done[5:] == ["Hoàn thành", midnight(3), None, midnight(0)]
    assert late[5:] == ["Đang học", midnight(-1), "Quá hạn", None]
    assert (done[2], late[2]) == ("Nữ", "Nam")


def test_figures_in_excel_are_numbers_and_begin_with_the_asked_agency(
    make: Factory, tree: Province, client: PageClient, stand: Stand
) -> None:
    stand(tree.school, "completed", sex="F")
    stand(tree.school, "assigned", sex="M", due_in=-1)
    stand(tree.school, "assigned", sex=None)
    stand(tree.ward, "exempt")
    client.sign_in(make.hr(tree.ward))

    headers, ward, own, school = read_xlsx(client.get("/reports/completion.xlsx").data)

    assert headers[2:9] == [
        *("Phải học", "Được miễn", "Chưa học", "Đang học", "Hoàn thành", "Quá hạn"),
        "Tỷ lệ hoàn thành (%)",
    ]
    assert headers[9] == "Nữ: phải học"
    assert ward[:9] == [tree.ward.code, "Phường Kinh Bắc", 3, 1, 2, 0, 1, 1, 33.3]
    assert own[1] == "Phường Kinh Bắc (người thuộc trực tiếp)"
    assert own[2:9] == [0, 1, 0, 0, 0, 0, None]
    assert school[0] == tree.school.code
    assert school[9:16] == [1, 0, 0, 0, 1, 0, 100]
    assert school[16:23] == [1, 0, 1, 0, 0, 1, 0]
    assert school[23] == 1


def test_the_csv_of_figures_holds_what_the_workbook_holds(
    make: Factory, tree: Province, client: PageClient, stand: Stand
) -> None:
    stand(tree.school, "completed")
    client.sign_in(make.hr(tree.ward))

    in_csv = read_csv(client.get("/reports/completion.csv").data)
    in_excel = read_xlsx(client.get("/reports/completion.xlsx").data)

    assert in_csv[0] == in_excel[0]
    assert [row[:8] for row in in_csv[1:]] == [[str(c) for c in row[:8]] for row in in_excel[1:]]


def test_a_file_keeps_the_filter_the_day_and_the_structure(
    make: Factory, tree: Province, client: PageClient, stand: Stand
) -> None:
    stand(tree.school, "completed", done_ago=3)
    stand(tree.school, "started")
    client.sign_in(make.hr(tree.ward))

    def rows(query: str) -> int:
        return len(read_csv(client.get(f"/reports/people.csv?{query}").data)) - 1

    assert rows("") == 2
    assert rows("status=completed") == 1
    assert rows(f"status=completed&as_of={day(-4).isoformat()}") == 0
    assert rows("status=started&structure=now") == 1
    assert rows("own=1") == 0


def test_a_file_says_in_its_name_what_it_holds(
    make: Factory, tree: Province, course: Course, client: PageClient, stand: Stand
) -> None:
    stand(tree.school)
    client.sign_in(make.hr(tree.ward))

    answer = client.get("/reports/completion.csv")

    name = f"hoan-thanh-{course.slug}-{tree.ward.code.lower()}-{day().year}-{day().isoformat()}.csv"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Cache-Control"] == "no-store"


def midnight(offset: int) -> datetime:
    return datetime.combine(day(offset), datetime.min.time())
