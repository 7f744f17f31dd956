"""What is wrong with a video or a recording, in words."""

from lms.core.text import N_

#: By the codes of faults.
MESSAGES = {
    "media_damaged": N_("The file is damaged or was not sent whole."),
    "media_type": N_(
        "The file is no video or sound of a known type. Send MP4, WebM, MOV, MP3, M4A, OGG or WAV."
    ),
    "library_type": N_(
        "The library keeps pictures, videos, recordings, PDF documents and captions. "
        "Bring Word files, slides and packages in by “Import”."
    ),
}
