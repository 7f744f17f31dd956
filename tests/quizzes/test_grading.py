"""Grading is arithmetic: exact where people look, whatever the marks and their order."""

from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.grading import grade, percent

marks_of = st.lists(st.sampled_from([0, 1, 1 / 2, 1 / 3, 2 / 3, 1 / 4, 3 / 7]), max_size=40)
pass_marks = st.integers(0, 100)


@given(st.integers(0, 200), st.integers(1, 200))
def test_the_percentage_is_the_exact_share_rounded_half_up_to_one_decimal(
    right: int, questions: int
) -> None:
    right = min(right, questions)
    tenths = floor(Fraction(right * 1000, questions) + Fraction(1, 2))
    assert percent(right, questions) == tenths / 10


@given(st.integers(1, 200), pass_marks)
def test_whoever_reaches_the_mark_exactly_passes_and_a_question_less_does_not(
    questions: int, pass_mark: int
) -> None:
    needed = next(n for n in range(questions + 1) if percent(n, questions) >= pass_mark)
    assert grade([1] * needed + [0] * (questions - needed), pass_mark).passed
    if needed:
        fewer = [1] * (needed - 1) + [0] * (questions - needed + 1)
        assert not grade(fewer, pass_mark).passed


@pytest.mark.parametrize(
    ("right", "questions", "pass_mark", "share", "passed"),
    [
        (9, 15, 60, 60.0, True),
        (8, 15, 60, 53.3, False),
        (2, 3, 67, 66.7, False),
        (2, 3, 66, 66.7, True),
        (1999, 2000, 100, 100.0, True),  # 99.95 reads 100.0 %, and so it counts
        (1199, 2000, 60, 60.0, True),
        (0, 5, 0, 0.0, True),
        (5, 5, 100, 100.0, True),
    ],
)
def test_the_figure_people_read_decides(
    right: int, questions: int, pass_mark: int, share: float, passed: bool
) -> None:
    result = grade([1] * right + [0] * (questions - right), pass_mark)
    assert (result.percent, result.passed) == (share, passed)


@given(marks_of, pass_marks, st.randoms(use_true_random=False))
def test_the_order_of_the_questions_does_not_matter(marks, pass_mark, chance) -> None:
    shuffled = chance.sample(marks, len(marks))
    assert grade(shuffled, pass_mark) == grade(marks, pass_mark)


@given(marks_of, st.integers(0, 39), pass_marks)
def test_a_question_more_answered_rightly_never_costs_anything(marks, place, pass_mark) -> None:
    if place < len(marks):
        before = grade(marks, pass_mark)
        after = grade([*marks[:place], 1, *marks[place + 1 :]], pass_mark)
        assert after.percent >= before.percent
        assert after.passed >= before.passed


@given(st.integers(1, 9), st.integers(1, 20))
def test_shares_of_a_mark_add_up_to_whole_marks(parts: int, questions: int) -> None:
    """So that three thirds are one mark, and all of them all."""
    result = grade([1 / parts] * (parts * questions), 0)
    assert result.marks == questions
    assert result.max_marks == parts * questions


@given(pass_marks)
def test_without_questions_nobody_passes(pass_mark: int) -> None:
    result = grade([], pass_mark)
    assert (result.marks, result.max_marks, result.percent, result.passed) == (0, 0, 0, False)


def test_marks_that_come_from_a_generator_count_once() -> None:
    assert grade((mark for mark in (1, 0, 1, 0)), 50).passed
