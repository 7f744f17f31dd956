"""Reads what a page shows by its data-test names."""

import html5lib


def found(page: str, name: str) -> list[str]:
    """Return the texts of the elements with this data-test, white space closed up."""
    document = html5lib.parse(page, namespaceHTMLElements=False)
    return [
        " ".join("".join(element.itertext()).split())
        for element in document.iter()
        if element.get("data-test") == name
    ]


def cells(page: str, name: str) -> list[list[str]]:
    """Return the rows of the table with this data-test."""
    document = html5lib.parse(page, namespaceHTMLElements=False)
    (table,) = [e for e in document.iter("table") if e.get("data-test") == name]
    return [
        [" ".join(" ".join(cell.itertext()).split()) for cell in row]
        for row in table.find("tbody").iter("tr")
    ]
