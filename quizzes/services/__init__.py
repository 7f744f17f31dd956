"""Decisions about quizzes. Nothing here commits."""

from quizzes.services.packs import load_packed_quizzes, pack_quizzes
from quizzes.services.revisions import copy_quizzes, remove_quizzes

__all__ = ["copy_quizzes", "load_packed_quizzes", "pack_quizzes", "remove_quizzes"]
