"""`make bench`: one table of speed, weight and scale, and bench.json.

LMS_BENCH_PEOPLE sets the size (70,000). LMS_BENCH_DIR names a folder to keep and reuse;
without it everything is made anew and removed.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench import scenarios
from tests.bench.scenarios import Row
from tests.bench.site import ROOT, Site
from tests.bench.weight import first_visit

PEOPLE = int(os.environ.get("LMS_BENCH_PEOPLE", "70000"))


def main() -> None:
    """Measure everything and print the table."""
    kept = os.environ.get("LMS_BENCH_DIR")
    with tempfile.TemporaryDirectory(prefix="lms-bench-") as folder:
        rows = _measure(Site(Path(kept or folder), PEOPLE))
    _print(rows)
    report = [{"job": row.job, "goal": row.goal, **row.values} for row in rows]
    (ROOT / "bench.json").write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n")


def _measure(site: Site) -> list[Row]:
    seconds = site.seed()
    seeded = "reused" if seconds is None else f"{seconds:.0f} s"
    rows = [Row(f"seed demo --people {site.people}", seeded, "90 s", "–", {"seconds": seconds})]
    with site.served() as served:
        time.sleep(5)  # the worker's first round
        _add(rows, lambda: scenarios.idle_memory(served))
        for scenario in (
            scenarios.completion_page,
            scenarios.pages,
            scenarios.bare_page,
            scenarios.sign_in,
            scenarios.whole_quiz,
            scenarios.names_csv,
            first_visit,
        ):
            _add(rows, lambda scenario=scenario: scenario(site))
    _add(rows, lambda: scenarios.certificates(site))
    _add(rows, lambda: scenarios.roster(site))
    _add(rows, lambda: scenarios.handbook(site))
    return rows


def _add(rows: list[Row], measure: Callable[[], Row]) -> None:
    row = measure()
    print(f"{row.job}: {row.figure}", file=sys.stderr)
    rows.append(row)


def _print(rows: list[Row]) -> None:
    head = Row("job", "this run", "goal", "peers, measured elsewhere", {})
    lines = [(row.job, row.figure, row.goal, row.peers) for row in (head, *rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(4)]
    for number, line in enumerate(lines):
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        )
        if number == 0:
            print("  ".join("-" * width for width in widths))


if __name__ == "__main__":
    main()
