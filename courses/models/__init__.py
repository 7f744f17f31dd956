"""Courses and learning.

A course is a line of revisions. A published revision never changes; enrolments stay
on the revision they began with, so that what a person completed can always be shown.
"""

from courses.models.bringing import IMPORT_STATES, Import, Upload, UploadPart
from courses.models.catalogue import REVISION_STATES, UNPUBLISHED, Course, Lesson, Module, Revision
from courses.models.enrolments import (
    ENROLMENT_SOURCES,
    ENROLMENT_STATUSES,
    EVIDENCE_KINDS,
    Assignment,
    Enrolment,
    Evidence,
    LessonProgress,
)
from courses.models.handing_in import HAND_IN_STATES, HandIn
from courses.models.media import LIBRARY_KINDS, LibraryFile, Media, Rendition
from courses.models.packages import STANDARDS, Package, PackageAttempt, Statement
from courses.models.reviewing import LessonVersion, Review

__all__ = [
    "ENROLMENT_SOURCES",
    "ENROLMENT_STATUSES",
    "EVIDENCE_KINDS",
    "HAND_IN_STATES",
    "IMPORT_STATES",
    "LIBRARY_KINDS",
    "REVISION_STATES",
    "STANDARDS",
    "UNPUBLISHED",
    "Assignment",
    "Course",
    "Enrolment",
    "Evidence",
    "HandIn",
    "Import",
    "Lesson",
    "LessonProgress",
    "LessonVersion",
    "LibraryFile",
    "Media",
    "Module",
    "Package",
    "PackageAttempt",
    "Rendition",
    "Review",
    "Revision",
    "Statement",
    "Upload",
    "UploadPart",
]
