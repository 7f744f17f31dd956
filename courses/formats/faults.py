"""What can be wrong with a file that a trainer brings: each fault by file, line and place."""

from courses.formats.captions import MESSAGES as CAPTION_MESSAGES
from courses.formats.fault import Fault, UnreadableCourse, from_plain, to_plain
from courses.formats.media_words import MESSAGES as MEDIA_MESSAGES
from courses.formats.office.words import MESSAGES as OFFICE_MESSAGES
from courses.formats.package_words import MESSAGES as PACKAGE_MESSAGES
from courses.formats.picture import MESSAGES as PICTURE_MESSAGES
from lms.core.archives import MESSAGES as ARCHIVE_MESSAGES
from lms.core.text import N_
from lms.core.xml import MESSAGES as XML_MESSAGES

__all__ = ["MESSAGES", "Fault", "UnreadableCourse", "from_plain", "to_plain"]

#: What people read for each code; the placeholders are the fault's values.
MESSAGES = {
    **ARCHIVE_MESSAGES,
    **XML_MESSAGES,
    **PICTURE_MESSAGES,
    **OFFICE_MESSAGES,
    **PACKAGE_MESSAGES,
    **MEDIA_MESSAGES,
    **CAPTION_MESSAGES,
    # Files of no format.
    "empty_file": N_("The file is empty. Choose the file again, or save it anew first."),
    "virus": N_("A virus was found in the file. It was not kept."),
    "not_scanned": N_(
        "The virus scanner could not look at the file, which may be too large for it. "
        "Ask the support desk."
    ),
    "program": N_("This is a program, not learning material. Programs are not taken."),
    "web_page": N_(
        "This is a web page or a script, whatever its name says. "
        "Save its text as a Word document and send that."
    ),
    "open_document": N_("This is an OpenDocument file. Save it as .docx or .pptx and send that."),
    "rich_text": N_("This is an RTF file. Open it in Word, save it as .docx and send that."),
    "other_archive": N_("The file is packed in a way that is not opened here. Pack it as a zip."),
    "picture_alone": N_(
        "A picture alone makes no course. Add it to a lesson, on the page of the course's pictures."
    ),
    "unknown_zip": N_(
        "The zip holds no course that is known here: no course.yml, no SCORM or Common Cartridge "
        "manifest (imsmanifest.xml), no h5p.json."
    ),
    "unknown_file": N_(
        "The file is of no kind that is known here. Send Word (.docx), PowerPoint (.pptx), PDF, "
        "video, sound, a SCORM, H5P or Common Cartridge package, or a course pack."
    ),
    "given_up": N_("Reading the file failed several times. Make it smaller, or send it in parts."),
    "not_read": N_("The file could not be read. It has been noted; the support desk can help."),
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
    "file_name": N_(
        "Name files in plain letters, digits and hyphens, right under media/ or packages/."
    ),
    "file_type": N_("The file is of a kind that courses do not carry. It was left out."),
    "pictures_too_large": N_("The pictures are larger than {limit} MB together."),
    "not_plain": N_("Write only texts, numbers, true or false, lists and keys here, and few."),
    # Quizzes.
    "question_twice": N_("The key “{value}” belongs to two questions."),
    "too_few_questions": N_(
        "{draw} questions are to be drawn from “{category}”, which holds {count}."
    ),
}
