"""The files of a cartridge that its pages show: pictures and media, each taken once."""

import re
from collections.abc import Callable, Container
from posixpath import basename
from urllib.parse import unquote

from courses.formats.audio import ENDINGS as AUDIO_ENDINGS
from courses.formats.faults import UnreadableCourse
from courses.formats.file_types import PDF
from courses.formats.imscc.media import take_captions, take_medium
from courses.formats.packed import MOST_PICTURES, PackedFile, PackedPicture
from courses.formats.picture import ENDINGS as PICTURE_ENDINGS
from courses.formats.picture import PictureError, tell_type
from courses.formats.unpacking import Unpacked, ending
from courses.formats.video import ENDINGS as VIDEO_ENDINGS
from courses.imaging import MOST_BYTES, clean_picture
from lms.core.text import slugify

#: Bytes of all pictures, which are held until the course is kept.
ALL_BYTES = 100 * 1024**2
STEM_LENGTH = 60
PICTURES = frozenset({"png", "jpg", "jpeg", "gif", "webp", "svg", "bmp"})
#: What is not here keeps its ending.
_MEDIA_ENDINGS = {**VIDEO_ENDINGS, **AUDIO_ENDINGS, PDF: ".pdf"}
#: By which words an export names the folder of its files.
_FILE_BASES = ("$ims-cc-filebase$", "$ims_cc_filebase$")
_WEB_RESOURCES = "web_resources/"
_CAPTIONS = re.compile(r"(\.[a-z]{2,3})?\.(vtt|srt)")

Warn = Callable[..., None]


class CartridgeFiles:
    """What pages may show, by its name in the cartridge; warnings go to ``warn(code, **values)``."""

    def __init__(self, files: Unpacked) -> None:
        self.files = files
        self.pictures: dict[str, PackedPicture] = {}
        self.media: dict[str, PackedFile] = {}
        #: How long the documents among them take.
        self.minutes: dict[str, int] = {}
        self._names: dict[str, str | None] = {}
        self._bytes = 0

    def locate(self, address: str, page: str) -> str | None:
        """Return the file that an address in a page means; None for one outside the cartridge."""
        path = unquote(address).partition("?")[0].partition("#")[0].strip()
        lowered = path.lower()
        for base in _FILE_BASES:
            if lowered.startswith(base):
                rest = path[len(base) :].lstrip("/")
                found = self.files.find(_WEB_RESOURCES + rest) or self.files.find(rest)
                return found or self._alone(basename(rest))
        if not path or ":" in path.partition("/")[0] or path.startswith(("//", "$")):
            return None
        folder = page.removeprefix(self.files.root).rpartition("/")[0]
        return self.files.find(f"{folder}/{path}" if folder else path) or self.files.find(path)

    def _alone(self, base: str) -> str | None:
        """Return the one file of that name in any folder: exports often get folders wrong."""
        named = [name for name in self.files.archive if basename(name) == base]
        return named[0] if len(named) == 1 else None

    def picture(self, name: str, warn: Warn) -> str | None:
        """Return the course's name for a picture of the cartridge; None, with a warning, for none."""
        if name not in self._names:
            self._names[name] = self._take_picture(name, warn)
        return self._names[name]

    def medium(self, name: str, warn: Warn) -> str | None:
        """Return the course's name for a video, sound, PDF or Office file; None, with a warning."""
        if name not in self._names:
            self._names[name] = self._take_medium(name, warn)
        return self._names[name]

    def is_used(self, name: str) -> bool:
        """Tell whether something asked for a file of the cartridge."""
        return name in self._names

    def _take_picture(self, name: str, warn: Warn) -> str | None:
        size = self.files.archive.size(name)
        if size > MOST_BYTES or self._bytes + size > ALL_BYTES:
            warn("cc_picture_size", name=basename(name))
            return None
        if len(self.pictures) >= MOST_PICTURES:
            warn("picture_limit", limit=MOST_PICTURES)
            return None
        return self._keep_picture(name, self.files.archive[name], warn)

    def embedded(self, data: bytes, warn: Warn) -> str | None:
        """Return the course's name for a picture that a page holds itself; None, with a warning."""
        if len(self.pictures) >= MOST_PICTURES or self._bytes + len(data) > ALL_BYTES:
            warn("picture_limit", limit=MOST_PICTURES)
            return None
        return self._keep_picture("picture.", data, warn)

    def _keep_picture(self, name: str, data: bytes, warn: Warn) -> str | None:
        try:
            data, content_type = _fit(data)
        except PictureError:
            warn("cc_picture", name=basename(name).rstrip("."))
            return None
        self._bytes += len(data)
        known = _free("images/", name, PICTURE_ENDINGS[content_type][0], self.pictures)
        self.pictures[known] = PackedPicture(data, content_type)
        return known

    def _take_medium(self, name: str, warn: Warn) -> str | None:
        try:
            taken = take_medium(self.files.archive, name)
        except UnreadableCourse as error:
            for reason in error.faults:
                warn("cc_file", name=basename(name))
                if reason.code != "cc_file":
                    warn(reason.code, **reason.values)
            return None
        for said in taken.warnings:
            warn(said.code, **said.values)
        content_type = taken.file.content_type
        suffix = _MEDIA_ENDINGS.get(content_type) or f".{ending(name)}"
        known = _free("media/", name, suffix, self.media)
        self.media[known] = taken.file
        self.minutes[known] = taken.minutes
        if content_type.startswith("video/"):
            self._take_captions(name, known)
        return known

    def _take_captions(self, video: str, known: str) -> None:
        """Take the captions that lie beside a video and are named like it: x.vi.vtt of x.mp4."""
        stem, new_stem = video.rpartition(".")[0], known.rpartition(".")[0]
        for name in self.files.archive:
            named = _CAPTIONS.fullmatch(name.removeprefix(stem)) if name.startswith(stem) else None
            captions = take_captions(self.files.archive, name) if named else None
            if named and captions:
                # Without a language in the name it is that of the course.
                new_name = f"{new_stem}{named[1] or '.vi'}.vtt"
                self._names[name] = new_name
                self.media.setdefault(new_name, captions)


def _fit(data: bytes) -> tuple[bytes, str]:
    """Return a picture and its type, turned into one that lessons show. Raises PictureError."""
    try:
        return data, tell_type(data)
    except PictureError:
        # GIF and BMP, and what is too large as it is.
        return clean_picture(data)


def _free(folder: str, name: str, suffix: str, taken: Container[str]) -> str:
    """Return a name for the course that no other file has."""
    stem = slugify(basename(name).rpartition(".")[0], "file", STEM_LENGTH)
    known, number = f"{folder}{stem}{suffix}", 1
    while known in taken:
        number += 1
        known = f"{folder}{stem}-{number}{suffix}"
    return known
