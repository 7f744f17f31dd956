"""One item of QTI 1.2, as Common Cartridge and Canvas write it, to a question in plain form.

What decides is how the item asks and what it scores; the type that its program names only
tells essays, numbers and the like apart, which no question here is made of.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from courses.formats.html.elements import parse
from courses.formats.unpacking import attribute, child, children, descendants, local
from lms.core.text import clean, fold

#: As quizzes/types allow.
MOST_CHOICES = 10
LONGEST_TEXT = 1000
LONGEST_ANSWER = 200

#: By the name that Common Cartridge or Canvas gives the type; what is not here is told by its shape.
UNSUPPORTED = {
    "essay": "qti_essay",
    "file_upload": "qti_essay",
    "numerical": "qti_number",
    "calculated": "qti_number",
    "pattern_match": "qti_pattern",
    "fill_in_multiple_blanks": "qti_blanks",
    "multiple_dropdowns": "qti_blanks",
    "text_only": "qti_no_question",
}
_TRUE = frozenset({"true", "t", "dung", "yes", "dung roi"})
_FALSE = frozenset({"false", "f", "sai", "no"})
_BLOCKS = frozenset({"p", "div", "br", "li", "tr", "td", "th", "h1", "h2", "h3", "h4", "pre", "hr"})
_FEEDBACK = ("general_fb", "correct_fb", "feedback")


class Unsupported(Exception):
    """An item that no question here is made of: ``code`` is a key of MESSAGES."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values


def read_item(item: Any) -> dict[str, Any]:
    """Return type, stem, what the type needs, and feedback. Raises Unsupported."""
    kind = tell_kind(item)
    if kind in UNSUPPORTED:
        raise Unsupported(UNSUPPORTED[kind])
    presentation = child(item, "presentation")
    if presentation is None:
        raise Unsupported("qti_no_question")
    question = _read_by_shape(item, presentation)
    stem = _checked(_read_stem(presentation))
    feedback = _read_feedback(item)
    return {**question, "stem": stem, **({"feedback": feedback[:LONGEST_TEXT]} if feedback else {})}


def tell_kind(item: Any) -> str:
    """Return the type's bare name: ``multiple_choice`` for cc.multiple_choice.v0p1 and the like."""
    facts = metadata(item)
    name = facts.get("cc_profile") or facts.get("question_type") or facts.get("qmd_itemtype") or ""
    name = name.lower().removeprefix("cc.").partition(".")[0]
    return name.removesuffix("_question")


def metadata(element: Any) -> Mapping[str, str]:
    """Return the labelled entries of an item, section or assessment, not of those within."""
    holders = [child(element, "itemmetadata", "qtimetadata"), child(element, "qtimetadata")]
    fields = [
        field
        for holder in holders
        if holder is not None
        for field in children(holder, "qtimetadatafield")
    ]
    return {line(child(field, "fieldlabel")): line(child(field, "fieldentry")) for field in fields}


def has_pictures(item: Any) -> bool:
    """Tell whether the item shows more than text."""
    if any(
        True for name in ("matimage", "mataudio", "matvideo") for _found in descendants(item, name)
    ):
        return True
    return any("<img" in (text.text or "").lower() for text in descendants(item, "mattext"))


# --- what is asked


def _read_by_shape(item: Any, presentation: Any) -> dict[str, Any]:
    lids = list(descendants(presentation, "response_lid"))
    if len(lids) > 1:
        return _read_matching(item, lids)
    if lids:
        return _read_choice(item, lids[0])
    strings = list(descendants(presentation, "response_str"))
    if len(strings) == 1:
        return _read_short_answer(item, strings[0])
    if strings:
        raise Unsupported("qti_blanks")
    others = any(local(part).startswith(("response_", "render_")) for part in presentation.iter())
    raise Unsupported("qti_unknown" if others else "qti_no_question")


def _read_choice(item: Any, lid: Any) -> dict[str, Any]:
    labels = _labels(lid)
    scores = _scores(item, attribute(lid, "ident"))
    best = max(scores.values(), default=0)
    many = attribute(lid, "rcardinality").lower() == "multiple"
    right = {ident for ident, score in scores.items() if many or score == best} & labels.keys()
    if not right:
        raise Unsupported("qti_no_right_answer")
    truth = _read_truth(labels, right)
    if truth is not None and not many:
        return {"type": "true_false", "answer": truth}
    if not many and len(right) > 1:
        raise Unsupported("qti_several_right")
    options: list[dict[str, Any]] = [
        {"text": _checked(text), **({"correct": True} if ident in right else {})}
        for ident, text in labels.items()
    ]
    _check_count([option["text"] for option in options], 2)
    return {"type": "multiple_choice" if len(right) > 1 else "single_choice", "options": options}


def _read_truth(labels: Mapping[str, str], right: set[str]) -> bool | None:
    """Return which of true and false is right; None when the two options are something else."""
    if len(labels) != 2 or len(right) != 1:
        return None
    values = {ident: _truth(text) for ident, text in labels.items()}
    if set(values.values()) != {True, False}:
        return None
    return values[next(iter(right))]


