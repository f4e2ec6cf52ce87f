"""What counting lines costs: slow-down against the bare run, side by side in one process.

    python benchmarks/lines.py [--rounds N] [--json]

Each workload runs bare, under line_profiler as it is, and under each line engine of this package,
in turn, N times (default 5), in another order each time, with its functions lined; and once more
under each with a function lined that it does not call. The least CPU time of the thread counts.
The table gives slow-downs, ratios to the bare run, and the engine's over line_profiler's.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import statistics
import textwrap
import time
from typing import TYPE_CHECKING, Any

from line_profiler import LineProfiler

from jupyterlab_profiler.collect.collector import Unavailable
from jupyterlab_profiler.collect.lines.choose import ENGINES, choose

if TYPE_CHECKING:
    from collections.abc import Callable

    Work = Callable[[], object]
    Run = Callable[["Work", list[Any]], float]

TEXT = "The quick brown fox jumps over the lazy dog, and some more words follow it. " * 40
TABLE = "\n".join(f'{n},"name {n}, with a comma",{n * 1.5},x{n}' for n in range(400))


def loop() -> int:
    total = 0
    for number in range(60_000):
        if number & 1:
            total += number
        else:
            total -= 1
    return total


def wrapped() -> list[str]:
    return [line for _ in range(12) for line in textwrap.wrap(TEXT, 40)]


def fields(line: str) -> list[str]:
    found = []
    field = ""
    is_quoted = False
    for char in line:
        if char == '"':
            is_quoted = not is_quoted
        elif char == "," and not is_quoted:
            found.append(field)
            field = ""
        else:
            field += char
    found.append(field)
    return found


def csv() -> list[list[str]]:
    return [fields(line) for line in TABLE.splitlines()]


def elsewhere() -> int:
    return 1


#: What runs, and whose lines are counted.
WORKLOADS: dict[str, tuple[Work, list[Any]]] = {
    "loop": (loop, [loop]),
    "textwrap": (wrapped, [textwrap]),
    "csv": (csv, [fields, csv]),
}


def bare(work: Work, targets: list[Any]) -> float:
    del targets
    return _seconds(work)


def line_profiler(work: Work, targets: list[Any]) -> float:
    profiler = LineProfiler()
    changed = []
    for target in targets:
        for function in _functions(target):
            changed.append((function, function.__code__))
            profiler.add_function(function)
    profiler.enable_by_count()
    try:
        return _seconds(work)
    finally:
        profiler.disable_by_count()
        for function, code in changed:
            function.__code__ = code


def _functions(target: Any) -> list[Any]:
    from jupyterlab_profiler.collect.lines.targets import functions_of

    return list(functions_of(target))


def with_engine(engine: str) -> Run:
    def run(work: Work, targets: list[Any]) -> float:
        collector, _ = choose(engine)
        for target in targets:
            collector.add(target)
        collector.start()
        try:
            return _seconds(lambda: collector.call(work))
        finally:
            collector.stop()

    return run


def _seconds(work: Work) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began


def runs() -> dict[str, Run]:
    found: dict[str, Run] = {"bare": bare, "line_profiler itself": line_profiler}
    for engine in ENGINES:
        try:
            choose(engine)[0].stop()
        except Unavailable:
            continue
        found[engine] = with_engine(engine)
    return found


def measure(rounds: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, (work, targets) in WORKLOADS.items():
        for kind, lined in (("lined", targets), ("not lined", [elsewhere])):
            seconds: dict[str, list[float]] = {run: [] for run in runs()}
            work()
            for _ in range(rounds):
                order = list(runs().items())
                random.shuffle(order)
                for run, how in order:
                    seconds[run].append(how(work, lined))
            base = min(seconds["bare"])
            slow = {run: min(times) / base for run, times in seconds.items() if run != "bare"}
            theirs = slow["line_profiler itself"]
            found[f"{name}, {kind}"] = {
                "bare": base,
                "slow": slow,
                "ratio": {
                    run: value / theirs
                    for run, value in slow.items()
                    if run != "line_profiler itself"
                },
            }
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print all figures as JSON")
    arguments = parser.parse_args()
    found = {"python": platform.python_version(), "lines": measure(arguments.rounds)}
    if arguments.json:
        print(json.dumps(found))
        return
    for name, figures in found["lines"].items():
        slow = "  ".join(f"{run} {value:.2f}x" for run, value in figures["slow"].items())
        ratio = "  ".join(f"{run} {value:.2f}" for run, value in figures["ratio"].items())
        print(f"{name:22} bare {figures['bare'] * 1e3:6.2f} ms  {slow}   of it: {ratio}")
    ratios = [figures["ratio"] for figures in found["lines"].values()]
    for engine in ratios[0]:
        mean = statistics.geometric_mean([each[engine] for each in ratios])
        print(f"{engine}: {mean:.2f} of line_profiler's, geometric mean")


if __name__ == "__main__":
    main()
