"""Commands about courses."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from courses import queries, wording
from courses.formats import pack
from courses.formats.brought import Brought
from courses.formats.faults import Fault, UnreadableCourse
from courses.formats.packed import PackedCourse
from courses.formats.recognising import read_any
from courses.formats.writing import DEFAULT, WRITERS, Writer
from courses.imaging import clean_pictures
from courses.queries.authoring import find_revision, get_newest, list_all_courses
from courses.services import enrolling, packs
from courses.services.imports import free_for, store_content
from courses.services.publishing import publish_draft
from lms.agencies.queries import find_by_code
from lms.core.archives import ArchiveError
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
    """Import a file of any known format, or the folder of a course pack, as a draft."""
    with refusing(), _reading(source) as (key, packed):
        for _number in store_content(packed):
            pass
        with changing():
            result = _import(key, packed, _find_owner(owner), publish, replace_draft)
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
@click.option(
    "--format", "kind", type=click.Choice(list(WRITERS)), default=DEFAULT, show_default=True
)
@json_option
def export_course(slug: str, out: Path, draft: bool, kind: str, as_json: bool) -> None:
    """Write a course to a file: what is published, or else the draft."""
    with refusing():
        course = queries.find_course(slug)
        if course is None:
            raise Refused(_("There is no course %(slug)s.", slug=slug))
        published = None if draft else find_revision(course, "published")
        revision = published or get_newest(course)
        warnings = _write(out, WRITERS[kind], packs.pack_whole(revision))
    left_out = wording.describe_all(warnings)
    answer(
        as_json,
        {
            "slug": slug,
            "title": revision.title,
            "revision": revision.number,
            "state": revision.state,
            "format": kind,
            "out": str(out),
            "bytes": out.stat().st_size,
            "warnings": left_out,
        },
        str(out),
        *left_out,
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


@contextmanager
def _reading(source: Path) -> Iterator[tuple[str, PackedCourse]]:
    """Give the format and content of a file or folder. Raises Refused with every fault."""
    try:
        if source.is_dir():
            yield pack.KEY, clean_pictures(pack.read(source))
        else:
            with source.open("rb") as file:
                one, packed = read_any(Brought(file, source.name))
                yield one.KEY, packed
    except UnreadableCourse as error:
        raise Refused("\n".join(wording.describe_all(error.faults))) from None
    except ArchiveError as error:
        fault = Fault(error.code, error.entry)
        raise Refused(wording.describe(fault)) from None
    except OSError as error:
        raise Refused(
            _("%(out)s cannot be read: %(reason)s", out=source, reason=error.strerror)
        ) from None


def _import(
    key: str, packed: PackedCourse, owner_id: int | None, publish: bool, replace_draft: bool
) -> dict[str, Any]:
    """Import a course. A pack's own address decides; any other file makes a new course."""
    if key != pack.KEY:
        packed = replace(packed, slug=free_for(packed))
    outcome = packs.import_pack(packed, owner_id, replace_draft=replace_draft)
    revision = outcome.revision
    if publish and revision.state == "draft":
        publish_draft(revision)
    return {
        "slug": packed.slug,
        "title": packed.title,
        "format": key,
        "lessons": len(list(packed.lessons())),
        "revision": revision.number,
        "state": revision.state,
        "changed": outcome.changed,
    }


def _write(out: Path, writer: Writer, packed: PackedCourse) -> list[Fault]:
    """Write beside the file and put it in its place when it is whole."""
    beside = out.with_name(f"{out.name}.{secrets.token_hex(4)}.part")
    try:
        with beside.open("wb") as file:
            warnings = writer.write(packed, file)
        beside.replace(out)
    except OSError as error:
        raise Refused(
            _("%(out)s cannot be written: %(reason)s", out=out, reason=error.strerror)
        ) from None
    finally:
        beside.unlink(missing_ok=True)
    return warnings


def _find_owner(username: str | None) -> int | None:
    if username is None:
        return None
    person = find_by_username(username)
    if person is None:
        raise Refused(_("There is nobody with the user name %(name)s.", name=username))
    return person.id


COMMANDS = (courses,)
