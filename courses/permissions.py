"""Who may learn, assign and write courses."""

from lms.core.access import ADMIN, HR, LEAD, ROLES, TRAINER

PERMISSIONS = {
    "courses.learn": frozenset(ROLES),
    "courses.write": frozenset({TRAINER, ADMIN}),
    # Trainers write their own courses only.
    "courses.write_any": frozenset({ADMIN}),
    # A second person for each draft with packages, or whenever its writer asks.
    "courses.review": frozenset({TRAINER, ADMIN}),
    # Work handed in to one's own courses.
    "courses.mark": frozenset({TRAINER, ADMIN}),
    # Who took part in a session: trainers for their own courses, HR for its own people.
    "courses.confirm": frozenset({TRAINER, HR, LEAD, ADMIN}),
    "courses.assign": frozenset({HR, LEAD, ADMIN}),
}
