"""Filling: the same again by the same seed, refused where it would harm, base and accounts."""

import json

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from certificates.models import Issuer
from courses.models import Course, Enrolment
from lms.agencies.models import Agency
from lms.core.clock import now, today
from lms.core.db import begin_write, db, end_write
from lms.core.helplines import HelpLine, list_help_lines
from lms.people.models import Audience, Membership, Person
from lms.people.services.passwords import refuse_weak
from lms.seed.accounts import ACCOUNTS, PASSWORD
from lms.seed.demo.chance import share_out
from lms.seed.demo.names import phone_number
from quizzes.models import Attempt
from tests.seed.demo_database import count, run


def filled_by(template, folder, seed):
    """Return what a demo of that seed draws: people, posts, learning and marks."""
    app = template.open_app(template.copy(), folder)
    assert run(app, "seed", "demo", "--people", "60", "--seed", str(seed)).exit_code == 0
    with app.app_context():
        queries = (
            select(Person.staff_code, Person.full_name, Person.birth_year, Person.email),
            select(Membership.person_id, Agency.code, Membership.position).join(Agency),
            select(Enrolment.person_id, Enrolment.course_id, Enrolment.status),
            select(Attempt.enrolment_id, Attempt.seed, Attempt.marks),
        )
        drawn = [sorted(map(tuple, db.session.execute(query))) for query in queries]
        db.session.remove()
        db.engine.dispose()
    return drawn


def test_a_seed_draws_the_same_province_again_and_another_seed_another(template, tmp_path):
    first = filled_by(template, tmp_path / "first", 7)
    assert filled_by(template, tmp_path / "again", 7) == first
    other = filled_by(template, tmp_path / "other", 8)
    assert all(mine != theirs for mine, theirs in zip(first, other, strict=True))


@pytest.mark.parametrize("day", ["2027-01-01T03:00", "2028-02-29T20:00"])
def test_the_demo_has_a_past_and_a_future_on_any_day_of_the_year(live_app, day):
    with time_machine.travel(day):
        assert run(live_app, "seed", "demo", "--people", "60").exit_code == 0
        with live_app.app_context():
            dues = db.session.scalars(select(Enrolment.due_on).distinct()).all()
            assert min(due for due in dues if due) < today() < max(due for due in dues if due)
            for enrolment in db.session.scalars(select(Enrolment)):
                moments = (enrolment.enrolled_at, enrolment.started_at, enrolment.completed_at)
                known = [moment for moment in moments if moment]
                assert known == sorted(known)
                assert known[-1] < now()


def test_the_demo_is_refused_in_production(template, tmp_path):
    app = template.open_app(
        template.copy(),
        tmp_path,
        LMS_ENV="production",
        LMS_BASE_URL="https://hoc.example.vn",
        LMS_CONTENT_ORIGIN="https://goi.example.vn",
    )
    result = run(app, "seed", "demo")
    assert result.exit_code == 1
    assert "production" in result.stderr
    with app.app_context():
        assert count(Person) == count(Agency) == 0
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("people", ["9", "-1", "many", "1000000"])
def test_a_number_of_people_that_makes_no_sense_is_wrong_usage(live_app, people):
    assert run(live_app, "seed", "demo", "--people", people).exit_code == 2


def test_the_base_can_be_filled_again_and_keeps_what_was_edited(live_app):
    first = json.loads(run(live_app, "seed", "base", "--json").stdout)
    assert first == {"audiences": 7, "help_lines": 4, "agencies": 315, "courses": 3}
    with live_app.app_context():
        begin_write()
        db.session.scalar(select(HelpLine).where(HelpLine.phone == "111")).note = "Đã sửa"
        db.session.get_one(Audience, "teacher").name = "Nhà giáo"
        db.session.scalar(select(Issuer)).signer_name = "Người Ký Thật"
        db.session.commit()
        end_write()
    assert json.loads(run(live_app, "seed", "base", "--json").stdout) == first
    with live_app.app_context():
        assert list_help_lines()[0].note == "Đã sửa"
        assert db.session.get_one(Audience, "teacher").name == "Nhà giáo"
        assert db.session.scalars(select(Issuer.signer_name)).all() == ["Người Ký Thật"]
        assert count(Course) == 3
        assert count(Person) == 0


def test_help_lines_say_where_they_are_from_and_when_that_was_checked(live_app):
    assert run(live_app, "seed", "base").exit_code == 0
    with live_app.app_context():
        lines = list_help_lines()
        assert [line.phone for line in lines] == ["111", "1900 969 680", "1800 8027", "113"]
        assert all(line.source and line.checked_on for line in lines)


def test_accounts_are_printed_when_there_is_a_demo(demo):
    said = run(demo, "seed", "accounts").stdout
    for account in ACCOUNTS.values():
        assert account.username in said
        assert account.label in said
    assert PASSWORD in said
    accounts = json.loads(run(demo, "seed", "accounts", "--json").stdout)["accounts"]
    assert [account["role"] for account in accounts] == list(ACCOUNTS)


def test_no_accounts_are_printed_without_a_demo(live_app):
    assert run(live_app, "seed", "accounts").stdout == ""
    assert json.loads(run(live_app, "seed", "accounts", "--json").stdout) == {"accounts": []}


def test_the_password_of_the_accounts_is_one_that_people_may_choose(demo):
    for account in ACCOUNTS.values():
        person = db.session.scalar(select(Person).where(Person.email == account.username))
        refuse_weak(person, PASSWORD)


@given(st.integers(0, 5_000), st.lists(st.floats(0.1, 100), min_size=1, max_size=60))
def test_shares_add_up_and_none_is_off_by_one(total, weights):
    shares = share_out(total, weights)
    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - total * weight / sum(weights)) < 1 + 1e-6


@given(st.sets(st.integers(1, 900_000), min_size=2, max_size=50))
def test_phone_numbers_are_all_different(numbers):
    assert len({phone_number(number) for number in numbers}) == len(numbers)
