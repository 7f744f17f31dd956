"""Videos and sounds inside a presentation: kept as files of the course, never held in memory."""

import posixpath
from functools import partial

from courses.formats import audio, video
from courses.formats.office.package import Package
from courses.formats.packed import PackedFile
from lms.core.archives import ArchiveError
from lms.core.text import slugify

_HEAD_BYTES = 8192


class Recordings:
    """The recordings of one presentation."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._names: dict[str, str | None] = {}
        self.packed: dict[str, PackedFile] = {}

    def name_of(self, part: str) -> str | None:
        """Return the course's name for the recording in a part; None for an unknown kind."""
        if part not in self._names:
            self._names[part] = self._take(part)
        return self._names[part]

    def _take(self, part: str) -> str | None:
        archive = self._package.archive
        if part not in archive:
            return None
        opener = partial(archive.open, part)
        try:
            with opener() as stream:
                head = stream.read(_HEAD_BYTES)
            content_type = video.tell_video_type(head) or audio.tell_audio_type(head)
            if content_type is None:
                return None
            file = PackedFile.of(content_type, opener)
        except ArchiveError:
            return None
        ending = {**video.ENDINGS, **audio.ENDINGS}[content_type]
        stem = slugify(posixpath.basename(part).rpartition(".")[0], "media", 60)
        name = f"media/{stem}{ending}"
        if name in self.packed:
            name = f"media/{stem}-{len(self.packed) + 1}{ending}"
        self.packed[name] = file
        return name
