"""What the tests of the demo ask again and again."""

from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from lms.core.db import db

#: Size of the demo that the tests share.
PEOPLE = 400


def run(app: Flask, *args: str) -> Result:
    """Run a command of the product."""
    return app.test_cli_runner().invoke(args=args)


def count(model, *conditions):
    """Return how many rows there are."""
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions))


def rows_of(model):
    """Return every row in the order of the ids."""
    return list(db.session.scalars(select(model).order_by(model.id)))
