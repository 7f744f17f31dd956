"""Who may see and manage people."""

from lms.core.access import ADMIN, HR, LEAD, ROLES

PERMISSIONS = {
    "people.account": frozenset(ROLES),
    "people.view": frozenset({ADMIN, LEAD, HR}),
    "people.import": frozenset({ADMIN, LEAD, HR}),
    "people.activate": frozenset({ADMIN, LEAD, HR}),
    "people.grant": frozenset({ADMIN}),
}
