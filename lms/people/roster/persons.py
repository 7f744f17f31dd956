"""Reads one row into one person, noting every trouble with its column."""

import re
from collections.abc import Callable
from datetime import date

from lms.core.tables import Cell
from lms.people.roster.births import Birth, read_birth
from lms.people.roster.cells import (
    is_blank,
    is_mark,
    masked,
    plain,
    read_cccd,
    read_code,
    read_email,
    read_phone,
    read_sex,
    read_text,
)
from lms.people.roster.columns import Layout
from lms.people.roster.names import read_name
from lms.people.roster.roster import RosterRow, Trouble

CellReader = Callable[[Cell], tuple[str | None, list[str]]]

_LONGEST = 255
_LONGEST_NOTE = 2_000
_LONGEST_VALUE = 100
#: Where the agency begins in "Chuyên viên Sở Nội vụ" or "Trưởng phòng, UBND xã A".
_AGENCY_BEGINS = re.compile(
    r"[\s,;–-]+(?=(?:Sở|UBND|Uỷ ban|Ủy ban|Trường|Trung tâm|Chi cục|Công an|Xã|Phường|Hội|Ban)\s)"
)


class PersonReader:
    """Reads rows of one layout; ``troubles`` gathers what it met."""

    def __init__(self, layout: Layout, today: date | None) -> None:
        self.troubles: list[Trouble] = []
        self._at = layout.fields
        self._headers = {field: layout.header(field) for field in layout.fields}
        self._names = layout.name_columns
        self._name_field = next(f for f, c in layout.fields.items() if c == self._names[-1])
        self._today = today

    def read(self, row: int, cells: list[Cell], group: str) -> RosterRow:
        """Return the person of that row (Excel's number); ``group`` is the agency above it."""
        name, reasons = read_name([cells[column] for column in self._names])
        self._note(row, self._name_field, reasons, name)
        sex, birth = self._read_sex_and_birth(row, cells)
        position, agency = self._read_post(row, cells)
        cccd, reasons = read_cccd(self._cell(cells, "cccd"), sex, birth.year)
        self._note(row, "cccd", reasons, masked(plain(self._cell(cells, "cccd"))))
        return RosterRow(
            row=row,
            staff_code=self._read(row, cells, "staff_code", read_code),
            full_name=name,
            birth_date=birth.day,
            birth_year=birth.year,
            sex=sex,
            position=position,
            agency_text=agency or group,
            phone=self._read(row, cells, "phone", read_phone),
            email=self._read(row, cells, "email", read_email),
            cccd=cccd,
            audience_text=self._read_text(row, cells, "audience"),
            note=self._read_text(row, cells, "note", _LONGEST_NOTE),
        )

    def _read_sex_and_birth(self, row: int, cells: list[Cell]) -> tuple[str | None, Birth]:
        """Read "Giới tính" and "Ngày sinh", or "Nam" and "Nữ" columns ticked or dated."""
        sex, reasons = read_sex(self._cell(cells, "sex"))
        self._note(row, "sex", reasons, plain(self._cell(cells, "sex")))
        birth = self._read_birth(row, "birth", self._birth_cell(cells))
        marked = [
            (field, cell)
            for field in ("male", "female")
            if not is_blank(cell := self._cell(cells, field))
        ]
        if len(marked) > 1:
            self._note(row, "female", ["sex_both"], plain(marked[1][1]))
            return sex, birth
        for field, cell in marked:
            sex = sex or ("M" if field == "male" else "F")
            if not is_mark(cell):
                # The date of birth stands in the column of the person's sex.
                dated = self._read_birth(row, field, cell)
                birth = birth if birth.year else dated
        return sex, birth

    def _birth_cell(self, cells: list[Cell]) -> Cell:
        if "birth_day" not in self._at:
            return self._cell(cells, "birth")
        parts = [plain(self._cell(cells, f"birth_{part}")) for part in ("day", "month", "year")]
        return "/".join(part or "0" for part in parts) if any(parts) else None

    def _read_birth(self, row: int, field: str, cell: Cell) -> Birth:
        birth, reasons = read_birth(cell, self._today)
        known_field = field if field in self._at else "birth_day"
        self._note(row, known_field, reasons, plain(cell))
        return birth

    def _read_post(self, row: int, cells: list[Cell]) -> tuple[str, str]:
        """Return position and agency, also where one column holds the two."""
        position = self._read_text(row, cells, "position")
        agency = self._read_text(row, cells, "agency")
        both = self._read_text(row, cells, "position_agency")
        if both:
            before, *after = _AGENCY_BEGINS.split(both, maxsplit=1)
            if not after:
                before, *after = (part.strip() for part in both.split(",", maxsplit=1))
            position, agency = position or before, agency or "".join(after)
        return position, agency

    def _read_text(self, row: int, cells: list[Cell], field: str, longest: int = _LONGEST) -> str:
        text, reasons = read_text(self._cell(cells, field), longest)
        self._note(row, field, reasons, text)
        return text

    def _read(self, row: int, cells: list[Cell], field: str, reader: CellReader) -> str | None:
        cell = self._cell(cells, field)
        value, reasons = reader(cell)
        self._note(row, field, reasons, plain(cell))
        return value

    def _cell(self, cells: list[Cell], field: str) -> Cell:
        column = self._at.get(field)
        return None if column is None else cells[column]

    def _note(self, row: int, field: str, reasons: list[str], value: str) -> None:
        for reason in reasons:
            header = self._headers.get(field, "")
            self.troubles.append(Trouble(row, header, reason, value[:_LONGEST_VALUE]))
