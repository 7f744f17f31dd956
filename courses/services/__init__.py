"""Decisions about courses and learning. Nothing here commits."""
