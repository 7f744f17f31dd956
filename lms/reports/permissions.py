"""Who may see completion."""

from lms.core.access import ADMIN, HR, LEAD

PERMISSIONS = {
    "reports.view": frozenset({HR, LEAD, ADMIN}),
}
