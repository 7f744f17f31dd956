"""What people read about packages of other systems: refusals and what was passed over."""

from lms.core.text import N_

MESSAGES = {
    # Any package.
    "package_no_manifest": N_(
        "The zip holds no imsmanifest.xml. Export the package again, or pack the content of its "
        "folder and not the folder itself."
    ),
    "package_program": N_(
        "The package holds a program for a computer. Delete it, pack the folder again and send "
        "that one."
    ),
    "package_in_folder": N_("The package lies in the folder “{folder}” of the zip, which is fine."),
    "package_flash": N_(
        "The package holds Flash (“{name}”), which no browser plays any more. What it shows "
        "will be missing."
    ),
    "package_hidden": N_("“{title}” is hidden in the package and was left out."),
    "package_others": N_(
        "The package holds {count} further tables of contents. Only the first one was taken."
    ),
    "package_too_many": N_("Only the first {limit} lessons were taken."),
    # SCORM.
    "scorm_nothing": N_(
        "The package has no lesson that can be opened. Export it again from the program it was "
        "made with."
    ),
    "scorm_no_address": N_("“{title}” does not say which file opens it."),
    "scorm_missing_file": N_("“{title}” opens with “{name}”, which is not in the package."),
    "scorm_elsewhere": N_(
        "“{title}” opens on another website ({name}). Only what is in the package is played."
    ),
    "scorm_no_page": N_("“{title}” opens with “{name}”, which no browser shows."),
    "scorm_asset": N_(
        "“{title}” does not report whether it was finished: learners say so themselves."
    ),
    "scorm_plain": N_(
        "This is a package without SCORM: it is shown, and learners say themselves when they "
        "are done."
    ),
    "scorm_flattened": N_(
        "“{title}” lies deeper than a module and a lesson; its lessons stand in the module."
    ),
    "scorm_sequencing": N_(
        "The package has rules of its own for the order of its lessons, which are not followed. "
        "Set the order in the course: {titles}."
    ),
    "scorm_time_limit": N_("The time limits of the package are not enforced: {titles}."),
    # H5P.
    "h5p_content_only": N_(
        "The file holds the content alone, without the libraries that play it. Export it with "
        "“Download as .h5p” and the libraries in it."
    ),
    "h5p_in_folder": N_(
        "The H5P content lies in a folder of the zip. Pack the content of that folder, or export "
        "it again."
    ),
    "h5p_no_content": N_("The H5P file holds no content. Please export it again."),
    "h5p_damaged": N_("This file of the H5P package cannot be read. Please export it again."),
    "h5p_missing_library": N_(
        "The library {name} that plays it is not in the file. Export it again with the libraries."
    ),
    "h5p_missing_dependency": N_(
        "The library {name} is not in the file; parts that need it may not show."
    ),
    # Quizzes of QTI 1.2.
    "qti_no_assessment": N_("“{title}” is no quiz that can be read here and was left out."),
    "qti_nothing": N_("The quiz “{title}” has no question that can be taken and was left out."),
    "qti_pass_mark": N_(
        "The quiz “{title}” does not say its pass mark. It was set to {percent} %; please check it."
    ),
    "qti_no_bank": N_(
        "The quiz “{title}” draws from a bank of questions that is not in the package."
    ),
    "qti_too_many_questions": N_("Only the first {limit} questions of a quiz were taken."),
    "qti_picture": N_("The question “{title}” shows a picture or sound, which was left out."),
    "qti_essay": N_("The question “{title}” is marked by a person and was left out."),
    "qti_number": N_("The question “{title}” asks for a calculated number and was left out."),
    "qti_pattern": N_("The question “{title}” looks for part of an answer and was left out."),
    "qti_unknown": N_(
        "The question “{title}” is of a kind that is not known here and was left out."
    ),
    "qti_blanks": N_("The question “{title}” has several gaps to fill in and was left out."),
    "qti_no_question": N_("“{title}” is a text without a question and was left out."),
    "qti_no_right_answer": N_("The question “{title}” has no right answer and was left out."),
    "qti_several_right": N_(
        "The question “{title}” takes one answer but has several right ones, and was left out."
    ),
    "qti_no_text": N_("The question “{title}” lacks a text and was left out."),
    "qti_too_long": N_(
        "The question “{title}” has a text of more than {limit} characters and was left out."
    ),
    "qti_too_few": N_("The question “{title}” has fewer than {limit} choices and was left out."),
    "qti_too_many": N_("The question “{title}” has more than {limit} choices and was left out."),
    "qti_doubles": N_("The question “{title}” has two choices of the same text and was left out."),
    # Common Cartridges.
    "cc_nothing": N_(
        "The cartridge holds no page, quiz or assignment that can be taken. Export the course "
        "again with its content."
    ),
    "cc_missing": N_("“{title}” names a file that is not in the cartridge and was left out."),
    "cc_unreadable": N_("“{title}” cannot be read and was left out."),
    "cc_unknown": N_("“{title}” is of a kind that is not known here and was left out."),
    "cc_tool": N_("“{title}” is a tool of another website and was left out."),
    "cc_bank": N_(
        "A bank of questions that no quiz draws from was left out. Bring it in as a quiz."
    ),
    "cc_discussion": N_("The discussion “{title}” came in as a text to read."),
    "cc_announcement": N_("The announcement “{title}” was news of its day and was left out."),
    "cc_facts": N_(
        "The file with objectives, legal sources and rules is damaged and was passed over."
    ),
    "cc_heading": N_("The subheading “{title}” was left out: modules have titles, no subheadings."),
    "cc_loose": N_("What lies in no module stands in a module of its own at the end."),
    "cc_unused": N_("Files that no lesson shows were left out: {titles}."),
    "cc_quiz_text": N_("The words above the quiz “{title}” were left out."),
    "cc_hand_in": N_(
        "“{title}” could be handed in another way too; here it is handed in as a file."
    ),
    "cc_rubric_cut": N_(
        "The rubric of “{title}” has more rows than there can be; the first were taken."
    ),
    "cc_page_cut": N_("The page is longer than {limit} characters; what comes after was left out."),
    "cc_page_large": N_("The page “{title}” is too large and was left out."),
    "cc_picture": N_("The picture “{name}” is not of a known type and was left out."),
    "cc_picture_size": N_("The picture “{name}” is too large and was left out."),
    "cc_picture_away": N_(
        "A picture lies on another website ({name}) and was left out. Add it to the lesson."
    ),
    "cc_no_alt": N_("The picture “{name}” has no alternative text. Please write one."),
    "cc_file": N_("The file “{name}” is of a kind that lessons do not show and was left out."),
    "cc_file_missing": N_("The page names “{name}”, which is not in the cartridge."),
    "cc_internal_link": N_("A link to another page of the course became plain text ({name})."),
    "cc_formula": N_("Formulas stand as their source text (LaTeX)."),
    "cc_empty": N_("“{title}” has no text."),
    "cc_frame": N_("A page within the page became a link."),
    "cc_merged": N_("A table has joined cells; they stand apart now. Please check it."),
    "cc_long": N_("A table or page is too long; its end was left out."),
    "cc_deep": N_("What lies very deep in the page lost its shape; its text was kept."),
    "cc_script": N_("Scripts of the page were left out."),
    "cc_dropped": N_("A part of the page that lessons do not show was left out ({name})."),
    # Exports.
    "export_package": N_(
        "“{title}” is a package that only plays here and was left out. Download it by itself."
    ),
    "export_matching": N_(
        "{count} matching questions of “{title}” are not shown by most other systems."
    ),
    "export_drawing": N_("“{title}” draws its questions at random; other systems ask all of them."),
    "export_sensitive": N_(
        "“{title}” speaks of violence: the help lines and the quick exit are not in the package."
    ),
    "export_rules": N_("The rules for when “{title}” opens or counts as done only hold here."),
    "export_task": N_("Work for “{title}” is handed in outside the package."),
    "export_time_limit": N_("The time limit of “{title}” does not hold in the package."),
    # xAPI, cmi5 and AICC.
    "xapi_tincan": N_(
        "This is an xAPI package (Tin Can), which is not played here because it reports to a "
        "server of its own. Export it as SCORM 1.2 or SCORM 2004 and send that one."
    ),
    "xapi_cmi5": N_(
        "This is a cmi5 package, which is not played here because it reports to a server of its "
        "own. Export it as SCORM 1.2 or SCORM 2004 and send that one."
    ),
    "xapi_aicc": N_(
        "This is an AICC package, which is not played here. Export it as SCORM 1.2 or SCORM 2004 "
        "and send that one."
    ),
}
