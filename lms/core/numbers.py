"""Numbers that come in by addresses: none larger than a row's id can be."""

from typing import Any

from flask import request
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1


class RowIdConverter(IntegerConverter):
    """``<int:…>`` in every address; a larger number is no address at all (404)."""

    def __init__(self, map_: Map, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max", LARGEST)
        super().__init__(map_, *args, **kwargs)


def asked_number(name: str, default: int | None = None) -> int | None:
    """Return a number of the query string or form, or the default where there is none to use."""
    number = request.values.get(name, type=int)
    return number if number is not None and 0 <= number <= LARGEST else default


def asked_page() -> int:
    """Return the page of a list that is asked for, from 1."""
    return max(asked_number("page") or 1, 1)
