"""Videos, documents and the library, as learners and trainers meet them."""

from pathlib import Path

from playwright.sync_api import expect

from courses.jobs.transcoding import transcode_waiting
from lms.core.clock import now
from lms.seed.accounts import ACCOUNTS
from tests.browser.site import Site
from tests.browser.visitor import Visit, Visitor
from tests.courses.played import Played, clip, fax_paper, played_course
from tests.courses.test_imaging import photo
from tests.factories import PASSWORD

PATIENCE_MS = 60_000


def enrolled(site: Site, visitor: Visitor, played: Played) -> None:
    person = site.learner("Vũ Thị Xem", "09190-TH1")
    site.make.enrolment(person, played.course)
    visitor.sign_in(str(person.staff_code), PASSWORD)


def test_a_learner_watches_leaves_and_goes_on_where_they_stopped(visit: Visit, site: Site) -> None:
    played = played_course(site.make, clip(seconds=9))
    with site.app.app_context():
        transcode_waiting()
    learner = visit()
    enrolled(site, learner, played)
    learner.open(played.address(played.video))
    player = learner.find("player")
    assert player.evaluate("film => [...film.textTracks].map((track) => track.language)") == ["vi"]
    assert learner.has("quality-480p")

    player.evaluate("film => { film.muted = true; return film.play(); }")
    learner.page.wait_for_function("() => document.querySelector('video').currentTime > 6")
    player.evaluate("film => film.pause()")
    expect(learner.find("film-words")).not_to_be_empty(timeout=PATIENCE_MS)
    learner.page.reload()
    learner.check()
    learner.page.wait_for_function("() => document.querySelector('video').currentTime > 5.5")

    learner.press("quality-240p")
    learner.page.wait_for_function("() => document.querySelector('video').videoHeight === 240")
    learner.page.wait_for_function("() => document.querySelector('video').currentTime > 5.5")
    assert "quality=240p" in learner.page.url
    learner.find("player").evaluate("film => { film.muted = true; return film.play(); }")
    expect(learner.find("next")).to_have_class("btn btn-primary", timeout=PATIENCE_MS)


def test_without_scripts_the_player_and_its_sizes_are_there(visit: Visit, site: Site) -> None:
    played = played_course(site.make, clip(seconds=3))
    with site.app.app_context():
        transcode_waiting()
    learner = visit(scripts=False)
    enrolled(site, learner, played)
    learner.open(played.address(played.video))
    learner.follow("quality-audio")
    assert learner.find("quality-audio").get_attribute("aria-current") == "true"
    learner.open(played.address(played.document))
    address = learner.find("paper-download").get_attribute("href")
    answer = learner.context.request.get(learner.address + str(address))
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.body().startswith(b"%PDF")


def test_a_document_shows_its_text_and_remembers_the_page(visit: Visit, site: Site) -> None:
    played = played_course(site.make, clip(seconds=3))
    learner = visit()
    enrolled(site, learner, played)
    learner.open(played.address(played.document))
    pages = learner.find("paper-pages")
    expect(pages).to_contain_text("Trang số 1: bình đẳng giới trong gia đình", timeout=PATIENCE_MS)
    learner.check()
    learner.press("paper-larger")
    expect(pages).to_contain_text("Trang số 1", timeout=PATIENCE_MS)
    learner.press("paper-smaller")
    assert "btn-quiet" in str(learner.find("mark-read").get_attribute("class"))

    with learner.page.expect_response(lambda answer: answer.url.endswith("/progress")):
        learner.press("paper-on")
        pages.press("PageDown")
    expect(pages).to_contain_text("Trang số 3", timeout=PATIENCE_MS)
    learner.page.reload()
    expect(learner.find("paper-number")).to_have_value("3", timeout=PATIENCE_MS)
    pages.evaluate("pages => { pages.scrollTop = pages.scrollHeight; }")
    learner.page.mouse.wheel(0, 3000)
    expect(learner.find("mark-read")).to_have_class("btn btn-primary", timeout=PATIENCE_MS)


def test_a_scanned_page_is_drawn(visit: Visit, site: Site) -> None:
    played = played_course(site.make, clip(seconds=3), document=fax_paper())
    learner = visit()
    enrolled(site, learner, played)
    learner.open(played.address(played.document))
    middle = """() => {
        const canvas = document.querySelector('[data-paper-pages] canvas');
        if (!canvas) return null;
        const [x, y] = [canvas.width / 2, canvas.height / 2];
        return [...canvas.getContext('2d').getImageData(x, y, 1, 1).data].join() === '0,0,0,255';
    }"""
    learner.page.wait_for_function(middle, timeout=PATIENCE_MS)


def test_a_trainer_keeps_a_picture_describes_it_and_uses_it(
    visit: Visit, site: Site, tmp_path: Path
) -> None:
    moment = now().timestamp()
    picture = tmp_path / f"lop-hoc-{moment:.0f}.png"
    picture.write_bytes(photo("PNG", (300 + int(moment) % 200, 200)))
    trainer = visit()
    trainer.sign_in(ACCOUNTS["trainer"].username, site.demo_password)
    trainer.open("/courses/library")
    trainer.find("file").set_input_files(picture)
    trainer.follow("upload")
    trainer.write("title", "Lớp học bình đẳng")
    trainer.write("alt", "Một lớp học có nam và nữ.")
    trainer.follow("save")
    trainer.follow("use")
    assert "images/lop-hoc" in trainer.page.inner_text("main")
    trainer.open("/courses/library?q=binh+dang")
    trainer.follow("open-file")
    trainer.open("/courses/library/alt")
