"""What HR and the province see of completion, over HTTP."""

import pytest

from courses.models import Course
from lms.core.access import LEAD
from tests.factories import Factory
from tests.reports.reading import cells, found
from tests.reports.trees import Province, Stand, day, this_year
from tests.services.page_client import PageClient


def test_the_rate_moves_in_the_request_after_a_lesson_is_read(
    make: Factory, tree: Province, course: Course, client: PageClient
) -> None:
    learner = make.person(agency=tree.school)
    make.enrolment(learner, course)
    make.enrolment(make.person(agency=tree.school), course)
    hr = make.hr(tree.ward)
    address = f"/reports/completion?course={course.slug}"
    client.sign_in(hr)
    assert "0,0%" in found(client.get(address).text, "rate")[0]

    client.sign_in(learner)
    for lesson in make.lessons(course):
        client.post(f"/courses/{course.slug}/lessons/{lesson.key}/read")

    client.sign_in(hr)
    assert "50,0%" in found(client.get(address).text, "rate")[0]


def test_hr_starts_with_the_courses_of_their_own_agency(
    make: Factory, tree: Province, course: Course, client: PageClient, stand: Stand
) -> None:
    stand(tree.school, "completed")
    stand(tree.school, "assigned", sex="M", due_in=-1)
    stand(tree.department, "assigned")
    client.sign_in(make.hr(tree.ward))

    page = client.get("/reports/").text

    assert f"<h1>Tình hình học tập năm {this_year()}</h1>" in page
    ((title, rate, assigned, overdue, pair),) = cells(page, "courses")
    assert title == "Kiến thức cơ bản về bình đẳng giới"
    assert (rate, assigned, overdue) == ("50,0%", "2", "1")
    assert "100%" in pair
    assert "0%" in pair
    assert "Sở Nội vụ" not in page


def test_an_agency_without_courses_is_told_what_to_do(
    make: Factory, tree: Province, client: PageClient
) -> None:
    client.sign_in(make.hr(tree.ward))

    assert "chưa giao khóa học nào" in found(client.get("/reports/").text, "nobody-yet")[0]


def test_without_any_course_there_is_no_report_of_one(
    make: Factory, tree: Province, client: PageClient
) -> None:
    client.sign_in(make.hr(tree.ward))

    assert client.get("/reports/completion").status_code == 404


def test_the_table_of_agencies_adds_up_with_the_agency_s_own_people(
    make: Factory, tree: Province, client: PageClient, stand: Stand
) -> None:
    stand(tree.school, "completed")
    stand(tree.school, "started", sex="M", due_in=-2)
    stand(tree.ward, "assigned", sex=None)
    stand(tree.office, "exempt")
    lead = make.person(agency=tree.department)
    make.grant(lead, LEAD)
    client.sign_in(lead)

    province = client.get("/reports/completion").text
    ward = client.get(f"/reports/completion?agency={tree.ward.id}").text

    figures = {row[0]: row[1:8] for row in cells(province, "agencies")}
    assert figures["Phường Kinh Bắc"] == ["3", "0", "1", "1", "1", "1", "33,3%"]
    assert figures["Xã Sơn Động"] == ["0", "1", "0", "0", "0", "0", "–"]
    assert figures["Tổng cộng"] == ["3", "1", "1", "1", "1", "1", "33,3%"]
    assert cells(ward, "agencies")[0][0] == "Phường Kinh Bắc (người thuộc trực tiếp)"
    assert "chưa ghi 1" in found(ward, "by-sex")[0]


def test_agencies_that_hold_the_rate_down_are_named_with_their_overdue(
    make: Factory, tree: Province, client: PageClient, stand: Stand
) -> None:
    for _person in range(3):
        stand(tree.office, "assigned", due_in=-1)
        stand(tree.school, "completed")
    client.sign_in(make.hr(tree.province))

    page = client.get("/reports/completion").text

    assert [row[:3] for row in cells(page, "laggards")] == [["Xã Sơn Động", "3", "3"]]


