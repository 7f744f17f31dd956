"""Reads of quizzes, attempts and question banks."""
