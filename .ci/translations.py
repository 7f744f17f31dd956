"""Keep the Vietnamese catalogues complete: ``check`` them, or ``update`` them from the code.

A text is translated in the catalogue of its feature, or in ``core`` when several
features share it. At run time the catalogues are merged, so one text may not be
translated in two ways; where it should be, give it a context (``pgettext``).
"""

import argparse
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "lms" / "translations" / "vi" / "LC_MESSAGES"

FEATURES = {
    "agencies": ROOT / "lms" / "agencies",
    "people": ROOT / "lms" / "people",
    "plans": ROOT / "lms" / "plans",
    "reports": ROOT / "lms" / "reports",
    "courses": ROOT / "courses",
    "quizzes": ROOT / "quizzes",
    "certificates": ROOT / "certificates",
}
#: The folders of lms/ that are no feature of their own, and lms/*.py, are ``core``.
CORE = ROOT / "lms"

METHODS = [
    ("**/static/**", "ignore"),
    ("**/assets/**", "ignore"),
    ("**.py", "python"),
    ("**/templates/**.*", "jinja2"),
]
#: As in the application, where a template's line breaks are no part of the text.
OPTIONS = {"**/templates/**.*": {"trimmed": "true", "silent": "false"}}
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "_l": None,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}


def main() -> int:
    """Run one action; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=("check", "update"))
    if parser.parse_args().action == "update":
        update()
        return 0
    faults = list(find_faults())
    for fault in faults:
        print(fault)
    if faults:
        print(f"{len(faults)} faults; `make messages` brings new texts into the catalogues.")
    return 1 if faults else 0


def find_faults() -> Iterator[str]:
    """Say, for each domain, what is missing, left over or does not fit its text."""
    used = {domain: texts_in_code(domain) for domain in domains()}
    written = {domain: read_catalogue(domain) for domain in domains()}
    for domain in domains():
        yield from _missing(domain, used[domain], written)
        yield from _left_over(domain, used[domain], written[domain])
        yield from _unfit(domain, written[domain])
    yield from _contradictions(written)


def update() -> None:
    """Add new texts, untranslated, to each catalogue and drop those no longer used."""
    core = texts_in_code("core")
    for domain in domains():
        template = core if domain == "core" else _without(texts_in_code(domain), core)
        catalogue = read_catalogue(domain)
        if not len(template) and not len(catalogue):
            continue
        catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
        path = CATALOGUES / f"{domain}.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, width=100, include_lineno=False, ignore_obsolete=True)
        print(f"{domain}: {len(catalogue)} texts, {sum(1 for _ in _untranslated(catalogue))} new")


def domains() -> list[str]:
    """Return every domain, the shared one first."""
    return ["core", *FEATURES]


def texts_in_code(domain: str) -> Catalog:
    """Extract the texts that the code and templates of a domain show."""
    catalogue = Catalog(domain=domain)
    folder = CORE if domain == "core" else FEATURES[domain]
    if not folder.exists():
        return catalogue
    extracted = extract_from_dir(
        folder,
        METHODS,
        OPTIONS,
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        directory_filter=_is_core_folder if domain == "core" else None,
        strip_comment_tags=True,
    )
    for name, line, text, comments, context in extracted:
        place = (folder / name).relative_to(ROOT).as_posix()
        catalogue.add(text, None, [(place, line)], auto_comments=comments, context=context)
    return catalogue


def read_catalogue(domain: str) -> Catalog:
    """Read the Vietnamese catalogue of a domain; an empty one where there is none."""
    path = CATALOGUES / f"{domain}.po"
    if not path.exists():
        return _new_catalogue(domain)
    with path.open("rb") as file:
        return read_po(file, locale="vi", domain=domain, abort_invalid=True)


def _new_catalogue(domain: str) -> Catalog:
    return Catalog(
        locale="vi",
        domain=domain,
        header_comment=f"# Vietnamese texts of {domain}.",
        project="Hoc binh dang",
        version="1",
        msgid_bugs_address="none",
        last_translator="none",
        language_team="vi",
        revision_date=datetime.now(UTC),
        fuzzy=False,
    )


def _is_core_folder(path: str) -> bool:
    return Path(path) not in FEATURES.values()


def _missing(domain: str, used: Catalog, written: dict[str, Catalog]) -> Iterator[str]:
    for text in _texts(used):
        own, shared = (_translation(written[d], text) for d in (domain, "core"))
        if not own and not shared:
            yield f"{domain}.po lacks {text.id!r} ({_place(text)})"


def _left_over(domain: str, used: Catalog, written: Catalog) -> Iterator[str]:
    for text in _texts(written):
        if used.get(_key(text), text.context) is None:
            yield f"{domain}.po holds {text.id!r}, which no code of {domain} shows"


def _unfit(domain: str, written: Catalog) -> Iterator[str]:
    for text in _texts(written):
        if _translation(written, text):
            for error in text.check(written):
                yield f"{domain}.po: {text.id!r}: {error}"
            # Babel knows %(name)s; texts filled with str.format have {name}.
            if _names_in_braces(_key(text)) != _names_in_braces(_translation(written, text)):
                yield f"{domain}.po: {text.id!r}: other names in braces"


def _names_in_braces(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def _contradictions(written: dict[str, Catalog]) -> Iterator[str]:
    seen: dict[tuple[str | None, str], tuple[str, Message]] = {}
    for domain, catalogue in written.items():
        for text in _texts(catalogue):
            first, other = seen.setdefault((text.context, _key(text)), (domain, text))
            if other.string != text.string:
                yield f"{domain}.po and {first}.po translate {text.id!r} differently"


def _untranslated(catalogue: Catalog) -> Iterator[Message]:
    return (text for text in _texts(catalogue) if not _translation(catalogue, text))


def _translation(catalogue: Catalog, text: Message) -> str:
    """Return the finished translation of a text, or nothing."""
    found = catalogue.get(_key(text), text.context)
    if found is None or found.fuzzy:
        return ""
    forms = found.string if isinstance(found.string, tuple) else (found.string or "",)
    return forms[0] if all(forms) else ""


def _without(catalogue: Catalog, shared: Catalog) -> Catalog:
    for text in list(_texts(catalogue)):
        if shared.get(_key(text), text.context) is not None:
            catalogue.delete(_key(text), text.context)
    return catalogue


def _texts(catalogue: Catalog) -> Iterator[Message]:
    """Yield the messages of a catalogue without its header."""
    return (text for text in catalogue if text.id)


def _key(text: Message) -> str:
    return text.id if isinstance(text.id, str) else text.id[0]


def _place(text: Message) -> str:
    name, line = text.locations[0]
    return f"{name}:{line}"


if __name__ == "__main__":
    sys.exit(main())
