"""The demo province, as `flask seed demo` leaves it on both databases."""

from collections import defaultdict
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select, text

from certificates.models import Certificate, CertificateSeries
from certificates.numbering import next_number
from courses import completion
from courses.models import Assignment, Course, Enrolment, Evidence, Revision
from courses.outline import get_outline
from lms.agencies.models import Agency, AgencyAncestor
from lms.core.access import ADMIN, HR, LEAD, TRAINEE, TRAINER
from lms.core.audit import AuditEntry
from lms.core.clock import local, now, today
from lms.core.db import begin_write, db, end_write
from lms.core.text import fold, name_sort_key
from lms.people.models import Membership, Person, PersonAudience, RoleGrant
from lms.people.queries import find_by_username
from lms.seed.accounts import ACCOUNT_IDS, ACCOUNTS, PASSWORD
from lms.seed.demo.learning import BASICS, COLLABORATORS, SCHOOLS
from tests.seed.demo_database import PEOPLE, count, rows_of, run


def test_the_command_says_how_many_of_each_there_are(filled, demo):
    said = filled[1]
    assert said["people"] == count(Person) == PEOPLE
    assert said["agencies"] == count(Agency) > 300
    assert said["courses"] == count(Course) == 3
    assert said["enrolments"] == count(Enrolment) > PEOPLE
    assert said["certificates"] == count(Certificate) > 100
    assert said["seconds"] >= 0


def test_a_second_demo_is_refused_and_changes_nothing(demo):
    before = count(Person), count(Enrolment), count(AuditEntry)
    result = run(demo, "seed", "demo", "--people", "50")
    assert result.exit_code == 1
    assert "people already" in result.stderr
    assert (count(Person), count(Enrolment), count(AuditEntry)) == before


def test_tallies_and_audit_log_hold_with_the_demo(demo):
    assert run(demo, "tallies", "verify").exit_code == 0
    assert run(demo, "audit", "verify").exit_code == 0
    assert count(AuditEntry) < 60


def test_every_reference_leads_somewhere(demo):
    if db.engine.dialect.name == "sqlite":
        assert db.session.execute(text("PRAGMA foreign_key_check")).all() == []
        assert db.session.scalar(text("PRAGMA integrity_check")) == "ok"


def test_rows_written_later_get_numbers_of_their_own(demo):
    begin_write()
    person = Person(full_name="Lê Văn Sau", sort_key="", search="", created_at=now())
    db.session.add(person)
    db.session.flush()
    assert person.id == PEOPLE + 1
    enrolment = Enrolment(
        person_id=person.id,
        course_id=1,
        period="1999",
        revision_id=1,
        source="self",
        agency_id=1,
        enrolled_at=now(),
    )
    db.session.add(enrolment)
    db.session.flush()
    assert enrolment.id == count(Enrolment)
    db.session.rollback()
    end_write()


def test_people_have_one_post_at_a_time_in_agencies_that_exist(demo):
    posts = defaultdict(list)
    for post in rows_of(Membership):
        posts[post.person_id].append(post)
        assert post.agency.is_open(post.valid_from)
        assert post.position
    assert len(posts) == PEOPLE
    for held in posts.values():
        held.sort(key=lambda post: post.valid_from)
        assert held[-1].valid_to is None
        assert all(a.valid_to == b.valid_from for a, b in pairwise(held))


def test_people_are_told_apart_by_their_codes(demo):
    for person in rows_of(Person):
        assert person.staff_code == f"BN{person.id:05}"
        assert person.sort_key == name_sort_key(person.full_name)
        assert fold(person.full_name) in person.search
        assert person.email is None or person.email.endswith("@bacninh.example")
        assert person.phone is None or (person.phone.startswith("09") and len(person.phone) == 10)
        assert person.birth_date is None or person.birth_date.year == person.birth_year
        assert 17 < today().year - person.birth_year < 72


def test_everybody_is_of_an_audience_and_most_teachers_are_women(demo):
    reached = count(func.distinct(PersonAudience.person_id).select().subquery())
    assert reached == PEOPLE
    sexes = select(Person.sex).join(PersonAudience, PersonAudience.person_id == Person.id)
    teachers = list(db.session.scalars(sexes.where(PersonAudience.audience_key == "teacher")))
    assert 0.6 < teachers.count("F") / len(teachers) < 0.95


def test_learning_goes_forward_in_time(demo):
    for enrolment in rows_of(Enrolment):
        moments = [enrolment.enrolled_at, enrolment.started_at, enrolment.completed_at, now()]
        known = [moment for moment in moments if moment]
        assert known == sorted(known)
        assert (enrolment.started_at is None) == (enrolment.status in ("assigned", "exempt"))


def test_the_completed_and_only_they_have_evidence_for_every_required_lesson(demo):
    done = defaultdict(set)
    for evidence in rows_of(Evidence):
        done[evidence.enrolment_id].add(evidence.lesson_id)
    for enrolment in rows_of(Enrolment):
        steps = get_outline(enrolment.revision_id).steps
        complete = completion.is_complete(steps, done[enrolment.id])
        assert complete == (enrolment.status == "completed")


