"""Migrations: numbered, reversible, and equal to the models."""

import re
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from lms.core.db import db

VERSIONS = Path(__file__).resolve().parents[2] / "migrations" / "versions"


def test_revisions_are_numbered_one_after_another() -> None:
    numbers = sorted(path.name[:4] for path in VERSIONS.glob("*.py"))
    assert numbers == [f"{n:04}" for n in range(1, len(numbers) + 1)]


def test_a_migration_imports_no_models() -> None:
    for path in VERSIONS.glob("*.py"):
        assert not re.search(
            r"^(from|import) (lms|courses|quizzes|certificates)", path.read_text(), re.MULTILINE
        )


def test_the_schema_is_the_models_and_comes_down_and_up_again_unchanged(live_app: Flask) -> None:
    with live_app.app_context():
        before = _schema()
        assert _differences() == []
        db.session.remove()
        downgrade(revision="base")
        assert inspect(db.engine).get_table_names() in ([], ["alembic_version"])
        upgrade()
        assert _schema() == before
        assert _differences() == []


def _differences() -> list[object]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, db.metadata))


def _schema() -> dict[str, object]:
    inspector = inspect(db.engine)
    return {
        table: (
            sorted(
                (c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)
            ),
            sorted(str(i["name"]) for i in inspector.get_indexes(table)),
            sorted(str(c["name"]) for c in inspector.get_check_constraints(table)),
        )
        for table in inspector.get_table_names()
    }
