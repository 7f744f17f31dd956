"""Who may see, issue and revoke certificates."""

from lms.core.access import ADMIN, HR, LEAD, ROLES

PERMISSIONS = {
    "certificates.own": frozenset(ROLES),
    "certificates.view": frozenset({HR, LEAD, ADMIN}),
    "certificates.revoke": frozenset({LEAD, ADMIN}),
}
