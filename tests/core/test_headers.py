"""Headers: every answer carries them, and production seals its cookie."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import Template, _close
from tests.factories import Factory
from tests.services.page_client import PageClient

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
A_YEAR = "max-age=31536000"


@pytest.fixture
def production(template: Template, tmp_path: Path) -> Iterator[Flask]:
    """Give the product as production runs it, behind a proxy that speaks HTTPS."""
    app = template.open_app(
        template.copy(),
        tmp_path / "data",
        LMS_ENV="production",
        LMS_BASE_URL="https://hoc.example",
        LMS_CONTENT_ORIGIN="https://noi-dung.example",
    )
    yield app
    _close(app)


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/sign-in", 200),
        ("GET", "/", 302),
        ("GET", "/khong-co", 404),
        ("POST", "/khong-co", 404),
        ("POST", "/help", 405),
        ("POST", "/sign-in", 400),
        ("GET", "/healthz", 200),
        ("GET", "/static/build/khong-co.css", 404),
    ],
)
def test_pages_redirects_refusals_and_json_carry_them(
    client: PageClient, method: str, address: str, status: int
) -> None:
    answer = client.open(address, method=method)
    assert answer.status_code == status
    assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in answer.headers


def test_a_built_file_is_kept_for_good_and_sent_as_small_as_the_browser_takes(
    client: PageClient,
) -> None:
    found = re.search(r'href="(/static/build/[^"]+\.css)"', client.get("/sign-in").text)
    assert found is not None
    sizes = {}
    for encoding in ("br", "gzip", ""):
        answer = client.get(found.group(1), headers={"Accept-Encoding": encoding})
        assert answer.headers["Cache-Control"] == f"public, {A_YEAR}, immutable"
        assert answer.headers.get("Content-Encoding", "") == encoding
        assert answer.mimetype == "text/css"
        sizes[encoding] = len(answer.data)
        answer.close()
    assert sizes["br"] < sizes["gzip"] < sizes[""]


def test_production_behind_https_is_strict_about_it(production: Flask) -> None:
    client = production.test_client()
    secure = client.get("/healthz", headers={"X-Forwarded-Proto": "https"})
    assert secure.headers["Strict-Transport-Security"] == f"{A_YEAR}; includeSubDomains"
    assert "Strict-Transport-Security" not in client.get("/healthz").headers


def test_the_cookie_of_production_belongs_to_this_host_over_https_only(production: Flask) -> None:
    Factory(production).agency()
    answer = production.test_client().get("/sign-in", headers={"X-Forwarded-Proto": "https"})
    name, *attributes = answer.headers["Set-Cookie"].split("; ")
    assert name.startswith("__Host-lms=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(attributes)
    assert not [attribute for attribute in attributes if attribute.startswith("Domain")]
