"""Pictures inside Office files: named for the course once each, whatever shows them."""

import re
from collections.abc import Mapping
from contextlib import suppress

from courses.formats.office.package import Package
from courses.formats.office.warnings import Warnings
from courses.formats.packed import MOST_PICTURES, PackedPicture
from courses.formats.picture import ENDINGS, PictureError, tell_type
from courses.imaging import MOST_BYTES, clean_picture
from lms.core.archives import ArchiveError
from lms.core.text import clean

ALT_LENGTH = 500
#: Bytes up to which a picture is held as it is; all are made fit when the course is kept.
LIGHT = 1024**2
#: Bytes of all pictures of a file, which are held until the course is kept.
ALL_BYTES = 100 * 1024**2

#: What Office writes below a description that no person has written.
_MACHINE_NOTE = re.compile(
    r"(description automatically generated|mô tả được tạo tự động)\.?", re.IGNORECASE
)
#: Names of files and of shapes say nothing about what is seen.
_NO_WORDS = re.compile(
    r"(.*[\\/])?[^\\/]*\.(png|jpe?g|gif|bmp|tiff?|emf|wmf|svg|webp)"
    r"|(picture|image|hình ảnh|hình|ảnh|graphic|shape)[ _-]?\d*",
    re.IGNORECASE,
)


class Pictures:
    """The pictures of one file while it is read."""

    def __init__(self, package: Package, warnings: Warnings) -> None:
        self._package = package
        self._warnings = warnings
        self._names: dict[str, str | None] = {}
        self._bytes = 0
        self.packed: dict[str, PackedPicture] = {}

    def name_of(self, part: str) -> str | None:
        """Return the course's name for the picture in a part; None, with a warning, for none."""
        if part not in self._names:
            self._names[part] = self._take(part)
        return self._names[part]

    def shown(self, names: Mapping[str, object] | set[str]) -> dict[str, PackedPicture]:
        """Return those pictures that are among the names."""
        return {name: picture for name, picture in self.packed.items() if name in names}

    def _take(self, part: str) -> str | None:
        archive = self._package.archive
        if part not in archive:
            self._warnings.add("office_picture_away")
            return None
        if archive.size(part) > MOST_BYTES:
            self._warnings.add("office_picture_size")
            return None
        if len(self.packed) >= MOST_PICTURES:
            self._warnings.add("office_pictures_many", limit=MOST_PICTURES)
            return None
        try:
            data, content_type = _settle(archive[part])
        except (ArchiveError, PictureError):
            self._warnings.add("office_picture_kind", kind=part.rpartition(".")[2].upper()[:5])
            return None
        if self._bytes + len(data) > ALL_BYTES:
            self._warnings.add("office_picture_size")
            return None
        self._bytes += len(data)
        name = f"images/picture-{len(self.packed) + 1}{ENDINGS[content_type][0]}"
        self.packed[name] = PackedPicture(data, content_type)
        return name


def _settle(data: bytes) -> tuple[bytes, str]:
    """Return a picture of a kind that browsers show, and of a size that can be held."""
    if len(data) <= LIGHT:
        with suppress(PictureError):
            return data, tell_type(data)
    return clean_picture(data)


def tidy_alt(text: str | None) -> str:
    """Return a description as a person wrote it; "" when only a program did."""
    words = clean(_MACHINE_NOTE.sub("", text or ""))
    return "" if _NO_WORDS.fullmatch(words) else words[:ALT_LENGTH]
