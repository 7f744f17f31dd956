"""A program that holds the database against writers until its input is closed."""

import sys

import psycopg

try:
    import pysqlite3 as sqlite
except ImportError:
    import sqlite3 as sqlite

SQLITE = "sqlite:///"


def hold(url: str) -> None:
    """Take the lock that every enrolment needs, say so, and wait."""
    if url.startswith(SQLITE):
        connection = sqlite.connect(url.removeprefix(SQLITE), isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
    else:
        connection = psycopg.connect(url.replace("+psycopg", ""))
        connection.execute("LOCK TABLE enrolment IN EXCLUSIVE MODE")
    sys.stdout.write("held\n")
    sys.stdout.flush()
    sys.stdin.read()
    connection.close()


if __name__ == "__main__":
    hold(sys.argv[1])
