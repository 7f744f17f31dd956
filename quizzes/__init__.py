"""Quizzes: question banks, attempts, marking."""
