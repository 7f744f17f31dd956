"""What will come in with a file, as plain JSON to be shown before it does. Pure."""

from typing import Any

from courses.formats.packed import PackedCourse, PackedModule

#: Files are listed by name up to here; the rest is counted.
MOST_LISTED = 100


def build_preview(packed: PackedCourse) -> dict[str, Any]:
    """Return title, modules with their lessons, and how many questions, pictures and files."""
    modules = [_module(module) for module in packed.modules]
    files = sorted(packed.files.items())
    return {
        "slug": packed.slug,
        "title": packed.title,
        "summary": packed.summary,
        "periods": packed.periods,
        "modules": modules,
        "lessons": sum(len(module["lessons"]) for module in modules),
        "questions": sum(x["questions"] for module in modules for x in module["lessons"]),
        "pictures": len(packed.pictures),
        "files": [{"name": name, "size": file.size} for name, file in files[:MOST_LISTED]],
        "more_files": max(0, len(files) - MOST_LISTED),
        "files_size": sum(file.size for _name, file in files),
    }


def _module(module: PackedModule) -> dict[str, Any]:
    lessons = [
        {
            "title": lesson.title,
            "kind": lesson.kind,
            "minutes": lesson.minutes,
            "questions": len((lesson.quiz or {}).get("questions", ())),
        }
        for lesson in module.lessons
    ]
    return {"title": module.title, "lessons": lessons}
