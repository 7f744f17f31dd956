"""Decisions about people. Nothing here commits."""
