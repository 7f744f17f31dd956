"""Question types, drawing and grading: pure, checked on many made-up cases."""

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.drawing import Section, TooFewQuestions, draw
from quizzes.grading import grade, percent
from quizzes.types import TYPES
from quizzes.types.parts import InvalidAnswer, InvalidQuestion

words = st.text(alphabet="abcdeghiklmnopqrstuvxyâăđêôơư ", min_size=1, max_size=12).map(
    lambda text: " ".join(text.split()) or "x"
)
several = st.lists(words, min_size=3, max_size=6, unique_by=lambda text: text.lower())


@st.composite
def single(draw_from: st.DrawFn) -> dict[str, Any]:
    texts = draw_from(several)
    right = draw_from(st.integers(0, len(texts) - 1))
    return {"options": [{"text": t, "correct": i == right} for i, t in enumerate(texts)]}


@st.composite
def multiple(draw_from: st.DrawFn) -> dict[str, Any]:
    texts = draw_from(several)
    right = draw_from(st.sets(st.integers(0, len(texts) - 1), min_size=1))
    return {"options": [{"text": t, "correct": i in right} for i, t in enumerate(texts)]}


@st.composite
def matching(draw_from: st.DrawFn) -> dict[str, Any]:
    lefts, rights = draw_from(several), draw_from(several)
    return {
        "pairs": [
            {"left": left, "right": right} for left, right in zip(lefts, rights, strict=False)
        ],
        "extra": [],
    }


QUESTIONS = {
    "single_choice": single(),
    "multiple_choice": multiple(),
    "true_false": st.booleans().map(lambda answer: {"answer": answer}),
    "short_answer": st.lists(words, min_size=1, max_size=3).map(lambda a: {"answers": a[:1]}),
    "matching": matching(),
}
questions = st.sampled_from(sorted(QUESTIONS)).flatmap(
    lambda kind: QUESTIONS[kind].map(lambda data: (kind, TYPES[kind].validate(data)))
)


def _right_values(kind: str, data: dict[str, Any], presented: Any) -> list[str]:
    """Answer as someone who knows: by the texts that are shown."""
    if kind == "short_answer":
        return [data["answers"][0].upper()]
    shown = {choice.text: choice.value for choice in presented.choices}
    if kind == "matching":
        rights = {pair["left"]: pair["right"] for pair in data["pairs"]}
        return [shown[rights[line]] for line in presented.lines]
    if kind == "true_false":
        return [presented.choices[0 if data["answer"] else 1].value]
    return [shown[o["text"]] for o in data["options"] if o.get("correct")]


@given(questions, st.integers(0, 2**31))
def test_who_knows_gets_the_whole_mark_and_who_is_silent_none(
    question: tuple[str, dict[str, Any]], seed: int
) -> None:
    kind, data = question
    presented = TYPES[kind].present(data, Random(seed))
    answer = TYPES[kind].parse(_right_values(kind, data, presented), presented)
    assert TYPES[kind].mark(data, answer) == 1
    assert TYPES[kind].mark(data, TYPES[kind].parse([], presented)) == 0


@given(questions, st.integers(0, 2**31), st.data())
def test_whatever_is_chosen_the_mark_lies_between_none_and_all(
    question: tuple[str, dict[str, Any]], seed: int, data_of: st.DataObject
) -> None:
    kind, data = question
    presented = TYPES[kind].present(data, Random(seed))
    offered = [choice.value for choice in presented.choices] or ["gì đó"]
    most = {"one": 1, "text": 1, "pairs": len(presented.lines)}.get(presented.widget, len(offered))
    values = data_of.draw(st.lists(st.sampled_from(offered), max_size=most, unique=True))
    try:
        answer = TYPES[kind].parse(values, presented)
    except InvalidAnswer:
        return  # half the lines of a matching question, say
    assert 0 <= TYPES[kind].mark(data, answer) <= 1


@given(questions, st.integers(0, 2**31))
def test_a_question_is_shown_the_same_way_for_the_same_seed(
    question: tuple[str, dict[str, Any]], seed: int
) -> None:
    kind, data = question
    assert TYPES[kind].present(data, Random(seed)) == TYPES[kind].present(data, Random(seed))


