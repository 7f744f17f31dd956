"""The PostgreSQL that tests run on."""

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from tests.services.postgres import Postgres


@pytest.fixture
def database(postgres: Postgres) -> Iterator[str]:
    """Give a test an empty database and its address."""
    yield postgres.create_database("shelf")
    postgres.drop_database("shelf")


def run(url: str, statement: str) -> list[object]:
    engine = create_engine(url)
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        rows = list(result.scalars()) if result.returns_rows else []
    engine.dispose()
    return rows


def test_a_database_keeps_vietnamese_text(database: str) -> None:
    run(database, "CREATE TABLE book AS SELECT 'Bình đẳng giới' AS title")
    assert run(database, "SELECT title FROM book") == ["Bình đẳng giới"]


def test_a_copied_database_has_the_rows_of_its_template(postgres: Postgres, database: str) -> None:
    run(database, "CREATE TABLE book AS SELECT 1 AS number")
    copy = postgres.create_database("copy", template="shelf")
    run(copy, "INSERT INTO book VALUES (2)")
    assert run(copy, "SELECT number FROM book ORDER BY number") == [1, 2]
    assert run(database, "SELECT number FROM book") == [1]
    postgres.drop_database("copy")


def test_a_dropped_database_is_gone(postgres: Postgres) -> None:
    url = postgres.create_database("brief")
    postgres.drop_database("brief")
    with pytest.raises(OperationalError, match='database "brief" does not exist'):
        run(url, "SELECT 1")


def test_the_server_does_not_wait_for_the_disk(database: str) -> None:
    assert run(database, "SHOW fsync") == ["off"]
