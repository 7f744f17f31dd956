"""The files that a trainer brings: one module a format, all of them read into a PackedCourse.

A format says what it is called (KEY, LABEL), tells by content whether a file is its own
(``recognises``) and reads it (``read``). Nothing here touches the database;
``courses.services.packs`` puts a PackedCourse into it.
"""

#: In the order in which they are asked: each before those that would take its files too.
#: Loaded when a file comes in, so that pages need not carry what reads documents.
FORMATS = (
    "pack",
    "imscc",
    "scorm",
    "h5p",
    "xapi",
    "docx",
    "pptx",
    "office",
    "pdf",
    "video",
    "audio",
)
