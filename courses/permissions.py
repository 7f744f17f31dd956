"""Who may learn, assign and write courses."""

from lms.core.access import ADMIN, HR, LEAD, ROLES, TRAINER

PERMISSIONS = {
    "courses.learn": frozenset(ROLES),
    "courses.write": frozenset({TRAINER, ADMIN}),
    # Trainers write their own courses only.
    "courses.write_any": frozenset({ADMIN}),
    "courses.assign": frozenset({HR, LEAD, ADMIN}),
}