@given(questions, st.integers(0, 2**31))
def test_values_tell_only_the_place_shown_not_what_is_right(
    question: tuple[str, dict[str, Any]], seed: int
) -> None:
    kind, data = question
    presented = TYPES[kind].present(data, Random(seed))
    values = [choice.value for choice in presented.choices]
    # True and false are no secret; everything else is named by where it stands.
    assert values in ([str(n) for n in range(1, len(values) + 1)], ["true", "false"])
    assert "correct" not in repr(presented)


@pytest.mark.parametrize("typed", ["Bình đẳng giới", "BINH DANG GIOI", " bình  đẳng\u0020giới "])
def test_short_answers_do_not_mind_case_marks_and_spaces(typed: str) -> None:
    data = TYPES["short_answer"].validate({"answers": ["bình đẳng giới"]})
    presented = TYPES["short_answer"].present(data, Random(1))
    assert TYPES["short_answer"].mark(data, TYPES["short_answer"].parse([typed], presented)) == 1


@pytest.mark.parametrize(
    ("chosen", "mark"), [([0, 1], 1), ([0], 0.5), ([0, 2], 0), ([0, 1, 2], 0.5), ([2, 3], 0)]
)
def test_several_right_answers_earn_shares_and_wrong_ones_take_them(
    chosen: list[int], mark: float
) -> None:
    options = [{"text": t, "correct": t in "ab"} for t in "abcd"]
    data = TYPES["multiple_choice"].validate({"options": options})
    assert TYPES["multiple_choice"].mark(data, chosen) == mark


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("single_choice", {"options": [{"text": "a"}, {"text": "b"}]}),
        ("single_choice", {"options": [{"text": t, "correct": True} for t in "ab"]}),
        ("single_choice", {"options": [{"text": "a", "correct": True}]}),
        ("multiple_choice", {"options": [{"text": "a"}, {"text": "b"}]}),
        ("true_false", {"answer": "có lẽ"}),
        ("short_answer", {"answers": []}),
        ("matching", {"pairs": [{"left": "a", "right": "b"}]}),
        ("matching", {"pairs": [{"left": "a"}, {"left": "b", "right": "c"}]}),
        ("single_choice", {}),
        ("short_answer", {"answers": [[1]]}),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_with_the_place(
    kind: str, data: dict[str, Any]
) -> None:
    with pytest.raises(InvalidQuestion) as refusal:
        TYPES[kind].validate(data)
    assert refusal.value.place
    assert refusal.value.reason


@given(st.lists(st.floats(0, 1), max_size=30), st.integers(0, 100))
def test_passing_is_decided_by_the_figure_people_see(marks: list[float], mark: int) -> None:
    result = grade(marks, mark)
    assert 0 <= result.percent <= 100
    assert result.passed == (bool(marks) and result.percent >= mark)


@pytest.mark.parametrize(
    ("marks", "all_marks", "share"), [(2, 3, 66.7), (1, 3, 33.3), (9, 15, 60.0)]
)
def test_the_percentage_is_rounded_half_up_to_one_decimal(
    marks: float, all_marks: float, share: float
) -> None:
    assert percent(marks, all_marks) == share


pools = st.dictionaries(st.sampled_from("abc"), st.sets(st.integers(1, 99), max_size=9), min_size=1)


@given(pools, st.integers(0, 2**31), st.data())
def test_a_draw_takes_each_question_once_from_its_category_and_is_repeatable(
    pool: dict[str, set[int]], seed: int, data: st.DataObject
) -> None:
    ids = {category: [ord(category) * 1000 + n for n in found] for category, found in pool.items()}
    sections = [
        Section(category, data.draw(st.integers(1, len(found))))
        for category, found in ids.items()
        if found
    ]
    drawn = draw(sections, ids, seed)
    assert len(drawn) == len(set(drawn)) == sum(section.draw for section in sections)
    assert drawn == draw(sections, {c: list(reversed(f)) for c, f in ids.items()}, seed)


def test_a_category_with_too_few_questions_says_how_many_there_are() -> None:
    with pytest.raises(TooFewQuestions) as few:
        draw([Section("a", 2), Section("a", 2)], {"a": [1, 2, 3]}, 1)
    assert (few.value.category, few.value.wanted, few.value.available) == ("a", 4, 3)
