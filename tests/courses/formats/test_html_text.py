"""HTML of elsewhere becomes Markdown that shows the very same text, and nothing that acts."""

import html as markup

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from courses.formats.html.text import to_markdown
from tests.courses.formats.building import squeezed, text_of

TRICKY = st.text(
    st.sampled_from("ab1đ *_`[]()<>&|\\#+-=~:.!\"'{}$^\n\t\u00a0é…–“"),
    max_size=30,
)
TEXT = st.one_of(TRICKY, st.text(max_size=40))


def convert(html, **given_):
    given_.setdefault("picture", lambda src, _alt: f"images/{src}")
    given_.setdefault("link", lambda href: href)
    return to_markdown(html, **given_)


def shown(markdown):
    """Return the text that a reader sees, words parted by single spaces."""
    rendered = MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown)
    return text_of(rendered)


@given(TEXT, TEXT, st.sampled_from(["p", "h2", "li", "td", "blockquote", "dd", "b", "em", "a"]))
def test_any_text_in_any_element_is_shown_as_it_was(before, inside, tag):
    opening = f'<{tag} href="https://example.org/?a=1">' if tag == "a" else f"<{tag}>"
    element = f"{opening}{markup.escape(inside)}</{tag}>"
    element = {"li": f"<ul>{element}</ul>", "td": f"<table><tr>{element}</table>"}.get(tag, element)
    page = f"<p>{markup.escape(before)}{element}x</p>"
    assert squeezed(shown(convert(page))) == squeezed(before + inside + "x")


@given(st.lists(st.tuples(TEXT, st.sampled_from(["b", "i", "code", "span", "u"])), max_size=6))
def test_neighbouring_styles_never_leave_their_stars_behind(pieces):
    page = "".join(f"<{tag}>{markup.escape(text)}</{tag}>" for text, tag in pieces)
    expected = squeezed("".join(text for text, _tag in pieces))
    assert squeezed(shown(convert(f"<p>{page}</p>"))) == expected


@given(st.lists(st.lists(TEXT, min_size=2, max_size=4), min_size=1, max_size=4))
def test_the_cells_of_a_table_keep_their_texts(rows):
    cells = "".join(
        "<tr>" + "".join(f"<td>{markup.escape(cell)}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    expected = squeezed("".join(cell for row in rows for cell in row))
    assert squeezed(shown(convert(f"<table>{cells}</table>"))) == expected


TAGS = "p b i ul ol li table tr td th h1 h3 a img pre code blockquote br hr div script iframe dl dt"
PIECES = st.one_of(
    TRICKY,
    st.sampled_from([f"<{tag}>" for tag in TAGS.split()] + [f"</{tag}>" for tag in TAGS.split()]),
    st.sampled_from(
        ["<td colspan=3>", "<td rowspan=9>", "<ol start=7>", "<!-- x", "]]>", "<?x", "&#0;"]
    ),
)


@given(st.lists(PIECES, max_size=40))
def test_any_soup_of_tags_is_read_without_a_fault(pieces):
    markdown = convert("".join(pieces))
    rendered = MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown)
    assert "<script" not in rendered


def test_headings_lists_and_tables_keep_their_shape():
    html = """<h1>Chương I</h1><h2>Điều 1</h2><p>Một <strong>từ</strong>.</p>
      <ul><li>a<ul><li>b</li></ul></li></ul><ol start="3"><li>c</li></ol>
      <table><tr><th>Nam</th><th>Nữ</th></tr><tr><td>1</td><td>2</td></tr></table>"""
    assert convert(html) == (
        "## Chương I\n\n### Điều 1\n\nMột **từ**.\n\n- a\n  - b\n\n3. c\n\n"
        "| Nam | Nữ |\n|---|---|\n| 1 | 2 |"
    )


def test_the_highest_heading_of_a_page_stands_below_the_lessons_title():
    assert convert("<h3>a</h3><h4>b</h4>") == "## a\n\n### b"
    assert convert("<h3>a</h3>", level=1) == "### a"
    assert convert("<h1>a</h1><h6>b</h6>") == "## a\n\n#### b"


def test_pictures_and_links_go_where_the_caller_says():
    html = '<p><a href="a b.html">x</a> <a href="javascript:1">y</a> <img src="p q.png" alt="z">'
    link = {"a b.html": "https://example.org/a"}.get
    assert convert(html, link=link, picture=lambda _src, _alt: "images/p.png") == (
        "[x](https://example.org/a) y ![z](images/p.png)"
    )
    assert convert(html, link=link, picture=lambda _src, _alt: None).endswith("y z")


def test_joined_cells_leave_empty_ones_and_are_told():
    told = []
    html = (
        "<table><tr><td colspan=2>a</td><td>b</td></tr>"
        "<tr><td rowspan=2>c</td><td>d</td><td>e</td></tr><tr><td>f</td><td>g</td></tr></table>"
    )
    assert convert(html, dropped=told.append).split("\n")[2:] == ["| c | d | e |", "|  | f | g |"]
    assert told == ["merged", "merged"]


@pytest.mark.parametrize("tag", ["script", "form><input", "object", "svg", "canvas"])
def test_what_acts_is_left_out_and_told(tag):
    told = []
    name = tag.rpartition("<")[2]
    text = convert(f"<p>a</p><{tag}>alert(1)</{name}>", dropped=told.append)
    assert "alert" not in text or name == "input"
    assert told == [name]


def test_a_page_within_the_page_becomes_a_link():
    html = '<iframe src="https://example.org/v" title="Phim"></iframe>'
    assert convert(html) == "[Phim](https://example.org/v)"


def test_what_lies_too_deep_keeps_its_text():
    told = []
    assert convert("<div>" * 2000 + "sâu" + "</div>" * 2000, dropped=told.append) == "sâu"
    assert set(told) == {"deep"}


def test_a_huge_page_is_cut_and_told():
    told = []
    convert("<p>" + "x" * 5_000_000, dropped=told.append)
    assert told == ["long"]
