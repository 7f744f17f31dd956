"""PDF files for tests, made with pikepdf."""

import io
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String


def pdf_file(
    pages: int = 1,
    title: str = "",
    finish: Callable[[Pdf], None] = lambda _pdf: None,
    *,
    text: bool = True,
    **saving: object,
) -> bytes:
    """A PDF with so many pages; ``finish`` changes it before it is saved."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    )
    for number in range(pages):
        page = pdf.add_blank_page(page_size=(300, 400))
        if text:
            page.Resources = Dictionary(Font=Dictionary(F1=font))
            page.Contents = pdf.make_stream(f"BT /F1 12 Tf 20 350 Td ({number}) Tj ET".encode())
    if title:
        pdf.docinfo["/Title"] = title
    finish(pdf)
    out = io.BytesIO()
    pdf.save(out, **saving)  # type: ignore[arg-type]
    return out.getvalue()


def add_script(pdf: Pdf) -> None:
    """Let it run a script when it is opened, when a page is shown, and by name."""
    action = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    pdf.Root.OpenAction = pdf.make_indirect(action)
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), action])))
    pdf.pages[0].AA = Dictionary(O=action)


def add_launch(pdf: Pdf) -> None:
    """Let a link start a program."""
    link = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=Array([0, 0, 9, 9]),
        A=Dictionary(S=Name.Launch, F=String("cmd.exe")),
    )
    pdf.pages[0].Annots = Array([link])


def add_attachment(pdf: Pdf) -> None:
    """Put a file in it."""
    pdf.attachments["bang.exe"] = b"MZ programs begin like this"


def add_address(pdf: Pdf) -> None:
    """Let a link lead to an address, which is no harm."""
    link = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=Array([0, 0, 9, 9]),
        A=Dictionary(S=Name.URI, URI=String("https://vbpl.vn/")),
    )
    pdf.pages[0].Annots = Array([link])
