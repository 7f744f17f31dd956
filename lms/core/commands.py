"""What every command of the CLI does alike: --json, exit codes, one transaction."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import click

from lms.core.db import begin_write, db, end_write
from lms.core.errors import Refused

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


class Day(click.ParamType[date]):
    """A date on the command line: 2026-11-30 or 30/11/2026."""

    name = "date"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        """Return the date, or fail with the wrong usage."""
        if isinstance(value, date):
            return value
        for form in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                return datetime.strptime(value, form).date()  # noqa: DTZ007 - a date has no zone
            except ValueError:
                continue
        return self.fail(f"{value!r} is not a date like 2026-11-30", param, ctx)


@contextmanager
def changing() -> Iterator[None]:
    """Run a command's change as one transaction; a refusal changes nothing and exits 1."""
    begin_write()
    with refusing():
        yield
        db.session.commit()
    end_write()


@contextmanager
def refusing() -> Iterator[None]:
    """Turn a refusal into its sentence on standard error and exit code 1."""
    try:
        yield
    except Refused as refusal:
        db.session.rollback()
        click.echo(refusal.message, err=True)
        raise SystemExit(1) from None


def answer(as_json: bool, data: Any, *lines: str) -> None:
    """Print the result: one JSON document, or lines for a person."""
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, default=_plain))
    else:
        for line in lines:
            click.echo(line)


def _plain(value: Any) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(type(value))
