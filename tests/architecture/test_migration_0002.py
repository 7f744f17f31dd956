"""Migration 0002 keeps the courses that were there, and can be taken back."""

from datetime import UTC, datetime

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import MetaData, select

from lms.core.db import db

MOMENT = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)


def test_courses_written_before_it_keep_their_lessons_and_gain_what_is_new(live_app: Flask) -> None:
    with live_app.app_context():
        db.session.remove()
        downgrade(revision="0001")
        _write_course(state="published")
        upgrade(revision="0002")
        module, lesson, revision = _read("module"), _read("lesson"), _read("revision")
        assert (module["title"], module["key"]) == ("Khái niệm", "phan-1")
        assert (lesson["title"], lesson["settings"], lesson["release"]) == ("Giới là gì", {}, {})
        assert (revision["state"], revision["in_order"]) == ("published", False)


def test_a_course_in_review_is_a_draft_again_when_it_is_taken_back(live_app: Flask) -> None:
    with live_app.app_context():
        db.session.remove()
        downgrade(revision="0001")
        _write_course(state="draft")
        upgrade(revision="0002")
        with db.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE revision SET state = 'in_review'")
        downgrade(revision="0001")
        assert _read("revision")["state"] == "draft"
        assert _read("lesson")["title"] == "Giới là gì"
        upgrade()


def _write_course(*, state: str) -> None:
    with db.engine.begin() as connection:
        tables = MetaData()
        tables.reflect(connection)

        def write(table: str, **row: object) -> None:
            connection.execute(tables.tables[table].insert().values(id=1, **row))

        write("course", slug="co-ban", created_at=MOMENT)
        write(
            "revision",
            course_id=1,
            number=1,
            state=state,
            title="Kiến thức cơ bản",
            summary="",
            periods=4,
            language="vi",
            audiences=[],
            objectives=[],
            sources=[],
            version=1,
            updated_at=MOMENT,
            published_at=MOMENT if state == "published" else None,
        )
        write("module", revision_id=1, position=1, title="Khái niệm")
        write(
            "lesson",
            revision_id=1,
            module_id=1,
            key="gioi-la-gi",
            position=1,
            kind="article",
            title="Giới là gì",
            source="Văn bản",
            minutes=5,
            required=True,
            sensitive=False,
            version=1,
        )


def _read(table: str) -> dict[str, object]:
    with db.engine.connect() as connection:
        tables = MetaData()
        tables.reflect(connection, only=[table])
        return dict(connection.execute(select(tables.tables[table])).mappings().one())
