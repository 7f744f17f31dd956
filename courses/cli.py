"""Commands about courses."""

from datetime import date
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from courses import queries, wording
from courses.formats import pack
from courses.formats.faults import UnreadableCourse
from courses.formats.packed import PackedCourse
from courses.queries.authoring import find_revision, get_newest, list_all_courses
from courses.services import enrolling, packs
from courses.services.publishing import publish_draft
from lms.agencies.queries import find_by_code
from lms.core.commands import Day, answer, changing, json_option, refusing
from lms.core.errors import Refused
from lms.people.queries import find_by_username


@click.group("courses", cls=AppGroup)
def courses() -> None:
    """Courses."""


@courses.command("assign")
@click.argument("slug")
@click.option("--agency", "code", required=True, help="Code of the agency.")
@click.option("--audience", help="Key of the audience; everyone when not given.")
@click.option("--due", required=True, type=Day(), help="The last day.")
@json_option
def assign(slug: str, code: str, audience: str | None, due: date, as_json: bool) -> None:
    """Ask a course of an agency's people by a day."""
    with changing():
        course, agency = queries.find_course(slug), find_by_code(code)
        if course is None:
            raise Refused(_("There is no course %(slug)s.", slug=slug))
        if agency is None:
            raise Refused(_("There is no agency with the code %(code)s.", code=code))
        outcome = enrolling.assign(course, agency, due_on=due, audience_key=audience)
    answer(
        as_json,
        {"matched": outcome.matched, "enrolled": outcome.enrolled, "already": outcome.already},
        _("Enrolled: %(n)s", n=outcome.enrolled),
    )


@courses.command("import")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--publish", is_flag=True, help="Publish it at once.")
@click.option("--owner", help="User name of the trainer who owns a new course.")
@click.option("--replace-draft", is_flag=True, help="Throw away a draft that is under way.")
@json_option
def import_course(
    source: Path, publish: bool, owner: str | None, replace_draft: bool, as_json: bool
) -> None:
    """Import a course pack, a zip or a folder, as a draft."""
    with refusing():
        packed = _read_pack(source)
    with changing():
        owner_id = _find_owner(owner)
        outcome = packs.import_pack(packed, owner_id, replace_draft=replace_draft)
        revision = outcome.revision
        if publish and revision.state == "draft":
            publish_draft(revision)
        result = {
            "slug": packed.slug,
            "title": packed.title,
            "lessons": len(list(packed.lessons())),
            "revision": revision.number,
            "state": revision.state,
            "changed": outcome.changed,
        }
    warnings = [
        {"file": w.file, "line": w.line, "place": w.place, "reason": wording.describe(w)}
        for w in packed.warnings
    ]
    answer(
        as_json,
        {**result, "warnings": warnings},
        _("%(slug)s: revision %(revision)s is published.", **result)
        if result["state"] == "published"
        else _("%(slug)s: revision %(revision)s is a draft.", **result),
        *(str(warning["reason"]) for warning in warnings),
    )


@courses.command("export")
@click.argument("slug")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--draft", is_flag=True, help="The draft, not what is published.")
@json_option
def export_course(slug: str, out: Path, draft: bool, as_json: bool) -> None:
    """Write a course as the zip of its pack: what is published, or else the draft."""
    with refusing():
        course = queries.find_course(slug)
        if course is None:
            raise Refused(_("There is no course %(slug)s.", slug=slug))
        published = None if draft else find_revision(course, "published")
        revision = published or get_newest(course)
        data = packs.export_pack(revision)
        _write(out, data)
    answer(
        as_json,
        {
            "slug": slug,
            "title": revision.title,
            "revision": revision.number,
            "state": revision.state,
            "out": str(out),
            "bytes": len(data),
        },
        str(out),
    )


@courses.command("list")
@json_option
def list_courses(as_json: bool) -> None:
    """List the courses with their newest revision."""
    rows = [
        {
            "slug": course.slug,
            "title": course.title,
            "revision": course.revision,
            "state": course.state,
            "published": course.published,
            "lessons": course.lessons,
        }
        for course in list_all_courses()
    ]
    answer(
        as_json,
        {"courses": rows},
        *("{slug}  {revision} {state}  {title}".format(**r) for r in rows),
    )


def _read_pack(source: Path) -> PackedCourse:
    """Return the pack in a file or folder. Raises Refused with every fault."""
    try:
        return pack.read(source if source.is_dir() else source.read_bytes())
    except UnreadableCourse as error:
        raise Refused("\n".join(wording.describe_all(error.faults))) from None


def _write(out: Path, data: bytes) -> None:
    try:
        out.write_bytes(data)
    except OSError as error:
        raise Refused(
            _("%(out)s cannot be written: %(reason)s", out=out, reason=error.strerror)
        ) from None


def _find_owner(username: str | None) -> int | None:
    if username is None:
        return None
    person = find_by_username(username)
    if person is None:
        raise Refused(_("There is nobody with the user name %(name)s.", name=username))
    return person.id


COMMANDS = (courses,)
