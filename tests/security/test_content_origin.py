"""The content origin: another host, signed addresses, no cookies, and nothing of the product."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import config
from courses import content
from courses.queries import packages as queries
from lms.core.clock import now
from lms.core.content import is_content_host
from tests.conftest import Template, _close
from tests.courses.packages import SCORM_12, keep
from tests.factories import Factory

ORIGIN = "http://localhost:8000"
TEXT = "Nội dung của gói, đủ dài để cắt."
FILES: dict[str, str | bytes] = {
    **SCORM_12,
    "Anh/Hinh 1.PNG": b"\x89PNG",
    "ghi chu.txt": TEXT,
    "phim.mp4": bytes(range(256)) * 40,
    "la.bin": b"?",
    "rong.txt": "",
}


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    """Give a browser that checks no pages: those of packages are nobody's promise."""
    queries._kept.clear()
    return FlaskClient(app, TestResponse)


@pytest.fixture
def folder(app: Flask, make: Factory) -> str:
    """Keep a package and return the path of its folder on the content host."""
    return _folder(app, keep(make, FILES))


def test_files_come_with_their_types_and_headers_and_without_cookies(
    browser: FlaskClient, folder: str
) -> None:
    browser.set_cookie("lms", "somebody's session", domain="localhost")
    types = {
        "index.html": "text/html",
        "sco.js": "text/javascript",
        "anh/hinh 1.png": "image/png",
        "phim.mp4": "video/mp4",
        "la.bin": "application/octet-stream",
        "rong.txt": "text/plain",
    }
    for name, content_type in types.items():
        answer = browser.get(f"{folder}/{name}", base_url=ORIGIN)
        assert answer.status_code == 200, name
        assert answer.headers["Content-Type"] == content_type
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"].startswith("private")
        assert "Set-Cookie" not in answer.headers
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("sandbox allow-scripts allow-same-origin allow-forms;")
        assert "connect-src 'self'" in policy
        assert "form-action 'none'" in policy
        assert "frame-ancestors 'self' http://127.0.0.1:8000" in policy


