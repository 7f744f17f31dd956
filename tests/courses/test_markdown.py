"""Lesson text: the teaching containers, and that nothing in it can act."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import html5lib
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses import lesson_text
from courses.markdown import ATTRIBUTES, TAGS, render, sanitize

EXAMPLES = Path(__file__).resolve().parents[3] / "shared" / "examples" / "hostile"


@dataclass(frozen=True)
class Shown:
    url: str
    content_type: str


PICTURES = {"images/a.svg": Shown("/courses/media/abc/a.svg", "image/svg+xml")}

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    '![x" onerror="alert(1)](images/a.svg)',
    '[x](/a "\\" onmouseover=\\"alert(1)")',
    '::: example "><script>alert(1)</script>\nx\n:::',
    "::: note <img src=x onerror=alert(1)>\nx\n:::",
    "::: check\nq\n- [x] <script>alert(1)</script>\n> a\n:::",
    "<style>*{background:url(//evil.example)}</style>",
    "<form action=//evil.example><input name=p>",
    "<base href=//evil.example>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<p style='position:fixed' class='x' id='main'>x</p>",
    "<details open ontoggle=alert(1)>",
]


@pytest.fixture(autouse=True)
def _in_vietnamese(shared_app: Flask) -> Iterator[None]:
    with shared_app.test_request_context():
        yield


def elements(html: str) -> list[tuple[str, dict[str, str]]]:
    """Return every element as a browser would build it."""
    fragment = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return [(e.tag, dict(e.attrib)) for e in fragment.iter() if isinstance(e.tag, str)][1:]


def faults(html: str) -> list[str]:
    """Return what could act, load or deceive in a piece of HTML."""
    found = []
    for tag, attributes in elements(html):
        if tag not in TAGS:
            found.append(f"<{tag}>")
        for name, value in attributes.items():
            allowed = ATTRIBUTES.get(tag, set()) | {"class", "rel"}
            if name not in allowed:
                found.append(f"{tag} {name}={value}")
            if name == "href" and urlsplit(value).scheme not in (
                "",
                "http",
                "https",
                "mailto",
                "tel",
            ):
                found.append(f"{tag} {name}={value}")
            if name == "src" and value not in [picture.url for picture in PICTURES.values()]:
                found.append(f"{tag} {name}={value}")
    return found


def test_each_container_is_a_section_with_its_title() -> None:
    for name in ("objectives", "law", "note", "summary"):
        html = render(f"::: {name}\nnội dung\n:::")
        assert html.startswith(f'<section class="callout {name}"><p class="callout-title">')
        assert "<p>nội dung</p>" in html
        assert html.strip().endswith("</section>")


def test_an_example_shows_its_own_title() -> None:
    assert ": Buổi đầu của chị Hạnh</p>" in render("::: example Buổi đầu của chị Hạnh\nx\n:::")


def test_a_container_holds_lists_tables_and_pictures() -> None:
    html = render("::: law\n- a\n\n| a |\n|---|\n| b |\n\n![c](images/a.svg)\n:::", PICTURES)
    assert [tag for tag, _attributes in elements(html)][-1] == "img"
    assert '<div class="table-scroll"><table>' in html


def test_a_container_that_is_never_closed_ends_with_the_text() -> None:
    assert render("::: note\nx").count("section") == 2


def test_an_unknown_container_is_shown_as_it_was_written() -> None:
    assert "::: khac" in render("::: khac\nx\n:::")


def test_a_quick_check_hides_its_answer_behind_a_fold() -> None:
    html = render("::: check\nCâu nào?\n- [ ] một\n- [x] hai\n- [X] ba\n> Vì thế.\n:::")
    assert "[x]" not in html
    assert "[ ]" not in html
    question, answer = html.split("<details>")
    assert question.count("<li>") == 3
    assert "hai; ba" in answer
    assert "<p>Vì thế.</p>" in answer
    assert answer.strip().endswith("</details>\n</section>")


def test_marks_outside_a_check_stay() -> None:
    assert "[x] hai" in render("- [x] hai")


def test_a_picture_comes_from_the_course_or_not_at_all() -> None:
    assert render("![Sơ đồ](images/a.svg)", PICTURES) == (
        '<p><img src="/courses/media/abc/a.svg" alt="Sơ đồ"></p>\n'
    )
    assert render("![Sơ đồ](https://evil.example/a.png)", PICTURES) == "<p>Sơ đồ</p>\n"


def test_links_lead_out_without_telling_where_from() -> None:
    assert 'rel="noopener noreferrer"' in render("[luật](https://vanban.example)")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_never_survives(payload: str) -> None:
    assert faults(render(payload, PICTURES)) == []
    assert faults(sanitize(payload)) in ([], ["img src=x"])


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the folder of hostile examples is not here")
def test_the_hostile_examples_never_survive() -> None:
    payloads = [*json.loads((EXAMPLES / "strings" / "blns" / "blns.json").read_text())]
    for path in sorted((EXAMPLES / "strings").glob("patt_*.txt")):
        payloads += path.read_text(errors="replace").splitlines()
    for case in json.loads((EXAMPLES / "html_sanitizer" / "dompurify_examples.json").read_text()):
        payloads.append(case["payload"])
    assert len(payloads) > 900
    for payload in payloads:
        inside = payload.replace("\n", " ")
        text = (
            f"{payload}\n\n::: example {inside}\n{payload}\n:::\n\n![{inside}](images/a.svg)\n\n"
            f"[{inside}]({inside})\n\n| {inside} |\n|---|\n| {inside} |\n\n"
            f"::: check\n{inside}\n- [x] {inside}\n> {inside}\n:::"
        )
        assert faults(render(lesson_text.normalise(text), PICTURES)) == [], payload


@given(st.text(st.sampled_from("<>[]()!:-x\"'#`| \n\\&;=/") | st.characters(), max_size=120))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_breaks_it_or_gets_through_it(text: str) -> None:
    assert faults(render(lesson_text.normalise(text), PICTURES)) == []


@given(st.text(max_size=200))
def test_a_text_is_kept_in_one_way_only(text: str) -> None:
    kept = lesson_text.normalise(text)
    assert lesson_text.normalise(kept) == kept
    plain = text.replace("\r", "\n")
    assert lesson_text.normalise(plain.replace("\n", "\r\n")) == lesson_text.normalise(plain)
    assert not set(kept) & {"\r", "\x00", "\u202e", "\ufeff"}


def test_pictures_of_a_text_are_found_where_they_are_shown() -> None:
    text = "::: note\n![a](images/a.svg)\n:::\n\n`![b](images/b.svg)`\n\n- ![c](images/c.png)\n\n![a](images/a.svg) ![d](https://x/d.png)"
    assert lesson_text.list_pictures(text) == ["images/a.svg", "images/c.png"]
