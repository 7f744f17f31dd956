"""Presentations for tests, made with python-pptx and finished by hand where it has no words."""

import io
import zipfile
from collections.abc import Callable

from lxml import etree
from pptx import Presentation
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from tests.courses.formats.word_files import png

P14 = "http://schemas.microsoft.com/office/powerpoint/2010/main"
BOX = (Inches(1), Inches(2), Inches(4), Inches(2))
#: The beginning of an MP4, as far as anybody looks here.
MP4 = b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 200


class Deck:
    """A presentation while it is made."""

    def __init__(self, title: str = "") -> None:
        self.file = Presentation()
        self.file.core_properties.title = title

    def slide(self, title: str = "", *lines: str | tuple[str, int], notes: str = ""):
        """Add a slide with a title and text; a line may come with its level."""
        slide = self.file.slides.add_slide(self.file.slide_layouts[1])
        slide.shapes.title.text = title
        frame = slide.placeholders[1].text_frame
        for number, line in enumerate(lines):
            words, level = line if isinstance(line, tuple) else (line, 0)
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            paragraph.text, paragraph.level = words, level
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
        return slide

    def sections(self, *sections: tuple[str, list[int]]) -> None:
        """Name sections by the places of their slides."""
        listed = [node.get("id") for node in self.file.slides._sldIdLst]
        rows = "".join(
            f'<p14:section name="{name}" id="{{0}}"><p14:sldIdLst>'
            + "".join(f'<p14:sldId id="{listed[place]}"/>' for place in places)
            + "</p14:sldIdLst></p14:section>"
            for name, places in sections
        )
        main = "http://schemas.openxmlformats.org/presentationml/2006/main"
        self.file.element.append(
            etree.fromstring(
                f'<p:extLst xmlns:p="{main}"><p:ext uri="x"><p14:sectionLst xmlns:p14="{P14}">'
                f"{rows}</p14:sectionLst></p:ext></p:extLst>"
            )
        )

    def data(self) -> bytes:
        """The file."""
        out = io.BytesIO()
        self.file.save(out)
        return out.getvalue()


def add_table(slide, rows: list[list[str]]):
    """Add a table; return its graphic frame."""
    frame = slide.shapes.add_table(len(rows), len(rows[0]), *BOX)
    for down, row in enumerate(rows):
        for across, words in enumerate(row):
            frame.table.cell(down, across).text = words
    return frame


def add_chart(slide, title: str = "") -> None:
    """Add a chart of two categories and one series."""
    data = CategoryChartData()
    data.categories = ["2021", "2026"]
    data.add_series("Nữ đại biểu", (29.5, 31))
    chart = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *BOX, data).chart
    if title:
        chart.has_title = True
        chart.chart_title.text_frame.text = title


def add_scatter(slide) -> None:
    """Add a chart that is no table."""
    data = XyChartData()
    data.add_series("x").add_data_point(1, 2)
    slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, *BOX, data)


def add_picture(slide, words: str = ""):
    """Add a picture with a description."""
    shape = slide.shapes.add_picture(io.BytesIO(png()), *BOX)
    shape._element.nvPicPr.cNvPr.set("descr", words)
    return shape


def add_movie(slide) -> None:
    """Add a video that lies inside the file."""
    slide.shapes.add_movie(io.BytesIO(MP4), *BOX, poster_frame_image=io.BytesIO(png()))


def change(data: bytes, name: str, how: Callable[[bytes], bytes]) -> bytes:
    """The file with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.namelist():
            content = old.read(entry)
            new.writestr(entry, how(content) if entry == name else content)
    return out.getvalue()


def chart_part() -> bytes:
    """The part of a chart with a title."""
    deck = Deck()
    add_chart(deck.slide(), "Tỉ lệ nữ")
    with zipfile.ZipFile(io.BytesIO(deck.data())) as file:
        (name,) = (name for name in file.namelist() if name.startswith("ppt/charts/chart"))
        return file.read(name)


def full_deck() -> bytes:
    """A presentation of everything."""
    deck = Deck("Bình đẳng giới")
    deck.slide("Mở đầu", "một", ("hai", 1), "ba", notes="Chào anh chị.")
    slide = deck.slide("Số liệu")
    add_table(slide, [["Năm", "Nữ"], ["2026", "31"]])
    add_chart(slide, "Tỉ lệ")
    add_picture(slide, "Biểu đồ")
    add_movie(deck.slide("Phim"))
    deck.sections(("Phần một", [0]), ("Phần hai", [1, 2]))
    return deck.data()
