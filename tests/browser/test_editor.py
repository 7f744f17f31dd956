"""Trainers write lessons as rich text: on a phone and at a desk, alone and in twos."""

import re
from dataclasses import dataclass
from itertools import count

import pytest
from playwright.sync_api import FilePayload, Locator, expect
from sqlalchemy import select

from courses.models import Course, Lesson, LessonVersion, Revision
from lms.core.access import ADMIN, TRAINER
from lms.core.db import db
from lms.people.models import Person
from tests.browser.site import Site
from tests.browser.sizes import Size
from tests.browser.visitor import Visit, Visitor
from tests.browser.word import WEB_PAGE, WORD
from tests.factories import PASSWORD

_numbers = count(1)
#: What the page says of a save.
SAVED = re.compile(r"Đã lưu \d\d:\d\d")
#: How the browser words an answer of 409, which the page itself explains.
CONFLICT = re.compile(r"status of 409")
PASTE = """([html, text]) => {
  const data = new DataTransfer();
  data.setData('text/html', html);
  data.setData('text/plain', text);
  const event = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
  document.querySelector('.ProseMirror').dispatchEvent(event);
}"""
#: Red, green, blue: a picture of three points, as it lies on a clipboard.
DROP_PICTURE = """async () => {
  const canvas = Object.assign(document.createElement('canvas'), {width: 40, height: 20});
  canvas.getContext('2d').fillRect(0, 0, 20, 20);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve));
  const data = new DataTransfer();
  data.items.add(new File([blob], 'image.png', {type: 'image/png'}));
  const event = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
  document.querySelector('.ProseMirror').dispatchEvent(event);
}"""


@dataclass
class Desk:
    """A trainer in front of a lesson of their own."""

    trainer: Visitor
    person: Person
    slug: str
    site: Site

    @property
    def address(self) -> str:
        return f"/courses/write/{self.slug}/lessons/bai-1"

    @property
    def text(self) -> Locator:
        return self.trainer.find("rich-text")

    def type(self, words: str) -> None:
        self.trainer.page.keyboard.type(words)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.trainer.page.keyboard.press(key)

    def insert(self, name: str) -> None:
        """Choose from what can be inserted."""
        self.trainer.press("tool-insert")
        self.trainer.press(f"insert-{name}")
        if name != "law":
            self.back()

    def back(self) -> None:
        """Wait until the caret is in the text again."""
        expect(self.text).to_be_focused()

    def source(self) -> str:
        """Return the Markdown that the form would send."""
        self.trainer.page.wait_for_timeout(300)
        return self.trainer.page.locator("textarea[name=source]").input_value()

    def saved(self) -> str:
        """Wait until what stands on the page is kept; return it."""
        for _wait in range(40):
            words, kept = self.source(), self._kept()
            if words == kept:
                expect(self.trainer.find("save-state")).to_have_text(SAVED)
                return kept
        raise AssertionError(f"{words!r} is not kept, but {kept!r}")

    def _kept(self) -> str:
        with self.site.app.app_context():
            query = select(Lesson.source).where(Lesson.key == "bai-1")
            return str(db.session.scalar(query.where(Lesson.revision_id == self._draft())))

    def _draft(self) -> int:
        query = select(Revision.id).join(Course).where(Course.slug == self.slug)
        return int(db.session.scalar(query.order_by(Revision.number.desc())) or 0)


@pytest.fixture
def desk(visit: Visit, site: Site) -> Desk:
    """Sign a new trainer in and open an empty lesson of theirs."""
    number = next(_numbers)
    person = site.learner(f"Phạm Thị Viết {number}", "24")
    site.make.grant(person, TRAINER)
    course = site.make.course(f"Khóa viết {number}", owner=person, published=False)
    trainer = visit()
    trainer.sign_in(str(person.staff_code), PASSWORD)
    made = Desk(trainer, person, course.slug, site)
    trainer.open(made.address)
    made.text.click()
    made.press("Control+A", "Delete")
    return made


def test_rich_text_is_kept_as_markdown(desk: Desk) -> None:
    desk.type("## Một đề mục")
    desk.press("Enter")
    desk.type("Chữ ")
    desk.press("Control+b")
    desk.type("đậm")
    desk.press("Control+b")
    desk.type(" và *dấu sao*.")
    desk.press("Enter")
    desk.type("- một")
    desk.press("Enter")
    desk.type("hai")
    desk.press("Control+]", "Enter", "Enter", "Enter")
    desk.type("> Lời trích")
    assert desk.source() == (
        "## Một đề mục\n\nChữ **đậm** và \\*dấu sao\\*.\n\n- một\n  - hai\n\n> Lời trích"
    )
    assert desk.saved() == desk.source()
    desk.trainer.check()
    desk.trainer.open(f"{desk.address}/preview")
    assert "đậm" in desk.trainer.page.locator(".prose strong").inner_text()


