"""The files that a trainer brings: one module a format, all of them read into a PackedCourse.

Nothing here touches the database; ``courses.services.packs`` puts a PackedCourse into it.
"""
