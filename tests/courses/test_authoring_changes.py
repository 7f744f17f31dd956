"""What a new revision changes, and what keeps it from being published."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from courses.changes import compare
from courses.formats.packed import PackedCourse, PackedLesson, PackedModule, PackedPicture
from courses.readiness import find_gaps, find_obstacles
from tests.courses.packs import SVG, courses


def lesson(key: str, source: str = "x", **facts: object) -> PackedLesson:
    return PackedLesson(key=key, title=f"Bài {key}", source=source, **facts)  # type: ignore[arg-type]


def course(*modules: tuple[PackedLesson, ...], **facts: object) -> PackedCourse:
    packed = tuple(PackedModule(f"Phần {n}", lessons) for n, lessons in enumerate(modules, 1))
    return PackedCourse(slug="k", title="K", periods=1, modules=packed, **facts)  # type: ignore[arg-type]


def quiz(key: str, **rules: object) -> PackedLesson:
    return lesson(key, "", kind="quiz", quiz=rules)


@given(courses())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_differs_from_itself(packed: PackedCourse) -> None:
    assert not compare(packed, packed)


def test_lessons_are_added_removed_changed_and_moved() -> None:
    before = course((lesson("a"), lesson("b"), lesson("c")), (lesson("d"),))
    after = course((lesson("a", "y"), lesson("c")), (lesson("d"), lesson("e"), lesson("b")))
    changes = compare(before, after)
    assert changes.changed == ("Bài a",)
    assert changes.added == ("Bài e",)
    assert changes.removed == ()
    assert changes.moved == ("Bài b",)
    assert compare(after, before).removed == ("Bài e",)


def test_a_module_that_is_renamed_moves_none_of_its_lessons() -> None:
    before = course((lesson("a"), lesson("b")), (lesson("c"),))
    renamed = replace(
        before, modules=(replace(before.modules[0], title="Mở đầu"), before.modules[1])
    )
    assert compare(before, renamed).moved == ()
    assert compare(before, renamed).modules == ("Mở đầu",)
    assert compare(before, course((lesson("a"),), (lesson("b"), lesson("c")))).moved == ("Bài b",)


def test_facts_are_named() -> None:
    before = course((lesson("a"),))
    assert compare(before, replace(before, title="L", periods=2)).facts == ("title", "periods")


def test_another_picture_changes_the_lesson_that_shows_it() -> None:
    shown = lesson("a", "![x](images/a.svg)")
    before, after = (
        course(
            (shown, lesson("b")), pictures={"images/a.svg": PackedPicture(data, "image/svg+xml")}
        )
        for data in (SVG, SVG.replace(b"9", b"8"))
    )
    assert compare(before, after).changed == ("Bài a",)


def test_the_order_of_questions_in_the_bank_is_no_change() -> None:
    first, second = {"key": "q1"}, {"key": "q2"}
    before = course((quiz("k", questions=[first, second]),))
    assert not compare(before, course((quiz("k", questions=[second, first]),)))
    assert compare(before, course((quiz("k", questions=[first]),))).changed == ("Bài k",)


def test_each_obstacle_names_its_lesson() -> None:
    assert [o.code for o in find_obstacles(course(()))] == ["no_lesson"]
    assert [o.code for o in find_obstacles(course((lesson("a", required=False),)))] == [
        "nothing_required"
    ]
    empty = course((lesson("a", " \n"), quiz("b"), lesson("c", "", required=False), lesson("d")))
    assert [(o.code, o.lesson) for o in find_obstacles(empty)] == [
        ("empty_text", "Bài a"),
        ("empty_quiz", "Bài b"),
    ]
    ready = course((lesson("a"), quiz("b", sections=[{}], questions=[{"key": "q"}])))
    assert find_obstacles(ready) == []


def test_a_picture_that_is_not_there_is_a_gap() -> None:
    shown = course((lesson("a", "![x](images/a.svg)"),))
    assert [(gap.lesson, gap.name) for gap in find_gaps(shown)] == [("Bài a", "images/a.svg")]
