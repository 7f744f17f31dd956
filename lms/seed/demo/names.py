"""Names as people of the province bear them: family, middle and given name by sex.

The weights are rough shares in a thousand, from what everybody who works with such
lists knows; nobody's list was copied. Homonyms come by themselves.
"""

from pathlib import Path
from random import Random

from lms.core.text import fold
from lms.seed.demo.chance import Urn
from lms.seed.tables import read_rows

_NAMES = Path(__file__).parent / "data" / "names.csv"
#: A top-level domain that never leads anywhere (RFC 2606).
MAIL_DOMAIN = "bacninh.example"


class NameUrn:
    """Draws full names."""

    def __init__(self) -> None:
        rows = read_rows(_NAMES)
        self._urns = {
            (part, sex): Urn(
                (row["name"], float(row["weight"]))
                for row in rows
                if row["part"] == part and row["sex"] in (sex, "")
            )
            for part in ("family", "middle", "given")
            for sex in ("F", "M")
        }

    def draw(self, sex: str, chance: Random) -> str:
        """Return a full name for a woman (F) or a man (M), without a word twice."""
        family = self._urns["family", sex].draw(chance)
        middle = self._urns["middle", sex].draw(chance)
        words = {family, *middle.split()}
        given = self._urns["given", sex].draw(chance)
        while given in words:
            given = self._urns["given", sex].draw(chance)
        return f"{family} {middle} {given}"


def mail_address(full_name: str, number: int) -> str:
    """Return an address such as offices give: hoant17 for Nguyễn Thị Hoa, number 17."""
    *before, given = fold(full_name).split()
    initials = "".join(word[0] for word in before)
    return f"{given}{initials}{number}@{MAIL_DOMAIN}"


def phone_number(number: int) -> str:
    """Return a made-up mobile number, another one for each number below 999,983.

    Multiplying by a number that shares no factor with the (prime) modulus only
    shuffles, so no two are alike.
    """
    return f"0900{number * 7919 % 999_983:06}"
