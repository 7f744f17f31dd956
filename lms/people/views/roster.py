"""Roster import: upload, preview, apply, undo."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from lms.agencies.models import KINDS
from lms.agencies.queries import get_agency, is_within, options_under
from lms.core.access import get_viewer, late_write, requires
from lms.core.db import begin_write, db
from lms.core.errors import Refused
from lms.core.pages import page, tell
from lms.people.forms import RosterForm
from lms.people.models import RosterBatch
from lms.people.services.roster.applying import apply_batch, keep_file, preview
from lms.people.services.roster.undoing import undo_batch
from lms.people.views import blueprint

#: Rows shown of a preview; the counts tell the rest.
SHOWN = 200
#: Above one's own agency there may be a thousand schools: they are reached through theirs.
NOT_LISTED = ("school", "unit", "district")


@blueprint.route("/people/rosters/new", methods=["GET", "POST"])
@requires("people.import")
@late_write
def upload_roster() -> ResponseReturnValue:
    """Take a roster file; its preview comes next."""
    form = _roster_form()
    if not form.validate_on_submit():
        return page("people/roster_new.html", form=form, status=422 if form.errors else 200)
    data = form.file.data.read()
    begin_write()
    batch = keep_file(get_agency(form.agency.data), form.file.data.filename or "", data)
    batch.created_by_id = get_viewer().person_id
    try:
        preview(batch)
    except Refused as refusal:
        db.session.rollback()
        form.file.errors = (refusal.message,)
        return page("people/roster_new.html", form=form, status=422)
    db.session.commit()
    return redirect(url_for("people.show_roster", batch_id=batch.id), 303)


@blueprint.get("/people/rosters/<int:batch_id>")
@requires("people.import")
def show_roster(batch_id: int) -> ResponseReturnValue:
    """Show what each row of a roster would do, or what it did."""
    batch = _get_batch(batch_id)
    plan = preview(batch) if batch.state == "previewed" else None
    counts = plan.counts if plan else batch.counts
    db.session.rollback()  # a preview changes nothing
    return page(
        "people/roster.html", batch=_get_batch(batch_id), plan=plan, counts=counts, shown=SHOWN
    )


@blueprint.post("/people/rosters/<int:batch_id>/apply")
@requires("people.import")
def apply_roster(batch_id: int) -> ResponseReturnValue:
    """Apply the sound rows of a roster, all together."""
    batch = _get_batch(batch_id)
    plan = apply_batch(batch, skip_refused=request.form.get("skip_refused") == "1")
    db.session.commit()
    tell(
        _(
            "The roster is applied: %(new)s new, %(changed)s changed, %(moved)s moved.",
            **plan.counts,
        )
    )
    return redirect(url_for("people.show_roster", batch_id=batch.id), 303)


@blueprint.post("/people/rosters/<int:batch_id>/undo")
@requires("people.import")
def undo_roster(batch_id: int) -> ResponseReturnValue:
    """Take an applied roster back."""
    batch = _get_batch(batch_id)
    undo_batch(batch)
    db.session.commit()
    tell(_("The roster has been taken back."))
    return redirect(url_for("people.show_roster", batch_id=batch.id), 303)


def _get_batch(batch_id: int) -> RosterBatch:
    """Return a batch for an agency in the viewer's scope, or answer 404."""
    batch = db.session.get(RosterBatch, batch_id)
    if batch is None or not is_within(batch.agency_id, get_viewer().roots("people.import")):
        raise NotFound
    return batch


def _roster_form() -> RosterForm:
    form, roots = RosterForm(), get_viewer().roots("people.import")
    kinds = [kind for kind in KINDS if kind not in NOT_LISTED]
    listed = options_under(roots, kinds) or options_under(roots, KINDS)
    form.agency.choices = [(agency.id, agency.name) for agency in listed]
    return form
