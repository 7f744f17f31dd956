"""Commands about people."""

from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from lms.agencies.queries import find_by_code
from lms.core.commands import answer, changing, json_option
from lms.core.db import db
from lms.core.errors import Refused
from lms.people.models import RosterBatch
from lms.people.services.roster.applying import apply_batch, keep_file, preview
from lms.people.services.roster.planning import Plan
from lms.people.services.roster.undoing import undo_batch


@click.group("people", cls=AppGroup)
def people() -> None:
    """People and rosters."""


@people.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--agency", "code", required=True, help="Code of the agency whose roster it is.")
@click.option("--apply", "apply_it", is_flag=True, help="Apply it; else only a preview.")
@click.option(
    "--skip-refused", is_flag=True, help="Apply the sound rows though others are refused."
)
@json_option
def import_roster(file: Path, code: str, apply_it: bool, skip_refused: bool, as_json: bool) -> None:
    """Preview a roster, or apply it: every sound row, or nothing."""
    with changing():
        agency = find_by_code(code)
        if agency is None:
            raise Refused(_("There is no agency with the code %(code)s.", code=code))
        batch = keep_file(agency, file.name, file.read_bytes())
        plan = preview(batch)
        # Kept before it is applied, so that a refusal still shows what was refused.
        refused = bool(apply_it and plan.errors and not skip_refused)
        if apply_it and not refused:
            plan = apply_batch(batch, skip_refused=skip_refused)
        batch_id = batch.id
    answer(as_json, _as_json(batch_id, plan), *_lines(plan))
    if refused:
        click.echo(
            _("Nothing was imported. Mend the refused rows, or add --skip-refused."), err=True
        )
        for error in plan.errors:
            click.echo(_sentence(error.row, error.column, error.reason), err=True)
        raise SystemExit(1)


@people.command("undo")
@click.argument("batch_id", metavar="BATCH", type=int)
@json_option
def undo(batch_id: int, as_json: bool) -> None:
    """Take one import back."""
    with changing():
        batch = db.session.get(RosterBatch, batch_id)
        if batch is None:
            raise Refused(_("There is no import %(number)s.", number=batch_id))
        changes = undo_batch(batch)
    answer(as_json, {"batch": batch_id, "undone": changes}, _("Undone: %(n)s", n=changes))


def _as_json(batch_id: int, plan: Plan) -> dict[str, object]:
    errors = [{"row": e.row, "column": e.column, "reason": e.reason} for e in plan.errors]
    return {"batch": batch_id, **plan.counts, "errors": errors}


def _lines(plan: Plan) -> list[str]:
    counts = [f"{name}: {count}" for name, count in plan.counts.items()]
    return [", ".join(counts), *(_sentence(e.row, e.column, e.reason) for e in plan.errors)]


def _sentence(row: int, column: str, reason: str) -> str:
    return _("Row %(row)s, %(column)s: %(reason)s", row=row, column=column or "-", reason=reason)


COMMANDS = (people,)
