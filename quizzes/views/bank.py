"""The bank of a course's questions, and the rules of its quizzes, as trainers write them."""

from math import ceil
from types import SimpleNamespace

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from courses.models import Course
from courses.queries.authoring import get_course_for
from lms.core.access import get_viewer, requires
from lms.core.db import db
from lms.core.errors import Refused
from lms.core.pages import page, tell
from quizzes.content import Content
from quizzes.forms import question_form, rules_form
from quizzes.queries import banks as queries
from quizzes.queries.banks import QuestionFilter
from quizzes.services import questions as services
from quizzes.services.quizzes import rules_of, write_rules
from quizzes.types import TYPES
from quizzes.views import blueprint
from quizzes.views.own import ID

PAGE_SIZE = 50


@blueprint.get("/banks/<slug>")
@requires("quizzes.write")
def bank(slug: str) -> ResponseReturnValue:
    """List a course's questions, searched and narrowed, and the quizzes that draw them."""
    course = get_course_for(get_viewer(), slug)
    questions = queries.list_questions(course.id)
    wanted = _wanted()
    found = queries.narrow(questions, wanted)
    pages = _pages(len(found))
    first = (pages.page - 1) * PAGE_SIZE
    return page(
        "quizzes/bank.html",
        course=course,
        title=queries.get_title(course),
        questions=found[first : first + PAGE_SIZE],
        total=len(questions),
        pages=pages,
        wanted=wanted,
        categories=_categories(questions),
        types=TYPES,
        quizzes=queries.list_quiz_lessons(course),
    )


@blueprint.route("/banks/<slug>/questions/new", methods=["GET", "POST"])
@requires("quizzes.write")
def bank_new_question(slug: str) -> ResponseReturnValue:
    """Write a new question of one type."""
    course = get_course_for(get_viewer(), slug)
    kind = request.args.get("type", "single_choice")
    if kind not in TYPES:
        raise NotFound
    form = question_form(kind)
    if form.validate_on_submit() and (content := form.read_content(kind)):
        bank = services.open_bank(course.id)
        question = services.write_question(bank, str(form.category.data), content)
        db.session.commit()
        tell(_("The question %(key)s is in the bank.", key=question.key))
        return redirect(url_for("quizzes.bank", slug=slug), 303)
    return _question_page(course, form, kind)


@blueprint.route("/banks/<slug>/questions/<key>", methods=["GET", "POST"])
@requires("quizzes.write")
def bank_question(slug: str, key: str) -> ResponseReturnValue:
    """Revise a question; attempts that have it keep the revision they drew."""
    course = get_course_for(get_viewer(), slug)
    question, revision = queries.get_question(course.id, key)
    kind = revision.type
    content = Content(kind, revision.stem, revision.data, revision.feedback)
    form = question_form(kind, content, category=question.category, revision=revision.number)
    if not form.validate_on_submit() or (written := form.read_content(kind)) is None:
        return _question_page(course, form, kind, question=question, revision=revision)
    try:
        services.revise_question(question, str(form.category.data), written, form.revision.data)
    except services.StaleEdit:
        db.session.rollback()
        return _stale_page(course, form, key)
    db.session.commit()
    tell(_("The question %(key)s is saved.", key=key))
    return redirect(url_for("quizzes.bank", slug=slug), 303)


@blueprint.post("/banks/<slug>/questions/<key>/retire")
@requires("quizzes.write")
def bank_retire(slug: str, key: str) -> ResponseReturnValue:
    """Take a question out of what is drawn."""
    question, _revision = queries.get_question(get_course_for(get_viewer(), slug).id, key)
    services.retire_question(question)
    db.session.commit()
    tell(_("The question %(key)s is retired. Attempts that have it keep it.", key=key))
    return redirect(url_for("quizzes.bank", slug=slug), 303)


@blueprint.post("/banks/<slug>/questions/<key>/restore")
@requires("quizzes.write")
def bank_restore(slug: str, key: str) -> ResponseReturnValue:
    """Put a retired question back among those that are drawn."""
    question, _revision = queries.get_question(get_course_for(get_viewer(), slug).id, key)
    services.restore_question(question)
    db.session.commit()
    tell(_("The question %(key)s is drawn again.", key=key))
    return redirect(url_for("quizzes.bank_question", slug=slug, key=key), 303)


@blueprint.route(f"/banks/<slug>/rules/<{ID}:revision>/<key>", methods=["GET", "POST"])
@requires("quizzes.write")
def bank_rules(slug: str, revision: int, key: str) -> ResponseReturnValue:
    """Set what it takes to pass a quiz and what it asks; new attempts follow it."""
    course = get_course_for(get_viewer(), slug)
    lesson = queries.get_quiz_lesson(course, revision, key)
    categories = _categories(queries.list_questions(course.id))
    form = rules_form(rules_of(lesson.quiz) if lesson.quiz else None, categories)
    if form.validate_on_submit() and (rules := form.read_rules()):
        try:
            write_rules(lesson.lesson_id, services.open_bank(course.id), rules)
        except Refused as refusal:
            form.form_errors = [refusal.message]
        else:
            db.session.commit()
            tell(_("The rules are saved. They hold for new attempts."))
            return redirect(url_for("quizzes.bank", slug=slug), 303)
    return page(
        "quizzes/bank_rules.html",
        course=course,
        title=queries.get_title(course),
        lesson=lesson,
        form=form,
        status=422 if form.errors else 200,
    )


def _question_page(
    course: Course, form: object, kind: str, *, stale: bool = False, **facts: object
) -> ResponseReturnValue:
    facts.setdefault("question", None)
    facts.setdefault("revision", None)
    wrong = getattr(form, "errors", None)
    return page(
        "quizzes/bank_question.html",
        course=course,
        title=queries.get_title(course),
        form=form,
        kind=kind,
        type=TYPES[kind],
        stale=stale,
        categories=_categories(queries.list_questions(course.id)),
        status=409 if stale else 422 if wrong else 200,
        **facts,
    )


def _stale_page(course: Course, form: object, key: str) -> ResponseReturnValue:
    """Show the own words beside those that were saved meanwhile."""
    question, revision = queries.get_question(course.id, key)
    form.revision.data = revision.number  # type: ignore[attr-defined]
    return _question_page(
        course, form, revision.type, stale=True, question=question, revision=revision
    )


def _wanted() -> QuestionFilter:
    return QuestionFilter(
        text=request.args.get("q", "").strip(),
        category=request.args.get("category", ""),
        type=request.args.get("type", ""),
        retired=request.args.get("retired") == "1",
    )


def _categories(questions: list[queries.BankQuestion]) -> dict[str, int]:
    """Return the categories in use with the number of questions that may be drawn."""
    counts: dict[str, int] = {}
    for question in questions:
        drawn = question.retired_at is None
        counts[question.category] = counts.get(question.category, 0) + drawn
    return dict(sorted(counts.items()))


def _pages(total: int) -> SimpleNamespace:
    pages = max(1, ceil(total / PAGE_SIZE))
    number = min(max(1, request.args.get("page", 1, type=int)), pages)
    return SimpleNamespace(page=number, pages=pages, total=total)
