"""Who may see and change agencies."""

from lms.core.access import ADMIN, HR, LEAD, ROLES

PERMISSIONS = {
    "agencies.view": frozenset(ROLES),
    "agencies.manage": frozenset({ADMIN, LEAD}),
    "agencies.oversee": frozenset({ADMIN, LEAD, HR}),
}