def test_boxes_questions_laws_tables_and_pictures_are_inserted(desk: Desk) -> None:
    desk.insert("callout-example")
    desk.type("Một tình huống")
    desk.trainer.page.get_by_label("Tiêu đề khung").first.fill("Ở phòng một cửa")
    desk.text.locator(".callout p").last.click()
    desk.press("Control+Enter")
    desk.insert("check")
    desk.type("Đúng hay sai?")
    desk.press("ArrowDown")
    desk.type("Đúng")
    desk.press("ArrowDown")
    desk.type("Sai")
    desk.press("ArrowDown")
    desk.type("Vì Luật nói vậy.")
    desk.trainer.check()
    desk.press("Control+Enter")
    insert_law(desk)
    desk.press("Control+Enter")
    desk.insert("table")
    desk.type("Tên | gọi")
    desk.press("Tab")
    desk.type("Số")
    desk.press("Tab")
    desk.type("Nơi")
    desk.press("Enter")
    desk.type("12")
    desk.trainer.press("tool-drop_row")
    desk.press("Control+Enter")
    insert_picture(desk)
    assert desk.source().split("\n\n") == [
        "::: example Ở phòng một cửa\nMột tình huống\n:::",
        "::: check\nĐúng hay sai?\n- [x] Đúng\n- [ ] Sai\n> Vì Luật nói vậy.\n:::",
        "điểm a khoản 1 Điều 21 Luật Bình đẳng giới",
        "| Tên \\| gọi | Số | Nơi |\n|---|---|---|\n|  |  |  |",
        "![Hai bàn tay](images/ban-tay.svg)",
    ]
    desk.saved()
    desk.trainer.check()


def insert_law(desk: Desk) -> None:
    desk.insert("law")
    desk.trainer.write("law-name", "Luật Bình đẳng giới")
    for part, value in (("article", "21"), ("clause", "1"), ("point", "a")):
        desk.trainer.write(f"law-{part}", value)
    desk.trainer.press("law-ok")
    desk.back()


def insert_picture(desk: Desk) -> None:
    """Bring a new picture; without words for those who cannot see it, it may not come."""
    desk.trainer.press("tool-picture")
    drawing = (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M1 1h7v7z"/></svg>'
    )
    file: FilePayload = {"name": "Bàn tay.svg", "mimeType": "image/svg+xml", "buffer": drawing}
    desk.trainer.find("picture-file").set_input_files(file)
    desk.trainer.press("picture-ok")
    assert desk.trainer.has("picture-alt"), "the dialog waits for the words"
    desk.trainer.check()
    desk.trainer.write("picture-alt", "Hai bàn tay")
    desk.trainer.press("picture-ok")
    desk.back()
    expect(desk.text.locator(".ed-picture img")).to_have_count(1)


def test_pasting_from_word_comes_out_clean(desk: Desk) -> None:
    desk.trainer.page.evaluate(PASTE, [WORD, "…"])
    expect(desk.text.locator(".ed-picture img")).to_have_count(1)
    blocks = desk.source().split("\n\n")
    assert blocks == [
        "## TÀI LIỆU TẬP HUẤN",
        "## Phần 1. Lồng ghép giới",
        "**Khái niệm:** giới là *đặc điểm*, vị trí, vai trò",
        "- Ý thứ nhất\n  - Ý con\n- Ý thứ hai",
        "### I. Bối cảnh",
        "Các bước:",
        "1. Lắng nghe\n   1. Không ngắt lời\n2. Kết nối",
        "| Chỉ tiêu |  | 2030 |\n|---|---|---|\n| Y tế | Tỷ số khi sinh | 109 |\n|  | a\\|b |  |",
        "đã thêm theo [Điều 21](https://vbpl.vn/abc?x=1&y=2)\\[1\\]",
        "![Sơ đồ](images/hinh.png)",
        "> Lời trích",
        "bấm",
    ]
    assert "Số hình không mang theo được vì nằm ở nơi khác: 2" in desk.trainer.page.inner_text(
        "[data-editor-note]"
    )
    assert desk.trainer.page.evaluate("window.ran") is None
    desk.saved()


