"""A trainer makes a course, sees it as trainees will, and publishes it."""

from lms.seed.accounts import ACCOUNTS
from tests.browser.site import Site
from tests.browser.sizes import Size
from tests.browser.visitor import Visit, Visitor

TITLES = {"phone": "Số liệu giới trong báo cáo", "desk": "Số liệu giới trong kế hoạch"}
TEXT = """## Vì sao cần số liệu

Số liệu tách biệt theo giới tính cho thấy điều mà số chung che khuất.

::: summary
Hỏi: trong số này có bao nhiêu phụ nữ, bao nhiêu nam giới?
:::
"""


def test_a_trainer_writes_previews_and_publishes_a_course(
    visit: Visit, site: Site, size: Size
) -> None:
    title = TITLES[size.name]
    trainer = visit()
    trainer.sign_in(ACCOUNTS["trainer"].username, site.demo_password)
    make_course(trainer, title)
    write_lesson(trainer)
    write_question(trainer, title)
    publish(trainer, title)
    trainee = visit()
    trainee.sign_in(ACCOUNTS["trainee"].username, site.demo_password)
    trainee.go_to("courses.index")
    trainee.follow("course", text=title)
    assert trainee.has("enrol")


def make_course(trainer: Visitor, title: str) -> None:
    trainer.follow("new-course")
    trainer.write("title", title)
    trainer.write("periods", "2")
    trainer.follow("create-course")
    trainer.write("module-title", "Bắt đầu từ con số")
    trainer.follow("add-module")


def write_lesson(trainer: Visitor) -> None:
    trainer.follow("add-lesson")
    trainer.write("title", "Đọc một bảng số liệu")
    trainer.follow("create-lesson")
    trainer.press("source-toggle")
    trainer.write("source", TEXT)
    trainer.write("minutes", "6")
    trainer.follow("save-and-preview")
    assert trainer.has("preview-banner")
    assert "Vì sao cần số liệu" in trainer.page.inner_text("main")
    trainer.follow("back-to-editing")


def write_question(trainer: Visitor, title: str) -> None:
    """Add a quiz with one question that it draws."""
    to_the_course(trainer, title)
    trainer.follow("add-lesson")
    trainer.write("title", "Bài kiểm tra")
    trainer.press("kind-quiz")
    trainer.follow("create-lesson")
    to_the_course(trainer, title)
    trainer.follow("questions")
    trainer.press("new-question")
    trainer.follow("new-true_false")
    trainer.write("stem", "Số chung luôn cho thấy chênh lệch giữa nam và nữ.")
    trainer.find("row-1-answer").select_option(index=2)
    trainer.write("category", "chung")
    trainer.follow("save")
    set_rules(trainer)


def set_rules(trainer: Visitor) -> None:
    trainer.follow("edit-rules")
    trainer.write("pass-mark", "60")
    trainer.write("attempts", "3")
    trainer.write("section-1-title", "Chung")
    trainer.choose("section-1-category", "chung")
    trainer.write("section-1-draw", "1")
    trainer.follow("save")


def to_the_course(trainer: Visitor, title: str) -> None:
    trainer.go_to("courses.write")
    trainer.follow("own-course", text=title)


def publish(trainer: Visitor, title: str) -> None:
    to_the_course(trainer, title)
    trainer.follow("publish")
    trainer.follow("confirm-publish")
