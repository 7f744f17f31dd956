"""The words of the paper, from a certificate's snapshot. Pure: no database, no clock.

They are Vietnamese whatever the language of the interface: the paper is a document.
Layout of quốc hiệu, number, place and date after Nghị định 30/2020/NĐ-CP, annex I.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

HONORIFICS = {"F": "Bà", "M": "Ông"}
#: On whose behalf somebody signs: thay mặt names the body itself.
ON_BEHALF = "TM."
#: Ký thay, thừa lệnh, thừa ủy quyền: the post named behind them is whose word it is.
BY_ORDER = ("KT.", "TL.", "TUQ.")


def words_of(snapshot: Mapping[str, Any]) -> dict[str, str]:
    """Return every text of the paper by its place; a line that has nothing to say is empty."""
    holder, number = snapshot["holder"], snapshot["number"]
    return {
        "setting": "",
        "title": snapshot["title"],
        "parent": snapshot["issuer_parent"],
        "issuer": snapshot["issuer"],
        "certifier": certifier(snapshot),
        "honorific": HONORIFICS.get(snapshot["sex"], "Ông/Bà"),
        "name": holder,
        "birth": _birth(snapshot),
        "agency": f"Đơn vị công tác: {snapshot['agency']}",
        "course": snapshot["course"],
        "dates": _dates(snapshot),
        "place_and_day": f"{snapshot['place']}, {official_day(snapshot['issued_on'])}",
        "authority": snapshot["signer_authority"],
        "post": snapshot["signer_post"],
        "signer": snapshot["signer"],
        "number": f"Số: {number}",
        "verify_url": snapshot["verify_url"],
        "issued_on": snapshot["issued_on"],
        "document_subject": snapshot["verify_url"],
        "document_title": f"{snapshot['title'].capitalize()} số {number} – {holder}",
    }


def certifier(snapshot: Mapping[str, Any]) -> str:
    """Return who certifies: the head of the body, also when a deputy signs."""
    authority, post = snapshot["signer_authority"], snapshot["signer_post"]
    if authority.startswith(ON_BEHALF):
        return str(authority.removeprefix(ON_BEHALF).strip())
    for prefix in BY_ORDER:
        if authority.startswith(prefix):
            post = authority.removeprefix(prefix).strip()
    return f"{post} {snapshot['issuer']}"


def official_day(iso: str) -> str:
    """Return a day as official papers write it: ngày 05 tháng 02 năm 2026.

    Nghị định 30/2020, annex I: a 0 goes before days below 10 and months 1 and 2.
    """
    day = date.fromisoformat(iso)
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def _birth(snapshot: Mapping[str, Any]) -> str:
    if snapshot["birth_date"]:
        return f"Sinh ngày {_short_day(snapshot['birth_date'])}"
    if snapshot["birth_year"]:
        return f"Sinh năm {snapshot['birth_year']}"
    return ""


def _dates(snapshot: Mapping[str, Any]) -> str:
    first, last = _short_day(snapshot["started_on"]), _short_day(snapshot["completed_on"])
    span = f"ngày {last}" if first == last else f"từ ngày {first} đến ngày {last}"
    return f"Thời lượng {snapshot['periods']} tiết, {span}"


def _short_day(iso: str) -> str:
    return date.fromisoformat(iso).strftime("%d/%m/%Y")