def test_pasting_from_the_web_comes_out_clean(desk: Desk) -> None:
    desk.trainer.page.evaluate(PASTE, [WEB_PAGE, "…"])
    assert desk.source().split("\n\n") == [
        "### Tuổi nghỉ hưu",
        "Đoạn trong div, **chữ đậm** và *chữ nghiêng*.",
        "Không đậm mà cáchhailần",
        "- một\n  - con\n- hai",
        "| Tên | Số |\n|---|---|\n| a b | trong |",
        "nội bộ [toàn văn](https://vbpl.vn/x)",
        "```\nmã   nguồn\n```",
    ]
    assert desk.trainer.page.evaluate("window.ran") is None
    desk.trainer.page.evaluate(DROP_PICTURE)
    expect(desk.text.locator(".ed-picture.has-no-words img")).to_have_count(1)
    assert re.search(r"!\[\]\(images/image(-\d+)?\.png\)", desk.source())


def test_the_toolbar_is_one_stop_of_the_tab_key(desk: Desk) -> None:
    desk.type("chữ")
    desk.press("Control+A", "Alt+F10")
    page = desk.trainer.page
    focused = "document.activeElement.dataset.test"
    assert page.evaluate(focused) == "tool-style"
    desk.press("ArrowRight", "ArrowRight")
    assert page.evaluate(focused) == "tool-strong"
    desk.press("Enter")
    assert desk.trainer.find("tool-strong").get_attribute("aria-pressed") == "true"
    assert page.evaluate(focused) == "tool-strong"
    desk.press("End")
    assert page.evaluate(focused) == "tool-redo"
    desk.press("Tab")
    assert page.evaluate("document.activeElement.classList.contains('ProseMirror')")
    desk.press("Tab")
    assert not page.evaluate("document.activeElement.classList.contains('ProseMirror')")
    assert desk.source() == "**chữ**"


def test_vietnamese_typed_through_an_input_method_stays_whole(desk: Desk) -> None:
    session = desk.trainer.context.new_cdp_session(desk.trainer.page)
    for word, steps in (("Tiếng", "T Ti Tie Tiê Tiêng Tiếng"), ("Việt", "V Vi Vie Viê Viêt Việt")):
        for step in steps.split():
            size = len(step)
            composition = {"text": step, "selectionStart": size, "selectionEnd": size}
            session.send("Input.imeSetComposition", composition)
            desk.trainer.page.wait_for_timeout(30)
        session.send("Input.insertText", {"text": word})
        desk.type(" ")
    desk.type("- giữa")
    assert desk.source() == "Tiếng Việt - giữa"


def test_the_markdown_can_be_seen_and_changed_at_any_time(desk: Desk) -> None:
    desk.trainer.press("source-toggle")
    odd = "# Tựa\n\n[^1]: lạ\n\n* a\n* b\n\n| a |\n|---|\n\n<b>x</b>\n\n[x]: https://a.vn"
    desk.trainer.write("source", odd)
    desk.trainer.press("source-toggle")
    assert desk.source() == odd
    desk.text.locator("li").last.click()
    desk.press("End")
    desk.type(" thêm")
    assert desk.source() == odd.replace("* b", "- b thêm").replace("* a", "- a")
    desk.saved()


def test_two_trainers_at_one_lesson_see_both_versions(desk: Desk, visit: Visit, site: Site) -> None:
    admin = site.learner("Đỗ Thị Hai", "24")
    site.make.grant(admin, ADMIN)
    other = visit()
    other.sign_in(str(admin.staff_code), PASSWORD)
    desk.type("Bản chung.")
    desk.saved()
    other.open(desk.address)
    other.find("rich-text").click()
    other.page.keyboard.press("Control+End")
    other.page.keyboard.type(" Người thứ hai viết.")
    expect(other.find("save-state")).to_have_text(re.compile("Đã lưu"))
    desk.press("Control+End")
    desk.type(" Người thứ nhất viết.")
    with desk.trainer.page.expect_navigation():
        desk.trainer.press("compare-both")
    desk.trainer.check()
    differences = desk.trainer.find("differences")
    assert differences.locator("del").inner_text().split() == ["bớt:", "hai"]
    assert differences.locator("ins").inner_text().split() == ["thêm:", "nhất"]
    assert desk.trainer.find("saved-text").input_value() == "Bản chung. Người thứ hai viết."
    desk.trainer.follow("save")
    assert desk.source() == "Bản chung. Người thứ nhất viết."
    desk.trainer.faults[:] = [f for f in desk.trainer.faults if not CONFLICT.search(f)]
    bring_back(desk)


