"""Commands of the base and the demo province."""

import time

import click
from flask.cli import AppGroup

from lms.core.commands import answer, changing, json_option
from lms.seed.accounts import describe, list_accounts
from lms.seed.base import fill_base
from lms.seed.demo.fill import fill_demo

MOST_PEOPLE = 900_000


@click.group("seed", cls=AppGroup)
def seed() -> None:
    """What an installation begins with, and a province to try it on."""


@seed.command("base")
@json_option
def seed_base(as_json: bool) -> None:
    """Bring in audiences, help lines, the province's agencies and the starter courses."""
    with changing():
        made = fill_base()
    answer(
        as_json,
        vars(made),
        f"Agencies: {made.agencies}. Courses: {made.courses}. Audiences: {made.audiences}. "
        f"Help lines: {made.help_lines}.",
    )


@seed.command("demo")
@click.option(
    "--people",
    type=click.IntRange(10, MOST_PEOPLE),
    default=2_000,
    show_default=True,
    help="How many people.",
)
@click.option("--seed", "number", default=1, show_default=True, help="Another one, other people.")
@json_option
def seed_demo(people: int, number: int, as_json: bool) -> None:
    """Fill an empty database with a made-up province that learns. Refused when people exist."""
    began = time.monotonic()
    with changing():
        made = fill_demo(people, number)
    seconds = round(time.monotonic() - began, 1)
    answer(
        as_json,
        {**vars(made), "seconds": seconds},
        f"Made {made.people} people in {made.agencies} agencies, {made.enrolments} enrolments and "
        f"{made.certificates} certificates in {seconds} s.",
        *describe(list_accounts()),
    )


@seed.command("accounts")
@json_option
def seed_accounts(as_json: bool) -> None:
    """Print the accounts of the demo, when there is one."""
    accounts = list_accounts()
    answer(as_json, {"accounts": accounts}, *describe(accounts))


COMMANDS = (seed,)
