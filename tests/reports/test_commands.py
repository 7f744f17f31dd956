"""The commands of reports and tallies, as scripts use them."""

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import Result
from flask import Flask

from courses.models import Course
from lms.core.db import db
from lms.reports.models import Tally
from tests.factories import Factory
from tests.reports.trees import Province, Stand, day, this_year

FIGURES = ["assigned", "exempt", "started", "completed", "overdue", "rate"]


@pytest.fixture
def run(app: Flask):
    """Run a command."""

    def run(*arguments: str) -> Result:
        return app.test_cli_runner().invoke(args=list(arguments))

    return run


def test_completion_in_json_has_the_asked_agency_first_then_its_children(
    tree: Province, course: Course, stand: Stand, run
) -> None:
    stand(tree.school, "completed")
    stand(tree.school, "started", sex="M", due_in=-1)
    stand(tree.office, "exempt")

    result = run("reports", "completion", "--course", course.slug, "--format", "json")

    data = json.loads(result.stdout)
    first, *children = data["agencies"]
    assert (first["code"], first["name"]) == (tree.province.code, "Tỉnh Bắc Ninh")
    assert [first[key] for key in FIGURES] == [2, 1, 1, 1, 1, 0.5]
    assert list(first["by_sex"]) == ["F", "M"]
    assert [first["by_sex"]["F"][key] for key in FIGURES] == [1, 1, 0, 1, 0, 1.0]
    names = [child["name"] for child in children]
    assert names == ["Phường Kinh Bắc", "Sở Nội vụ", "Xã Sơn Động"]
    assert children[1]["rate"] is None
    assert data["period"] == this_year()
    assert result.exit_code == 0


def test_people_whose_sex_is_not_recorded_have_a_key_of_their_own(
    tree: Province, course: Course, stand: Stand, run
) -> None:
    stand(tree.school, sex=None)

    result = run("reports", "completion", "--course", course.slug, "--json")

    assert json.loads(result.stdout)["agencies"][0]["by_sex"]["unknown"]["assigned"] == 1


def test_children_and_own_people_add_up_to_the_asked_agency(
    tree: Province, course: Course, stand: Stand, run
) -> None:
    for place in (tree.ward, tree.school, tree.school):
        stand(place)
    arguments = ("--course", course.slug, "--agency", tree.ward.code, "--json")

    data = json.loads(run("reports", "completion", *arguments).stdout)

    asked, *children = data["agencies"]
    parts = [*children, data["own"]]
    assert asked["assigned"] == sum(part["assigned"] for part in parts) == 3


def test_a_day_and_a_structure_can_be_asked_for(
    tree: Province, course: Course, stand: Stand, run
) -> None:
    stand(tree.school, "completed", done_ago=2)

    def completed(*more: str) -> int:
        result = run("reports", "completion", "--course", course.slug, "--json", *more)
        return json.loads(result.stdout)["agencies"][0]["completed"]

    assert completed() == 1
    assert completed("--structure", "now") == 1
    assert completed("--as-of", day(-2).isoformat()) == 1
    assert completed("--as-of", day(-3).isoformat(), "--structure", "now") == 0


def test_completion_goes_into_a_file_of_the_asked_format(
    tree: Province, course: Course, stand: Stand, run, tmp_path: Path
) -> None:
    stand(tree.school, "completed")
    for form in ("json", "csv", "xlsx"):
        out = tmp_path / f"report.{form}"
        arguments = ("--course", course.slug, "--format", form, "--out", str(out), "--json")

        result = run("reports", "completion", *arguments)

        assert json.loads(result.stdout) == {"out": str(out), "agencies": 4}

    assert (tmp_path / "report.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert json.loads((tmp_path / "report.json").read_text())["agencies"][0]["completed"] == 1
    assert openpyxl.load_workbook(tmp_path / "report.xlsx").active["C2"].value == 1


def test_csv_and_xlsx_can_be_piped(tree: Province, course: Course, stand: Stand, run) -> None:
    stand(tree.school)

    csv = run("reports", "completion", "--course", course.slug, "--format", "csv")
    xlsx = run("reports", "completion", "--course", course.slug, "--format", "xlsx")

    assert csv.stdout_bytes.startswith(b"\xef\xbb\xbf")
    assert xlsx.stdout_bytes.startswith(b"PK")


def test_without_a_format_it_prints_lines_for_a_person(
    tree: Province, course: Course, stand: Stand, run
) -> None:
    stand(tree.school, "completed")

    lines = run("reports", "completion", "--course", course.slug).stdout.splitlines()

    assert lines[0].endswith("Tỉnh Bắc Ninh: 100,0%, 1/1, 0 overdue, 0 exempt")
    assert len(lines) == 4


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (("--format", "pdf"), "PDF"),
        (("--agency", "KHONG-CO"), "KHONG-CO"),
        (("--as-of", "2099-01-01"), "chưa đến"),
        (("--format", "csv", "--out", "/khong/co/report.csv"), "/khong/co/report.csv"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_reason(
    tree: Province, course: Course, stand: Stand, run, more: tuple[str, ...], reason: str
) -> None:
    stand(tree.school)

    result = run("reports", "completion", "--course", course.slug, *more)

    assert result.exit_code == 1
    assert reason in result.stderr
    assert result.stdout == ""


def test_an_unknown_course_is_refused(tree: Province, run) -> None:
    result = run("reports", "completion", "--course", "khong-co", "--json")

    assert result.exit_code == 1
    assert "khong-co" in result.stderr


def test_without_agencies_it_says_what_is_missing(course: Course, run) -> None:
    result = run("reports", "completion", "--course", course.slug)

    assert result.exit_code == 1
    assert "đơn vị" in result.stderr


def test_json_and_another_format_need_a_file(tree: Province, course: Course, run) -> None:
    result = run("reports", "completion", "--course", course.slug, "--json", "--format", "csv")

    assert result.exit_code == 2


def test_verify_is_content_when_tallies_equal_the_rows(
    tree: Province, course: Course, stand: Stand, run
) -> None:
    stand(tree.school)

    result = run("tallies", "verify", "--json")

    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"differences": []}


def test_verify_names_a_planted_difference_and_rebuild_mends_it(
    make: Factory, tree: Province, course: Course, stand: Stand, run
) -> None:
    stand(tree.school)
    with make.writing():
        db.session.query(Tally).filter_by(agency_id=tree.ward.id).update({"people": 7})

    broken = run("tallies", "verify", "--json")
    rebuilt = run("tallies", "rebuild", "--json")
    mended = run("tallies", "verify", "--json")

    (difference,) = json.loads(broken.stdout)["differences"]
    assert broken.exit_code == 1
    assert difference["agency_id"] == tree.ward.id
    assert (difference["tallied"], difference["counted"]) == (7, 1)
    assert "tallied 7" in broken.stderr
    assert json.loads(rebuilt.stdout) == {"cells": 3}
    assert mended.exit_code == 0
