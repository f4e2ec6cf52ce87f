"""How long the tables of a large call tree take: its columns, and functions, callers and callees.

    python benchmarks/large.py [--rounds N] [--json]

A tree of 1 111 111 nodes is recorded, of functions that call ten others each, and handed over as at
the end of a cell. Its columns are what goes into the payload; its totals and edges are derived from
them, as for the text that stands beside a result.
"""

from __future__ import annotations

import platform
import random
import time
from typing import TYPE_CHECKING, Any

from common import options, print_json, spread

from jupyterlab_profiler.collect.choose import choose
from jupyterlab_profiler.derive import derive
from jupyterlab_profiler.model import CALLS, TIME, Table

if TYPE_CHECKING:
    from collections.abc import Callable

LEVELS = 6
CALLEES = 10
FUNCTIONS_OF_LEVEL = 200
NODES = sum(CALLEES**level for level in range(LEVELS + 1))


def program() -> Callable[[], None]:
    """A function that makes so many different call paths."""
    chance = random.Random(1)
    lines = []
    for level in range(LEVELS + 1):
        last = level == LEVELS
        for number in range(1 if level == 0 else FUNCTIONS_OF_LEVEL):
            callees = chance.sample(range(FUNCTIONS_OF_LEVEL), CALLEES)
            body = "pass" if last else "; ".join(f"f{level + 1}_{callee}()" for callee in callees)
            lines.append(f"def f{level}_{number}(): {body}")
    names: dict[str, Any] = {}
    exec("\n".join(lines), names)
    top: Callable[[], None] = names["f0_0"]
    return top


def one_round(work: Callable[[], None]) -> dict[str, float]:
    """Milliseconds of each step, and how many ``rows`` the tables have."""
    collector, _ = choose(engine="recorder")
    collector.start()
    collector.call(work)
    tree = collector.stop().tree
    assert tree is not None
    began = time.perf_counter()
    columns = tree.columns(range(len(tree.functions())))
    made = time.perf_counter()
    paths = Table(
        {
            "parent": columns.parent,
            "function": columns.function,
            "self.time": columns.self_ns,
            "self.calls": columns.calls,
        }
    )
    totals, edges = derive(paths, [TIME, CALLS])
    derived = time.perf_counter()
    return {
        "columns": (made - began) * 1000,
        "derive": (derived - made) * 1000,
        "tables": (derived - began) * 1000,
        "nodes": paths.rows,
        "functions": totals.rows,
        "edges": edges.rows,
    }


def measure(rounds: int) -> dict[str, Any]:
    work = program()
    work()
    found = [one_round(work) for _ in range(rounds)]
    for one in found:
        if one["nodes"] < NODES:
            raise SystemExit(f"{NODES} call paths ran, {one['nodes']} were recorded")
    return {
        "python": platform.python_version(),
        "rounds": rounds,
        **{name: found[0][name] for name in ("nodes", "functions", "edges")},
        **{name: [one[name] for one in found] for name in ("columns", "derive", "tables")},
    }


def main() -> None:
    arguments = options(__doc__, 9).parse_args()
    result = measure(arguments.rounds)
    if arguments.json:
        print_json(result)
        return
    print(f"Python {result['python']}, {result['nodes']} nodes, {result['functions']} functions")
    for name in ("columns", "derive", "tables"):
        print(f"{name:16} {spread(result[name], ' ms', 1)}")


if __name__ == "__main__":
    main()
