"""Types of question, each by itself: what they refuse, show, earn and give back unchanged."""

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.types import TYPES
from quizzes.types.parts import LONGEST_TEXT, InvalidAnswer, InvalidQuestion

words = st.text(alphabet="abcdeghiklmnopqrstuvxyâăđêôơưạ ", min_size=1, max_size=12).map(
    lambda text: " ".join(text.split()) or "x"
)
seeds = st.integers(0, 2**31 - 1)


def distinct(low: int, high: int) -> st.SearchStrategy[list[str]]:
    return st.lists(words, min_size=low, max_size=high, unique_by=str.casefold)


@st.composite
def choices(draw: st.DrawFn, rights: int | None = None) -> dict[str, Any]:
    texts = draw(distinct(2, 8))
    several = st.sets(st.integers(0, len(texts) - 1), min_size=1, max_size=rights)
    right = draw(several)
    return {"options": [{"text": t, "correct": i in right} for i, t in enumerate(texts)]}


@st.composite
def pairs(draw: st.DrawFn) -> dict[str, Any]:
    """Pairs of which two may share a right side, and distractors that match nothing."""
    lefts, sides = draw(distinct(2, 6)), draw(distinct(3, 8))
    cut = draw(st.integers(1, len(sides)))
    rights = [draw(st.sampled_from(sides[:cut])) for _left in lefts]
    made = [{"left": left, "right": right} for left, right in zip(lefts, rights, strict=True)]
    return {"pairs": made, "extra": sides[cut:]}


QUESTIONS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "single_choice": choices(rights=1),
    "multiple_choice": choices(),
    "true_false": st.booleans().map(lambda answer: {"answer": answer}),
    "short_answer": st.lists(words, min_size=1, max_size=4).map(lambda a: {"answers": a}),
    "matching": pairs(),
}
questions = st.sampled_from(sorted(QUESTIONS)).flatmap(
    lambda kind: QUESTIONS[kind].map(lambda data: (kind, data))
)


def test_every_type_is_tried_here() -> None:
    assert QUESTIONS.keys() == TYPES.keys()


@given(questions)
def test_data_that_is_clean_stays_as_it_is(question: tuple[str, dict[str, Any]]) -> None:
    kind, data = question
    cleaned = TYPES[kind].validate(data)
    assert TYPES[kind].validate(cleaned) == cleaned


@given(questions)
def test_the_trainer_s_form_gives_back_the_question_it_was_filled_with(
    question: tuple[str, dict[str, Any]],
) -> None:
    kind, data = question
    cleaned = TYPES[kind].validate(data)
    assert TYPES[kind].validate(TYPES[kind].from_rows(TYPES[kind].to_rows(cleaned))) == cleaned


@given(questions, seeds, st.data())
def test_a_kept_answer_fills_the_form_as_it_was_given(
    question: tuple[str, dict[str, Any]], seed: int, more: st.DataObject
) -> None:
    kind, data = question[0], TYPES[question[0]].validate(question[1])
    presented = TYPES[kind].present(data, Random(seed))
    answer = TYPES[kind].parse(_some_values(presented, more), presented)
    assert TYPES[kind].parse(TYPES[kind].fill(answer, presented), presented) == answer
    assert 0 <= TYPES[kind].mark(data, answer) <= 1


def _some_values(presented: Any, more: st.DataObject) -> list[str]:
    offered = [choice.value for choice in presented.choices]
    if presented.widget == "text":
        return [more.draw(st.text(max_size=30))]
    if presented.widget == "pairs":
        size = len(presented.lines)
        sides = st.sampled_from([*offered, ""])
        return more.draw(st.lists(sides, min_size=size, max_size=size))
    most = 1 if presented.widget == "one" else len(offered)
    return more.draw(st.lists(st.sampled_from(offered), max_size=most, unique=True))


@given(choices(rights=1), seeds, st.data())
def test_another_right_answer_is_shown_exactly_alike(
    data: dict[str, Any], seed: int, more: st.DataObject
) -> None:
    """The strongest word for "the page does not tell": nothing shown depends on the key."""
    other = more.draw(st.sets(st.integers(0, len(data["options"]) - 1), min_size=1))
    flipped = {
        "options": [
            {"text": o["text"], "correct": i in other} for i, o in enumerate(data["options"])
        ]
    }
    for kind in ("single_choice", "multiple_choice"):
        one, two = (TYPES[kind].present(d, Random(seed)) for d in (data, flipped))
        assert (one, one.order) == (two, two.order)


