"""What runs later, for what trainers bring."""

from courses.jobs import importing, transcoding, unpacking  # noqa: F401 - they register their jobs
