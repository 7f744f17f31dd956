"""Sizes of files in words: people on mobile data choose by them."""

from flask_babel import format_decimal

KILOBYTE, MEGABYTE, GIGABYTE = 1024, 1024**2, 1024**3


def say_size(size: int) -> str:
    """Return a number of bytes as people read it: 820 KB, 36 MB, 1,4 GB."""
    if size < MEGABYTE:
        return f"{format_decimal(max(1, round(size / KILOBYTE)))} KB"
    if size < 10 * MEGABYTE or size >= GIGABYTE:
        unit, name = (GIGABYTE, "GB") if size >= GIGABYTE else (MEGABYTE, "MB")
        return f"{format_decimal(round(size / unit, 1))} {name}"
    return f"{format_decimal(round(size / MEGABYTE))} MB"


def say_seconds(seconds: float) -> str:
    """Return a length as players show it: 4:05, 1:02:30."""
    whole = max(0, round(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
