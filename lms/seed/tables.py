"""Reads the small tables that the seed is made from."""

import csv
from pathlib import Path


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file by column name; blank cells are ''."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