def bring_back(desk: Desk) -> None:
    """Find what the other wrote in the history, and let the lesson say it again."""
    desk.trainer.follow("history")
    desk.trainer.page.get_by_test_id("compare").nth(1).click()
    desk.trainer.page.wait_for_url(re.compile(r"history/\d+$"))
    desk.trainer.check()
    assert desk.trainer.page.locator(".diff ins").count() == 1
    desk.trainer.follow("restore")
    assert desk.source() == "Bản chung. Người thứ hai viết."


def test_a_tab_closed_without_a_network_loses_nothing(desk: Desk) -> None:
    desk.type("Đã lưu.")
    desk.saved()
    with desk.trainer.offline():
        desk.type(" Viết khi mất mạng.")
        expect(desk.trainer.find("save-state")).to_have_text(re.compile("Chờ mạng"))
        desk.trainer.page.close(run_before_unload=False)
    desk.trainer.page = desk.trainer.context.new_page()
    desk.trainer.page.goto(desk.trainer.address + desk.address)
    expect(desk.trainer.find("kept-copy")).to_contain_text("chưa được lưu")
    assert desk.source() == "Đã lưu."
    desk.trainer.press("restore-copy")
    assert desk.source() == "Đã lưu. Viết khi mất mạng."
    assert desk.saved() == "Đã lưu. Viết khi mất mạng."


def test_leaving_the_page_saves_what_was_written(desk: Desk, site: Site) -> None:
    desk.type("Viết xong đi ngay.")
    desk.trainer.open(f"/courses/write/{desk.slug}")
    desk.trainer.open(desk.address)
    assert desk.source() == "Viết xong đi ngay."
    assert not desk.trainer.has("kept-copy")
    with site.app.app_context():
        rows = db.session.scalars(
            select(LessonVersion).where(LessonVersion.saved_by_id == desk.person.id)
        ).all()
    assert len(rows) == 1


def test_lessons_are_put_in_order_by_dragging_and_by_keyboard(desk: Desk, size: Size) -> None:
    page = desk.trainer.page
    desk.trainer.open(f"/courses/write/{desk.slug}")
    rows = lambda: [row.get_attribute("id") for row in page.get_by_test_id("lesson-row").all()]  # noqa: E731
    assert rows() == ["lesson-bai-1", "lesson-bai-2"]
    drag(page.get_by_test_id("grip").nth(1), page.locator("#lesson-bai-2"), desk)
    expect(page.get_by_test_id("order-state")).to_have_text("Đã lưu thứ tự mới.")
    assert rows() == ["lesson-bai-2", "lesson-bai-1"]
    page.locator("#lesson-bai-1").get_by_test_id("grip").focus()
    desk.press("Space", "ArrowUp")
    expect(page.get_by_test_id("order-state")).to_contain_text("vị trí 1/2")
    desk.press("Escape")
    assert rows() == ["lesson-bai-2", "lesson-bai-1"]
    desk.press("Alt+ArrowUp")
    expect(page.get_by_test_id("order-state")).to_have_text("Đã lưu thứ tự mới.")
    desk.trainer.open(f"/courses/write/{desk.slug}")
    assert rows() == ["lesson-bai-1", "lesson-bai-2"]
    desk.trainer.follow("move-down")
    assert rows() == ["lesson-bai-2", "lesson-bai-1"]


def drag(handle: Locator, onto: Locator, desk: Desk) -> None:
    """Drag with the mouse past the lower half of a row."""
    onto.scroll_into_view_if_needed()
    start, end = handle.bounding_box(), onto.bounding_box()
    assert start is not None
    assert end is not None
    mouse = desk.trainer.page.mouse
    mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    mouse.down()
    mouse.move(end["x"] + 30, end["y"] + end["height"] * 0.5, steps=4)
    mouse.move(end["x"] + 30, end["y"] + end["height"] * 0.9, steps=4)
    mouse.up()


def test_a_lesson_is_seen_on_a_phone(desk: Desk) -> None:
    desk.type("## Trên điện thoại")
    desk.saved()
    desk.trainer.follow("phone")
    frame = desk.trainer.page.frame_locator("iframe")
    expect(frame.locator(".prose h2")).to_have_text("Trên điện thoại")
    frame.get_by_test_id("back-to-editing").click()
    desk.trainer.page.wait_for_url(re.compile(r"lessons/bai-1$"))
