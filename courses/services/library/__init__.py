"""The media library: files that a trainer keeps for courses, shared within the agency."""
