"""Forms about courses: one module a task."""

from courses.forms.assigning import AssignForm

__all__ = ["AssignForm"]
