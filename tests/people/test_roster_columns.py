"""The header of a roster is found wherever it stands and however it is worded."""

import pytest

from lms.core.tables import Merge, Table
from lms.people.roster.columns import column_letter, find_layout
from lms.people.roster.headings import agency_kinds, field_of


def fields(*rows, merged=()):
    """Return field -> header of the layout found in the rows, padded to one width."""
    width = max(map(len, rows))
    padded = [[*row, *[None] * (width - len(row))] for row in rows]
    layout = find_layout(Table(padded, merged=tuple(Merge(*merge) for merge in merged)))
    return layout and {field: layout.header(field) for field in layout.fields}


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("STT", "ordinal"),
        ("T.T", "ordinal"),
        ("Mã cán bộ", "staff_code"),
        ("Mã số", "staff_code"),
        ("Mã nhân viên (*)", "staff_code"),
        ("Số hiệu", "staff_code"),
        ("HỌ VÀ TÊN", "full_name"),
        ("Họ, chữ đệm và tên", "full_name"),
        ("Họ tên học viên", "full_name"),
        ("Họ đệm", "family_middle"),
        ("Họ và tên đệm", "family_middle"),
        ("Tên", "given"),
        ("Ngày, tháng, năm sinh", "birth"),
        ("Ngày sinh (dd/mm/yyyy)", "birth"),
        ("Năm sinh", "birth"),
        ("Năm", "birth_year"),
        ("Nam", "male"),
        ("Nữ", "female"),
        ("Ngày sinh (Nữ)", "female"),
        ("Giới tính (Nam/Nữ)", "sex"),
        ("Chức vụ, chức danh", "position"),
        ("Chức vụ, đơn vị công tác", "position_agency"),
        ("Đơn vị công tác:", "agency"),
        ("Xã/Phường", "agency"),
        ("Trường", "agency"),
        ("SĐT", "phone"),
        ("ĐT", "phone"),
        ("Số điện thoại", "phone"),
        ("Thư điện tử", "email"),
        ("E-mail", "email"),
        ("Số CCCD/CMND", "cccd"),
        ("Số định danh cá nhân", "cccd"),
        ("Dân tộc", "ethnicity"),
        ("Đối tượng", "audience"),
        ("Ghi chú", "note"),
        ("Ho va ten", "full_name"),
    ],
)
def test_a_header_names_its_field(header, field):
    assert field_of(header)[0] == field


@pytest.mark.parametrize("header", ["Mật khẩu", "Nơi sinh", "DT", "Họ tên vợ/chồng", "", "x" * 200])
def test_other_headers_name_nothing(header):
    assert field_of(header) is None


def test_title_rows_above_the_header_are_passed_over():
    found = fields(
        ["UBND TỈNH BẮC NINH"],
        ["DANH SÁCH CÁN BỘ, CÔNG CHỨC"],
        [None],
        ["STT", "Họ và tên", "Ngày sinh", "Đơn vị"],
        [1, "Lê Văn Ơn", "05/08/1974", "Sở Y tế"],
    )
    assert found == {
        "ordinal": "STT",
        "full_name": "Họ và tên",
        "birth": "Ngày sinh",
        "agency": "Đơn vị",
    }


def test_a_title_right_above_the_header_is_no_part_of_it():
    assert fields(["Lưu ý: giữ nguyên mẫu"], ["STT", "Tên", "Email"])["ordinal"] == "STT"


def test_a_header_of_two_lines_with_merged_cells_is_read_as_one():
    found = fields(
        ["STT", "Họ và tên", "Ngày sinh", None, "Đơn vị"],
        [None, None, "Nam", "Nữ", None],
        [1, "Lê Văn Ơn", "05/08/1974", None, "Sở Y tế"],
        merged=[(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 1, 4)],
    )
    assert found["male"] == "Ngày sinh Nam"
    assert found["female"] == "Ngày sinh Nữ"
    assert "birth" not in found


def test_a_header_of_two_lines_is_read_without_merges_too():
    found = fields(
        ["STT", "Họ và tên", None, "Giới tính", None],
        [None, "Họ đệm", "Tên", "Nam", "Nữ"],
        ["1", "Lê Văn", "Ơn", "x", None],
    )
    assert found.keys() == {"ordinal", "family_middle", "given", "male", "female"}


def test_the_first_person_is_no_second_line_of_the_header():
    found = fields(["Họ và tên", "Giới tính", "Đơn vị"], ["Lê Văn Ơn", "Nam", "Phòng"])
    assert found == {"full_name": "Họ và tên", "sex": "Giới tính", "agency": "Đơn vị"}


def test_a_name_header_merged_over_two_columns_is_split():
    rows = [["TT", "Họ và tên", None, "Năm sinh"], [1, "Lê Văn", "Ơn", 1974]]
    assert fields(*rows, merged=[(0, 1, 0, 2)]).keys() >= {"family_middle", "given"}


def test_an_unnamed_column_of_single_words_beside_the_names_holds_the_given_names():
    rows = [["TT", "Họ và tên", None], [1, "Lê Văn", "Ơn"], [2, "Bùi Thị", "Hoa"]]
    assert fields(*rows).keys() >= {"family_middle", "given"}


def test_day_month_and_year_in_columns_of_their_own_are_one_birth():
    found = fields(
        ["Họ và tên", "Ngày sinh", None, None],
        [None, "Ngày", "Tháng", "Năm"],
        merged=[(0, 1, 0, 3)],
    )
    assert found.keys() == {"full_name", "birth_day", "birth_month", "birth_year"}


def test_of_two_columns_for_one_field_the_surer_is_read():
    found = fields(["Họ và tên", "Phòng", "Đơn vị công tác"])
    assert found["agency"] == "Đơn vị công tác"


def test_without_a_column_of_names_there_is_no_header():
    assert fields(["STT", "Ngày sinh", "Đơn vị"]) is None


def test_a_header_may_promise_kinds_of_agency():
    assert agency_kinds("Xã/Phường") == {"commune", "ward"}
    assert agency_kinds("Tên trường") == {"school"}
    assert agency_kinds("Đơn vị công tác") == frozenset()


def test_columns_are_lettered_as_in_excel():
    assert [column_letter(index) for index in (0, 25, 26, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
    ]
