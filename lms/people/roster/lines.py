"""Tells the rows of people from the others: groups, totals, signatures and the like."""

import re
from collections.abc import Sequence
from itertools import islice

from lms.core.tables import Cell
from lms.core.text import clean, fold
from lms.people.roster.births import read_birth
from lms.people.roster.columns import Layout
from lms.people.roster.headings import NAME_FIELDS, field_of

#: Fields that only a person's row fills.
_EVIDENCE = (
    "staff_code",
    "birth",
    "birth_day",
    "birth_year",
    "sex",
    "male",
    "female",
    "phone",
    "email",
    "cccd",
)
#: How agencies' names begin. With their diacritics: without, Trương would be a school.
_AGENCY = re.compile(
    r"(?:sở|ubnd|[uủ][yỷ] ban|hđnd|hội đồng nhân dân|xã|phường|thị trấn|thị xã|huyện|thành phố"
    r"|tỉnh|trường|phòng|ban|chi cục|cục|trung tâm|công an|văn phòng|vp|hội|đoàn thanh niên"
    r"|đoàn tncs|đảng [uủ][yỷ]|tỉnh [uủ][yỷ]|thành [uủ][yỷ]|huyện [uủ][yỷ]|đảng bộ|mặt trận"
    r"|mttq|ubmttq|liên đoàn|t[oò][aà] án|viện|bệnh viện|trạm y tế|bảo hiểm|kho bạc|thuế"
    r"|hải quan|ngân hàng|báo|đài|thanh tra|công ty|bộ|bch|thpt|thcs|tiểu học|mầm non|khối|cấp"
    r"|lớp|nhóm)(?=[\s,.:&-]|$)",
    re.IGNORECASE,
)
#: Groups that are no agency, so they end the group before and give nothing.
_NO_AGENCY = re.compile(
    r"(?:khối|cấp|lớp|nhóm|tổ \d|đối tượng|danh sách|đợt|buổi|ngày)\b", re.IGNORECASE
)
_ROMAN = re.compile(r"[IVXLC]+|[A-ZĐ]")
_LETTERED = re.compile(r"(?:[IVXLC]+|[A-ZĐ])\s*[.)/\-:]\s*(?=\w)")
_NUMBERED = re.compile(r"(?:[IVXLC]+|[A-ZĐ]|\d{1,3}(?:\.\d+)*)\s*[.)/\-:]\s*(?=\D)")
_COUNT = re.compile(r"[\s(:–-]*\d+\s*(?:người|đ/c|đồng chí|học viên|cán bộ)?\)?\.?$", re.IGNORECASE)
_TOTAL = re.compile(
    r"(?:tổng cộng|tổng số|tong cong|tong so)\b|(?:tổng|cộng)\W*\d*\W*(?:người)?$"
    r"|(?:ấn định )?danh sách (?:này )?(?:ấn định|gồm|có)\b|ấn định danh sách",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"ngay\W*\d*\W*thang\W*\d*\W*nam\b|nguoi lap\b|noi nhan\b|ky ten\b|ky va ghi\b|ky, ghi\b"
    r"|ky, dong dau|^\W*ghi chu\s*:|xac nhan cua\b|thu truong (?:don vi|co quan)\b|^\W*(?:kt|tm|tl|tuq)\s?\.\s?\w"
    r"|^(?:giam doc|chu tich|hieu truong|truong phong|truong ban|thu truong)$"
)
_NUMBER_ROW = re.compile(r"\(?(\d{1,2}|[a-zđ])\)?", re.IGNORECASE)


def looks_like_agency(text: str) -> bool:
    """Tell whether a text begins as agencies' names do, and no person's."""
    return bool(_AGENCY.match(clean(text)))


