"""The arithmetic of completion, and which agency carries on a closed one."""

from hypothesis import given
from hypothesis import strategies as st

from lms.reports.completion import (
    AgencyLine,
    Completion,
    Figures,
    Picture,
    band_of,
    by_rate,
    find_laggards,
)
from lms.reports.queries.structure import follow


@st.composite
def figures(draw: st.DrawFn) -> Figures:
    """Counts as the database can hold them."""
    parts = [draw(st.integers(0, 500)) for _part in range(4)]
    not_begun, started, completed, exempt = parts
    return Figures(
        assigned=not_begun + started + completed,
        exempt=exempt,
        started=started,
        completed=completed,
        overdue=draw(st.integers(0, not_begun + started)),
    )


completions = st.dictionaries(st.sampled_from(["F", "M", ""]), figures()).map(Completion)


def line(agency_id: int, completion: Completion) -> AgencyLine:
    return AgencyLine(agency_id, f"A{agency_id}", f"Xã {agency_id}", "commune", completion)


def picture(*children: Figures) -> Picture:
    lines = tuple(line(i, Completion({"F": f})) for i, f in enumerate(children, 1))
    return Picture(line(0, sum((c.completion for c in lines), Completion())), lines)


@given(figures())
def test_everyone_assigned_has_not_begun_is_under_way_or_has_completed(counted: Figures) -> None:
    assert counted.not_begun + counted.started + counted.completed == counted.assigned
    assert counted.not_begun >= 0


def test_the_rate_is_completed_of_assigned_and_the_exempt_do_not_weigh() -> None:
    assert Figures(assigned=10, exempt=90, completed=7).rate == 0.7


def test_nobody_assigned_has_no_rate() -> None:
    assert Figures(exempt=3).rate is None


@given(completions, completions)
def test_what_is_added_and_taken_away_again_leaves_the_same(
    one: Completion, other: Completion
) -> None:
    assert (one + other - other).total == one.total
    assert (one + other).women == one.women + other.women


@given(st.lists(completions, max_size=8), completions)
def test_own_people_and_children_add_up_to_the_agency(
    children: list[Completion], own: Completion
) -> None:
    lines = tuple(line(i, c) for i, c in enumerate(children, 1))
    whole = sum(children, own)

    assert Picture(line(0, whole), lines).own.total == own.total


def test_the_agency_that_is_short_of_most_people_holds_the_rate_down_most() -> None:
    big = Figures(assigned=400, completed=240, overdue=90)
    small = Figures(assigned=2, completed=0, overdue=2)
    good = Figures(assigned=300, completed=290, overdue=1)

    found = find_laggards(picture(small, big, good), limit=5)

    assert [laggard.total for laggard in found] == [big, small]


def test_an_agency_with_time_left_holds_nothing_down() -> None:
    early = Figures(assigned=50, completed=1)
    done = Figures(assigned=50, completed=50)

    assert find_laggards(picture(early, done), limit=5) == []


@given(st.lists(figures(), max_size=12))
def test_laggards_lie_below_the_common_rate_and_somebody_is_overdue(
    children: list[Figures],
) -> None:
    whole = picture(*children)

    for laggard in find_laggards(whole, limit=3):
        assert laggard.total.overdue
        assert laggard.total.rate < whole.asked.total.rate


def test_colours_change_at_a_half_and_at_four_fifths() -> None:
    assert [band_of(r) for r in (None, 0.0, 0.499, 0.5, 0.799, 0.8, 1.0)] == [
        *("none", "low", "low", "some", "some", "high", "high")
    ]


def test_agencies_without_people_come_after_the_highest_rate() -> None:
    whole = picture(Figures(), Figures(assigned=1, completed=1), Figures(assigned=1))

    assert [found.agency_id for found in by_rate(whole.children)] == [3, 2, 1]


def test_a_chain_of_single_successors_is_followed_to_its_end() -> None:
    assert follow({1: {2}, 2: {3}}) == {1: 3, 2: 3}


def test_a_chain_stops_before_a_split() -> None:
    assert follow({1: {2}, 2: {3, 4}}) == {1: 2}


def test_a_circle_of_successors_ends() -> None:
    assert follow({1: {2}, 2: {1}}) == {1: 2, 2: 1}


@given(st.dictionaries(st.integers(1, 9), st.sets(st.integers(1, 9), min_size=1), max_size=9))
def test_where_a_chain_ends_there_is_no_single_way_on(successors: dict[int, set[int]]) -> None:
    ends = follow(successors)

    for start, end in ends.items():
        assert start in successors
        after = successors.get(end, set())
        assert len(after) != 1 or start in ends
