"""One demo for all tests that only look at it: filling takes seconds."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from lms.core.db import db
from tests.conftest import Template
from tests.seed.demo_database import PEOPLE, run


@pytest.fixture(scope="session")
def filled(
    template: Template, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, dict[str, Any]]]:
    """Give an app on a database with the demo, and what the command said."""
    app = template.open_app(template.copy(), tmp_path_factory.mktemp("demo"))
    result = run(app, "seed", "demo", "--people", str(PEOPLE), "--json")
    assert result.exit_code == 0, result.output
    yield app, json.loads(result.stdout)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def demo(filled: tuple[Flask, dict[str, Any]]) -> Iterator[Flask]:
    """Give the app with the demo, in an app context."""
    app, _said = filled
    with app.app_context():
        yield app
        db.session.rollback()
