"""A course to begin from: the like of another, with an address and a writer of its own."""

from dataclasses import replace

from flask_babel import gettext as _

from courses.formats.packed import TITLE_LENGTH
from courses.models import Course
from courses.queries.authoring import get_newest
from courses.services.authoring.drafts import free_slug
from courses.services.packs import import_pack, pack_revision
from lms.core import audit


def duplicate_course(course: Course, owner_id: int) -> Course:
    """Return a new course whose draft holds all that the newest revision of another does."""
    packed = pack_revision(get_newest(course))
    title = _("Copy of %(title)s", title=packed.title)[:TITLE_LENGTH]
    copy = import_pack(replace(packed, slug=free_slug(title), title=title), owner_id).course
    audit.record("courses.duplicated", f"course:{copy.id}", of=course.slug)
    return copy
