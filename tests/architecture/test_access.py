"""Every endpoint says who may call it, and holds to it."""

from pathlib import Path

import pytest
from flask import Blueprint, Flask
from werkzeug.routing import AnyConverter, IntegerConverter

from lms.core import access
from tests.factories import Factory
from tests.services.page_client import PageClient

SNAPSHOT = Path(__file__).resolve().parent.parent / "snapshots" / "permissions.txt"


def test_the_permissions_are_those_that_were_reviewed(app: Flask) -> None:
    """The whole policy in one file: a change shows in review."""
    lines = [
        f"{permission}: {', '.join(sorted(roles, key=access.ROLES.index))}"
        for permission, roles in access.permission_table().items()
    ]
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
        methods = "/".join(sorted(rule.methods - {"HEAD", "OPTIONS"}))  # type: ignore[operator]
        needs = access.declared(app, rule.endpoint) or "public"
        lines.append(f"{rule.endpoint} {methods} {rule.rule} -> {needs}")
    text = "\n".join(lines) + "\n"
    if not SNAPSHOT.exists():  # pragma: no cover - made once, then reviewed
        SNAPSHOT.parent.mkdir(exist_ok=True)
        SNAPSHOT.write_text(text)
    assert text == SNAPSHOT.read_text(), "update tests/snapshots/permissions.txt after review"


def test_the_app_refuses_to_start_on_an_undeclared_endpoint(app: Flask) -> None:
    other = Flask("other")
    blueprint = Blueprint("b", "b")
    blueprint.add_url_rule("/open", "open", lambda: "")
    other.register_blueprint(blueprint)
    other.view_functions["static"] = access.public(other.view_functions["static"])
    with pytest.raises(access.UndeclaredEndpoint):
        access.refuse_undeclared(other)


def test_the_app_refuses_to_start_on_a_permission_that_nobody_defined(app: Flask) -> None:
    other = Flask("other")
    other.add_url_rule("/x", "x", access.requires("no.such")(lambda: ""))
    other.view_functions["static"] = access.public(other.view_functions["static"])
    with pytest.raises(access.UndeclaredEndpoint):
        access.refuse_undeclared(other)


def test_signed_out_every_page_that_is_not_public_leads_to_sign_in(
    app: Flask, make: Factory, client: PageClient
) -> None:
    make.agency()
    for rule in app.url_map.iter_rules():
        if access.declared(app, rule.endpoint) is None:
            continue
        address = _address(rule)
        if "GET" in (rule.methods or ()):
            answer = client.get(address)
            assert answer.status_code == 302, rule
            assert "/sign-in" in answer.headers["Location"], rule
        if "POST" in (rule.methods or ()):
            assert client.post(address).status_code == 401, rule


def _address(rule) -> str:  # type: ignore[no-untyped-def]
    values = {name: _value(converter) for name, converter in rule._converters.items()}
    _domain, path = rule.build(values, append_unknown=False)
    return str(path)


def _value(converter: object) -> object:
    if isinstance(converter, IntegerConverter):
        return 999999
    return min(converter.items) if isinstance(converter, AnyConverter) else "khong-co"
