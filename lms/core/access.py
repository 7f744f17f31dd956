"""Who may call what. Every endpoint declares it; an undeclared one stops the start.

A permission is a whole, greppable string (``reports.view``) that maps to the roles
holding it. What the viewer may do is one question, what they may see is another:
queries take ``viewer.roots(permission)``, the agencies whose subtrees are in scope.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import pgettext
from flask_login import UserMixin, current_user

from lms.core.db import begin_write

TRAINEE, TRAINER, HR, LEAD, ADMIN = "trainee", "trainer", "hr", "lead", "admin"
ROLES = (TRAINEE, TRAINER, HR, LEAD, ADMIN)

#: Where an endpoint keeps what it declared.
_ACCESS, _LATE_WRITE = "lms_access", "lms_late_write"

View = TypeVar("View", bound=Callable[..., Any])

_permissions: dict[str, frozenset[str]] = {}


class UndeclaredEndpoint(RuntimeError):
    """An endpoint says neither @public nor @requires."""


@dataclass(frozen=True)
class Grant:
    """A role held in one agency's subtree, or in the whole province (None)."""

    role: str
    agency_id: int | None


@dataclass(frozen=True)
class Viewer(UserMixin):  # type: ignore[misc] # Flask-Login is not typed
    """The signed-in person of this request, with every role they hold today."""

    person_id: int
    full_name: str
    given_name: str
    sex: str | None
    grants: tuple[Grant, ...]

    @property
    def initial(self) -> str:
        """Return the letter shown in the round face."""
        return self.given_name[:1].upper()

    @property
    def greeting(self) -> str:
        """Return how the person is addressed on screen: Chị Hoà, Anh Nam."""
        if self.sex == "F":
            return _("Ms %(name)s", name=self.given_name)
        if self.sex == "M":
            return _("Mr %(name)s", name=self.given_name)
        return self.given_name

    @property
    def address(self) -> str:
        """Return how the person is addressed inside a sentence: chị Hoà, anh Nam."""
        if self.sex == "F":
            return pgettext("inside a sentence", "Ms %(name)s", name=self.given_name)
        if self.sex == "M":
            return pgettext("inside a sentence", "Mr %(name)s", name=self.given_name)
        return self.given_name

    @property
    def is_staff(self) -> bool:
        """Tell whether the person sees other people's data."""
        return bool(self.grants)

    def get_id(self) -> str:
        """Return the id that Flask-Login keeps in the session."""
        return str(self.person_id)

    def may(self, permission: str) -> bool:
        """Tell whether any of the viewer's roles holds the permission."""
        return bool(self._grants_for(permission))

    def roots(self, permission: str) -> tuple[int, ...] | None:
        """Return the agencies whose subtrees are in scope; None is the whole province."""
        grants = self._grants_for(permission)
        if any(grant.agency_id is None for grant in grants if grant.role != TRAINEE):
            return None
        return tuple(sorted({g.agency_id for g in grants if g.agency_id is not None}))

    def _grants_for(self, permission: str) -> tuple[Grant, ...]:
        roles = _permissions[permission]
        held = tuple(grant for grant in self.grants if grant.role in roles)
        return (*held, Grant(TRAINEE, None)) if TRAINEE in roles else held


def register_permissions(permissions: Mapping[str, frozenset[str]]) -> None:
    """Add a feature's permissions to the one table."""
    _permissions.update(permissions)


def permission_table() -> dict[str, frozenset[str]]:
    """Return every permission with the roles that hold it."""
    return dict(sorted(_permissions.items()))


def public(view: View) -> View:
    """Declare that anyone may call this endpoint, signed in or not."""
    setattr(view, _ACCESS, None)
    return view


def requires(permission: str) -> Callable[[View], View]:
    """Declare the permission that this endpoint needs."""

    def declare(view: View) -> View:
        setattr(view, _ACCESS, permission)
        return view

    return declare


def late_write(view: View) -> View:
    """Declare that this POST starts its writing transaction itself, after slow work."""
    setattr(view, _LATE_WRITE, True)
    return view


def get_viewer() -> Viewer:
    """Return the signed-in viewer, for views that @requires guards."""
    viewer: Viewer = current_user._get_current_object()
    return viewer


def declared(app: Flask, endpoint: str) -> str | None:
    """Return the permission an endpoint needs, None when it is public.

    Raises UndeclaredEndpoint when it says neither.
    """
    view = app.view_functions[endpoint]
    try:
        permission: str | None = getattr(view, _ACCESS)
    except AttributeError:
        raise UndeclaredEndpoint(endpoint) from None
    return permission


def init_app(app: Flask) -> None:
    """Guard every request by what its endpoint declares."""
    app.before_request(_guard)
    app.before_request(_begin_write)


def refuse_undeclared(app: Flask) -> None:
    """Stop the start on an endpoint without a guard or with an unknown permission."""
    for endpoint in app.view_functions:
        permission = declared(app, endpoint)
        if permission is not None and permission not in _permissions:
            msg = f"{endpoint} requires {permission!r}, which no feature defines"
            raise UndeclaredEndpoint(msg)


def _guard() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # the 404 or 405 answers
    permission = declared(current_app, request.endpoint)
    if permission is None:
        return None
    if not current_user.is_authenticated:
        if request.method in ("GET", "HEAD"):
            return redirect(url_for("people.sign_in", next=request.full_path.rstrip("?")))
        abort(401)
    if not get_viewer().may(permission):
        abort(403)
    return None


def _begin_write() -> None:
    """Start the transaction of an unsafe request as a writer, once it may go on."""
    if request.method in ("GET", "HEAD", "OPTIONS") or request.endpoint is None:
        return
    if not getattr(current_app.view_functions[request.endpoint], _LATE_WRITE, False):
        begin_write()
