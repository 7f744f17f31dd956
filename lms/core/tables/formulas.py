"""The guard against texts that a spreadsheet would run as formulas."""

import re

#: What makes a spreadsheet take a text for a formula: a sign, also in its full-width form,
#: after any white space or mark that it may skip, or a leading tab or line break; and all
#: of these behind the apostrophes that an earlier guard has put there.
_RISKY = re.compile("'*[\\s\u200b\ufeff]*[=+\\-@＝＋－＠]|'*[\t\r\n]")


def guard(text: str) -> str:
    """Return the text for a CSV cell, with an apostrophe before what could run as a formula."""
    return f"'{text}" if _RISKY.match(text) else text


def unguard(text: str) -> str:
    """Take back the apostrophe that guard put, so that an exported file imports unchanged."""
    return text[1:] if text.startswith("'") and _RISKY.match(text) else text