@given(st.lists(words, min_size=1), st.lists(words, min_size=1), seeds)
def test_true_or_false_and_short_answers_look_the_same_whatever_is_right(
    these: list[str], those: list[str], seed: int
) -> None:
    for kind, data in (
        ("true_false", ({"answer": True}, {"answer": False})),
        ("short_answer", ({"answers": these}, {"answers": those})),
    ):
        one, two = (TYPES[kind].present(d, Random(seed)) for d in data)
        assert one == two


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("single_choice", {"options": [{"text": t, "correct": t == "a"} for t in "abcd"]}),
        ("matching", {"pairs": [{"left": f"l{t}", "right": t} for t in "abcd"]}),
    ],
)
def test_the_right_answer_stands_in_every_place_as_often(kind: str, data: dict[str, Any]) -> None:
    rounds, counts = 800, dict.fromkeys("1234", 0)
    for seed in range(rounds):
        presented = TYPES[kind].present(data, Random(seed))
        counts[next(c.value for c in presented.choices if c.text == "a")] += 1
    assert all(rounds / 4 * 0.75 < count < rounds / 4 * 1.25 for count in counts.values()), counts


@given(choices(), st.data())
def test_partial_credit_is_right_ones_less_wrong_ones_out_of_all_right_ones(
    data: dict[str, Any], more: st.DataObject
) -> None:
    options = data["options"]
    chosen = more.draw(st.sets(st.integers(0, len(options) - 1)))
    right = sum(options[i]["correct"] for i in chosen)
    wrong = len(chosen) - right
    total = sum(option["correct"] for option in options)
    mark = TYPES["multiple_choice"].mark(TYPES["multiple_choice"].validate(data), sorted(chosen))
    assert mark == pytest.approx(max(0, right - wrong) / total)
    assert (mark == 1) == (chosen == {i for i, o in enumerate(options) if o["correct"]})


@given(choices())
def test_ticking_everything_never_earns_more_than_what_wrong_ones_leave(
    data: dict[str, Any],
) -> None:
    size, right = len(data["options"]), sum(option["correct"] for option in data["options"])
    mark = TYPES["multiple_choice"].mark(data, list(range(size)))
    assert (mark == 0) == (right <= size - right)
    assert (mark == 1) == (right == size)


@given(pairs(), seeds, st.data())
def test_each_pair_put_together_rightly_earns_its_share_and_wrong_ones_cost_nothing(
    data: dict[str, Any], seed: int, more: st.DataObject
) -> None:
    matching = TYPES["matching"]
    cleaned = matching.validate(data)
    presented = matching.present(cleaned, Random(seed))
    values = _some_values(presented, more)
    shown = {choice.value: choice.text for choice in presented.choices}
    hits = sum(
        shown.get(value) == pair["right"]
        for value, pair in zip(values, cleaned["pairs"], strict=True)
    )
    mark = matching.mark(cleaned, matching.parse(values, presented))
    assert mark == pytest.approx(hits / len(cleaned["pairs"]))


@given(pairs(), seeds)
def test_every_right_side_is_offered_once_with_the_distractors(
    data: dict[str, Any], seed: int
) -> None:
    cleaned = TYPES["matching"].validate(data)
    offered = [choice.text for choice in TYPES["matching"].present(cleaned, Random(seed)).choices]
    assert len(offered) == len(set(offered))
    assert set(offered) == {p["right"] for p in data["pairs"]} | set(data["extra"])


@pytest.mark.parametrize(("typed", "mark"), [("1985", 1), (" 1985 ", 1), ("1986", 0)])
def test_a_number_in_a_pack_is_an_answer_to_write(typed: str, mark: int) -> None:
    data = TYPES["short_answer"].validate({"answers": [1985]})
    assert data == {"answers": ["1985"]}
    assert TYPES["short_answer"].mark(data, typed) == mark


@pytest.mark.parametrize(
    ("typed", "right"),
    [("cha mẹ", True), ("CHA  ME", True), ("me cha", False), ("", False), ("cha", False)],
)
def test_any_of_the_right_answers_counts_and_nothing_else(typed: str, right: bool) -> None:
    data = TYPES["short_answer"].validate({"answers": ["Bố mẹ", "Cha mẹ"]})
    assert TYPES["short_answer"].mark(data, typed) == right


