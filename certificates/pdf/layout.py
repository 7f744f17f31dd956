"""Lays the paper out with WeasyPrint: our own fonts and style sheet, nothing from outside.

WeasyPrint is imported when the first paper is laid out, so that web processes, which
never lay one out, do not carry it.
"""

import base64
from functools import lru_cache
from pathlib import Path
from typing import Any

import fontpkg_be_vietnam_pro
from flask import current_app

FONTS = Path(fontpkg_be_vietnam_pro.ROOT) / "files"
#: Faces of Be Vietnam Pro on the paper and their files, whole: fonts cut into ranges
#: for the web break the text that readers copy out of a PDF.
FACES = {
    "400 normal": "BeVietnamPro-Regular.ttf",
    "400 italic": "BeVietnamPro-Italic.ttf",
    "600 normal": "BeVietnamPro-SemiBold.ttf",
}
#: PDF/A-2a: made to last, tagged for screen readers, its fonts inside.
VARIANT = "pdf/a-2a"


def lay_out(template: str, words: dict[str, str], qr: str) -> bytes:
    """Return the PDF of a paper; ``qr`` is the address of its picture, a ``data:`` URI."""
    from weasyprint import HTML  # noqa: PLC0415 - see above

    page = current_app.jinja_env.get_template(f"certificates/paper/{template}.html")
    html = HTML(string=page.render(words=words, qr=qr), url_fetcher=_fetcher())
    pdf: bytes = html.write_pdf(
        stylesheets=[_style_sheet(template)],
        font_config=_fonts(),
        pdf_variant=VARIANT,
        pdf_identifier=b"",
    )
    return pdf


@lru_cache
def _fetcher() -> Any:
    """Return the fetcher of a paper: what is in the page itself, no file and no network."""
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    return URLFetcher(allowed_protocols={"data"}, allow_redirects=False)


@lru_cache
def _fonts() -> Any:
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

    return FontConfiguration()


@lru_cache
def _style_sheet(template: str) -> Any:
    from weasyprint import CSS  # noqa: PLC0415

    source = Path(__file__).with_name(f"{template}.css").read_text()
    faces = "".join(_font_face(face, name) for face, name in FACES.items())
    return CSS(string=faces + source, font_config=_fonts(), url_fetcher=_fetcher())


def _font_face(face: str, name: str) -> str:
    weight, style = face.split()
    data = base64.b64encode((FONTS / name).read_bytes()).decode()
    return (
        f"@font-face {{ font-family: 'Be Vietnam Pro'; font-weight: {weight}; font-style: {style};"
        f" src: url(data:font/ttf;base64,{data}) }}\n"
    )
