"""What every test may use: the app on both databases, a strict client, factories.

``app`` wraps each test in one transaction that is rolled back. ``live_app`` has a
database of its own, for tests with several connections or processes.
"""

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from hypothesis import HealthCheck, settings
from sqlalchemy import Connection, event

from courses import outline
from lms import create_app
from lms.core.db import db
from lms.core.limits import limiter
from tests.factories import Factory
from tests.services.page_client import PageClient

pytest_plugins = ("tests.services.postgres", "tests.services.smtp")

# How long an example takes says more of the machine than of the code.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")

DATABASES = ("sqlite", "postgresql")
_templates = count(1)


class Template:
    """A migrated database that holds what every test relies on, to be copied."""

    def __init__(self, kind: str, request: pytest.FixtureRequest, folder: Path) -> None:
        self.kind = kind
        self._folder = folder
        self._copies = 0
        # pytest makes this anew each time the order of tests comes back to a database.
        self._name = f"template_{next(_templates)}"
        self._postgres = request.getfixturevalue("postgres") if kind == "postgresql" else None
        self.url = self._new_url(self._name)
        app = self.open_app(self.url, folder / "template")
        with app.app_context():
            upgrade()
            Factory(app).audiences()
        _close(app)

    def copy(self) -> str:
        """Return the address of a fresh copy."""
        self._copies += 1
        name = f"{self._name}_{self._copies}"
        if self._postgres is not None:
            return str(self._postgres.create_database(name, template=self._name))
        url = self._new_url(name)
        shutil.copy(self._folder / f"{self._name}.sqlite", self._folder / f"{name}.sqlite")
        return url

    def open_app(self, url: str, data_dir: Path, **environ: str) -> Flask:
        """Return the product on a database, with a folder of its own."""
        app = create_app(self.environ(url, data_dir, **environ))
        app.test_client_class = PageClient
        return app

    def environ(self, url: str, data_dir: Path, **environ: str) -> dict[str, str]:
        """Return the settings of a test installation."""
        return {
            "LMS_ENV": "testing",
            "LMS_DATA_DIR": str(data_dir),
            "LMS_DATABASE_URL": url,
            "LMS_SECRET_KEY": "for tests only, and long enough to be one",
            **environ,
        }

    def _new_url(self, name: str) -> str:
        if self._postgres is not None:
            return str(self._postgres.create_database(name))
        return f"sqlite:///{self._folder / name}.sqlite"


@pytest.fixture(scope="session", params=DATABASES)
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Give the migrated database of each kind."""
    return Template(request.param, request, tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="session")
def shared_app(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Give one app a database kind; tests take ``app``."""
    app = template.open_app(template.copy(), tmp_path_factory.mktemp("data"))
    yield app
    _close(app)


@pytest.fixture
def connection(shared_app: Flask) -> Iterator[Connection]:
    """Open the one connection of a test, in a transaction that is rolled back."""
    with shared_app.app_context():
        engines = db.engines
    engine = engines[None]
    with engine.connect() as connection:
        transaction = connection.begin()
        engines[None] = connection  # type: ignore[assignment]
        yield connection
        engines[None] = engine
        transaction.rollback()


@pytest.fixture
def app(shared_app: Flask, connection: Connection) -> Iterator[Flask]:
    """Give the app, every session of which joins the test's transaction."""
    _forget(shared_app)
    yield shared_app
    _forget(shared_app)


@pytest.fixture
def live_app(template: Template, tmp_path: Path) -> Iterator[Flask]:
    """Give an app on a database of its own that several connections may share."""
    app = template.open_app(template.copy(), tmp_path / "data")
    _forget(app)
    yield app
    _forget(app)
    _close(app)


@pytest.fixture
def make(app: Flask) -> Factory:
    """Make what a test needs in the app's database."""
    return Factory(app)


@pytest.fixture
def client(app: Flask) -> PageClient:
    """Give a browser without JavaScript that checks every page it gets."""
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client


@pytest.fixture
def count_queries(connection: Connection) -> Iterator[list[str]]:
    """Collect the statements sent to the database; clear the list before what counts."""
    statements: list[str] = []

    def collect(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            statements.append(statement)

    event.listen(connection, "before_cursor_execute", collect)
    yield statements
    event.remove(connection, "before_cursor_execute", collect)


def _close(app: Flask) -> None:
    """Close the connections, as PostgreSQL wants before a database is copied or dropped."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _forget(app: Flask) -> None:
    """Empty what the process remembers, since the next test reuses ids."""
    outline._outlines.clear()
    outline._kept_html.cache_clear()
    limiter.reset()
