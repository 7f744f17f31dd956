"""The paper itself: a PDF from a certificate's snapshot, the same bytes each time."""

from collections.abc import Mapping
from typing import Any

from certificates.pdf import qr
from certificates.pdf.frame import DoesNotFit, frame_for
from certificates.pdf.layout import lay_out
from certificates.pdf.words import words_of


def render(template: str, snapshot: Mapping[str, Any]) -> bytes:
    """Return the paper as a PDF of one page.

    Nearly always a frame is filled in; a name with letters of another script, or an
    agency whose name needs two lines, is laid out by itself.
    """
    words = words_of(snapshot)
    try:
        return frame_for(template, words).fill(words)
    except DoesNotFit:
        words["setting"] = "tight"
        return lay_out(template, words, qr.picture_of(words["verify_url"]))
