"""The one table of consequences: what happened -> what follows, in the same transaction."""

import certificates.services
import lms.reports.tallies
import quizzes.services
from courses.events import (
    CourseCompleted,
    EnrolmentsChanged,
    LessonsRemoved,
    PackExporting,
    PackImported,
    RevisionCopied,
)
from lms.core.events import subscribe


def connect() -> None:
    """Say what follows from each event."""
    subscribe(EnrolmentsChanged, lms.reports.tallies.apply_changes)
    subscribe(CourseCompleted, certificates.services.issue_for_completion)
    subscribe(RevisionCopied, quizzes.services.copy_quizzes)
    subscribe(LessonsRemoved, quizzes.services.remove_quizzes)
    subscribe(PackImported, quizzes.services.load_packed_quizzes)
    subscribe(PackExporting, quizzes.services.pack_quizzes)
