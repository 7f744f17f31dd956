"""Question banks, quizzes and attempts."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.models import Enrolment, Lesson
from lms.core.db import UTCDateTime, db

ATTEMPT_STATES = ("open", "submitted")


class QuestionBank(db.Model):  # type: ignore[name-defined,misc]
    """A set of questions that quizzes draw from."""

    __tablename__ = "question_bank"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)


class Question(db.Model):  # type: ignore[name-defined,misc]
    """A question through all its revisions."""

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("question_bank.id"))
    key: Mapped[str]
    category: Mapped[str] = mapped_column(default="")
    #: No longer drawn; attempts that saw it keep it.
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    bank: Mapped[QuestionBank] = relationship()
    revisions: Mapped[list["QuestionRevision"]] = relationship(
        back_populates="question", order_by="QuestionRevision.number"
    )

    __table_args__ = (UniqueConstraint("bank_id", "key"),)


class QuestionRevision(db.Model):  # type: ignore[name-defined,misc]
    """A question as it was asked. Never changed."""

    __tablename__ = "question_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    number: Mapped[int]
    #: The one that new attempts draw.
    is_current: Mapped[bool]
    #: A module of quizzes/types.
    type: Mapped[str]
    stem: Mapped[str] = mapped_column(Text)
    #: What the type needs: options, answers or pairs, with the key.
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    feedback: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    question: Mapped[Question] = relationship(back_populates="revisions")

    __table_args__ = (
        UniqueConstraint("question_id", "number"),
        Index(
            "uq_question_revision_one_current",
            "question_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )


class Quiz(db.Model):  # type: ignore[name-defined,misc]
    """The rules of a quiz lesson."""

    __tablename__ = "quiz"

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"), unique=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("question_bank.id"), index=True)
    #: Per cent of the marks.
    pass_mark: Mapped[int]
    attempts_allowed: Mapped[int]
    #: Minutes; None is no limit.
    time_limit: Mapped[int | None]

    lesson: Mapped[Lesson] = relationship()
    bank: Mapped[QuestionBank] = relationship()
    sections: Mapped[list["QuizSection"]] = relationship(
        back_populates="quiz", order_by="QuizSection.position"
    )

    __table_args__ = (
        CheckConstraint("pass_mark BETWEEN 0 AND 100", "pass_mark_is_percent"),
        CheckConstraint("attempts_allowed > 0", "allows_an_attempt"),
        CheckConstraint("time_limit > 0", "time_limit_is_positive"),
    )


class QuizSection(db.Model):  # type: ignore[name-defined,misc]
    """How many questions are drawn from which category of the bank."""

    __tablename__ = "quiz_section"

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id"), index=True)
    position: Mapped[int]
    title: Mapped[str]
    category: Mapped[str]
    draw: Mapped[int]

    quiz: Mapped[Quiz] = relationship(back_populates="sections")

    __table_args__ = (CheckConstraint("draw > 0", "draws_a_question"),)


class Attempt(db.Model):  # type: ignore[name-defined,misc]
    """One try at a quiz, with the rules it was made under."""

    __tablename__ = "attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    number: Mapped[int]
    #: Draws the questions and shuffles the options, the same way each time it is shown.
    seed: Mapped[int]
    state: Mapped[str] = mapped_column(default="open")
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: By the server's clock; None is no limit.
    deadline_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Snapshot of the quiz's rule, in per cent.
    pass_mark: Mapped[int]
    marks: Mapped[float | None]
    max_marks: Mapped[float]
    passed: Mapped[bool | None]

    quiz: Mapped[Quiz] = relationship()
    enrolment: Mapped[Enrolment] = relationship()
    responses: Mapped[list["Response"]] = relationship(
        back_populates="attempt", order_by="Response.position"
    )

    __table_args__ = (
        UniqueConstraint("enrolment_id", "quiz_id", "number"),
        CheckConstraint(f"state IN {ATTEMPT_STATES}", "known_state"),
        CheckConstraint(
            "(state = 'submitted') = (submitted_at IS NOT NULL AND marks IS NOT NULL "
            "AND passed IS NOT NULL)",
            "submitted_means_marked",
        ),
        Index(
            "uq_attempt_one_open",
            "enrolment_id",
            "quiz_id",
            unique=True,
            sqlite_where=(state == "open"),
            postgresql_where=(state == "open"),
        ),
        Index(
            "ix_attempt_deadline",
            "deadline_at",
            sqlite_where=(state == "open"),
            postgresql_where=(state == "open"),
        ),
    )


class Response(db.Model):  # type: ignore[name-defined,misc]
    """The answer to one drawn question; the row is there from the start."""

    __tablename__ = "response"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    #: From 1, in the order shown.
    position: Mapped[int] = mapped_column(primary_key=True)
    question_revision_id: Mapped[int] = mapped_column(
        ForeignKey("question_revision.id"), index=True
    )
    answer: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    #: Grows with every save; an older one that arrives late changes nothing.
    sequence: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    flagged: Mapped[bool] = mapped_column(default=False)
    #: Between 0 and 1; set when the attempt is submitted.
    mark: Mapped[float | None]

    attempt: Mapped[Attempt] = relationship(back_populates="responses")
    question_revision: Mapped[QuestionRevision] = relationship()

    __table_args__ = (
        CheckConstraint("(answer IS NULL) OR (saved_at IS NOT NULL)", "answered_means_saved"),
    )
