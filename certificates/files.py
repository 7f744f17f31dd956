"""Names of the PDF of a certificate: in storage, and on the holder's disk. Pure."""

import hashlib
import re
import unicodedata
from datetime import date

from certificates.models import Certificate

_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9 .-]+")


def storage_key(token: str, issued_on: date) -> str:
    """Return where the PDF is kept; the name does not give the token away."""
    name = hashlib.sha256(token.encode()).hexdigest()
    return f"certificates/{issued_on.year}/{name}.pdf"


def file_name(certificate: Certificate) -> str:
    """Return the name to save it under: Nguyen Thi Hoa - 0123-2026-GCN-SNV.pdf.

    Plain letters, which every phone and mail program keeps; the number tells homonyms
    apart.
    """
    letters = unicodedata.normalize("NFD", str(certificate.snapshot["holder"]))
    holder = "".join(c for c in letters if not unicodedata.combining(c))
    holder = _NOT_IN_A_NAME.sub("", holder.translate({ord("đ"): "d", ord("Đ"): "D"})).strip()
    number = certificate.number.replace("/", "-")
    return f"{holder} - {number}.pdf" if holder else f"{number}.pdf"
