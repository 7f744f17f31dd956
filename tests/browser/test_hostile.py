"""What trainers and rosters bring in is text to a browser, whoever looks at it."""

from playwright.sync_api import Dialog

from courses.models import Lesson, Revision
from lms.core.db import db
from lms.seed.accounts import ACCOUNTS
from tests.browser.site import Site
from tests.browser.sizes import Size
from tests.browser.visitor import Visit

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg onload=alert(1)>",
    "[bấm](javascript:alert(1))",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "{{ 7 * 7 }}",
    "<a href='jav&#x61;script:alert(1)'>x</a>",
    "<details open ontoggle=alert(1)>",
)


def test_hostile_names_titles_and_lessons_run_nothing_before_an_administrator(
    visit: Visit, site: Site, size: Size
) -> None:
    course_slug = _make_hostile(site, size.name)
    admin = visit()
    dialogs: list[str] = []

    def refuse(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    admin.page.on("dialog", refuse)
    admin.sign_in(ACCOUNTS["admin"].username, site.demo_password)
    for path in (
        "/courses/",
        f"/courses/{course_slug}",
        f"/courses/write/{course_slug}",
        "/courses/write",
        "/people/?q=alert",
        "/agencies/?q=alert",
    ):
        admin.open(path)
    admin.open(f"/courses/{course_slug}")
    admin.follow("enrol")
    assert "alert(1)" in admin.page.inner_text("main")
    assert dialogs == []


def _make_hostile(site: Site, mark: str) -> str:
    """Put a payload wherever a trainer or a roster can put a text."""
    province = site.agency("24")
    site.make.agency(f"Xã {PAYLOADS[0]}", parent=province, kind="commune")
    for number, payload in enumerate(PAYLOADS):
        site.make.person(payload, agency=province, staff_code=f"=alert(1){mark}{number}")
    course = site.make.course(PAYLOADS[0], lessons=1)
    with site.make.writing():
        revision = db.session.scalars(
            db.select(Revision).where(Revision.course_id == course.id)
        ).one()
        revision.summary = " ".join(PAYLOADS)
        revision.objectives = list(PAYLOADS)
        lesson = db.session.scalars(
            db.select(Lesson).where(Lesson.revision_id == revision.id)
        ).one()
        lesson.title = PAYLOADS[1]
        lesson.source = "\n\n".join(PAYLOADS)
    return course.slug
