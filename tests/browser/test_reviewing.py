"""Two trainers: one repeats a module and asks for a review, the other hands back, then approves."""

from lms.core.access import TRAINER
from lms.people.models import Person
from tests.browser.site import Site
from tests.browser.sizes import Size
from tests.browser.visitor import Visit, Visitor
from tests.factories import PASSWORD


def test_a_second_trainer_reads_hands_back_and_then_publishes_what_repeats_a_module(
    visit: Visit, site: Site, size: Size
) -> None:
    title = f"Văn thư có trách nhiệm giới ({size.name})"
    writer, reviewer = visit(), visit()
    sign_in(writer, trainer(site, "Phạm Thị Soạn"))
    begin(writer, title)
    repeat_a_module(writer)
    ask(writer, title)
    sign_in(reviewer, trainer(site, "Lê Văn Duyệt"))
    open_review(reviewer, title)
    reviewer.follow("read-lesson")
    reviewer.page.go_back()
    reviewer.write("review-comment", "Phần tóm tắt còn trống, nhờ chị viết thêm.")
    reviewer.follow("hand-back")
    writer.open("/courses/write")
    writer.follow("own-course", text=title)
    writer.follow("publish")
    assert "Phần tóm tắt còn trống" in writer.text_of("past-reviews")
    writer.write("review-note", "Đã bổ sung.")
    writer.follow("send-to-review")
    open_review(reviewer, title)
    reviewer.follow("approve")
    reviewer.go_to("courses.index")
    reviewer.follow("course", text=title)
    assert reviewer.has("enrol")


def trainer(site: Site, full_name: str) -> Person:
    person = site.learner(full_name, "09190-TH1")
    site.make.grant(person, TRAINER, site.agency("24"))
    return person


def sign_in(visitor: Visitor, person: Person) -> None:
    assert person.staff_code is not None
    visitor.sign_in(person.staff_code, PASSWORD)


def begin(writer: Visitor, title: str) -> None:
    writer.open("/courses/write")
    writer.follow("new-course")
    writer.write("title", title)
    writer.write("periods", "2")
    writer.follow("create-course")


def repeat_a_module(writer: Visitor) -> None:
    writer.follow("reuse")
    writer.follow("repeat-module")
    assert writer.has("cut-module")
    assert not writer.has("add-lesson")


def ask(writer: Visitor, title: str) -> None:
    writer.follow("publish")
    writer.write("review-note", "Nhờ anh xem giúp.")
    writer.follow("send-to-review")
    assert writer.has("take-back")


def open_review(reviewer: Visitor, title: str) -> None:
    reviewer.open("/courses/write")
    reviewer.follow("to-review")
    reviewer.follow("open-review", text=title)
