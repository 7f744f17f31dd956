"""Reads the other cells of a person: sex, phone, e-mail, identity number, code, texts.

Each reader returns the value, or None, and the reasons of trouble found on the way.
"""

import re
from datetime import date

from lms.core.tables import Cell
from lms.core.text import clean, fold

_SEXES = {
    "nam": "M",
    "m": "M",
    "male": "M",
    "trai": "M",
    "nam gioi": "M",
    "nu": "F",
    "f": "F",
    "female": "F",
    "gai": "F",
    "nu gioi": "F",
}
_MARKS = frozenset({"x", "v", "✓", "✔", "√", "☑", "+", "1", "true", "*", "co"})
_NO_MARKS = frozenset({"", "0", "-", "false", "khong"})
_SEVERAL = re.compile(r"[,;/\n]|\s-\s|\bhoặc\b|\bvà\b")
_MOBILE = re.compile(r"0[35789]\d{8}")
_LANDLINE = re.compile(r"02\d{9}")
_ZERO_LOST = re.compile(r"[35789]\d{8}|2\d{9}")
_EMAIL = re.compile(
    r"[a-z0-9_](?:[a-z0-9_.!#$%&'*+/?^`{|}~=-]{0,62}[a-z0-9_+-])?"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}"
)
_LONGEST_EMAIL = 254
_SCIENTIFIC = re.compile(r"\d[.,]?\d*e\+?\d+", re.IGNORECASE)
_LONGEST_CODE = 40
_OLD_NUMBER = 9
_DIGITS = 12


def plain(value: Cell) -> str:
    """Return a cell as the text that a person would copy from it."""
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value.day:02}/{value.month:02}/{value.year:04}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return clean(str(value))


def read_sex(value: Cell) -> tuple[str | None, list[str]]:
    """Return F, M or None from a cell of a "Giới tính" column."""
    text = plain(value)
    sex = _SEXES.get(fold(text).strip(" ."))
    return sex, ["sex_unreadable"] if text and not sex else []


def is_mark(value: Cell) -> bool:
    """Tell whether a cell of a "Nam" or "Nữ" column is only ticked (and holds no date)."""
    word = fold(plain(value))
    return word in _MARKS or word in _SEXES


def is_blank(value: Cell) -> bool:
    """Tell whether a cell of a "Nam" or "Nữ" column says no."""
    return fold(plain(value)) in _NO_MARKS


def read_phone(value: Cell) -> tuple[str | None, list[str]]:
    """Return ten digits from 0 (eleven for a landline), the first where there are several."""
    text = plain(value)
    if not text:
        return None, []
    number, reasons = _one_phone(text)
    if number:
        return number, reasons
    several = [found for part in _SEVERAL.split(text) if (found := _one_phone(part))[0]]
    if not several:
        return None, ["phone_unreadable"]
    number, reasons = several[0]
    return number, [*reasons, "phone_second_dropped"] if len(several) > 1 else reasons


def _one_phone(text: str) -> tuple[str | None, list[str]]:
    if re.search(r"[^\W\d_]", text.removeprefix("ĐT").removeprefix("SĐT")):
        return None, []
    digits = re.sub(r"\D", "", text)
    digits = re.sub(r"^(?:00)?84(?=\d{9,10}$)", "0", digits)
    if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits):
        return digits, []
    if _ZERO_LOST.fullmatch(digits):
        return f"0{digits}", ["phone_zero_restored"]
    return None, []


def read_email(value: Cell) -> tuple[str | None, list[str]]:
    """Return the address in lower case."""
    address = plain(value).lower().removeprefix("mailto:").strip(" ,;.<>")
    if not address:
        return None, []
    if len(address) > _LONGEST_EMAIL or ".." in address or not _EMAIL.fullmatch(address):
        return None, ["email_unreadable"]
    return address, []


def read_cccd(
    value: Cell, sex: str | None = None, birth_year: int | None = None
) -> tuple[str | None, list[str]]:
    """Return the 12 digits; doubt them where they tell another sex or year of birth.

    Three digits for the province of registration, which begin with 0 (two of them for ten
    provinces) and which Excel drops; one for century and sex; two for the year of birth.
    """
    text = plain(value).strip("'’")
    digits = re.sub(r"[\s.\-]", "", text)
    if not digits:
        return None, []
    if not digits.isascii() or not digits.isdigit():
        return None, ["cccd_unreadable"]
    if len(digits) == _OLD_NUMBER:
        return None, ["cccd_old_number"]
    if len(digits) not in (_DIGITS - 2, _DIGITS - 1, _DIGITS):
        return None, ["cccd_unreadable"]
    number = digits.zfill(_DIGITS)
    reasons = [] if number == digits else ["cccd_zero_restored"]
    return number, reasons + _disagreements(number, sex, birth_year)


def _disagreements(number: str, sex: str | None, birth_year: int | None) -> list[str]:
    century, odd = divmod(int(number[3]), 2)
    reasons = []
    if sex and sex != "MF"[odd]:
        reasons.append("cccd_sex_disagrees")
    if birth_year and birth_year != 1900 + 100 * century + int(number[4:6]):
        reasons.append("cccd_year_disagrees")
    return reasons


def masked(number: str) -> str:
    """Return an identity number fit to be shown: 079•••••1234."""
    digits = re.sub(r"\D", "", number)
    hidden = max(len(digits) - 7, 0)
    return f"{digits[:3]}{'•' * hidden}{digits[-4:]}" if hidden else "•" * len(digits)


def read_code(value: Cell) -> tuple[str | None, list[str]]:
    """Return a staff code."""
    code = plain(value).strip("'’")
    if not code:
        return None, []
    if code[0] in "=+-@" or _SCIENTIFIC.fullmatch(code) or len(code) > _LONGEST_CODE:
        return None, ["code_unreadable"]
    return code, []


def read_text(value: Cell, longest: int) -> tuple[str, list[str]]:
    """Return a text as it should be kept, cut where it is too long."""
    text = plain(value)
    return text[:longest], ["text_too_long"] if len(text) > longest else []
