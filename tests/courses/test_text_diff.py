"""What changed between two texts, in words inside paragraphs."""

from hypothesis import given
from hypothesis import strategies as st

from courses.text_diff import (
    ADDED,
    KEPT,
    REMOVED,
    Line,
    compare_texts,
    count_changes,
    fold_kept,
)

WORDS = st.sampled_from(["giới", "bình", "đẳng", "Điều", "21", "khoản", ".", ",", "cán bộ", "**"])
LINES = st.lists(WORDS, max_size=8).map(" ".join)
TEXTS = st.lists(LINES, max_size=12).map("\n".join)


def read(lines: list[Line], *kinds: str) -> str:
    """Return the text that pieces of these kinds make."""
    texts = []
    for line in lines:
        pieces = [piece for piece in line.pieces if piece.what in kinds]
        if pieces or not line.pieces:
            texts.append("".join(piece.text for piece in pieces))
    return "\n".join(texts)


@given(TEXTS, TEXTS)
def test_the_old_and_the_new_text_can_be_read_out_of_the_comparison(old: str, new: str) -> None:
    lines = compare_texts(old, new)
    assert read(lines, KEPT, REMOVED).split() == old.split()
    assert read(lines, KEPT, ADDED).split() == new.split()


@given(TEXTS)
def test_a_text_and_itself_do_not_differ(text: str) -> None:
    lines = compare_texts(text, text)
    assert count_changes(lines) == 0
    assert read(lines, KEPT) == text


@given(TEXTS, TEXTS)
def test_folding_hides_nothing_that_changed(old: str, new: str) -> None:
    stretches = fold_kept(compare_texts(old, new))
    for stretch in stretches:
        assert stretch.lines
        if stretch.is_folded:
            assert all(line.is_kept for line in stretch.lines)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_can_be_compared(old: str, new: str) -> None:
    lines = compare_texts(old, new)
    assert count_changes(lines) <= len(lines)


def test_a_word_that_changed_is_told_inside_its_paragraph() -> None:
    (line,) = compare_texts("Điều 21 của Luật", "Điều 22 của Luật")
    assert [(piece.what, piece.text) for piece in line.pieces] == [
        (KEPT, "Điều "),
        (REMOVED, "21"),
        (ADDED, "22"),
        (KEPT, " của Luật"),
    ]


def test_a_paragraph_that_came_is_told_as_a_whole() -> None:
    lines = compare_texts("Một câu.\n\nHai câu.", "Một câu.\n\nĐoạn mới hẳn.\n\nHai câu.")
    assert [piece.text for line in lines for piece in line.pieces if piece.what == ADDED] == [
        "Đoạn mới hẳn.",
        "",
    ]
    assert count_changes(lines) == 1


def test_what_was_kept_far_from_a_change_is_folded() -> None:
    old = "\n\n".join(f"Đoạn số {number}." for number in range(9))
    stretches = fold_kept(compare_texts(old, old.replace("số 4", "thứ 4")))
    assert [(s.is_folded, len(s.lines)) for s in stretches] == [(True, 3), (False, 3), (True, 3)]


def test_long_texts_without_anything_in_common_are_compared_at_once() -> None:
    old = "\n".join(f"cũ{number} " * 40 for number in range(400))
    new = "\n".join(f"mới{number} " * 40 for number in range(400))
    lines = compare_texts(old, new)
    assert len(lines) == 800
    one_line = compare_texts(old.replace("\n", " "), new.replace("\n", " "))
    assert read(one_line, KEPT, ADDED).split() == new.split()