def test_the_communes_of_a_province_are_tiles_from_low_to_high(
    make: Factory, tree: Province, client: PageClient, stand: Stand
) -> None:
    for number in range(10):
        commune = make.agency(f"Xã số {number}", parent=tree.province, kind="commune")
        for person in range(10):
            stand(commune, "completed" if person <= number else "assigned")
    client.sign_in(make.hr(tree.province))

    (tiles,) = found(client.get("/reports/completion").text, "tiles")

    assert tiles.startswith("Xã số 0: 10%Xã số 1: 20%")
    assert tiles.endswith("Xã số 9: 100%Phường Kinh Bắc: –Xã Sơn Động: –")


def test_the_table_can_begin_with_the_lowest_rate_or_the_most_overdue(
    make: Factory, tree: Province, client: PageClient, stand: Stand
) -> None:
    stand(tree.department, "assigned")
    stand(tree.office, "completed")
    stand(tree.office, "assigned", due_in=-1)
    stand(tree.school, "completed")
    client.sign_in(make.hr(tree.province))

    def order(sort: str) -> list[str]:
        page = client.get(f"/reports/completion?sort={sort}").text
        return [row[0] for row in cells(page, "agencies")][:-1]

    assert order("") == ["Phường Kinh Bắc", "Sở Nội vụ", "Xã Sơn Động"]
    assert order("rate") == ["Sở Nội vụ", "Xã Sơn Động", "Phường Kinh Bắc"]
    assert order("overdue")[0] == "Xã Sơn Động"


def test_a_look_back_shows_the_figures_of_that_day(
    make: Factory, tree: Province, client: PageClient, stand: Stand
) -> None:
    stand(tree.school, "completed", done_ago=2)
    client.sign_in(make.hr(tree.ward))

    def rate(as_of: str) -> str:
        return found(client.get(f"/reports/completion?as_of={as_of}").text, "rate")[0]

    assert "100,0%" in rate(day(-2).isoformat())
    assert "0,0%" in rate(f"{day(-3):%d/%m/%Y}")
    assert "–" in rate("2020-01-01")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("as_of=hôm+qua", 422),
        ("as_of=2099-01-01", 422),
        ("as_of=0001-01-01", 422),
        ("course=khong-co", 404),
        ("agency=0", 404),
        ("agency=abc", 404),
        ("agency=99999999999999999999", 404),
        ("agency=987654321", 404),
        ("period=xx", 404),
        ("structure=sideways", 404),
        ("page=-1", 200),
        ("page=99999999999999999999", 200),
        ("page=²", 200),
        ("sort=sideways", 200),
    ],
)
def test_what_nobody_would_ask_gets_an_answer_and_no_error(
    make: Factory, tree: Province, client: PageClient, stand: Stand, query: str, status: int
) -> None:
    stand(tree.school)
    client.sign_in(make.hr(tree.ward))

    for page in ("completion", "people", "completion.csv"):
        assert client.get(f"/reports/{page}?{query}").status_code == status


def test_an_unknown_status_is_not_found(
    make: Factory, tree: Province, client: PageClient, stand: Stand
) -> None:
    stand(tree.school)
    client.sign_in(make.hr(tree.ward))

    assert client.get("/reports/people?status=lost").status_code == 404


def test_pages_cost_as_many_queries_for_fifty_as_for_one(
    make: Factory,
    tree: Province,
    client: PageClient,
    stand: Stand,
    count_queries: list[str],
) -> None:
    hr = make.hr(tree.province)
    addresses = [
        "/reports/",
        "/reports/completion",
        "/reports/completion?structure=now",
        f"/reports/completion?as_of={day(-1).isoformat()}",
        "/reports/people",
        "/reports/completion.csv",
        "/reports/people.csv",
        "/reports/people.xlsx",
    ]

    def costs() -> list[int]:
        counted = []
        for address in addresses:
            client.get(address)
            count_queries.clear()
            assert client.get(address).status_code == 200
            counted.append(len(count_queries))
        return counted

    client.sign_in(hr)
    stand(tree.school, "started", due_in=-1)
    few = costs()
    for _more in range(25):
        place = make.agency(parent=tree.province, kind="commune")
        stand(place, "started", due_in=-1)
        stand(place, "completed", due_in=-1)

    assert costs() == few
