"""Assessments of QTI 1.2: each question that there can be here, and a warning for each other."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.formats.faults import MESSAGES
from courses.formats.qti import writing as qti_writing
from courses.formats.qti.reading import Bank, read_assessment
from courses.formats.xml_writing import write
from lms.core.text import fold
from lms.core.xml import XmlError, parse_xml
from quizzes.types import TYPES
from tests.courses.formats.building import QUESTIONS
from tests.courses.formats.fuzzing import mutate

EXAMPLES = Path(__file__).resolve().parents[4] / "shared" / "examples" / "questions" / "qti12"
ASSESSMENT = (
    '<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2">'
    '<assessment ident="a" title="Kiểm tra"><qtimetadata>{fields}</qtimetadata>{sections}'
    "</assessment></questestinterop>"
)
FIELD = (
    "<qtimetadatafield><fieldlabel>{}</fieldlabel><fieldentry>{}</fieldentry></qtimetadatafield>"
)


def field(label, entry):
    return FIELD.format(label, entry)


def labels(*texts):
    return "".join(
        f'<response_label ident="{number}"><material><mattext>{text}</mattext></material></response_label>'
        for number, text in enumerate(texts, 1)
    )


def lid(texts, cardinality="Single", ident="r", left=""):
    material = f"<material><mattext>{left}</mattext></material>" if left else ""
    return (
        f'<response_lid ident="{ident}" rcardinality="{cardinality}">{material}'
        f"<render_choice>{labels(*texts)}</render_choice></response_lid>"
    )


def scored(conditions, points="100"):
    return (
        f"<respcondition><conditionvar>{conditions}</conditionvar>"
        f'<setvar action="Set" varname="SCORE">{points}</setvar></respcondition>'
    )


def right(value, respident="r"):
    return f'<varequal respident="{respident}">{value}</varequal>'


def item(responses, conditions, stem="Hỏi gì?", kind="", after="", texttype="text/plain"):
    fields = field("question_type", kind) if kind else ""
    return (
        f'<item ident="q"><itemmetadata><qtimetadata>{fields}</qtimetadata></itemmetadata>'
        f'<presentation><material><mattext texttype="{texttype}">{stem}</mattext></material>'
        f"{responses}</presentation><resprocessing>{conditions}</resprocessing>{after}</item>"
    )


PASS_MARK = field("pass_mark", "50")


def read(items, fields=PASS_MARK, bank=None, **given_):
    sections = items if items.startswith("<section") else f"<section>{items}</section>"
    root = parse_xml(ASSESSMENT.format(fields=fields, sections=sections).encode())
    return read_assessment(root, "a.xml", "Bài", bank or Bank(), **given_)


def question(items):
    assessment = read(items)
    assert [warning.code for warning in assessment.warnings] == []
    (found,) = assessment.quiz["questions"]
    check(found)
    return {key: value for key, value in found.items() if key not in ("key", "category", "stem")}


def check(found):
    """Fail unless the product's own type takes the question."""
    data = {
        k: v for k, v in found.items() if k not in ("key", "category", "type", "stem", "feedback")
    }
    TYPES[found["type"]].validate(data)


def left_out(items):
    assessment = read(items)
    assert assessment.quiz == {}
    *reasons, nothing = assessment.warnings
    assert nothing.code == "qti_nothing"
    for warning in assessment.warnings:
        assert MESSAGES[warning.code].format(**warning.values)
    return [warning.code for warning in reasons]


def test_one_right_answer_among_several():
    found = question(item(lid(["Đỏ", "Xanh"]), scored(right("2"))))
    assert found == {
        "type": "single_choice",
        "options": [{"text": "Đỏ"}, {"text": "Xanh", "correct": True}],
    }


def test_several_right_answers_and_what_must_not_be_chosen():
    conditions = f"<and>{right('1')}{right('3')}<not>{right('2')}</not></and>"
    found = question(item(lid(["a", "b", "c"], "Multiple"), scored(conditions)))
    assert found["type"] == "multiple_choice"
    assert [option.get("correct", False) for option in found["options"]] == [True, False, True]


def test_of_several_scores_the_best_answer_is_the_right_one():
    conditions = scored(right("1"), "50") + scored(right("2"), "100") + scored(right("3"), "-50")
    found = question(item(lid(["a", "b", "c"]), conditions))
    assert [option.get("correct", False) for option in found["options"]] == [False, True, False]


@pytest.mark.parametrize(
    ("texts", "answer"),
    [(["True", "False"], True), (["Sai", "Đúng"], False), (["đúng", "sai"], True)],
)
def test_true_and_false_are_known_in_both_languages(texts, answer):
    assert question(item(lid(texts), scored(right("1")))) == {
        "type": "true_false",
        "answer": answer,
    }


