"""A course as an IMS Common Cartridge 1.3, for the learning systems of others.

Pages are HTML, quizzes QTI 1.2. What the standard has no words for stands beside it in
forms that other systems pass over: quizzes with their sections, tasks with their rubrics.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from courses.formats.faults import Fault
from courses.formats.imscc.assignment import RUBRICS
from courses.formats.imscc.facts import FILE as FACTS
from courses.formats.imscc.facts import write_facts
from courses.formats.imscc.reading import ITEM_PREFIX
from courses.formats.lesson_pages import (
    captions_of,
    list_losses,
    name_of,
    shown_files,
    write_body,
    write_page,
)
from courses.formats.manifest import FILE
from courses.formats.packed import PackedCourse, PackedLesson
from courses.formats.qti import writing as qti_writing
from courses.formats.xml_writing import add, begin
from courses.formats.xml_writing import write as write_xml
from courses.formats.zip_writing import ZipWriter
from courses.rubric import most_points, read_rubric

_CC = "http://www.imsglobal.org/xsd/imsccv1p3"
_SPACES: Mapping[str | None, str] = {
    "lom": "http://ltsc.ieee.org/xsd/imsccv1p3/LOM/manifest",
    "cpx": f"{_CC}/imscp_extensionv1p2",
}
_CANVAS = "http://canvas.instructure.com/xsd/cccv1p0"
_ASSIGNMENT = "http://www.imsglobal.org/xsd/imscc_extensions/assignment"
_QUIZ_TYPE = "imsqti_xmlv1p2/imscc_xmlv1p3/assessment"
_BESIDE_TYPE = "associatedcontent/imscc_xmlv1p3/learning-application-resource"
_TASK_TYPE = "assignment_xmlv1p0"
#: What a package leaves behind: it plays only where its own kind of player is.
_KINDS = ("article", "quiz", "video", "document", "assignment")


def write(packed: PackedCourse, out: BinaryIO) -> list[Fault]:
    """Write the cartridge; return what could not go, each with the lesson's key as its file.

    Needs an application context, for the words of the boxes.
    """
    return _Writing(packed, out).write()


class _Writing:
    """One cartridge while it is written."""

    def __init__(self, packed: PackedCourse, out: BinaryIO) -> None:
        self._packed = packed
        self._out = out
        self._warnings: list[Fault] = []
        self._rubrics = begin("rubrics", _CANVAS)
        self._manifest = begin("manifest", f"{_CC}/imscp_v1p1", _SPACES)
        self._manifest.set("identifier", f"course-{packed.slug}")
        _write_metadata(self._manifest, packed)
        self._items = _begin_items(self._manifest)
        self._resources = add(self._manifest, "resources")
        self._files = {
            name: f"file{number}"
            for number, name in enumerate([*packed.pictures, *packed.files], 1)
            if not name.startswith("packages/")
        }

    def write(self) -> list[Fault]:
        with ZipWriter(self._out) as self._zip:
            for number, module in enumerate(self._packed.modules, 1):
                item = add(self._items, "item", {"identifier": f"module{number}"})
                add(item, "title", text=module.title)
                for lesson in module.lessons:
                    self._lesson(item, lesson)
            self._write_files()
            self._beside("facts", {FACTS: write_facts(self._packed)})
            if len(self._rubrics):
                self._beside("rubrics", {RUBRICS: write_xml(self._rubrics)})
            self._zip.add(FILE, write_xml(self._manifest))
        return self._warnings

    def _lesson(self, item: Any, lesson: PackedLesson) -> None:
        if lesson.kind not in _KINDS:
            self._warn("export_package", lesson)
            return
        for code in list_losses(lesson):
            self._warn(code, lesson)
        identifier = getattr(self, f"_write_{lesson.kind}")(lesson)
        entry = {"identifier": f"{ITEM_PREFIX}{lesson.key}", "identifierref": identifier}
        add(add(item, "item", entry), "title", text=lesson.title)

    # --- kinds of lesson

    def _write_article(self, lesson: PackedLesson) -> str:
        name = f"pages/{lesson.key}.html"
        body = write_body(lesson, self._packed, lambda file: f"../{file}")
        self._zip.add(name, write_page(lesson.title, body))
        shown = [file for file in self._packed.pictures if file in lesson.source]
        needed = self._known([*shown, *shown_files(lesson)])
        return self._resource(f"page-{lesson.key}", "webcontent", [name], needed)

    def _write_video(self, lesson: PackedLesson) -> str:
        file = str(lesson.settings.get("file", ""))
        if lesson.source.strip() or file not in self._files:
            return self._write_article(_with_file(lesson, file if file in self._files else ""))
        return self._files[file]

    _write_document = _write_video

    def _write_quiz(self, lesson: PackedLesson) -> str:
        quiz = lesson.quiz or {}
        identifier, beside = f"quiz-{lesson.key}", f"whole-{lesson.key}"
        self._warn_of_quiz(lesson, quiz)
        profile = f"quizzes/{lesson.key}.xml"
        whole = f"non_cc_assessments/{identifier}.xml.qti"
        self._zip.add(profile, write_xml(qti_writing.write_profile(identifier, lesson.title, quiz)))
        root = qti_writing.write_whole(identifier, lesson.title, quiz)
        self._beside(beside, {whole: write_xml(root)})
        # A quiz is found by its one file alone, and has no address.
        return self._resource(identifier, _QUIZ_TYPE, [profile], [beside])

    def _write_assignment(self, lesson: PackedLesson) -> str:
        """Write the task, and as a page for systems that know no tasks; return the page."""
        page = self._write_article(lesson)
        identifier, name = f"task-{lesson.key}", f"assignments/{lesson.key}.xml"
        self._zip.add(name, write_xml(self._task(identifier, lesson)))
        self._resource(identifier, _TASK_TYPE, [name], [])
        resource = next(r for r in self._resources if r.get("identifier") == page)
        variant = add(
            resource,
            "variant",
            {"identifier": f"variant-{lesson.key}", "identifierref": identifier},
            space=_SPACES["cpx"],
        )
        add(variant, "metadata")
        resource.insert(0, variant)
        return page

    def _task(self, identifier: str, lesson: PackedLesson) -> Any:
        root = begin("assignment", _ASSIGNMENT)
        root.set("identifier", identifier)
        rubric = read_rubric(lesson.settings)
        add(root, "title", text=lesson.title)
        body = write_body(lesson, self._packed, lambda file: f"$IMS-CC-FILEBASE$/{file}")
        add(root, "text", {"texttype": "text/html"}, body)
        points = f"{most_points(rubric):g}"
        add(root, "gradable", {"points_possible": points}, "true")
        add(add(root, "submission_formats"), "format", {"type": "file"})
        if rubric:
            extension = add(
                add(root, "extensions", {"platform": _CANVAS}), "assignment", space=_CANVAS
            )
            add(extension, "rubric_identifierref", text=f"rubric-{lesson.key}")
            if types := lesson.settings.get("file_types"):
                add(extension, "allowed_extensions", text=",".join(types))
            self._add_rubric(lesson)
        return root

    def _add_rubric(self, lesson: PackedLesson) -> None:
        rubric = add(self._rubrics, "rubric", {"identifier": f"rubric-{lesson.key}"})
        add(rubric, "title", text=lesson.title)
        criteria = add(rubric, "criteria")
        for criterion in read_rubric(lesson.settings):
            entry = add(criteria, "criterion")
            add(entry, "points", text=f"{criterion.points:g}")
            add(entry, "description", text=criterion.title)
            ratings = add(entry, "ratings")
            for level in criterion.levels:
                rating = add(ratings, "rating")
                add(rating, "description", text=level.text)
                add(rating, "points", text=f"{level.points:g}")

    # --- files and resources

    def _write_files(self) -> None:
        for name, picture in self._packed.pictures.items():
            self._zip.add(name, picture.data, picture.content_type)
            self._resource(self._files[name], "webcontent", [name], [])
        for name, file in self._packed.files.items():
            if name in self._files:
                self._zip.add_file(name, file)
                beside = captions_of(name, self._packed) if file.content_type != "text/vtt" else []
                self._resource(self._files[name], "webcontent", [name], self._known(beside))

    def _beside(self, identifier: str, files: Mapping[str, bytes]) -> None:
        """Write what only some systems read."""
        for name, data in files.items():
            self._zip.add(name, data)
        self._resource(identifier, _BESIDE_TYPE, list(files), [])

    def _resource(self, identifier: str, kind: str, names: list[str], needed: Iterable[str]) -> str:
        """Add a resource of some files; ``needed`` are identifiers, each of another resource."""
        address = {} if kind == _QUIZ_TYPE else {"href": names[0]}
        resource = add(
            self._resources, "resource", {"identifier": identifier, "type": kind, **address}
        )
        for name in names:
            add(resource, "file", {"href": name})
        for reference in dict.fromkeys(needed):
            add(resource, "dependency", {"identifierref": reference})
        return identifier

    def _known(self, names: Iterable[str]) -> list[str]:
        """Return the identifiers of the files that are there."""
        return [self._files[name] for name in names if name in self._files]

    # --- warnings

    def _warn_of_quiz(self, lesson: PackedLesson, quiz: Mapping[str, Any]) -> None:
        others = [q for q in quiz["questions"] if not qti_writing.fits_profile(q)]
        if others:
            self._warn("export_matching", lesson, count=len(others))
        drawn = sum(section["draw"] for section in quiz.get("sections", ()))
        if drawn < len(quiz["questions"]):
            self._warn("export_drawing", lesson)

    def _warn(self, code: str, lesson: PackedLesson, **values: object) -> None:
        self._warnings.append(Fault(code, lesson.key, values={"title": lesson.title, **values}))


def _with_file(lesson: PackedLesson, file: str) -> PackedLesson:
    """Return a lesson whose text shows its file at the end."""
    shown = f"\n\n![{name_of(file)}]({file})" if file else ""
    return PackedLesson(lesson.key, lesson.title, source=f"{lesson.source}{shown}".strip())


def _begin_items(manifest: Any) -> Any:
    """Return the one item without a title that the standard asks for around all others."""
    organization = add(
        add(manifest, "organizations"),
        "organization",
        {"identifier": "contents", "structure": "rooted-hierarchy"},
    )
    return add(organization, "item", {"identifier": "root"})


def _write_metadata(manifest: Any, packed: PackedCourse) -> None:
    metadata = add(manifest, "metadata")
    add(metadata, "schema", text="IMS Common Cartridge")
    add(metadata, "schemaversion", text="1.3.0")
    general = add(add(metadata, "lom", space=_SPACES["lom"]), "general")
    for name, text in _general(packed):
        add(add(general, name), "string", {"language": "vi"}, text)
    add(general, "language", text="vi")


def _general(packed: PackedCourse) -> Iterator[tuple[str, str]]:
    yield "title", packed.title
    if packed.summary:
        yield "description", packed.summary
