"""The one place where features are plugged in."""

from types import ModuleType

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_compress import Compress
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

import certificates.cli
import certificates.jobs
import certificates.permissions
import certificates.views
import courses.cli
import courses.jobs
import courses.permissions
import courses.views
import lms.agencies.cli
import lms.agencies.permissions
import lms.agencies.views
import lms.core.cli
import lms.core.views
import lms.people.cli
import lms.people.jobs
import lms.people.permissions
import lms.people.views
import lms.reports.cli
import lms.reports.permissions
import lms.reports.views
import lms.seed.cli
import quizzes.cli
import quizzes.jobs
import quizzes.permissions
import quizzes.views
from lms.core import (
    access,
    content,
    db,
    errors,
    headers,
    i18n,
    jobs,
    limits,
    pages,
    sessions,
    storage,
)
from lms.core.landing import add_landing
from lms.core.numbers import RowIdConverter
from lms.core.pages import NavEntry, set_nav
from lms.people.queries import find_viewer
from lms.reactions import connect

#: Each with the rooms it has: views.blueprint, permissions.PERMISSIONS, cli.commands.
FEATURES: tuple[ModuleType, ...] = (
    lms.core,
    lms.agencies,
    lms.people,
    courses,
    quizzes,
    certificates,
    lms.reports,
    lms.seed,
)

NAV = (
    NavEntry("reports.view", "reports.overview", _l("Completion"), "chart", ("reports.",)),
    NavEntry(
        "courses.write",
        "courses.write",
        _l("My courses"),
        "edit",
        ("courses.write", "courses.review", "courses.library", "courses.marking", "quizzes.bank"),
    ),
    NavEntry("courses.learn", "courses.home", _l("My page"), "home", ("courses.home",)),
    NavEntry(
        "courses.learn",
        "courses.index",
        _l("Courses"),
        "book",
        (
            "courses.index",
            "courses.show",
            "courses.lesson",
            "quizzes.show",
            "quizzes.attempt",
            "quizzes.result",
        ),
    ),
    NavEntry("people.view", "people.index", _l("People"), "people", ("people.",)),
    NavEntry("courses.assign", "courses.assign", _l("Assign"), "assign", ("courses.assign",)),
    NavEntry(
        "certificates.own",
        "certificates.index",
        _l("Certificates"),
        "certificate",
        ("certificates.",),
    ),
    NavEntry("agencies.view", "agencies.index", _l("Agencies"), "agency", ("agencies.",)),
)


def plug_in(app: Flask) -> None:
    """Give the app its frame, its features and their consequences."""
    content.init_app(app)
    if app.config["LMS_ENV"] == "production":
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    _plug_in_frame(app)
    for feature in FEATURES:
        _plug_in(app, feature)
    connect()
    set_nav(entry for entry in NAV if entry.endpoint in app.view_functions)
    add_landing("reports.view", "reports.overview")
    add_landing("courses.write", "courses.write")
    access.refuse_undeclared(app)


def _plug_in_frame(app: Flask) -> None:
    app.url_map.converters["int"] = RowIdConverter
    app.session_interface = sessions.ServerSessionInterface()
    db.init_app(app)
    i18n.init_app(app)
    pages.init_app(app)
    storage.init_app(app)
    jobs.init_app(app)
    login = LoginManager(app)
    # Phones change networks; the session row, not the address, is what ends a session.
    login.session_protection = None
    login.user_loader(find_viewer)
    CSRFProtect(app)
    access.init_app(app)
    limits.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    Compress(app)


def _plug_in(app: Flask, feature: ModuleType) -> None:
    if hasattr(feature, "permissions"):
        access.register_permissions(feature.permissions.PERMISSIONS)
    if hasattr(feature, "views"):
        app.register_blueprint(feature.views.blueprint)
    if hasattr(feature, "cli"):
        for command in feature.cli.COMMANDS:
            app.cli.add_command(command)
