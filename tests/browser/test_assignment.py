"""An exercise from its rubric to the completed course: trainer, learner, and who was there."""

from pathlib import Path

import pytest

from courses.models import Course
from lms.people.models import Person
from tests.browser.site import Site
from tests.browser.sizes import Size
from tests.browser.visitor import Visit, Visitor
from tests.courses.ruled import EXERCISE, make_ruled_course, word_file
from tests.factories import PASSWORD

LESSONS = (
    {"title": "Luật Bình đẳng giới, Điều 21", "completion": {"rule": "minutes", "minutes": 90}},
    {
        "title": "Báo cáo tác động giới của một dự thảo",
        "kind": "assignment",
        "source": "Soạn **báo cáo đánh giá tác động về giới** của dự thảo kèm theo.",
        "settings": EXERCISE,
    },
    {"title": "Tổng kết", "release": {"after": "bai-2"}},
    {"title": "Buổi thảo luận", "completion": {"rule": "confirmed"}},
)
RETURNED = "Bổ sung số liệu tách biệt theo giới tính."
ACCEPTED = "Số liệu đã rõ. Anh/chị làm tốt."


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """Give the file that a learner hands in."""
    path = tmp_path / "Báo cáo tác động giới.docx"
    path.write_bytes(word_file())
    return path


@pytest.fixture
def trainer(site: Site) -> Person:
    """Give a trainer of their own, so that journeys do not meet."""
    agency = site.agency("24")
    person = site.learner("Vũ Thị Giảng", "09190-TH1")
    site.make.grant(person, "trainer", agency)
    return person


def _come(visit: Visit, person: Person, *, scripts: bool = True) -> Visitor:
    visitor = visit(scripts=scripts)
    visitor.sign_in(str(person.staff_code), PASSWORD)
    return visitor


def _hand_in(learner: Visitor, work: Path, note: str) -> None:
    learner.find("file").set_input_files(work)
    learner.write("note", note)
    learner.follow("hand-in-work")


def _mark(marker: Visitor, levels: tuple[int, int], comment: str, button: str) -> None:
    marker.open("/courses/marking")
    marker.follow("open-work")
    for criterion, level in enumerate(levels, 1):
        marker.press(f"level-{criterion}-{level}")
    marker.write("comment", comment)
    marker.follow(button)


def test_work_is_handed_in_returned_done_again_and_accepted(
    visit: Visit, site: Site, size: Size, trainer: Person, work: Path
) -> None:
    course = make_ruled_course(site.make, LESSONS[1:], owner=trainer)
    learner = _come(visit, site.learner("Ngô Thị Pháp", "09190-TH1"))
    marker = _come(visit, trainer)
    exercise = f"/courses/{course.slug}/lessons/bai-1"
    learner.open(f"/courses/{course.slug}")
    learner.follow("enrol")
    _hand_in(learner, work, "Tôi còn phân vân phần số liệu.")
    assert not learner.has("hand-in-work")

    marker.open("/courses/write")
    marker.follow("to-mark")
    _mark(marker, (1, 1), RETURNED, "return-work")

    learner.open(exercise)
    assert RETURNED in learner.text_of("comment")
    _hand_in(learner, work, "Tôi đã bổ sung.")
    _mark(marker, (0, 0), ACCEPTED, "accept-work")

    learner.open(exercise)
    assert ACCEPTED in learner.text_of("comment")
    assert "10/10" in learner.text_of("marks")
    learner.follow("next")
    learner.follow("mark-read")
    _confirm(marker, course)
    learner.open(f"/courses/{course.slug}")
    assert learner.has("certificates")


def _confirm(marker: Visitor, course: Course) -> None:
    marker.open("/courses/attendance")
    marker.follow("open-session")
    marker.press("learner")
    marker.follow("confirm")
    assert not marker.has("learner")
    assert marker.page.url.endswith(f"/courses/{course.slug}/attendance/bai-3")


def test_a_minimum_time_runs_by_itself_and_a_closed_lesson_says_why(
    visit: Visit, site: Site, size: Size
) -> None:
    course = make_ruled_course(site.make, LESSONS)
    learner = _come(visit, site.learner("Đỗ Văn Chờ", "09190-TH1"))
    learner.open(f"/courses/{course.slug}")
    learner.follow("enrol")
    assert learner.text_of("wait")
    learner.follow("mark-read")
    assert learner.has("notice")
    learner.open(f"/courses/{course.slug}/lessons/bai-3", 403)
    assert LESSONS[1]["title"] in learner.text_of("locked")
    learner.follow("to-course")
    assert learner.has("locked-lesson")


def test_without_scripts_time_begins_by_a_button_and_work_is_handed_in(
    visit: Visit, site: Site, size: Size, work: Path
) -> None:
    course = make_ruled_course(site.make, [{}, *LESSONS[:2]])
    learner = _come(visit, site.learner("Lý Thị Không", "09190-TH1"), scripts=False)
    learner.open(f"/courses/{course.slug}")
    learner.follow("enrol")
    learner.open(f"/courses/{course.slug}/lessons/bai-2")
    learner.follow("begin-lesson")
    assert learner.has("wait")
    learner.open(f"/courses/{course.slug}/lessons/bai-3")
    _hand_in(learner, work, "")
    assert learner.has("hand-in")


def test_opening_a_lesson_begins_its_time_where_scripts_run(
    visit: Visit, site: Site, size: Size
) -> None:
    course = make_ruled_course(site.make, [{}, LESSONS[0]])
    learner = _come(visit, site.learner("Hà Văn Mở", "09190-TH1"))
    learner.open(f"/courses/{course.slug}")
    learner.follow("enrol")
    learner.open(f"/courses/{course.slug}/lessons/bai-2")
    learner.page.get_by_test_id("wait").wait_for()
    assert not learner.has("begin-lesson")


def test_a_trainer_sets_rules_and_a_rubric_and_reads_them_in_sentences(
    visit: Visit, site: Site, size: Size, trainer: Person
) -> None:
    course = make_ruled_course(site.make, LESSONS, owner=trainer, published=False)
    writer = _come(visit, trainer)
    writer.open(f"/courses/write/{course.slug}/lessons/bai-2")
    writer.follow("change-rules")
    writer.press("rule-handed_in")
    writer.choose("after", "bai-1")
    writer.write("opens-on", "2027-01-15")
    writer.follow("save")
    assert "15/01/2027" in writer.text_of("rules")
    writer.open(f"/courses/write/{course.slug}/lessons/bai-2")
    writer.follow("rubric")
    writer.page.get_by_test_id("criterion").last.click()
    writer.page.get_by_test_id("criterion-title").last.fill("Nguồn lực")
    writer.page.get_by_test_id("level-points").last.fill("2,5")
    writer.follow("save")
    assert "Nguồn lực" in writer.page.inner_text("main")
    writer.open(f"/courses/write/{course.slug}/facts")
    writer.press("in-order")
    writer.follow("save")
    writer.open(f"/courses/write/{course.slug}/publish")
    assert not writer.has("obstacles")
