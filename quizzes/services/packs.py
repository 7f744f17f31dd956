"""Quizzes in and out of course packs: quiz.yml to rows and back, without a change.

The same question again makes no new revision; changed content makes one; questions that
are gone from the pack are retired.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from courses.events import PackExporting, PackImported
from lms.core import audit
from lms.core.clock import now
from lms.core.db import db
from lms.core.errors import Refused
from lms.core.text import N_
from quizzes.content import Content, clean_category, clean_content, clean_key
from quizzes.models import QuestionBank, Quiz
from quizzes.rules import Rules, clean_rules
from quizzes.services.questions import Kept, add_question, add_revision, list_kept, open_bank
from quizzes.services.quizzes import rules_of, write_rules
from quizzes.types.parts import InvalidQuestion

MOST_FAULTS_TOLD = 5
#: What is not part of a question's data.
QUESTION_FIELDS = ("key", "category", "type", "stem", "feedback")

Questions = dict[str, tuple[str, Content]]


def load_packed_quizzes(event: PackImported) -> None:
    """Make the quizzes of a pack, and its questions in the course's bank.

    Raises Refused naming each question or rule that is wrong, and why.
    """
    if not event.quizzes:
        return
    faults: list[str] = []
    questions = _read_questions(event.quizzes.values(), faults)
    rules = {lesson_id: _read_rules(quiz, faults) for lesson_id, quiz in event.quizzes.items()}
    _refuse(faults)
    bank = open_bank(event.course_id)
    _keep(bank, questions, event.replaces)
    for lesson_id, one in rules.items():
        if one is not None:
            write_rules(lesson_id, bank, one)


def pack_quizzes(event: PackExporting) -> None:
    """Fill in what each quiz lesson of a pack holds.

    A question goes with every quiz that draws its category; one that no quiz draws goes
    with the first quiz of its bank.
    """
    quizzes = db.session.scalars(
        select(Quiz)
        .where(Quiz.lesson_id.in_(event.lesson_ids))
        .order_by(Quiz.lesson_id)
        .options(selectinload(Quiz.sections), selectinload(Quiz.bank))
    ).all()
    drawn: dict[int, set[str]] = {}
    for quiz in quizzes:
        drawn.setdefault(quiz.bank_id, set()).update(s.category for s in quiz.sections)
    kept: dict[int, list[Kept]] = {}
    for quiz in quizzes:
        first = quiz.bank_id not in kept
        if first:
            kept[quiz.bank_id] = list(list_kept(quiz.bank).values())
        own = {section.category for section in quiz.sections}
        event.quizzes[quiz.lesson_id] = _pack_rules(rules_of(quiz)) | {
            "questions": [
                _pack_question(one)
                for one in kept[quiz.bank_id]
                if one.question.retired_at is None
                and (
                    one.question.category in own
                    or (first and one.question.category not in drawn[quiz.bank_id])
                )
            ]
        }


def _read_questions(quizzes: Iterable[Mapping[str, Any]], faults: list[str]) -> Questions:
    questions: Questions = {}
    for quiz in quizzes:
        for number, packed in enumerate(quiz.get("questions") or (), 1):
            key = packed.get("key") if isinstance(packed, Mapping) else None
            try:
                _read_question(packed, questions)
            except InvalidQuestion as fault:
                name = key if isinstance(key, str) else f"questions[{number}]"
                faults.append(_fault(name, fault))
    return questions


def _read_question(packed: object, questions: Questions) -> None:
    if not isinstance(packed, Mapping):
        raise InvalidQuestion("questions", N_("A question needs a key, a type and a stem."))
    key, category = clean_key(packed.get("key")), clean_category(packed.get("category"))
    data = {name: value for name, value in packed.items() if name not in QUESTION_FIELDS}
    content = clean_content(
        packed.get("type"), packed.get("stem"), data, packed.get("feedback", "")
    )
    if questions.setdefault(key, (category, content)) != (category, content):
        raise InvalidQuestion("key", N_("Two quizzes use this key for different questions."))


def _read_rules(quiz: Mapping[str, Any], faults: list[str]) -> Rules | None:
    try:
        return clean_rules(quiz)
    except InvalidQuestion as fault:
        faults.append(_fault("quiz.yml", fault))
    return None


def _fault(name: str, fault: InvalidQuestion) -> str:
    return _(
        "%(name)s, at “%(place)s”: %(reason)s", name=name, place=fault.place, reason=_(fault.reason)
    )


def _refuse(faults: list[str]) -> None:
    if not faults:
        return
    told = faults[:MOST_FAULTS_TOLD]
    if len(faults) > len(told):
        told.append(_("And %(number)s more.", number=len(faults) - len(told)))
    raise Refused(" ".join(told))


def _keep(bank: QuestionBank, questions: Questions, replaces: str) -> None:
    """Bring a bank to what the pack says."""
    kept = list_kept(bank)
    categories = {category for category, _content in questions.values()}
    counts = {"new": 0, "revised": 0, "retired": 0}
    for key, (category, content) in questions.items():
        if key not in kept:
            add_question(bank, key, category, content)
            counts["new"] += 1
            continue
        one = kept[key]
        one.question.category = category
        one.question.retired_at = None
        if one.content != content:
            add_revision(one, content)
            counts["revised"] += 1
    for key, one in kept.items():
        gives_way = replaces == "bank" or (
            replaces == "categories" and one.question.category in categories
        )
        if gives_way and key not in questions and one.question.retired_at is None:
            one.question.retired_at = now()
            counts["retired"] += 1
    db.session.flush()
    if any(counts.values()):
        audit.record("quizzes.bank.loaded", f"question_bank:{bank.id}", **counts)


def _pack_rules(rules: Rules) -> dict[str, Any]:
    packed: dict[str, Any] = {"pass_mark": rules.pass_mark, "attempts": rules.attempts}
    if rules.time_limit is not None:
        packed["time_limit"] = rules.time_limit
    sections = [{"title": s.title, "category": s.category, "draw": s.draw} for s in rules.sections]
    return packed | {"sections": sections}


def _pack_question(kept: Kept) -> dict[str, Any]:
    content = kept.content
    packed: dict[str, Any] = {"key": kept.question.key, "category": kept.question.category}
    packed |= {"type": content.type, "stem": content.stem, **content.data}
    return packed | {"feedback": content.feedback} if content.feedback else packed
