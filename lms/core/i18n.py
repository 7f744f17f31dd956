"""Languages: Vietnamese first, English second; figures and dates the Vietnamese way."""

from datetime import date, datetime

from babel.support import Translations
from flask import Flask, g, request, session
from flask_babel import Babel, get_locale, get_translations
from flask_babel import gettext as _

from lms.core.clock import local

LOCALES = ("vi", "en")
#: One catalogue a feature, so that each can be read and mended beside its code.
DOMAINS = ("core", "agencies", "people", "courses", "quizzes", "certificates", "reports")


def init_app(app: Flask) -> None:
    """Plug in gettext and the filters for figures, dates and people."""
    app.config["BABEL_DOMAIN"] = ";".join(DOMAINS)
    # Flask-Babel pairs the domains with folders one by one.
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(["translations"] * len(DOMAINS))
    Babel(app, locale_selector=_choose_locale)
    # A page asks for some eighty texts; Flask-Babel would look its catalogue up for each.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: _catalogue().ugettext(text),
        ngettext=lambda one, many, n: _catalogue().ungettext(one, many, n),
        pgettext=lambda context, text: _catalogue().upgettext(context, text),
        newstyle=True,
    )
    app.add_template_filter(number)
    app.add_template_filter(percent)
    app.add_template_filter(day)
    app.add_template_filter(moment)
    app.add_template_filter(clock_time)
    app.add_template_filter(long_day)
    app.add_template_global(locale_code, "current_locale")


def locale_code() -> str:
    """Return ``vi`` or ``en``: the language of this page."""
    return str(get_locale() or "vi")


def number(value: float, decimals: int = 0) -> str:
    """Write a figure: 9.482 in Vietnamese, 9,482 in English."""
    text = f"{value:,.{decimals}f}"
    return text if locale_code() == "en" else text.translate(str.maketrans(",.", ".,"))


def percent(share: float | None, decimals: int = 1) -> str:
    """Write a share between 0 and 1: 71,4%. A share of nothing is a dash."""
    return "–" if share is None else f"{number(share * 100, decimals)}%"


def day(value: date | datetime | None) -> str:
    """Write a date: 24/11/2026. A moment is shown in the users' time zone."""
    if value is None:
        return ""
    value = local(value).date() if isinstance(value, datetime) else value
    return value.strftime("%d/%m/%Y")


def moment(value: datetime | None) -> str:
    """Write a moment: 09:41 24/11/2026."""
    return "" if value is None else local(value).strftime("%H:%M %d/%m/%Y")


def clock_time(value: datetime) -> str:
    """Write the time of day: 09:41."""
    return local(value).strftime("%H:%M")


def long_day(value: date) -> str:
    """Write a date with its weekday: Thứ Ba, 24/11/2026."""
    return f"{_weekdays()[value.weekday()]}, {day(value)}"


def _catalogue() -> Translations:
    """Return the catalogue of this request's language."""
    if "catalogue" not in g:
        g.catalogue = get_translations()
    catalogue: Translations = g.catalogue
    return catalogue


def _weekdays() -> tuple[str, ...]:
    return (
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    )


def _choose_locale() -> str:
    """Take the language of the address (for links to public pages), else of the session."""
    if not request:
        return "vi"
    chosen = request.args.get("lang") or session.get("locale")
    return chosen if chosen in LOCALES else "vi"
