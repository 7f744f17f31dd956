"""How things stood on a day, and where people count after a reform."""

from datetime import date

import pytest
from flask import Flask

from courses.models import Course
from lms.agencies.models import Agency
from lms.agencies.services import succeed
from lms.core.db import db
from lms.people.models import Membership, Person
from lms.reports.completion import Figures, Picture
from lms.reports.queries.by_agency import get_picture
from lms.reports.queries.by_course import get_course, usual_period
from lms.reports.queries.question import NOW, THEN, Question
from tests.factories import Factory
from tests.reports.trees import Province, Stand, day, this_year


@pytest.fixture
def ask(app: Flask, course: Course):
    """Ask for the picture of an agency so many days ago, in a structure."""

    def picture(agency: Agency, days_ago: int = 0, structure: str = THEN) -> Picture:
        with app.app_context():
            asked = day(-days_ago)
            year = this_year()
            return get_picture(
                Question(get_course(course.slug), agency, year, day(), asked, structure)
            )

    return picture


def close(make: Factory, agency: Agency, on: date) -> None:
    with make.writing():
        db.session.get_one(Agency, agency.id).valid_to = on


def carry_on(make: Factory, old: Agency, *new: Agency, kind: str = "merge") -> None:
    """Close an agency ten days ago; others carry it on."""
    on = day(-10)
    close(make, old, on)
    with make.writing():
        for agency in new:
            succeed(old, agency, on=on, kind=kind)


def move(make: Factory, person: Person, agency: Agency) -> None:
    with make.writing():
        for post in db.session.query(Membership).filter_by(person_id=person.id):
            post.valid_to = day()
        db.session.add(
            Membership(person_id=person.id, agency_id=agency.id, position="", valid_from=day())
        )


def fill(tree: Province, stand: Stand) -> None:
    stand(tree.school, "completed", done_ago=20, due_in=-1)
    stand(tree.school, "started", done_ago=20, due_in=-1)
    stand(tree.office, "assigned", due_in=-1, enrolled_ago=15)
    stand(tree.department, "exempt", sex="M")


def test_the_rows_say_of_today_what_the_tallies_say(
    tree: Province, stand: Stand, ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tree, stand)
    tallied = ask(tree.province)
    monkeypatch.setattr(Question, "is_tallied", False)

    assert ask(tree.province) == tallied
    assert tallied.asked.total == Figures(3, 1, 1, 1, 2)


def test_a_past_day_knows_only_what_had_happened_by_its_end(
    tree: Province, stand: Stand, ask
) -> None:
    fill(tree, stand)

    assert ask(tree.ward, 20).asked.total == Figures(2, 0, 1, 1, 0)
    assert ask(tree.ward, 21).asked.total == Figures(2, 0, 2, 0, 0)
    assert ask(tree.ward, 40).asked.total == Figures(2, 0, 0, 0, 0)
    assert ask(tree.office, 15).asked.total.assigned == 1
    assert ask(tree.office, 16).asked.total == Figures()


def test_somebody_is_overdue_from_the_day_after_the_due_date(
    tree: Province, stand: Stand, ask
) -> None:
    stand(tree.school, "assigned", due_in=-3)

    overdue = [ask(tree.ward, days).asked.total.overdue for days in (0, 2, 3, 4)]

    assert overdue == [1, 1, 0, 0]


def test_a_merger_moves_people_to_the_successor_and_loses_nobody(
    make: Factory, tree: Province, stand: Stand, ask
) -> None:
    fill(tree, stand)
    carry_on(make, tree.office, tree.school)

    then, now = ask(tree.province), ask(tree.province, structure=NOW)

    assert then.asked.total == now.asked.total
    assert lines_of(then)["Xã Sơn Động"].assigned == 1
    assert lines_of(now)["Xã Sơn Động"].assigned == 0
    assert lines_of(now)["Phường Kinh Bắc"].assigned == 3


def test_a_person_who_moved_counts_once_in_either_structure(
    make: Factory, tree: Province, stand: Stand, ask
) -> None:
    person = stand(tree.school, "completed")
    move(make, person, tree.office)

    assert lines_of(ask(tree.province))["Phường Kinh Bắc"].completed == 1
    now = lines_of(ask(tree.province, structure=NOW))
    assert (now["Phường Kinh Bắc"].completed, now["Xã Sơn Động"].completed) == (0, 1)


def test_someone_with_a_second_post_stays_where_they_took_the_course(
    make: Factory, tree: Province, stand: Stand, ask
) -> None:
    person = stand(tree.school, "completed")
    with make.writing():
        db.session.add(
            Membership(person_id=person.id, agency_id=tree.office.id, position="", valid_from=day())
        )

    now = lines_of(ask(tree.province, structure=NOW))
    assert (now["Phường Kinh Bắc"].completed, now["Xã Sơn Động"].completed) == (1, 0)


def test_after_a_split_people_count_where_they_belong_and_the_rest_in_the_closed_agency(
    make: Factory, tree: Province, stand: Stand, ask
) -> None:
    moved, left = stand(tree.office, "completed"), stand(tree.office, "assigned")
    move(make, moved, tree.school)
    with make.writing():
        db.session.query(Membership).filter_by(person_id=left.id).delete()
    carry_on(make, tree.office, tree.school, tree.department, kind="split")

    now = ask(tree.province, structure=NOW)

    assert lines_of(now)["Phường Kinh Bắc"].completed == 1
    assert lines_of(now)["Xã Sơn Động"].assigned == 1
    assert now.asked.total.assigned == 2


def test_a_closed_agency_is_listed_while_people_count_in_it(
    make: Factory, tree: Province, stand: Stand, ask
) -> None:
    close(make, tree.commune, day(-5))
    assert "Xã Sơn Động" not in lines_of(ask(tree.province))

    stand(tree.commune, "completed")
    assert "Xã Sơn Động" in lines_of(ask(tree.province))


def test_the_usual_period_is_the_year_of_the_day_or_else_the_latest() -> None:
    assert usual_period([], date(2026, 3, 1)) == "2026"
    assert usual_period(["2027", "2026"], date(2026, 3, 1)) == "2026"
    assert usual_period(["2027"], date(2026, 12, 1)) == "2027"


def lines_of(picture: Picture) -> dict[str, Figures]:
    return {line.name: line.total for line in picture.children}
