"""What can be wrong with a file that a trainer brings: each fault by file, line and place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from courses.formats.picture import MESSAGES as PICTURE_MESSAGES
from lms.core.archives import MESSAGES as ARCHIVE_MESSAGES
from lms.core.text import N_

#: What people read for each code; the placeholders are the fault's values.
MESSAGES = {
    **ARCHIVE_MESSAGES,
    **PICTURE_MESSAGES,
    # Files.
    "no_course_file": N_("There is no course.yml. Pack the course's folder with this file in it."),
    "no_such_file": N_("The file “{name}” is not in the pack."),
    "file_too_large": N_("The file is larger than {limit} KB."),
    "not_utf8": N_("The file is not UTF-8 text. Save it as UTF-8 and pack the folder again."),
    "format": N_("The pack is of a format that is not known here. Write “format: 1”."),
    "file_twice": N_("The file “{name}” is named by two lessons."),
    "unread_file": N_("The file is not named anywhere and was left out."),
    # YAML.
    "yaml": N_(
        "This cannot be read as YAML. Check the indents; put a text with a colon in quotes."
    ),
    "yaml_reference": N_("References with & and * are not allowed. Write the value out."),
    "yaml_twice": N_("“{key}” stands twice. Keep one of them."),
    "yaml_too_deep": N_("The lists lie too deep in one another."),
    "front_matter": N_("A lesson begins with its facts between two lines of three hyphens (---)."),
    "not_a_mapping": N_("Write keys with values here, like “title: …”."),
    "not_a_list": N_("Write a list here, each entry after a hyphen."),
    "too_many": N_("At most {limit} entries are allowed here."),
    # Values.
    "unknown_key": N_("“{key}” is not known here and was left out."),
    "required": N_("“{key}” is missing."),
    "not_text": N_("Write a text here, in quotes when it looks like a number or a date."),
    "too_long": N_("At most {limit} characters are allowed here."),
    "not_whole": N_("Write a whole number from {low} to {high}."),
    "not_yes_no": N_("Write true or false."),
    "not_a_day": N_("Write the date as year-month-day, like 2006-11-29."),
    "bad_key": N_("Use small letters without diacritics, digits and single hyphens: “{value}”."),
    "slug_taken": N_("“{value}” is an address of the site itself. Choose another one."),
    # Lessons and pictures.
    "lesson_kind": N_("A lesson names either its file or its quiz."),
    "key_twice": N_("The key “{value}” belongs to two lessons."),
    "picture_name": N_("Name pictures in plain letters, digits and hyphens, right under images/."),
    "picture_missing": N_("The lesson shows “{name}”, which is not in the pack."),
    # Quizzes.
    "question_twice": N_("The key “{value}” belongs to two questions."),
    "too_few_questions": N_(
        "{draw} questions are to be drawn from “{category}”, which holds {count}."
    ),
}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, or was passed over; ``code`` is a key of MESSAGES."""

    code: str
    #: Name of the file in the pack; "" for the pack itself.
    file: str = ""
    line: int | None = None
    #: Way to the value in the file, like modules.2.lessons.1.title; counted from 1.
    place: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


class UnreadableCourse(Exception):
    """A file that no course can be made of. Nothing was changed; ``faults`` says all of why."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)
