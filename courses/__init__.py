"""Courses: their revisions, modules and lessons, who is enrolled, what is complete."""
