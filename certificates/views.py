"""Pages of certificates: the holder's, the register, and public verification."""

import io

from flask import Blueprint, Response, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from certificates import queries, services
from certificates.files import file_name, storage_key
from certificates.forms import RevokeForm
from certificates.models import Certificate
from certificates.verdict import UNKNOWN, state_of, verdict_on
from lms.agencies.queries import is_within
from lms.core import storage
from lms.core.access import get_viewer, public, requires
from lms.core.clock import today
from lms.core.db import db
from lms.core.limits import limiter
from lms.core.numbers import asked_page
from lms.core.pages import page, tell
from lms.core.text import clean

blueprint = Blueprint("certificates", __name__, template_folder="templates")

#: Seconds after which a page that waits for its PDF loads itself again.
LOOK_AGAIN_AFTER = 4
#: Wrong guesses an address may make at verification addresses.
MISSES = "60 per minute"
#: All that one address may ask: a whole hall behind one router checks its papers.
ASKS = "600 per minute"


@blueprint.get("/certificates/")
@requires("certificates.own")
def index() -> ResponseReturnValue:
    """List the viewer's certificates."""
    certificates = queries.list_own(get_viewer())
    states = {c.id: state_of(c, today()) for c in certificates}
    return page("certificates/index.html", certificates=certificates, states=states)


@blueprint.get("/certificates/<int:certificate_id>")
@requires("certificates.own")
def show(certificate_id: int) -> ResponseReturnValue:
    """Show one certificate: its state, its words, and what can be done with it."""
    return _show(queries.get_certificate_for(get_viewer(), certificate_id), RevokeForm())


@blueprint.get("/certificates/<int:certificate_id>.pdf")
@requires("certificates.own")
def download(certificate_id: int) -> ResponseReturnValue:
    """Send the PDF as it was made; while it is being made, show the page that says so."""
    certificate = queries.get_certificate_for(get_viewer(), certificate_id)
    if certificate.rendered_at is None:
        return redirect(url_for("certificates.show", certificate_id=certificate.id), 303)
    return send_file(
        io.BytesIO(storage.get(storage_key(certificate.token, certificate.issued_on))),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=file_name(certificate),
    )


@blueprint.post("/certificates/<int:certificate_id>/request")
@requires("certificates.own")
def request_pdf(certificate_id: int) -> ResponseReturnValue:
    """Ask for the PDF of a certificate that has none yet."""
    certificate = queries.get_certificate_for(get_viewer(), certificate_id)
    services.request_file(certificate)
    db.session.commit()
    return redirect(url_for("certificates.show", certificate_id=certificate_id), 303)


@blueprint.get("/certificates/register")
@requires("certificates.view")
def register() -> ResponseReturnValue:
    """Show the register of the viewer's agencies, by page, perhaps searched."""
    text = clean(request.args.get("q", ""))
    found = queries.list_register(get_viewer(), text, asked_page())
    states = {c.id: state_of(c, today()) for c in found.rows}
    return page("certificates/register.html", found=found, states=states, text=text)


@blueprint.post("/certificates/<int:certificate_id>/revoke")
@requires("certificates.revoke")
def revoke(certificate_id: int) -> ResponseReturnValue:
    """Declare a certificate void, for a reason."""
    certificate = queries.get_certificate_to_revoke(get_viewer(), certificate_id)
    form = RevokeForm()
    if not form.validate_on_submit():
        return _show(certificate, form)
    services.revoke(certificate, str(form.reason.data))
    db.session.commit()
    tell(_("The certificate is revoked. Its public page says so from now on."))
    return redirect(url_for("certificates.show", certificate_id=certificate_id), 303)


@blueprint.get("/verify/<token>")
@public
@limiter.limit(ASKS)
@limiter.limit(MISSES, deduct_when=lambda answer: answer.status_code == 404)
def verify(token: str) -> ResponseReturnValue:
    """Tell anyone whether the certificate behind a QR code is good."""
    certificate = queries.find_by_token(token)
    verdict = verdict_on(certificate, today()) if certificate else UNKNOWN
    status = 200 if certificate else 404
    return _not_indexed(page("certificates/verify.html", status=status, verdict=verdict))


def _show(certificate: Certificate, form: RevokeForm) -> ResponseReturnValue:
    viewer = get_viewer()
    may_revoke = viewer.may("certificates.revoke") and is_within(
        certificate.agency_id, viewer.roots("certificates.revoke")
    )
    waits = certificate.rendered_at is None and certificate.requested_at is not None
    response = page(
        "certificates/show.html",
        status=422 if form.errors else 200,
        certificate=certificate,
        words=certificate.snapshot,
        state=state_of(certificate, today()),
        is_own=certificate.person_id == viewer.person_id,
        waits=waits,
        form=form if may_revoke and certificate.state != "revoked" else None,
    )
    if waits:
        response.headers["Refresh"] = str(LOOK_AGAIN_AFTER)
    return response


def _not_indexed(response: Response) -> Response:
    """Keep holders' names out of search engines."""
    response.headers["X-Robots-Tag"] = "noindex"
    return response
