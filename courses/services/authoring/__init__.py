"""Writing courses: drafts, their modules, lessons and pictures. Nothing here commits."""