def test_a_short_answer_keeps_each_spelling_once():
    response = '<response_str ident="r"><render_fib/></response_str>'
    conditions = scored(right("Hà Nội") + right("ha noi") + right("Thủ đô"))
    assert question(item(response, conditions)) == {
        "type": "short_answer",
        "answers": ["Hà Nội", "Thủ đô"],
    }


def test_matching_keeps_pairs_and_what_matches_nothing():
    responses = lid(["1", "2", "3"], ident="x", left="A") + lid(
        ["1", "2", "3"], ident="y", left="B"
    )
    conditions = scored(right("2", "x"), "50") + scored(right("1", "y"), "50")
    assert question(item(responses, conditions, kind="matching_question")) == {
        "type": "matching",
        "pairs": [{"left": "A", "right": "2"}, {"left": "B", "right": "1"}],
        "extra": ["3"],
    }


def test_html_becomes_its_text_and_feedback_is_kept():
    html = "&lt;p&gt;Câu &lt;b&gt;một&lt;/b&gt;&lt;/p&gt;&lt;p&gt;hai&lt;script&gt;x()&lt;/script&gt;&lt;/p&gt;"
    after = '<itemfeedback ident="general_fb"><material><mattext>Vì thế.</mattext></material></itemfeedback>'
    assessment = read(
        item(lid(["a", "b"]), scored(right("1")), html, after=after, texttype="text/html")
    )
    (found,) = assessment.quiz["questions"]
    assert (found["stem"], found["feedback"]) == ("Câu một hai", "Vì thế.")


def test_a_picture_in_a_question_is_told():
    html = "Nhìn hình &lt;img src='a.png' alt='một cái cân'&gt;"
    assessment = read(item(lid(["a", "b"]), scored(right("1")), html, texttype="text/html"))
    assert [warning.code for warning in assessment.warnings] == ["qti_picture"]
    assert assessment.quiz["questions"][0]["stem"] == "Nhìn hình một cái cân"


@pytest.mark.parametrize(
    ("items", "code"),
    [
        (item("", "", kind="essay_question"), "qti_essay"),
        (item("", "", kind="file_upload_question"), "qti_essay"),
        (item("", "", kind="numerical_question"), "qti_number"),
        (item("", "", kind="calculated_question"), "qti_number"),
        (item("", "", kind="text_only_question"), "qti_no_question"),
        (item("", "", kind="fill_in_multiple_blanks_question"), "qti_blanks"),
        (item("", "", kind="multiple_dropdowns_question"), "qti_blanks"),
        (item("", ""), "qti_no_question"),
        (item("<response_xy><render_hotspot/></response_xy>", ""), "qti_unknown"),
        (item(lid(["a", "b"]), ""), "qti_no_right_answer"),
        (item(lid(["a", "b"]), scored(right("9"))), "qti_no_right_answer"),
        (item(lid(["a", "b"]), scored(right("1")), stem=""), "qti_no_text"),
        (item(lid(["a", ""]), scored(right("1"))), "qti_no_text"),
        (item(lid(["a", "b"]), scored(right("1")), stem="x" * 1001), "qti_too_long"),
        (item(lid(["a"]), scored(right("1"))), "qti_too_few"),
        (item(lid(list("abcdefghijk")), scored(right("1"))), "qti_too_many"),
        (item(lid(["a", "A"]), scored(right("1"))), "qti_doubles"),
        (item(lid(["a", "b"]), scored(right("1") + right("2"))), "qti_several_right"),
    ],
)
def test_what_no_question_can_be_made_of_is_named(items, code):
    assert left_out(items) == [code]


def test_limits_are_taken_and_a_missing_pass_mark_is_told():
    assessment = read(
        item(lid(["a", "b"]), scored(right("1"))),
        field("cc_maxattempts", "unlimited") + field("qmd_timelimit", "45"),
    )
    assert assessment.quiz["attempts"] == 100
    assert assessment.quiz["time_limit"] == 45
    assert assessment.quiz["pass_mark"] == 60
    assert [warning.code for warning in assessment.warnings] == ["qti_pass_mark"]


