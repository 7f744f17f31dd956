"""Commands about agencies."""

from datetime import date
from typing import Any

import click
from flask.cli import AppGroup

from lms.agencies import queries
from lms.core.clock import today
from lms.core.commands import Day, answer, json_option


@click.group("agencies", cls=AppGroup)
def agencies() -> None:
    """The tree of agencies."""


@agencies.command("tree")
@click.option("--as-of", type=Day(), help="The day to show; today when not given.")
@json_option
def tree(as_of: date | None, as_json: bool) -> None:
    """Print the tree of a day."""
    nodes = queries.whole_tree(as_of or today())
    answer(as_json, {"agencies": nodes}, *_lines(nodes, 0))


def _lines(nodes: list[dict[str, Any]], depth: int) -> list[str]:
    lines = []
    for node in nodes:
        lines.append(f"{'  ' * depth}{node['code']}  {node['name']}")
        lines += _lines(node["children"], depth + 1)
    return lines


COMMANDS = (agencies,)
