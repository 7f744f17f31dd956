"""Reads a date of birth, or the year where no more is known. Nothing is made up."""

import math
import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

from lms.core.tables import Cell
from lms.core.text import clean, fold

#: Day 0 of Excel's serial dates, which count a 29 February 1900 that never was.
_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range(3_000, 48_000)
_YEARS = range(1900, 2100)
_WORKING_AGES = range(16, 91)
_TIME = re.compile(r"[ t]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?$")
_WORDS = re.compile(r"\b(?:sinh|ngay|thang|nam)\b")
_FIGURES = re.compile(r"[\d\s/.,\-]+")


class Birth(NamedTuple):
    """A birth date with its year, or the year alone, or nothing."""

    day: date | None = None
    year: int | None = None


UNKNOWN = Birth()


def read_birth(value: Cell, today: date | None = None) -> tuple[Birth, list[str]]:
    """Return the birth in a cell and the reasons of trouble.

    Day comes before month, as in dd/mm/yyyy. ``today`` lets it refuse the future and doubt
    ages at which nobody works.
    """
    birth, reason = _read(value)
    if reason:
        return UNKNOWN, [reason]
    if birth.year is None:
        return UNKNOWN, []
    if today and (birth.day > today if birth.day else birth.year > today.year):
        return UNKNOWN, ["birth_in_future"]
    reasons = [] if birth.day else ["birth_year_only"]
    if today and today.year - birth.year not in _WORKING_AGES:
        reasons.append("birth_unlikely")
    return birth, reasons


def _read(value: Cell) -> tuple[Birth, str | None]:
    match value:
        case None:
            return UNKNOWN, None
        case bool():
            return UNKNOWN, "birth_unreadable"
        case datetime():
            return _of_day(value.date())
        case date():
            return _of_day(value)
        case int() | float():
            known = math.isfinite(value)
            return _of_number(int(value)) if known else (UNKNOWN, "birth_unreadable")
        case _:
            return _of_text(clean(value))


def _of_day(day: date) -> tuple[Birth, str | None]:
    if day.year not in _YEARS:
        return UNKNOWN, "birth_unreadable"
    return Birth(day, day.year), None


def _of_number(number: int) -> tuple[Birth, str | None]:
    """A year, a serial date, or a date of eight digits whose first 0 Excel has dropped."""
    if number in _YEARS:
        return Birth(None, number), None
    if number in _SERIALS:
        return _of_day(_EXCEL_EPOCH + timedelta(days=number))
    return _of_eight_digits(f"{number:08}") if number > 0 else (UNKNOWN, "birth_unreadable")


def _of_text(text: str) -> tuple[Birth, str | None]:
    plain = _WORDS.sub(" ", _TIME.sub("", fold(text))).strip(" '’:")
    if not _FIGURES.fullmatch(plain):
        return UNKNOWN, "birth_unreadable" if text else None
    parts = re.findall(r"\d+", plain)
    lengths = [len(part) for part in parts]
    found: tuple[Birth, str | None] = (UNKNOWN, "birth_unreadable")
    match parts:
        case [year] if lengths == [4]:
            found = _of_year(int(year))
        case [figures] if lengths == [8]:
            found = _of_eight_digits(figures)
        case [month, year] if lengths[0] <= 2 and lengths[1] == 4:
            found = _of_year(int(year)) if int(month) <= 12 else (UNKNOWN, "birth_impossible")
        case [year, month, day] if lengths[0] == 4 and max(lengths[1:]) <= 2:
            found = _of_parts(int(day), int(month), int(year))
        case [day, month, year] if lengths[2] == 4 and max(lengths[:2]) <= 2:
            found = _of_parts(int(day), int(month), int(year))
        case [_, _, _] if max(lengths) <= 2:
            found = (UNKNOWN, "birth_two_digit_year")
    return found


def _of_year(year: int) -> tuple[Birth, str | None]:
    return (Birth(None, year), None) if year in _YEARS else (UNKNOWN, "birth_unreadable")


def _of_parts(day: int, month: int, year: int) -> tuple[Birth, str | None]:
    if day == 0:
        # 00/00/1970 is how registers write "some day in 1970".
        return _of_year(year)
    try:
        return _of_day(date(year, month, day))
    except ValueError:
        return UNKNOWN, "birth_impossible"


def _of_eight_digits(figures: str) -> tuple[Birth, str | None]:
    """Read ddmmyyyy or yyyymmdd, whichever alone makes sense."""
    if len(figures) != 8:
        return UNKNOWN, "birth_unreadable"
    day_first = _of_parts(int(figures[:2]), int(figures[2:4]), int(figures[4:]))
    year_first = _of_parts(int(figures[6:]), int(figures[4:6]), int(figures[:4]))
    sound = [found for found in (day_first, year_first) if found[0].day]
    return sound[0] if len(sound) == 1 else (UNKNOWN, "birth_unreadable")
