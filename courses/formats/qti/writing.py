"""Quizzes to QTI 1.2: in Common Cartridge's profile for others, and whole for ourselves.

The profile knows no drawing from sections and no matching; the whole form has both.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from courses.formats.xml_writing import add, begin

SPACE = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
_TYPES = {
    "single_choice": ("cc.multiple_choice.v0p1", "multiple_choice_question"),
    "multiple_choice": ("cc.multiple_response.v0p1", "multiple_answers_question"),
    "true_false": ("cc.true_false.v0p1", "true_false_question"),
    "short_answer": ("cc.fib.v0p1", "short_answer_question"),
    "matching": ("", "matching_question"),
}
_RESPONSE = "response1"
#: Beside the options of a true or false question, in the language of the course.
_TRUTHS = {"true": "Đúng", "false": "Sai"}

_VARIABLE = {"maxvalue": "100", "minvalue": "0", "varname": "SCORE", "vartype": "Decimal"}

Element = Any
Question = Mapping[str, Any]


def fits_profile(question: Question) -> bool:
    """Tell whether the profile has a type for the question."""
    return bool(_TYPES[question["type"]][0])


def write_profile(identifier: str, title: str, quiz: Mapping[str, Any]) -> Element:
    """Return the assessment with every question that the profile has a type for."""
    root, assessment = _begin(identifier, title)
    _fields(
        assessment,
        {
            "cc_profile": "cc.exam.v0p1",
            "qmd_assessmenttype": "Examination",
            "qmd_scoretype": "Percentage",
            **_limits(quiz),
        },
    )
    section = add(assessment, "section", {"ident": "root_section"})
    for question in filter(fits_profile, quiz["questions"]):
        _write_item(section, question, {"cc_profile": _TYPES[question["type"]][0]})
    return root


def write_whole(identifier: str, title: str, quiz: Mapping[str, Any]) -> Element:
    """Return the assessment with its sections, how many each draws, and the pass mark."""
    root, assessment = _begin(identifier, title)
    _fields(assessment, {"pass_mark": str(quiz["pass_mark"]), **_limits(quiz)})
    for number, (section, questions) in enumerate(_sections(quiz), 1):
        element = add(
            assessment, "section", {"ident": f"section{number}", "title": section["title"]}
        )
        _fields(element, {"category": section["category"]})
        selection = add(add(element, "selection_ordering"), "selection")
        add(selection, "selection_number", text=str(section["draw"]))
        for question in questions:
            _write_item(element, question, {"question_type": _TYPES[question["type"]][1]})
    return root


def _sections(
    quiz: Mapping[str, Any],
) -> Iterator[tuple[Mapping[str, Any], Sequence[Question]]]:
    """Yield each section with its questions, which stand in the first of their category only."""
    waiting: dict[str, list[Question]] = {}
    for question in quiz["questions"]:
        waiting.setdefault(question.get("category", ""), []).append(question)
    for section in quiz.get("sections", ()):
        category = section.get("category", "")
        yield {**section, "category": category}, waiting.pop(category, ())
    for category, questions in waiting.items():
        yield {"title": category, "category": category, "draw": 0}, questions


def _limits(quiz: Mapping[str, Any]) -> dict[str, str]:
    limits = {"cc_maxattempts": str(quiz["attempts"])}
    if quiz.get("time_limit"):
        limits["qmd_timelimit"] = str(quiz["time_limit"])
    return limits


def _begin(identifier: str, title: str) -> tuple[Element, Element]:
    root = begin("questestinterop", SPACE)
    return root, add(root, "assessment", {"ident": identifier, "title": title})


# --- items


def _write_item(section: Element, question: Question, fields: Mapping[str, str]) -> None:
    item = add(section, "item", {"ident": question["key"], "title": question["key"]})
    _fields(add(item, "itemmetadata"), fields)
    presentation = add(item, "presentation")
    _material(presentation, question["stem"])
    processing = add(item, "resprocessing")
    outcomes = add(processing, "outcomes")
    add(outcomes, "decvar", _VARIABLE)
    feedback = question.get("feedback")
    if feedback:
        condition = add(processing, "respcondition", {"continue": "Yes"})
        add(add(condition, "conditionvar"), "other")
        add(condition, "displayfeedback", {"feedbacktype": "Response", "linkrefid": "general_fb"})
    _WRITERS[question["type"]](presentation, processing, question)
    if feedback:
        _material(add(item, "itemfeedback", {"ident": "general_fb"}), feedback)


def _write_choice(presentation: Element, processing: Element, question: Question) -> None:
    options = [(f"option{n}", option) for n, option in enumerate(question["options"], 1)]
    right = [ident for ident, option in options if option.get("correct")]
    many = question["type"] == "multiple_choice"
    texts = {ident: option["text"] for ident, option in options}
    _choices(presentation, _RESPONSE, texts, "Multiple" if many else "Single")
    variables = _score(processing, 100)
    holder = add(variables, "and") if many else variables
    for ident in right:
        _equal(holder, _RESPONSE, ident)
    for ident in texts:
        if many and ident not in right:
            _equal(add(holder, "not"), _RESPONSE, ident)


def _write_truth(presentation: Element, processing: Element, question: Question) -> None:
    _choices(presentation, _RESPONSE, _TRUTHS, "Single")
    _equal(_score(processing, 100), _RESPONSE, "true" if question["answer"] else "false")


def _write_short_answer(presentation: Element, processing: Element, question: Question) -> None:
    response = add(presentation, "response_str", {"ident": _RESPONSE, "rcardinality": "Single"})
    add(response, "render_fib", {"fibtype": "String", "prompt": "Dashline"})
    variables = _score(processing, 100)
    for answer in question["answers"]:
        _equal(variables, _RESPONSE, answer, case="No")


def _write_matching(presentation: Element, processing: Element, question: Question) -> None:
    rights = [pair["right"] for pair in question["pairs"]] + list(question.get("extra", ()))
    texts = {f"right{n}": text for n, text in enumerate(dict.fromkeys(rights), 1)}
    idents = {text: ident for ident, text in texts.items()}
    for number, pair in enumerate(question["pairs"], 1):
        ident = f"response_{number}"
        _choices(presentation, ident, texts, "Single", pair["left"])
        share = round(100 / len(question["pairs"]), 2)
        _equal(_score(processing, share, "Add"), ident, idents[pair["right"]])


_WRITERS = {
    "single_choice": _write_choice,
    "multiple_choice": _write_choice,
    "true_false": _write_truth,
    "short_answer": _write_short_answer,
    "matching": _write_matching,
}


# --- elements


def _choices(
    presentation: Element, ident: str, texts: Mapping[str, str], cardinality: str, left: str = ""
) -> None:
    response = add(presentation, "response_lid", {"ident": ident, "rcardinality": cardinality})
    if left:
        _material(response, left)
    render = add(response, "render_choice")
    for label, text in texts.items():
        _material(add(render, "response_label", {"ident": label}), text)


def _score(processing: Element, points: float, action: str = "Set") -> Element:
    """Return the conditions that give the points."""
    condition = add(processing, "respcondition", {"continue": "No"})
    variables = add(condition, "conditionvar")
    add(condition, "setvar", {"action": action, "varname": "SCORE"}, f"{points:g}")
    return variables


def _equal(holder: Element, respident: str, value: str, **attributes: str) -> None:
    add(holder, "varequal", {"respident": respident, **attributes}, value)


def _material(holder: Element, text: str) -> None:
    add(add(holder, "material"), "mattext", {"texttype": "text/plain"}, text)


def _fields(holder: Element, fields: Mapping[str, str]) -> None:
    metadata = add(holder, "qtimetadata")
    for label, entry in fields.items():
        field = add(metadata, "qtimetadatafield")
        add(field, "fieldlabel", text=label)
        add(field, "fieldentry", text=entry)