def kind_of(cells: Sequence[Cell], layout: Layout, after_signature: bool = False) -> str:
    """Return what a row is.

    ``person``, ``blank``, or why it is none: ``group``, ``total``, ``signature``,
    ``numbering``, ``heading``. After a signature only a row with a person's data counts.
    """
    filled = [index for index, cell in enumerate(cells) if cell is not None]
    read = set(layout.fields.values()) - {layout.fields.get("ordinal")}
    kind = _kind_by_words(cells, layout, filled)
    evidence = any(layout.fields.get(field) in filled for field in _EVIDENCE)
    named = any(column in filled for column in layout.name_columns)
    if not kind and not (evidence and named):
        kind = _kind_without_evidence(cells, layout)
    if not kind and after_signature and not evidence:
        kind = "signature"
    return kind or ("person" if read & set(filled) else "blank")


def group_name(cells: Sequence[Cell], layout: Layout) -> str:
    """Return the agency that a group row names, or nothing: "I. Xã A (5 người)" gives Xã A."""
    texts = _group_texts(cells, layout)
    name = _COUNT.sub("", _NUMBERED.sub("", texts[0], count=1)).strip(" :.,;-–")
    return "" if _NO_AGENCY.match(name) else name


def _kind_by_words(cells: Sequence[Cell], layout: Layout, filled: Sequence[int]) -> str | None:
    """Return what a row is that tells it in so many words."""
    if _is_numbering(cells, filled):
        return "numbering"
    if _is_heading(cells, layout):
        return "heading"
    texts = (cell for cell in cells if isinstance(cell, str))
    if any(_TOTAL.match(clean(text)) for text in islice(texts, 2)):
        return "total"
    return "signature" if _is_signed(cells, layout) else None


def _kind_without_evidence(cells: Sequence[Cell], layout: Layout) -> str | None:
    """Return what a row is that no birth date, sex, code or the like marks as a person's."""
    ordinal = _ordinal(cells, layout)
    texts = [cell for cell in cells if isinstance(cell, str)]
    if ordinal is None and any(_SIGNATURE.search(fold(text)) for text in texts):
        return "signature"
    group = _group_texts(cells, layout)
    if len(group) != 1:
        return None
    lettered = isinstance(ordinal, str) and bool(_ROMAN.fullmatch(clean(ordinal).strip(" .)")))
    if lettered or _LETTERED.match(group[0]) or ordinal == group[0]:
        return "group"
    name = _NUMBERED.sub("", group[0], count=1)
    return "group" if looks_like_agency(name) or _NO_AGENCY.match(name) else None


def _is_signed(cells: Sequence[Cell], layout: Layout) -> bool:
    """Tell whether a signature block stands where a person's data would."""
    if _ordinal(cells, layout) is not None:
        return False
    at = [layout.fields[field] for field in _EVIDENCE if field in layout.fields]
    for cell in (cells[column] for column in (*layout.name_columns, *at)):
        if isinstance(cell, str) and _SIGNATURE.search(fold(cell)):
            return read_birth(cell)[0].year is None
    return False


def _group_texts(cells: Sequence[Cell], layout: Layout) -> list[str]:
    """Return the row's texts aside from its ordinal and the count of its people."""
    texts = []
    for index, cell in enumerate(cells):
        if not isinstance(cell, str) or _COUNT.fullmatch(cell):
            continue
        text = clean(cell)
        is_ordinal = index == layout.fields.get("ordinal") and _ROMAN.fullmatch(text.strip(" .)"))
        if text and not is_ordinal:
            texts.append(text)
    return texts


def _ordinal(cells: Sequence[Cell], layout: Layout) -> Cell:
    column = layout.fields.get("ordinal")
    return None if column is None else cells[column]


def _is_numbering(cells: Sequence[Cell], filled: Sequence[int]) -> bool:
    """Tell whether a row numbers the columns: 1 2 3, (1) (2) (3) or A B 1 2."""
    marks = []
    for index in filled:
        mark = _NUMBER_ROW.fullmatch(str(cells[index]).strip())
        if not mark:
            return False
        marks.append(mark[1])
    numbers = [int(mark) for mark in marks if mark.isdigit()]
    if len(marks) < 3 or not numbers:
        return False
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _is_heading(cells: Sequence[Cell], layout: Layout) -> bool:
    """Tell whether a row repeats the header, as on the next printed page."""
    name = cells[layout.name_columns[0]]
    claim = field_of(clean(name)) if isinstance(name, str) else None
    return bool(claim and claim[0] in NAME_FIELDS)
