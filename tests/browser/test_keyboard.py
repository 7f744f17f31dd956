"""Everything is reached and worked by keys alone."""

import re

from playwright.sync_api import expect

from tests.browser.site import Site
from tests.browser.visitor import Visit, Visitor
from tests.factories import PASSWORD

SAVED = re.compile(r"\d\d:\d\d")
#: Presses of Tab that bring one anywhere on a page.
FAR = 80


def test_a_trainee_signs_in_and_answers_a_question_by_keys_alone(visit: Visit, site: Site) -> None:
    person = site.learner("Vũ Đình Long", "09190-UBND", "official")
    course = site.make.course("Giới và số liệu", lessons=1, quiz=True)
    site.make.enrolment(person, course)
    visitor = visit()
    visitor.open("/sign-in")
    tab_to(visitor, "username")
    visitor.page.keyboard.type(person.staff_code)
    tab_to(visitor, "password")
    visitor.page.keyboard.type(PASSWORD)
    enter(visitor)
    for name in ("continue", "mark-read", "start-quiz"):
        tab_to(visitor, name)
        enter(visitor)
    answer_with_the_space_bar(visitor)


def answer_with_the_space_bar(visitor: Visitor) -> None:
    tab_to(visitor, "answer-1-true")
    visitor.page.keyboard.press("Space")
    expect(visitor.find("answer-1-true")).to_be_checked()
    visitor.page.keyboard.press("ArrowDown")
    expect(visitor.find("answer-1-false")).to_be_checked()
    expect(visitor.find("save-state")).to_contain_text(SAVED)
    tab_to(visitor, "next-question")
    visitor.page.keyboard.press("Enter")
    expect(visitor.find("answer-2-true")).to_be_visible()
    # The new question has the focus, so that a screen reader begins there.
    expect(visitor.find("question")).to_be_focused()
    visitor.check()


def tab_to(visitor: Visitor, name: str) -> None:
    """Press Tab until the control has the focus, which has to be seen."""
    for _ in range(FAR):
        visitor.page.keyboard.press("Tab")
        focused = visitor.page.evaluate("document.activeElement.dataset.test ?? ''")
        if focused == name:
            break
    assert focused == name, f"no Tab leads to {name}"
    assert visitor.page.evaluate(FOCUS_SHOWS), f"the focus on {name} is not seen"


def enter(visitor: Visitor) -> None:
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    visitor.check()


FOCUS_SHOWS = """() => {
  const el = document.activeElement;
  const style = getComputedStyle(el);
  const box = el.getBoundingClientRect();
  const isIn = box.bottom > 0 && box.top < window.innerHeight;
  return isIn && (style.outlineStyle !== 'none' || style.boxShadow !== 'none');
}"""
