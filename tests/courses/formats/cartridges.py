"""Cartridges for tests, and how they are read there."""

import pytest

from courses.formats import imscc, scorm
from courses.formats.faults import MESSAGES, UnreadableCourse
from tests.courses.formats.building import brought, cartridge


def item(reference, title, inside=""):
    return f'<item identifier="i{reference}" identifierref="{reference}"><title>{title}</title>{inside}</item>'


def module(title, *items):
    return f'<item identifier="m{title}"><title>{title}</title>{"".join(items)}</item>'


def resource(name, href, kind="webcontent", more=""):
    return f'<resource identifier="{name}" type="{kind}" href="{href}"><file href="{href}"/>{more}</resource>'


def page(body, title="Trang"):
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


def read(data):
    file = brought(data, "khoa.imscc")
    assert imscc.recognises(file)
    assert not scorm.recognises(file)
    course = imscc.read(file)
    for warning in course.warnings:
        assert MESSAGES[warning.code].format(**warning.values)
    return course


def read_one(href, content, title="Bài", kind="webcontent", **more):
    """Return the only lesson of a cartridge, its course and the codes of its warnings."""
    course = read(cartridge(item("r", title), resource("r", href, kind), {href: content, **more}))
    lessons = list(course.lessons())
    return (lessons[0] if lessons else None), course, [w.code for w in course.warnings]


def refusal(data):
    with pytest.raises(UnreadableCourse) as caught:
        imscc.read(brought(data))
    return [fault.code for fault in caught.value.faults]
