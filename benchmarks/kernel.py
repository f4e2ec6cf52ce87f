"""What profiling a cell costs in a live kernel, side by side with other profilers.

    python benchmarks/kernel.py [--rounds N] [--quick] [--json]

One kernel of this Python runs each cell bare and under every profiler of ``tools.json``, in turn,
once a round, in an order that changes from round to round. A ratio is made of two runs of one
round, so that it holds while the speed of the machine drifts. Two clocks: CPU time of the kernel's
process (all its threads, without programs that a tool starts), and wall time, both from IPython's
event before the cell to the one after it: what a tool does to show its result is within.

A tool that fails is named, and the others go on; when this package fails, so does the run.
"""

from __future__ import annotations

import json
import platform
import statistics
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from common import (
    CellError,
    Kernel,
    Tool,
    options,
    print_json,
    progress,
    running_kernel,
    spread,
    tools,
    workloads,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

CELLS = {"call_heavy": "total = call_heavy()", "realistic": "size = realistic()"}
#: The same with less work, for a quick look.
QUICK = {"call_heavy": "total = call_heavy()", "realistic": "size = realistic(30_000)"}
#: A tool that takes seconds when the code is done takes part in one of so many rounds.
SELDOM = 3
#: Runs of an empty cell in a round, of which the median counts.
REPEATS = 5

# pre_execute and post_execute come in pairs, also where a magic runs a cell within the cell.
STOPWATCH = """
def _stopwatch():
    import gc, time
    from IPython import get_ipython
    events, began, last = get_ipython().events, [], {}
    def before():
        began.append((time.process_time(), time.perf_counter()))
    def after():
        cpu, wall = time.process_time(), time.perf_counter()
        if began:
            first = began.pop()
            last.update(cpu=cpu - first[0], wall=wall - first[1])
    def read():
        answer = dict(last)
        gc.collect()
        return answer
    events.register("pre_execute", before)
    events.register("post_execute", after)
    return read
_last_cell = _stopwatch()
del _stopwatch
"""
READ = "import json; print('CLOCKS', json.dumps(_last_cell()))"

Run = dict[str, float]


def timed(kernel: Kernel, code: str) -> Run:
    """Seconds that a cell took: ``cpu`` and ``wall`` in the kernel, ``trip`` for the client."""
    answer = kernel.run(code)
    clocks: Run = json.loads(kernel.run(READ, store_history=False).text.rpartition("CLOCKS")[2])
    return {**clocks, "trip": answer.seconds}


class Field:
    """The tools that still run. One that fails leaves, with a sentence that says why."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.failed: dict[str, str] = {}
        self.tools = tools()
        for tool in self.tools:
            if tool.load:
                self._try(tool, lambda tool=tool: kernel.run(tool.load))

    def _try(self, tool: Tool, work: Any) -> Any:
        if tool.name in self.failed:
            return None
        try:
            return work()
        except CellError as error:
            if tool.name in ("ours", "bare"):
                raise SystemExit(f"{tool.label} failed: {error}") from None
            self.failed[tool.name] = str(error)
            progress(f"  {tool.label} failed: {error}")
            return None

    def run(self, tool: Tool, body: str) -> Run | None:
        """One run of a cell, or None where the tool has failed, now or before."""
        found: Run | None = self._try(tool, lambda: timed(self.kernel, tool.of(body)))
        return found

    def in_order_of(self, number: int) -> list[Tool]:
        """All tools, in another order each round: odd rounds go backwards from another one."""
        start = number % len(self.tools)
        order = self.tools[start:] + self.tools[:start]
        return order[::-1] if number % 2 else order


def slow_down(field: Field, body: str, rounds: int) -> dict[str, Any]:
    """Ratios of each tool's run to the bare run of the same round."""
    bare: list[Run] = []
    ratios: dict[str, dict[str, list[float]]] = {}
    for number in range(rounds):
        runs = {
            tool.name: field.run(tool, body)
            for tool in field.in_order_of(number)
            if not (tool.seldom and number % SELDOM)
        }
        base = runs.pop("bare")
        assert base is not None
        bare.append(base)
        for name, run in runs.items():
            if run is not None:
                found = ratios.setdefault(name, {"cpu": [], "wall": []})
                for clock, values in found.items():
                    values.append(run[clock] / base[clock])
    for name in field.failed:
        ratios.pop(name, None)
    return {
        "bare": {clock: [run[clock] for run in bare] for clock in ("cpu", "wall")},
        "ratios": {tool.name: ratios[tool.name] for tool in field.tools if tool.name in ratios},
    }


def empty_cell(field: Field, rounds: int) -> dict[str, Any]:
    """Milliseconds that an empty cell takes longer: in the kernel, and for the client."""
    longer: dict[str, dict[str, list[float]]] = {}
    bare: dict[str, list[float]] = {"wall": [], "trip": []}
    for number in range(rounds):
        medians: dict[str, Run] = {}
        for tool in field.in_order_of(number):
            if tool.seldom and number % SELDOM:
                continue
            runs = [field.run(tool, "pass") for _ in range(1 if tool.seldom else REPEATS)]
            kept = [run for run in runs if run is not None]
            if len(kept) == len(runs):
                medians[tool.name] = {
                    clock: statistics.median(run[clock] for run in kept) for clock in bare
                }
        base = medians.pop("bare")
        for clock, values in bare.items():
            values.append(base[clock] * 1000)
            for name, run in medians.items():
                found = longer.setdefault(name, {"wall": [], "trip": []})
                found[clock].append((run[clock] - base[clock]) * 1000)
    order = [tool.name for tool in field.tools]
    return {"bare": bare, "extra": {name: longer[name] for name in order if name in longer}}


def versions() -> dict[str, str]:
    return versions_of(tool.package for tool in tools() if tool.package)


def versions_of(packages: Iterable[str]) -> dict[str, str]:
    found = {}
    for name in ("ipykernel", "ipython", *packages):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def measure(rounds: int, bodies: dict[str, str]) -> dict[str, Any]:
    with running_kernel() as kernel:
        kernel.run(workloads())
        kernel.run(STOPWATCH)
        field = Field(kernel)
        for tool in field.tools:  # whatever is imported at the first use
            if not tool.seldom:
                field.run(tool, "pass")
                field.run(tool, "call_heavy(1000), realistic(500)")
        cells = {}
        for name, body in bodies.items():
            progress(f"  Python {platform.python_version()}: {name}")
            cells[name] = slow_down(field, body, rounds)
        progress(f"  Python {platform.python_version()}: empty cell")
        return {
            "python": platform.python_version(),
            "versions": versions(),
            "rounds": rounds,
            "cells": cells,
            "empty": empty_cell(field, rounds),
            "failed": field.failed,
        }


def show(result: dict[str, Any]) -> None:
    print(f"Python {result['python']}, {result['rounds']} rounds: median (least-most)")
    labels = {tool.name: tool.label for tool in tools()}
    for cell, found in result["cells"].items():
        bare = spread([seconds * 1000 for seconds in found["bare"]["cpu"]], " ms", 0)
        print(f"\nslow-down of {cell}, bare {bare}")
        for name, ratios in found["ratios"].items():
            cpu, wall = spread(ratios["cpu"], "x"), spread(ratios["wall"], "x")
            print(f"  {labels[name]:16} CPU {cpu:24} wall {wall}")
    print("\nan empty cell takes longer by")
    for name, extra in result["empty"]["extra"].items():
        inside, trip = spread(extra["wall"], " ms", 1), spread(extra["trip"], " ms", 1)
        print(f"  {labels[name]:16} in the kernel {inside:24} round trip {trip}")
    for name, reason in result["failed"].items():
        print(f"{labels[name]} failed: {reason}")


def main() -> None:
    parser = options(__doc__, 9)
    parser.add_argument("--quick", action="store_true", help="less work in the realistic cell")
    arguments = parser.parse_args()
    result = measure(arguments.rounds, QUICK if arguments.quick else CELLS)
    (print_json if arguments.json else show)(result)


if __name__ == "__main__":
    main()
