"""What holds for every document: text is not lost, not changed and never becomes markup."""

import io
import re

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from courses.formats import docx, pptx
from courses.formats.brought import Brought
from courses.formats.course_facts import Keys, choose_slug, choose_title, minutes_to_read, shorten
from courses.formats.docx.guessing import MOST, Line, guess_beginnings
from courses.formats.docx.numbering import write_number
from courses.formats.faults import UnreadableCourse
from courses.formats.long_text import LONGEST, split_long
from courses.formats.office.pictures import tidy_alt
from courses.formats.packed import KEY, TAKEN_SLUGS, TITLE_LENGTH
from courses.markdown import render
from lms.core.text import clean
from tests.courses.formats.slide_files import Deck
from tests.courses.formats.word_files import item, paragraph, table, text, word_file

#: What XML can hold, with all that Markdown minds.
words = st.text(
    st.one_of(
        st.sampled_from("#*_`[]()<>&|\\!:-+=~.1> \t\"'{}^$/"),
        st.characters(blacklist_categories=("Cs", "Cc", "Co", "Cn", "Cf")),
    ),
    max_size=60,
)
looks = st.sampled_from(["", "<w:b/>", "<w:i/>", "<w:b/><w:i/>"])
runs = st.lists(st.tuples(words, looks), min_size=1, max_size=6)


def sources(data: bytes, module=docx) -> list[str]:
    try:
        course = module.read(Brought(io.BytesIO(data), "a"))
    except UnreadableCourse as error:
        if error.faults[0].code != "office_empty":
            raise
        return []
    return [lesson.source for lesson in course.lessons()]


def shown(source: str) -> str:
    """What a learner reads, on one line."""
    page = render(source)
    return clean(html.fromstring(f"<div>{page}</div>").text_content()) if page else ""


@given(runs)
def test_the_words_of_a_paragraph_are_shown_as_they_are(pieces):
    data = word_file(paragraph("".join(text(*piece) for piece in pieces)))
    assert "".join(map(shown, sources(data))) == clean("".join(words for words, _look in pieces))


@given(st.lists(st.tuples(words, st.integers(0, 6), st.sampled_from([1, 2, 3])), max_size=8))
def test_the_words_of_lists_are_shown_as_they_are(items):
    data = word_file(*(item(words, kind, level) for words, level, kind in items))
    found = "".join(map(shown, sources(data)))
    for entry, _level, _kind in items:
        assert clean(entry) in found


@given(st.lists(st.lists(words, min_size=2, max_size=3), min_size=1, max_size=4))
def test_the_words_of_tables_are_shown_as_they_are(rows):
    found = "".join(map(shown, sources(word_file(table(rows)))))
    for row in rows:
        for cell in row:
            assert clean(cell) in found


@given(st.lists(words, min_size=1, max_size=4), words)
def test_the_words_of_slides_are_shown_as_they_are(lines, notes):
    deck = Deck("T")
    deck.slide("Trang", *(clean(line) for line in lines), notes=clean(notes))
    found = "".join(map(shown, sources(deck.data(), pptx)))
    for line in [*lines, notes]:
        assert clean(line) in found


@given(st.lists(st.text(st.sampled_from("# ab\n"), max_size=400)), st.integers(50, 400))
def test_dividing_a_long_text_loses_nothing(blocks, comfortable):
    pages = split_long(blocks, comfortable)
    assert "\n\n".join(pages).replace("\n", "") == "".join(blocks).replace("\n", "")


@given(st.lists(st.sampled_from(["## a", "b" * 3000, "c" * 500]), max_size=60))
def test_no_page_is_longer_than_bearable(blocks):
    assert all(len(page) <= LONGEST for page in split_long(blocks))


@given(st.integers(-5, 10**6), st.text(max_size=12))
def test_any_number_can_be_written_in_any_form(number, form):
    for one in (form, "lowerRoman", "upperLetter", "decimalZero"):
        assert isinstance(write_number(number, one), str)


def test_numbers_are_written_as_people_write_them():
    forms = {"upperRoman": "XIV", "lowerLetter": "n", "decimal": "14", "decimalZero": "14"}
    assert {form: write_number(14, form) for form in forms} == forms


lines = st.builds(
    Line,
    st.one_of(words, st.sampled_from(["CHƯƠNG I", "Điều 3. Phạm vi", "Bài 2", "MỤC LỤC CHUNG"])),
    st.booleans(),
    st.booleans(),
)


@given(st.lists(lines, max_size=30))
def test_guessed_beginnings_are_lines_that_stand_out_in_order(found):
    places = guess_beginnings(found)
    assert places == sorted(set(places))
    assert len(places) <= MOST
    assert all(0 <= place < len(found) for place in places)
    assert all(found[p].bold or found[p].centred or found[p].text.isupper() for p in places)


@given(st.lists(st.text(max_size=90), max_size=12))
def test_keys_are_unique_and_addresses_are_addresses(titles):
    keys = Keys()
    given_out = [keys.give(title) for title in titles]
    assert len(set(given_out)) == len(given_out)
    for key in (*given_out, *map(choose_slug, titles)):
        assert KEY.fullmatch(key)
        assert len(key) <= 80
    assert not TAKEN_SLUGS.intersection(map(choose_slug, titles))


@given(st.text(max_size=400), st.text(max_size=30))
def test_titles_fit_and_are_never_empty(title, filename):
    assert 0 < len(choose_title([title], filename)) <= TITLE_LENGTH
    assert len(shorten(title, 20)) <= 20


@given(st.text(max_size=3000))
def test_a_text_takes_some_minutes(source):
    assert 1 <= minutes_to_read(source) <= 600


@given(st.text(max_size=80))
def test_a_description_is_only_ever_shortened(alt):
    assert re.sub(r"\s", "", tidy_alt(alt)) in re.sub(r"\s", "", clean(alt))
