"""A file that came whole becomes a preview, and then, when its owner says so, a course.

An import waits, is read (ready or refused), waits to be applied, and is done. A worker
claims it for a while: one that is killed leaves nothing behind but the claim, and when that
is over another begins anew. What an import makes is made in one transaction.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import delete

from courses.files import storage_key
from courses.formats.brought import Brought
from courses.formats.faults import Fault, to_plain
from courses.formats.packed import TAKEN_SLUGS, PackedCourse
from courses.import_preview import build_preview
from courses.models import Course, Import, Revision, Upload
from courses.queries import find_course
from courses.queries.authoring import may_write
from courses.queries.imports import LISTED_FOR, OPEN
from courses.services.appending import append_modules
from courses.services.authoring.drafts import free_slug, start_draft
from courses.services.library.registering import register_files
from courses.services.packs import import_pack
from courses.services.uploads import let_go, open_upload
from lms.core import audit, jobs, storage
from lms.core.access import Viewer
from lms.core.clock import now
from lms.core.db import db
from lms.core.errors import Refused
from lms.people.queries import find_viewer

READ, APPLY, FORGET = "courses.read_imports", "courses.apply_imports", "courses.forget_uploads"
#: How long a worker has an import before another may take it; a file of 2 GB takes minutes.
LEASE = timedelta(minutes=20)
MOST_TRIES = 3
#: Files up to this many bytes are read and applied while their owner waits.
AT_ONCE = 2 * 1024**2
#: Format of a file whose own address decides which course it belongs to.
PACK = "pack"
WARNINGS_KEPT = 500


@dataclass(frozen=True)
class Claim:
    """An import that a worker has for a while."""

    import_id: int
    token: str


def begin_import(upload: Upload, *, replace_draft: bool = False) -> Import:
    """Note that a whole upload is to be read, and ring for it when it is large."""
    found = Import(
        owner_id=upload.owner_id,
        upload_id=upload.id,
        replace_draft=replace_draft,
        state="waiting",
        preview={},
        warnings=[],
        faults=[],
        done=0,
        total=0,
        tries=0,
        claimed_by="",
        created_at=now(),
        updated_at=now(),
    )
    db.session.add(found)
    db.session.flush()
    audit.record("courses.import_begun", f"import:{found.id}", bytes=upload.size)
    _ring_for_large(upload, READ)
    return found


def ask_to_apply(found: Import, course: Course | None, *, replace_draft: bool) -> bool:
    """Note that an import is to become a course, or modules of one; tell whether it was new.

    The second press of a button finds it under way or done, and changes nothing.
    """
    db.session.refresh(found, with_for_update=True)
    if found.state != "ready":
        return False
    found.state = "applying"
    found.course_id = None if course is None else course.id
    found.replace_draft = replace_draft
    found.tries, found.done, found.faults = 0, 0, []
    _release(found)
    _ring_for_large(db.session.get_one(Upload, found.upload_id), APPLY)
    return True


def discard(found: Import) -> None:
    """Throw an import away with its file. Raises Refused while it is being applied."""
    db.session.refresh(found, with_for_update=True)
    if found.state == "applying":
        raise Refused(_("This import is under way. Wait until it is done."), 409)
    let_go(db.session.get_one(Upload, found.upload_id))
    db.session.execute(delete(Import).where(Import.id == found.id))


def claim(import_id: int, state: str) -> Claim | None:
    """Claim an import that waits in this state and that nobody has; else return None.

    One whose workers died again and again is given up.
    """
    found = db.session.get(Import, import_id, with_for_update=True)
    if found is None or found.state != state:
        return None
    if found.claimed_until is not None and found.claimed_until > now():
        return None
    if found.tries >= MOST_TRIES:
        refuse(found, [Fault("given_up")])
        return None
    found.tries += 1
    return _claim(found, Claim(found.id, secrets.token_hex(8)))


def find_claimed(claim: Claim) -> Import | None:
    """Return a claimed import, locked; None when another worker took it over."""
    found = db.session.get(Import, claim.import_id, with_for_update=True, populate_existing=True)
    return found if found is not None and found.claimed_by == claim.token else None


def give_back(found: Import) -> None:
    """Let an import be claimed again: what went wrong may pass by itself."""
    _release(found)


def note_progress(found: Import, claim: Claim, done: int) -> None:
    """Note how many files are kept, and claim the import anew for the rest."""
    found.done = done
    _claim(found, claim)


def open_file(import_id: int) -> Brought:
    """Return the file of an import."""
    found = db.session.get_one(Import, import_id)
    upload = db.session.get_one(Upload, found.upload_id)
    return Brought(open_upload(upload), upload.filename)


def note_preview(found: Import, key: str, packed: PackedCourse) -> None:
    """Note what was read; its owner decides next."""
    found.format = key
    found.preview = build_preview(packed)
    found.warnings = [to_plain(warning) for warning in packed.warnings[:WARNINGS_KEPT]]
    found.total = len(packed.files)
    found.state, found.faults, found.tries = "ready", [], 0
    _release(found)


def refuse(found: Import, faults: Iterable[Fault]) -> None:
    """Note why nothing can be made of a file, and let its bytes go."""
    found.faults = [to_plain(fault) for fault in faults][:WARNINGS_KEPT]
    found.state = "refused"
    _release(found)
    let_go(db.session.get_one(Upload, found.upload_id))


def put_off(found: Import, sentence: str) -> None:
    """Note why an import could not be applied now; its owner may ask again."""
    found.state, found.faults = "ready", [{"sentence": sentence}]
    _release(found)


def store_content(packed: PackedCourse) -> Iterable[int]:
    """Put pictures and files into the storage ahead of the transaction, yielding how many are.

    They lie there by their content: what is there already is passed over, and what no
    course comes to name is as if it were not there.
    """
    for number, file in enumerate(packed.files.values(), 1):
        key = storage_key(file.sha256)
        if not storage.exists(key):
            with file.open() as stream:
                storage.put_file(key, stream)
        yield number


def apply(found: Import, packed: PackedCourse) -> Course:
    """Make the course or the modules. The caller commits. Raises Refused, and ArchiveError."""
    viewer = find_viewer(str(found.owner_id))
    if viewer is None or not viewer.may("courses.write"):
        raise Refused(_("You may not write courses any more."))
    revision = _append(found, packed) if found.course_id else _make(found, packed, viewer)
    register_files(found.owner_id, revision.id)
    course = revision.course
    found.state, found.made_course_id, found.faults = "done", course.id, []
    _release(found)
    let_go(db.session.get_one(Upload, found.upload_id))
    audit.record(
        "courses.import_applied",
        f"import:{found.id}",
        found.owner_id,
        course=course.slug,
        format=found.format,
    )
    return course


def forget_old() -> int:
    """Forget imports that were done with long ago, or left lying; return how many."""
    old = Import.updated_at < now() - LISTED_FOR
    outcome = db.session.execute(delete(Import).where(old, Import.state.not_in(OPEN)))
    return outcome.rowcount  # type: ignore[attr-defined, no-any-return]


def find_next_revision(viewer: Viewer, found: Import) -> Course | None:
    """Return the course whose next revision an import would be: a pack's, with that address."""
    if found.format != PACK:
        return None
    course = find_course(str(found.preview.get("slug", "")))
    return course if course is not None and may_write(viewer, course) else None


def free_for(packed: PackedCourse) -> str:
    """Return an address for a new course: the file's own when it is free, else of its title."""
    is_free = find_course(packed.slug) is None and packed.slug not in TAKEN_SLUGS
    return packed.slug if is_free else free_slug(packed.title)


def _make(found: Import, packed: PackedCourse, viewer: Viewer) -> Revision:
    if find_next_revision(viewer, found) is None:
        packed = replace(packed, slug=free_for(packed))
    return import_pack(packed, found.owner_id, replace_draft=found.replace_draft).revision


def _append(found: Import, packed: PackedCourse) -> Revision:
    course = db.session.get_one(Course, found.course_id)
    draft = start_draft(course)
    append_modules(draft, packed, f"n{found.id}")
    return draft


def _ring_for_large(upload: Upload, job: str) -> None:
    """Call the worker for what is not done at once; it would be there first else."""
    if upload.size > AT_ONCE:
        jobs.ring(job)


def _claim(found: Import, claim: Claim) -> Claim:
    found.claimed_by, found.claimed_until = claim.token, now() + LEASE
    found.updated_at = now()
    return claim


def _release(found: Import) -> None:
    found.claimed_by, found.claimed_until = "", None
    found.updated_at = now()
