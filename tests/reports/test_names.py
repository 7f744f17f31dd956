"""The people behind the figures, as their overseers see them."""

import pytest

from tests.factories import Factory
from tests.reports.reading import cells, found
from tests.reports.trees import Province, Stand, day
from tests.services.page_client import PageClient


def test_people_are_listed_by_given_name_with_their_agency_and_state(
    make: Factory, tree: Province, client: PageClient, stand: Stand
) -> None:
    stand(tree.school, "completed", name="Đặng Thị Ánh")
    stand(tree.school, "assigned", name="Bùi Văn Đạt", due_in=-1)
    stand(tree.school, "started", name="Trần Thị Dung", due_in=5)
    stand(tree.school, "exempt", name="Lê Thị An")
    client.sign_in(make.hr(tree.ward))

    rows = cells(client.get("/reports/people").text, "people")

    names = [row[0].rpartition(" ")[0] for row in rows]
    assert names == ["Lê Thị An", "Đặng Thị Ánh", "Trần Thị Dung", "Bùi Văn Đạt"]
    assert [row[1] for row in rows] == ["Trường THCS Kinh Bắc"] * 4
    assert rows[3][2] == "Chưa học Quá hạn"
    assert rows[2][2] == "Đang học xong 0/2 bài"
    assert rows[1][4] == f"{day():%d/%m/%Y}"
    assert rows[2][3] == f"{day(5):%d/%m/%Y}"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("overdue", ["Bùi Văn Đạt"]),
        ("not_begun", ["Bùi Văn Đạt"]),
        ("started", ["Trần Thị Dung"]),
        ("completed", ["Đặng Thị Ánh"]),
        ("exempt", ["Lê Thị An"]),
    ],
)
def test_the_list_of_people_can_hold_one_standing(
    make: Factory,
    tree: Province,
    client: PageClient,
    stand: Stand,
    status: str,
    expected: list[str],
) -> None:
    stand(tree.school, "completed", name="Đặng Thị Ánh", due_in=-1)
    stand(tree.school, "assigned", name="Bùi Văn Đạt", due_in=-1)
    stand(tree.school, "started", name="Trần Thị Dung", due_in=0)
    stand(tree.school, "exempt", name="Lê Thị An", due_in=-1)
    client.sign_in(make.hr(tree.ward))

    page = client.get(f"/reports/people?status={status}").text

    names = [row[0].rpartition(" ")[0] for row in cells(page, "people")]
    assert names == expected
    assert found(page, f"status-{status}")[0].startswith("1")


def test_an_empty_list_says_so_and_leads_back(
    make: Factory, tree: Province, client: PageClient, stand: Stand
) -> None:
    stand(tree.school, "completed")
    client.sign_in(make.hr(tree.ward))

    page = client.get("/reports/people?status=overdue").text

    assert "Không có ai trong danh sách này" in found(page, "nobody")[0]


def test_own_people_are_listed_without_those_of_the_agencies_below(
    make: Factory, tree: Province, client: PageClient, stand: Stand
) -> None:
    stand(tree.ward, name="Lê Thị An")
    stand(tree.school, name="Đặng Thị Ánh")
    client.sign_in(make.hr(tree.ward))

    rows = cells(client.get("/reports/people?own=1").text, "people")

    assert [row[1] for row in rows] == ["Phường Kinh Bắc"]


def test_a_school_s_page_names_its_people_at_once(
    make: Factory, tree: Province, client: PageClient, stand: Stand
) -> None:
    stand(tree.school, name="Đặng Thị Ánh")
    client.sign_in(make.hr(tree.school))

    assert len(cells(client.get("/reports/completion").text, "people")) == 1


def test_pages_of_people_do_not_overlap_and_end(
    make: Factory, tree: Province, client: PageClient, stand: Stand
) -> None:
    for _person in range(52):
        stand(tree.school)
    client.sign_in(make.hr(tree.ward))

    pages = [cells(client.get(f"/reports/people?page={n}").text, "people") for n in (1, 2, 99)]

    assert [len(rows) for rows in pages] == [50, 2, 2]
    assert len({row[0] for rows in pages for row in rows}) == 52