def test_sections_draw_as_many_as_they_say_and_banks_are_found():
    one = item(lid(["a", "b"]), scored(right("1")))
    number = "<selection_ordering><selection>{}<selection_number>1</selection_number></selection></selection_ordering>"
    sections = (
        f"<section title='Một'>{number.format('')}{one}{one}</section>"
        f"<section title='Hai'>{number.format('<sourcebank_ref>b1</sourcebank_ref>')}</section>"
        f"<section title='Ba'>{number.format('<sourcebank_ref>b2</sourcebank_ref>')}</section>"
    )
    bank = Bank(find={"b1": parse_xml(f"<objectbank>{one}</objectbank>".encode())}.get)
    assessment = read(sections, bank=bank)
    assert [(s["title"], s["draw"]) for s in assessment.quiz["sections"]] == [
        ("Một", 1),
        ("Hai", 1),
    ]
    assert [q["key"] for q in assessment.quiz["questions"]] == ["q", "q-2", "q-3"]
    assert [warning.code for warning in assessment.warnings] == ["qti_no_bank"]


def test_two_quizzes_of_a_course_never_share_keys_or_categories():
    bank = Bank()
    one = item(lid(["a", "b"]), scored(right("1")))
    quizzes = [read(one, bank=bank).quiz for _turn in range(2)]
    assert {q["key"] for quiz in quizzes for q in quiz["questions"]} == {"q", "q-2"}
    assert {s["category"] for quiz in quizzes for s in quiz["sections"]} == {
        "Kiểm tra",
        "Kiểm tra (2)",
    }


def test_nested_conditions_and_sections_are_walked_without_falling():
    deep = "<or>" * 150 + right("1") + "</or>" * 150
    assert question(item(lid(["a", "b"]), scored(deep)))["type"] == "single_choice"


QUIZ = {
    "pass_mark": 70,
    "attempts": 2,
    "time_limit": 15,
    "sections": [
        {"title": "Một", "category": "Khái niệm", "draw": 1},
        {"title": "Hai", "category": "Luật", "draw": 2},
    ],
    "questions": QUESTIONS,
}


def again(quiz, write_quiz=qti_writing.write_whole):
    root = parse_xml(write(write_quiz("quiz-1", "Kiểm tra", quiz)))
    return read_assessment(root, "a.xml", "Bài", Bank())


def test_what_is_written_whole_is_read_back_the_same():
    assessment = again(QUIZ)
    assert assessment.warnings == ()
    assert assessment.quiz == QUIZ


def test_the_profile_holds_what_it_can():
    assessment = again(QUIZ, qti_writing.write_profile)
    fitting = [q for q in QUESTIONS if q["type"] != "matching"]
    without = [{k: v for k, v in q.items() if k != "category"} for q in fitting]
    read_back = [
        {k: v for k, v in q.items() if k != "category"} for q in assessment.quiz["questions"]
    ]
    assert read_back == without


#: What a question's text is once the product has taken it.
TEXT = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=40
)
TEXTS = st.lists(TEXT, min_size=2, max_size=6, unique_by=str.casefold)


@given(TEXT, TEXTS, st.data())
def test_any_choices_are_written_and_read_back_the_same(stem, texts, data):
    rights = data.draw(st.sets(st.sampled_from(range(len(texts))), min_size=1))
    written = {
        "key": "q",
        "category": "Chung",
        "type": "multiple_choice" if len(rights) > 1 else "single_choice",
        "stem": stem,
        "options": [
            {"text": text, **({"correct": True} if number in rights else {})}
            for number, text in enumerate(texts)
        ],
    }
    quiz = {
        **QUIZ,
        "questions": [written],
        "sections": [{"title": "A", "category": "Chung", "draw": 1}],
    }
    (found,) = again(quiz).quiz["questions"]
    if found["type"] != "true_false":
        assert found["type"] == written["type"]
        assert [fold(option["text"]) for option in found["options"]] == [
            fold(text) for text in texts
        ]
        assert [bool(option.get("correct")) for option in found["options"]] == [
            number in rights for number in range(len(texts))
        ]


@pytest.mark.skipif(not EXAMPLES.exists(), reason="the folder of examples is not here")
def test_every_example_is_read_or_refused_with_a_reason():
    for path in sorted(EXAMPLES.iterdir()):
        assessment = read_assessment(parse_xml(path.read_bytes()), path.name, "Bài", Bank())
        for found in assessment.quiz.get("questions", ()):
            check(found)
        assert assessment.quiz or assessment.warnings


def test_nothing_but_damage_comes_out_of_bad_files():
    seeds = [
        write(qti_writing.write_whole("q", "Q", QUIZ)),
        write(qti_writing.write_profile("q", "Q", QUIZ)),
    ]
    for number in range(200):
        try:
            root = parse_xml(mutate(seeds, number))
        except XmlError:
            continue
        for found in read_assessment(root, "a.xml", "Bài", Bank()).quiz.get("questions", ()):
            check(found)
