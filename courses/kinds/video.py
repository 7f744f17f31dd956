"""A video or recording, with captions, in the quality that the learner's network bears."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from courses import watching
from courses.files import ShownFile, list_files
from courses.queries.playing import Versions, find_place, list_captions, list_versions
from courses.sizes import say_seconds, say_size

LABEL = _l("Video or recording")
RULES = ("watched", "read", "minutes", "confirmed")
ENDPOINT = "courses.lesson"

ORIGINAL = "original"
#: From what most networks bear to what every network bears.
USUAL = ("480p", "240p", "audio")
SPARING = ("240p", "audio", "480p")


@dataclass(frozen=True)
class Choice:
    """One version that can be played."""

    profile: str
    label: str
    file: ShownFile

    @property
    def size(self) -> str:
        """Return its size in words."""
        return say_size(self.file.size)

    @property
    def is_audio(self) -> bool:
        """Tell whether it is sound alone."""
        return self.file.content_type.startswith("audio/")


def show(lesson: Any, revision_id: int, enrolment_id: int | None) -> Mapping[str, Any]:
    """Return what plays the file, and where the learner stopped; in a preview nothing is kept."""
    files = list_files(revision_id)
    file = files.get(str(lesson.settings.get("file", "")))
    if file is None:
        return {"film": None, "choices": [], "keeps": False}
    versions = list_versions(file)
    choices = list_choices(file, versions)
    progress = find_place(enrolment_id, lesson.id) if enrolment_id is not None else None
    return {
        "film": file,
        "choices": choices,
        "chosen": _choose(choices),
        "poster": versions.done.get("poster"),
        "tracks": [(key, _language(key), x) for key, x in list_captions(file, files).items()],
        "length": say_seconds(versions.seconds) if versions.known else "",
        "is_waiting": versions.waiting,
        "share": watching.share(progress.watched, versions.seconds) if progress else 0,
        "place": progress.position if progress else 0.0,
        "place_words": say_seconds(progress.position) if progress else "",
        "keeps": enrolment_id is not None,
    }


def list_choices(file: ShownFile, versions: Versions) -> list[Choice]:
    """Return the versions of a file that can be played, the largest first.

    The original stands among them until what is to take its place is made.
    """
    made = [Choice(key, _label(key), versions.done[key]) for key in USUAL if key in versions.done]
    kind = file.content_type.partition("/")[0]
    if made and not versions.waiting and made[0].file.content_type.startswith(kind):
        return made
    return [Choice(ORIGINAL, _("Original"), file), *made]


def _choose(choices: list[Choice]) -> Choice:
    """Return what is asked for, or what fits a browser that asks to spare data."""
    by_profile = {choice.profile: choice for choice in choices}
    asked = by_profile.get(request.args.get("quality", ""))
    if asked is not None:
        return asked
    if request.headers.get("Save-Data", "").lower() == "on":
        return next((by_profile[key] for key in SPARING if key in by_profile), choices[0])
    return choices[0]


def _label(profile: str) -> str:
    return str(_("Sound only")) if profile == "audio" else profile


def _language(code: str) -> str:
    return {"vi": "Tiếng Việt", "en": "English"}[code]
