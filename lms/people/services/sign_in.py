"""Signing in: by staff code, e-mail or phone, with failures counted."""

import hashlib
from datetime import timedelta

from flask import current_app, session
from flask_babel import gettext as _
from flask_login import login_user
from sqlalchemy import delete, func, select

from lms.core import audit
from lms.core.access import Viewer
from lms.core.clock import now
from lms.core.db import db
from lms.core.errors import Refused
from lms.people.models import Person, SignInFailure
from lms.people.queries import find_viewer

WINDOW = timedelta(minutes=5)
FAILURES_PER_ACCOUNT = 10
#: A whole agency comes from one address, so its cap is far above an account's.
FAILURES_PER_ADDRESS = 200


def refuse_when_tried_too_often(address: str, username: str | None = None) -> None:
    """Raise Refused (429) after too many failures from this address or for this account."""
    failed = _count_failures(SignInFailure.address == address) >= FAILURES_PER_ADDRESS
    if username is not None:
        account = _count_failures(SignInFailure.account_hash == _account_hash(username))
        failed = failed or account >= FAILURES_PER_ACCOUNT
    if failed:
        raise Refused(_("Too many wrong tries. Please wait five minutes and try again."), 429)


def note_failure(username: str, address: str) -> None:
    """Count a failed try. The name typed is kept as a hash: it might be a password."""
    db.session.add(SignInFailure(account_hash=_account_hash(username), address=address, at=now()))


def sign_in(person: Person) -> Viewer:
    """Start a new session for the person: a new token, nothing kept of the old session."""
    viewer = find_viewer(str(person.id))
    if viewer is None:
        raise Refused(_("This account is closed. Ask the HR officer of your agency."), 403)
    locale = session.get("locale")
    session.clear()
    session.renew()  # type: ignore[attr-defined]  # a ServerSession
    if locale:
        session["locale"] = locale
    session["is_staff"] = viewer.is_staff
    login_user(viewer)
    names = [name for name in (person.staff_code, person.email, person.phone) if name]
    own = SignInFailure.account_hash.in_([_account_hash(name) for name in names])
    db.session.execute(delete(SignInFailure).where(own))
    audit.record("people.signed_in", f"person:{person.id}", person.id)
    return viewer


def delete_old_failures() -> int:
    """Delete failures that no longer count; return how many."""
    old = delete(SignInFailure).where(SignInFailure.at < now() - WINDOW)
    return db.session.execute(old).rowcount  # type: ignore[attr-defined,no-any-return]


def _count_failures(whose: object) -> int:
    query = select(func.count()).where(whose, SignInFailure.at > now() - WINDOW)  # type: ignore[arg-type]
    return db.session.scalar(query) or 0


def _account_hash(username: str) -> str:
    key = str(current_app.config["SECRET_KEY"])
    return hashlib.sha256(f"{key}:{username.strip().casefold()}".encode()).hexdigest()