def test_a_file_is_the_one_that_was_packed_in_every_way_of_asking(
    browser: FlaskClient, folder: str
) -> None:
    def get(name: str, **headers: str) -> TestResponse:
        return browser.get(f"{folder}/{name}", base_url=ORIGIN, headers=headers)

    assert get("ghi chu.txt").text == TEXT
    film = FILES["phim.mp4"]
    part = get("phim.mp4", Range="bytes=100-199")
    assert (part.status_code, part.data) == (206, film[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(film)}"
    assert get("phim.mp4", Range="bytes=-5").data == film[-5:]
    assert get("phim.mp4", Range="bytes=99999-").status_code == 416
    whole = get("phim.mp4")
    assert whole.data == film
    assert get("phim.mp4", **{"If-None-Match": whole.headers["ETag"]}).status_code == 304
    fits = get("phim.mp4", Range="bytes=0-0", **{"If-Range": whole.headers["ETag"]})
    assert fits.status_code == 206
    assert get("phim.mp4", Range="bytes=0-0", **{"If-Range": '"other"'}).status_code == 200
    packed = get("sco.js", **{"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(SCORM_12["sco.js"].encode())
    head = browser.head(f"{folder}/phim.mp4", base_url=ORIGIN)
    assert (head.status_code, head.data, head.content_length) == (200, b"", len(film))


@pytest.mark.parametrize(
    "path",
    [
        "../../../etc/passwd",
        "..%2f..%2fetc/passwd",
        "%2e%2e/%2e%2e/secret_key",
        "/etc/passwd",
        "//index.html",
        "index.html/",
        "index.html%00",
        "khong-co.html",
        "imsmanifest.xml/../index.html",
        "\\index.html",
        "C:/index.html",
    ],
)
def test_only_names_of_the_package_are_answered(
    browser: FlaskClient, folder: str, path: str
) -> None:
    answer = browser.get(f"{folder}/{path}", base_url=ORIGIN)
    assert answer.status_code == 404


def test_a_token_opens_its_package_until_its_time_is_over_and_no_other(
    app: Flask, make: Factory, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, other = keep(make, FILES), keep(make, {"index.html": "Gói khác"})
    folder = _folder(app, mine)
    token = folder.removeprefix("/content/")
    payload, _dot, signature = token.rpartition(".")
    other_payload, _dot, _signature = _folder(app, other).removeprefix("/content/").rpartition(".")
    forged = [f"{other_payload}.{signature}", f"{payload}.{signature[:-2]}AA", payload, "x", "..."]
    for bad in forged:
        answer = browser.get(f"/content/{bad}/index.html", base_url=ORIGIN)
        assert answer.status_code == 404, bad

    later = now() + timedelta(seconds=content.SLOT * content.SLOTS + 1)
    assert browser.get(f"{folder}/index.html", base_url=ORIGIN).status_code == 200
    monkeypatch.setattr(content, "now", lambda: later)
    assert browser.get(f"{folder}/index.html", base_url=ORIGIN).status_code == 404


def test_each_persons_addresses_are_their_own_and_stay_for_hours(app: Flask, make: Factory) -> None:
    sha256 = keep(make, FILES)
    with app.app_context():
        one, again = (content.package_address(sha256, "e1") for _time in range(2))
        assert one == again
        assert one != content.package_address(sha256, "e2")


def test_on_the_content_host_there_is_nothing_else(
    app: Flask, make: Factory, browser: FlaskClient, folder: str
) -> None:
    browser.set_cookie("lms", "somebody's session", domain="localhost")
    for rule in app.url_map.iter_rules():
        address = rule.rule.replace("<", "").replace(">", "").replace("int:", "")
        for method in ("GET", "POST"):
            answer = browser.open(address, method=method, base_url=ORIGIN)
            assert answer.status_code in (404, 405), address
            assert "Set-Cookie" not in answer.headers
    assert browser.post(f"{folder}/index.html", base_url=ORIGIN).status_code == 405
    assert browser.get("/static/build/manifest.json", base_url=ORIGIN).status_code == 404
    assert browser.get("/static/build/player-/../manifest.json", base_url=ORIGIN).status_code == 404


def test_on_the_products_host_there_are_no_packages(browser: FlaskClient, folder: str) -> None:
    for origin in ("http://127.0.0.1:8000", "http://localhost", "http://lms.example"):
        for path in ("", "?standard=scorm12", "/index.html", "/sco.js"):
            assert browser.get(f"{folder}{path}", base_url=origin).status_code == 404


@pytest.mark.parametrize(
    ("host", "headers", "is_content"),
    [
        ("localhost:8000", {}, True),
        ("LOCALHOST:8000", {}, True),
        ("localhost:8001", {}, False),
        ("localhost", {}, False),
        ("localhost.:8000", {}, False),
        ("127.0.0.1:8000", {"X-Forwarded-Host": "localhost:8000"}, False),
        ("127.0.0.1:8000", {"X-Host": "localhost:8000"}, False),
        ("127.0.0.1:8000", {"Forwarded": "host=localhost:8000"}, False),
        ("evil.example@localhost:8000", {}, False),
        ("localhost:8000.evil.example", {}, False),
        ("", {}, False),
    ],
)
def test_the_host_alone_decides(
    browser: FlaskClient, folder: str, host: str, headers: dict[str, str], is_content: bool
) -> None:
    answer = browser.get(
        f"{folder}/index.html", headers={"Host": host, **headers}, base_url="http://127.0.0.1:8000"
    )
    assert answer.status_code in ((200,) if is_content else (400, 404))


def test_a_package_is_shown_in_a_frame_only_and_starts_no_service_worker(
    browser: FlaskClient, folder: str
) -> None:
    for path, headers in (
        ("/index.html", {"Sec-Fetch-Dest": "document"}),
        ("?standard=scorm12", {"Sec-Fetch-Dest": "document"}),
        ("/sco.js", {"Service-Worker": "script"}),
    ):
        answer = browser.get(f"{folder}{path}", base_url=ORIGIN, headers=headers)
        assert answer.status_code == 404, path
    answer = browser.get(
        f"{folder}/index.html", base_url=ORIGIN, headers={"Sec-Fetch-Dest": "iframe"}
    )
    assert answer.status_code == 200


def test_the_player_page_runs_our_script_and_clears_what_others_left(
    browser: FlaskClient, folder: str
) -> None:
    for standard in ("scorm12", "scorm2004", "h5p"):
        answer = browser.get(f"{folder}?standard={standard}", base_url=ORIGIN)
        assert answer.status_code == 200
        assert answer.headers["Clear-Site-Data"] == '"storage"'
        assert f"/static/build/player-{standard}-" in answer.text
        script = answer.text.partition('<script src="')[2].partition('"')[0]
        loaded = browser.get(script, base_url=ORIGIN)
        assert (loaded.status_code, loaded.mimetype) == (200, "text/javascript")
        loaded.close()
    assert browser.get(f"{folder}?standard=x", base_url=ORIGIN).status_code == 404


@pytest.fixture
def many_names(template: Template, tmp_path: Path) -> Iterator[Flask]:
    """Give a product whose packages each have a host name of their own."""
    app = template.open_app(
        template.copy(), tmp_path / "data", LMS_CONTENT_ORIGIN="https://*.noi-dung.example"
    )
    yield app
    _close(app)


def test_with_a_name_for_each_package_none_is_served_under_anothers(many_names: Flask) -> None:
    make, browser = Factory(many_names), FlaskClient(many_names, TestResponse)
    queries._kept.clear()
    mine, other = keep(make, FILES), keep(make, {"index.html": "Gói khác"})
    folder = _folder(many_names, mine)
    with many_names.app_context():
        origins = [
            content.origin_of(content.package_address(sha256, "e1")) for sha256 in (mine, other)
        ]
    assert len(set(origins)) == 2
    assert browser.get(f"{folder}/index.html", base_url=origins[0]).status_code == 200
    assert browser.get(f"{folder}/index.html", base_url=origins[1]).status_code == 404
    assert browser.get("/sign-in", base_url=origins[0]).status_code == 404
    assert browser.get("/healthz", base_url="https://noi-dung.example").status_code == 200


def test_behind_a_proxy_the_host_that_it_names_decides(template: Template, tmp_path: Path) -> None:
    app = template.open_app(
        template.copy(),
        tmp_path / "data",
        LMS_ENV="production",
        LMS_BASE_URL="https://hoc.example",
        LMS_CONTENT_ORIGIN="https://noi-dung.example",
    )
    queries._kept.clear()
    folder = _folder(app, keep(Factory(app), FILES))
    browser = FlaskClient(app, TestResponse)
    for host, status in (("noi-dung.example", 200), ("hoc.example", 404)):
        headers = {"X-Forwarded-Host": host, "X-Forwarded-Proto": "https"}
        answer = browser.get(
            f"{folder}/index.html", headers=headers, base_url="http://127.0.0.1:8000"
        )
        assert answer.status_code == status
        assert "Strict-Transport-Security" in answer.headers
        assert "Set-Cookie" not in answer.headers
    _close(app)


def test_hosts_are_told_apart_by_name_and_port() -> None:
    assert is_content_host("noi-dung.example", "https://noi-dung.example")
    assert is_content_host("noi-dung.example:443", "https://noi-dung.example")
    assert not is_content_host("noi-dung.example:8443", "https://noi-dung.example")
    assert is_content_host("a.noi-dung.example", "https://*.noi-dung.example")
    assert not is_content_host("a.b.noi-dung.example", "https://*.noi-dung.example")
    assert not is_content_host(".noi-dung.example", "https://*.noi-dung.example")
    assert not is_content_host("evilnoi-dung.example", "https://*.noi-dung.example")


@pytest.mark.parametrize(
    "environ",
    [
        {"LMS_BASE_URL": "http://hoc.example", "LMS_CONTENT_ORIGIN": "http://hoc.example"},
        {"LMS_BASE_URL": "http://hoc.example", "LMS_CONTENT_ORIGIN": "http://hoc.example:8001"},
    ],
)
def test_the_products_own_host_is_refused_as_content_origin(
    tmp_path: Path, environ: dict[str, Any]
) -> None:
    with pytest.raises(config.UnsafeSettings, match="LMS_CONTENT_ORIGIN"):
        config.load({"LMS_DATA_DIR": str(tmp_path), **environ})


def test_a_product_under_localhost_serves_packages_from_elsewhere(tmp_path: Path) -> None:
    settings = config.load({"LMS_DATA_DIR": str(tmp_path), "LMS_BASE_URL": "http://localhost:8000"})
    assert settings["LMS_CONTENT_ORIGIN"] == "http://127.0.0.1:8000"


def _folder(app: Flask, sha256: str) -> str:
    with app.app_context():
        address = content.package_address(sha256, "e1")
    return address.removeprefix(content.origin_of(address))