def _truth(text: str) -> bool | None:
    folded = fold(text)
    return True if folded in _TRUE else False if folded in _FALSE else None


def _read_short_answer(item: Any, response: Any) -> dict[str, Any]:
    scores = _scores(item, attribute(response, "ident"), clean_values=True)
    answers: dict[str, str] = {}
    for answer in scores:
        if len(answer) <= LONGEST_ANSWER and fold(answer):
            answers.setdefault(fold(answer), answer)
    if not answers:
        raise Unsupported("qti_no_right_answer")
    return {"type": "short_answer", "answers": list(answers.values())}


def _read_matching(item: Any, lids: Sequence[Any]) -> dict[str, Any]:
    pairs, offered = [], {}
    for lid in lids:
        labels = _labels(lid)
        scores = _scores(item, attribute(lid, "ident"))
        right = next((ident for ident in scores if ident in labels), None)
        left = line(child(lid, "material"))
        if right is None or not left:
            raise Unsupported("qti_blanks" if not left else "qti_no_right_answer")
        pairs.append({"left": _checked(left), "right": _checked(labels[right])})
        offered.update({text.casefold(): text for text in labels.values() if text})
    _check_count([pair["left"] for pair in pairs], 2)
    used = {pair["right"].casefold() for pair in pairs}
    extra = [_checked(text) for folded, text in offered.items() if folded not in used]
    return {"type": "matching", "pairs": pairs, **({"extra": extra} if extra else {})}


def _labels(lid: Any) -> dict[str, str]:
    """Return the options' texts by their identifiers, in order."""
    return {
        attribute(label, "ident"): line(child(label, "material"))
        for label in descendants(lid, "response_label")
    }


# --- what is right


def _scores(item: Any, respident: str, *, clean_values: bool = False) -> dict[str, float]:
    """Return what each answer to a response scores, those above nothing only."""
    processing = child(item, "resprocessing")
    scores: dict[str, float] = {}
    for condition in children(processing, "respcondition") if processing is not None else ():
        score = max((_number(value) for value in _settings(condition)), default=0.0)
        if score <= 0:
            continue
        for equal in _equals(child(condition, "conditionvar")):
            if attribute(equal, "respident") in (respident, ""):
                value = clean(equal.text or "") if clean_values else (equal.text or "").strip()
                scores[value] = max(score, scores.get(value, 0.0))
    return scores


def _settings(condition: Any) -> Iterator[str]:
    for setting in children(condition, "setvar"):
        if attribute(setting, "action").lower() != "subtract":
            yield setting.text or ""


def _equals(element: Any) -> Iterator[Any]:
    """Yield what has to be chosen, and not what must not be."""
    if element is None:
        return
    # A stack, since what people send may nest deeply.
    waiting = [element]
    while waiting:
        current = waiting.pop()
        if local(current) == "varequal":
            yield current
        elif local(current) != "not":
            waiting += reversed(list(current))


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if math.isfinite(value) else 0.0


# --- texts


def _read_stem(presentation: Any) -> str:
    """Return what is asked: the materials before and beside the response."""
    holders = [presentation, *children(presentation, "flow")]
    return clean(" ".join(line(m) for holder in holders for m in children(holder, "material")))


def _read_feedback(item: Any) -> str:
    texts = {attribute(entry, "ident"): line(entry) for entry in children(item, "itemfeedback")}
    return next((texts[ident] for ident in _FEEDBACK if texts.get(ident)), "")


def line(element: Any) -> str:
    """Return the text of an element on one line; HTML in it as its text."""
    if element is None:
        return ""
    return clean(" ".join(_text(part) for part in element.iter() if part.text))


def _text(part: Any) -> str:
    return _plain(part.text) if "html" in attribute(part, "texttype").lower() else str(part.text)


def _plain(html: str) -> str:
    root = parse(html)
    if root is None:
        return ""
    parts: list[str] = []
    for element in root.iter():
        if element.tag in _BLOCKS:
            parts.append(" ")
        if element.tag not in ("script", "style", "head", "title"):
            parts.append(element.text or "")
        if element.tag == "img":
            parts.append(f" {element.get('alt') or ''} ")
        parts.append(element.tail or "")
    return "".join(parts)


def _checked(text: str) -> str:
    if not text:
        raise Unsupported("qti_no_text")
    if len(text) > LONGEST_TEXT:
        raise Unsupported("qti_too_long", limit=LONGEST_TEXT)
    return text


def _check_count(texts: Sequence[str], fewest: int) -> None:
    if len(texts) < fewest:
        raise Unsupported("qti_too_few", limit=fewest)
    if len(texts) > MOST_CHOICES:
        raise Unsupported("qti_too_many", limit=MOST_CHOICES)
    if len({text.casefold() for text in texts}) < len(texts):
        raise Unsupported("qti_doubles")
