"""The learning-management system for gender-equality training of a province."""

import os
from collections.abc import Mapping

from flask import Flask

import config


def create_app(environ: Mapping[str, str] | None = None) -> Flask:
    """Return the whole product, configured by LMS_* variables.

    Raises config.UnsafeSettings in production on an unsafe setting, and
    lms.core.access.UndeclaredEndpoint on an endpoint without a guard.
    """
    # Imported here: lms.app imports courses, which imports lms.
    from lms.app import plug_in  # noqa: PLC0415

    app = Flask(__name__)
    app.config.from_mapping(config.load(os.environ if environ is None else environ))
    plug_in(app)
    return app