OPTIONS = {"options": [{"text": "a", "correct": True}, {"text": "b"}, {"text": "c"}]}
PAIRS = {"pairs": [{"left": "a", "right": "b"}, {"left": "c", "right": "d"}]}


@pytest.mark.parametrize(
    ("kind", "data", "values"),
    [
        ("single_choice", OPTIONS, ["9"]),
        ("single_choice", OPTIONS, ["0"]),
        ("single_choice", OPTIONS, ["a"]),
        ("single_choice", OPTIONS, ["1", "2"]),
        ("single_choice", OPTIONS, ["\u0661"]),
        ("multiple_choice", OPTIONS, ["1", "-1"]),
        ("true_false", {"answer": True}, ["True"]),
        ("true_false", {"answer": True}, ["true", "false"]),
        ("short_answer", {"answers": ["a"]}, ["a", "a"]),
        ("short_answer", {"answers": ["a"]}, ["a" * 201]),
        ("matching", PAIRS, ["1", "2", "1"]),
        ("matching", PAIRS, ["1", "3"]),
    ],
)
def test_an_answer_that_is_not_offered_is_refused(
    kind: str, data: dict[str, Any], values: list[str]
) -> None:
    presented = TYPES[kind].present(TYPES[kind].validate(data), Random(1))
    with pytest.raises(InvalidAnswer):
        TYPES[kind].parse(values, presented)


def options_of(*entries: Any) -> dict[str, Any]:
    return {"options": [{"text": "đúng", "correct": True}, *entries]}


@pytest.mark.parametrize(
    ("kind", "data", "place"),
    [
        ("single_choice", options_of({"text": " "}), "options[2].text"),
        ("single_choice", options_of({"text": "Đúng"}), "options[2]"),
        ("single_choice", options_of({"text": "b", "correct": "có"}), "options[2].correct"),
        ("single_choice", options_of({"text": "b", "corect": True}), "options[2].corect"),
        ("single_choice", options_of("b"), "options[2]"),
        ("single_choice", options_of({"text": "a" * (LONGEST_TEXT + 1)}), "options[2].text"),
        ("multiple_choice", options_of(*({"text": str(n)} for n in range(10))), "options"),
        ("multiple_choice", {"options": "a, b"}, "options"),
        ("multiple_choice", {**OPTIONS, "answer": 1}, "answer"),
        ("true_false", {"answer": "true"}, "answer"),
        ("true_false", {}, "answer"),
        ("short_answer", {"answers": ["a", ""]}, "answers[2]"),
        ("short_answer", {"answers": ["a" * 201]}, "answers[1]"),
        ("short_answer", {"answers": [True]}, "answers[1]"),
        ("matching", {"pairs": [*PAIRS["pairs"], {"left": "A", "right": "e"}]}, "pairs[3]"),
        ("matching", {"pairs": [*PAIRS["pairs"], {"left": "e"}]}, "pairs[3].right"),
        ("matching", {**PAIRS, "extra": ["x", "B"]}, "extra[2]"),
        ("matching", {**PAIRS, "extra": ["x", "X"]}, "extra[2]"),
    ],
)
def test_bad_data_is_refused_at_its_place(kind: str, data: dict[str, Any], place: str) -> None:
    with pytest.raises(InvalidQuestion) as refusal:
        TYPES[kind].validate(data)
    assert refusal.value.place == place
    assert refusal.value.reason


leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
keys = st.sampled_from(["options", "answers", "answer", "pairs", "extra"]) | st.text(max_size=3)
inner = st.sampled_from(["text", "correct", "left", "right"]) | st.text(max_size=3)
anything = st.recursive(
    leaves, lambda some: st.lists(some, max_size=3) | st.dictionaries(inner, some, max_size=3)
)


@given(st.sampled_from(sorted(TYPES)), st.dictionaries(keys, anything, max_size=3), seeds)
def test_whatever_a_pack_says_is_either_a_question_or_refused(
    kind: str, data: dict[str, Any], seed: int
) -> None:
    try:
        cleaned = TYPES[kind].validate(data)
    except InvalidQuestion as refusal:
        assert refusal.reason  # noqa: PT017 - refusing is one of two good outcomes
        return
    TYPES[kind].present(cleaned, Random(seed))
    assert TYPES[kind].mark(cleaned, None) == 0
    assert TYPES[kind].describe_right(cleaned)
