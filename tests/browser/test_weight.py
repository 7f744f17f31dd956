"""A first visit to a lesson is light enough for a commune's network."""

import pytest

from lms.seed.accounts import ACCOUNTS
from tests.browser.site import Site
from tests.browser.visitor import Visit

MOST_BYTES = 100_000
MOST_REQUESTS = 10
FIRST_LESSONS = (
    "/courses/binh-dang-gioi-co-ban/lessons/01-gioi-va-gioi-tinh",
    "/courses/truong-hoc-an-toan/lessons/01-lop-hoc-cong-bang",
)
