"""Figures, dates and languages the Vietnamese way."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask, render_template_string
from hypothesis import given
from hypothesis import strategies as st

from lms.core import i18n
from tests.factories import Factory
from tests.services.page_client import PageClient


def _page(app: Flask, source: str, address: str = "/", **values: object) -> str:
    with app.test_request_context(address):
        return render_template_string(source, **values)


@pytest.mark.parametrize(
    ("value", "decimals", "vietnamese", "english"),
    [
        (0, 0, "0", "0"),
        (999, 0, "999", "999"),
        (1234567, 0, "1.234.567", "1,234,567"),
        (1234567.891, 2, "1.234.567,89", "1,234,567.89"),
        (-1500, 0, "-1.500", "-1,500"),
    ],
)
def test_a_figure_is_grouped_by_the_language_of_the_page(
    app: Flask, value: float, decimals: int, vietnamese: str, english: str
) -> None:
    source = "{{ value | number(decimals) }}"
    assert _page(app, source, value=value, decimals=decimals) == vietnamese
    assert _page(app, source, "/?lang=en", value=value, decimals=decimals) == english


@given(value=st.integers(-(10**15), 10**15))
def test_a_figure_can_be_read_back(shared_app: Flask, value: int) -> None:
    with shared_app.test_request_context("/"):
        assert int(i18n.number(value).replace(".", "")) == value


@pytest.mark.parametrize(
    ("share", "written"),
    [(0, "0,0%"), (1, "100,0%"), (0.5, "50,0%"), (1 / 3, "33,3%"), (None, "–")],
)
def test_a_share_is_written_in_per_cent(app: Flask, share: float | None, written: str) -> None:
    assert _page(app, "{{ share | percent }}", share=share) == written


def test_moments_are_shown_where_the_users_live(app: Flask) -> None:
    moment = datetime(2026, 12, 31, 17, 5, tzinfo=UTC)
    source = "{{ m | day }} {{ m | clock_time }} {{ m | moment }}"
    assert _page(app, source, m=moment) == "01/01/2027 00:05 00:05 01/01/2027"
    assert _page(app, "{{ none | day }}{{ none | moment }}", none=None) == ""


def test_each_day_of_the_week_has_its_name(app: Flask) -> None:
    names = [
        _page(app, "{{ d | long_day }}", d=date(2026, 11, day)).partition(",")[0]
        for day in range(23, 30)
    ]
    assert names == [
        "Thứ Hai",
        "Thứ Ba",
        "Thứ Tư",
        "Thứ Năm",
        "Thứ Sáu",
        "Thứ Bảy",
        "Chủ Nhật",
    ]


def test_the_language_is_chosen_once_and_stays(make: Factory, client: PageClient) -> None:
    client.sign_in(make.person(agency=make.agency()))
    assert '<html lang="vi">' in client.get("/").text
    client.post("/locale", data={"locale": "en"})
    assert '<html lang="en">' in client.get("/").text
    client.post("/locale", data={"locale": "xx"})
    assert '<html lang="en">' in client.get("/").text
    client.post("/locale", data={"locale": "vi"})
    assert '<html lang="vi">' in client.get("/").text


def test_an_unknown_language_in_an_address_is_vietnamese(client: PageClient) -> None:
    assert '<html lang="vi">' in client.get("/help?lang=fr").text
