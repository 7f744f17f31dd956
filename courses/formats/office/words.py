"""What people read about Word, PowerPoint and PDF files: refusals and what was passed over."""

from lms.core.text import N_

MESSAGES = {
    # Refused.
    "office_password": N_(
        "The file is protected by a password. Open it in Office, take the password off, save it "
        "and send it again."
    ),
    "office_old_word": N_(
        "This is a Word file of the old kind (.doc). Save it as .docx, without a password, and "
        "send it again."
    ),
    "office_old_slides": N_(
        "This is a PowerPoint file of the old kind (.ppt). Save it as .pptx, without a password, "
        "and send it again."
    ),
    "office_old_sheet": N_(
        "This is an Excel file of the old kind (.xls). A course is made from Word, PowerPoint or "
        "PDF files."
    ),
    "office_old_other": N_(
        "This is an Office file of an old kind that is not read here. Save it as .docx or .pptx "
        "and send it again."
    ),
    "office_macros": N_(
        "The file holds macros, which are small programs. Save it without macros, as .docx or "
        ".pptx, and send it again."
    ),
    "office_sheet": N_(
        "This is an Excel file. A course is made from Word, PowerPoint or PDF files."
    ),
    "office_sheet_macros": N_(
        "This is an Excel file with macros, which are small programs. A course is made from Word, "
        "PowerPoint or PDF files."
    ),
    "office_cut": N_("The file was cut short on its way. Please send it again."),
    "office_damaged": N_(
        "The file is damaged and cannot be read. Open it in Office, save it under a new name and "
        "send that one."
    ),
    "office_doctype": N_(
        "The file holds a document type declaration, which Office never writes. It is refused."
    ),
    "office_strict": N_(
        "The file is saved as “Strict Open XML”. Save it as an ordinary .docx or .pptx and send "
        "it again."
    ),
    "office_too_large": N_(
        "The text of the file is larger than {limit} MB once unpacked. Split it into several files."
    ),
    "office_empty": N_("There is no text and no picture in the file."),
    "office_too_many_lessons": N_(
        "The file would make {count} lessons; a course holds at most {limit}. Split it."
    ),
    "pdf_password": N_(
        "The PDF is protected by a password. Save it without one and send it again."
    ),
    "pdf_damaged": N_("The PDF is damaged or was cut short. Make it again and send that one."),
    "pdf_empty": N_("The PDF has no pages."),
    # Passed over.
    "office_merged_cells": N_(
        "A table has merged cells, which were taken apart. Please look at it: “{text}”."
    ),
    "office_inner_table": N_(
        "A table stands inside a table and was put after it. Please look at it: “{text}”."
    ),
    "office_no_words": N_(
        "These pictures have no description for people who cannot see them. Write one: {names}."
    ),
    "office_picture_kind": N_(
        "A picture of a kind that browsers do not show was left out ({kind}). Save it as PNG and "
        "put it in."
    ),
    "office_picture_size": N_("A picture that is too large was left out. Make it smaller."),
    "office_picture_away": N_("A picture that is not inside the file was left out."),
    "office_pictures_many": N_(
        "The file holds more than {limit} pictures; those after were left out."
    ),
    "office_object": N_("An embedded object ({kind}) was left out. Add it as a file of its own."),
    "office_drawing": N_("A drawing or chart was left out. Put it in as a picture."),
    "office_equation": N_("An equation was turned into plain text. Please look at it: “{text}”."),
    "office_comments": N_("Comments of reviewers were left out: {count}."),
    "office_changes": N_("Changes under review were taken over as accepted: {count}."),
    "office_hidden_text": N_("Hidden text was left out."),
    "office_headers": N_("Headers and footers of the pages were left out."),
    "office_contents": N_("The table of contents was left out: the course has its own."),
    "office_old_font": N_(
        "Some text is in an old font ({font}) and will not read right. Convert the file to "
        "Unicode and send it again."
    ),
    "office_guessed": N_("The file has no headings. Lessons were divided at lines like “{text}”."),
    "office_no_headings": N_(
        "The file has no headings, so it became one lesson. Give the titles the style Heading 1 to "
        "divide it."
    ),
    "office_long_lesson": N_(
        "The lesson was long for a phone and became {count} lessons. Divide it where it suits you."
    ),
    "office_link": N_("A link was left out, its text kept: “{text}”."),
    "slide_hidden": N_("Slide {slide} is hidden and was left out."),
    "slide_empty": N_("Slide {slide} is empty and was left out."),
    "slide_drawing": N_("Slide {slide}: a drawing without text was left out."),
    "slide_object": N_("Slide {slide}: an embedded object ({kind}) was left out."),
    "slide_chart": N_("Slide {slide}: a chart of a kind that is no table was left out."),
    "slide_media_away": N_("Slide {slide}: a video or sound that is not inside the file."),
    "slide_media_kind": N_("Slide {slide}: a video or sound of an unknown kind was left out."),
    "slide_no_title": N_("These slides have no title: {names}."),
    "slide_moves": N_("Animations and transitions were left out."),
    "pdf_scripts": N_("Scripts, forms that act and attached files were taken out of the PDF."),
    "pdf_signature": N_(
        "The PDF was signed; it had to be changed, so the signature holds no more."
    ),
    "pdf_no_text": N_(
        "The PDF is a scan without text. People who cannot see it, and search, find nothing in it."
    ),
}
