"""A test client that refuses a page that a browser or a screen reader would stumble on."""

import re
from collections import Counter
from typing import Any

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lms.core.clock import now
from lms.core.db import db
from lms.core.sessions import SIGNED_IN_FOR, WebSession
from lms.core.sessions import _hash as hash_token
from lms.people.models import Person
from lms.people.queries import find_viewer

NAMESPACE = "{http://www.w3.org/1999/xhtml}"


class PageClient(FlaskClient):
    """Checks each HTML answer, and fills in the CSRF token of each POST."""

    _signed_in = 0

    def sign_in(self, person: Person | int) -> None:
        """Open a session for a person without the slow password check."""
        person_id = person if isinstance(person, int) else person.id
        PageClient._signed_in += 1
        token = f"test-token-{PageClient._signed_in}"
        with self.application.app_context():
            viewer = find_viewer(str(person_id))
            assert viewer is not None
            moment = now()
            db.session.execute(
                WebSession.__table__.insert().values(
                    token_hash=hash_token(token),
                    person_id=person_id,
                    is_staff=viewer.is_staff,
                    data=f'{{"_user_id": "{person_id}", "_fresh": true, "csrf_token": "{token}"}}',
                    created_at=moment,
                    seen_at=moment,
                    expires_at=moment + SIGNED_IN_FOR,
                )
            )
            db.session.commit()
        self.set_cookie("lms", token)

    def post(self, *args: Any, **kwargs: Any) -> TestResponse:  # type: ignore[override]
        """Send a form with the CSRF token of this session, unless ``csrf=False``."""
        if kwargs.pop("csrf", True) and not kwargs.get("json"):
            data = dict(kwargs.get("data") or {})
            if "csrf_token" not in data:
                data["csrf_token"] = self.csrf_token()
            kwargs["data"] = data
        return super().post(*args, **kwargs)

    def csrf_token(self) -> str:
        """Return the token of a form in this session."""
        page = super().get("/help")
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
        if found is None:
            page = super().get("/sign-in")
            found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
        assert found is not None, "no form with a CSRF token on the page"
        return found.group(1)

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request; check the answer when it is a page."""
        response = super().open(*args, **kwargs)
        assert response.status_code != 500, response.text
        if response.mimetype == "text/html" and response.data and response.status_code < 300:
            check_page(response.text)
        return response


def check_page(text: str) -> None:
    """Assert what every page promises."""
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    document = parser.parse(text)
    serious = [error for error in parser.errors if "unexpected" in error[1]]
    assert not serious, f"the page is not well-formed: {serious[:3]}"
    headings = list(document.iter("h1"))
    assert len(headings) == 1, f"a page has one h1, this one {len(headings)}"
    title, heading = _text(document.find(".//title")), _text(headings[0])
    assert title.startswith(heading), f"title {title!r} does not start with h1 {heading!r}"
    ids = Counter(e.get("id") for e in document.iter() if e.get("id"))
    assert not [i for i, n in ids.items() if n > 1], f"ids stand twice: {ids}"
    for element in document.iter():
        assert element.get("style") is None, f"inline style on <{element.tag}>"
        inline = [name for name in element.attrib if name.startswith("on")]
        assert not inline, f"inline script on <{element.tag}>: {inline}"
    for script in document.iter("script"):
        assert script.get("src"), "inline script"
    for form in document.iter("form"):
        if (form.get("method") or "").lower() == "post":
            names = [field.get("name") for field in form.iter("input")]
            assert "csrf_token" in names, f"form to {form.get('action')} has no CSRF token"
    for image in document.iter("img"):
        assert image.get("alt") is not None, f"no alternative text: {image.get('src')}"


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())