def test_people_are_asked_in_one_assignment_which_holds_where_they_were(demo):
    asked = {assignment.id: assignment for assignment in rows_of(Assignment)}
    inside = {
        (row.ancestor_id, row.agency_id) for row in db.session.scalars(select(AgencyAncestor))
    }
    for enrolment in rows_of(Enrolment):
        assert (enrolment.assignment_id is None) == (enrolment.source == "self")
        if enrolment.assignment_id:
            assignment = asked[enrolment.assignment_id]
            assert enrolment.due_on == assignment.due_on
            assert enrolment.audience_key == assignment.audience_key
            assert (assignment.agency_id, enrolment.agency_id) in inside
    assert {a.due_on < today() for a in asked.values() if a.period == str(today().year)} == {
        True,
        False,
    }


def test_agencies_differ_in_how_many_have_completed(demo):
    rates = db.session.execute(
        select(func.avg(db.case((Enrolment.status == "completed", 1.0), else_=0.0)), func.count())
        .join(AgencyAncestor, AgencyAncestor.agency_id == Enrolment.agency_id)
        .join(Agency, Agency.id == AgencyAncestor.ancestor_id)
        .where(Agency.kind.in_(("commune", "ward")))
        .group_by(Agency.id)
    ).all()
    assert min(float(rate) for rate, people in rates if people > 4) < 0.6
    assert max(float(rate) for rate, people in rates if people > 4) > 0.75


def test_certificates_are_numbered_without_gaps_in_the_order_of_completion(demo):
    query = select(Certificate, Enrolment).join(Enrolment, Enrolment.id == Certificate.enrolment_id)
    by_series = defaultdict(list)
    for certificate, enrolment in db.session.execute(query.order_by(Certificate.ordinal)):
        by_series[certificate.series_id].append((certificate, enrolment))
    for series in rows_of(CertificateSeries):
        issued = by_series.pop(series.id)
        assert [c.ordinal for c, _e in issued] == list(range(1, series.last_number + 1))
        moments = [enrolment.completed_at for _certificate, enrolment in issued]
        assert moments == sorted(moments)
        for certificate, enrolment in issued:
            assert certificate.issued_on == local(enrolment.completed_at).date()
            assert certificate.number == f"{certificate.ordinal:04}/{series.year}/GCN-SNV"
            assert certificate.issued_on.year == series.year
    assert not by_series
    assert count(Certificate) == count(Enrolment, Enrolment.status == "completed")


def test_the_next_certificate_takes_the_next_number(demo):
    begin_write()
    year = today().year
    last = db.session.scalar(
        select(CertificateSeries.last_number).where(CertificateSeries.year == year)
    )
    assert next_number("GCN-SNV", year).ordinal == last + 1
    db.session.rollback()
    end_write()


def test_tokens_are_long_and_only_the_newest_papers_are_asked_for(demo):
    certificates = rows_of(Certificate)
    assert len({certificate.token for certificate in certificates}) == len(certificates)
    assert all(len(certificate.token) >= 32 for certificate in certificates)
    assert 20 <= sum(c.requested_at is not None for c in certificates) <= 40


@pytest.mark.parametrize("role", ACCOUNTS)
def test_every_account_signs_in(demo, role):
    client = demo.test_client()
    username = ACCOUNTS[role].username
    answer = client.post("/sign-in", data={"username": username, "password": PASSWORD})
    assert answer.status_code in (302, 303), answer.text
    assert client.get("/").status_code in (200, 302)


def test_each_account_holds_its_role_where_it_says(demo):
    codes = {agency.id: agency.code for agency in rows_of(Agency)}
    granted = {
        (grant.person_id, grant.role): codes.get(grant.agency_id) for grant in rows_of(RoleGrant)
    }
    assert granted == {
        (ACCOUNT_IDS[role], role): ACCOUNTS[role].oversees for role in (TRAINER, HR, LEAD, ADMIN)
    }
    for account in ACCOUNTS.values():
        assert find_by_username(account.username).full_name == account.full_name
    owners = set(db.session.scalars(select(Course.owner_id)))
    assert owners == {ACCOUNT_IDS[TRAINER]}


def test_the_trainee_has_something_to_resume_something_late_and_certificates(demo):
    query = (
        select(Course.slug, Enrolment.period, Enrolment)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Enrolment.person_id == ACCOUNT_IDS[TRAINEE])
    )
    enrolments = {(slug, period): e for slug, period, e in db.session.execute(query)}
    this_year, last_year = str(today().year), str(today().year - 1)
    resumed, late = enrolments[SCHOOLS, this_year], enrolments[BASICS, this_year]
    assert resumed.status == late.status == "started"
    assert today() < resumed.due_on <= today() + timedelta(days=7)
    assert late.due_on < today()
    assert count(Evidence, Evidence.enrolment_id == resumed.id) == 3
    assert enrolments[COLLABORATORS, this_year].status == "completed"
    assert enrolments[BASICS, last_year].status == "completed"
    assert count(Certificate, Certificate.person_id == ACCOUNT_IDS[TRAINEE]) == 2


def test_the_courses_are_older_than_what_was_learned_in_them(demo):
    first = db.session.scalar(select(func.min(Enrolment.enrolled_at)))
    assert all(revision.published_at < first for revision in rows_of(Revision))
