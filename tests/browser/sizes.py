"""The two browsers that every journey is walked in: a phone and a desk."""

from dataclasses import dataclass
from typing import Any

import pytest


@dataclass(frozen=True)
class Size:
    """A screen, and how Chromium is told about it."""

    name: str
    width: int
    height: int
    is_phone: bool = False

    @property
    def context(self) -> dict[str, Any]:
        """The options of a browser context."""
        screen = {"width": self.width, "height": self.height}
        options: dict[str, Any] = {"viewport": screen, "screen": screen, "locale": "vi-VN"}
        # Colours half way between two states are nobody's colours: axe-core would measure them.
        options["reduced_motion"] = "reduce"
        if self.is_phone:
            options |= {"is_mobile": True, "has_touch": True, "device_scale_factor": 2}
        return options


PHONE = Size("phone", 360, 740, is_phone=True)
DESK = Size("desk", 1280, 800)


def grouped(size: Size) -> Any:
    """Return a size as a parameter: one test process walks all journeys of a size."""
    return pytest.param(size, id=size.name, marks=pytest.mark.xdist_group(f"browser-{size.name}"))
