"""What tracing costs: slow-down against the bare run, side by side in one process.

    python benchmarks/overhead.py [ROUNDS] [--json]

Every workload runs bare, under plain cProfile and under this package, in turn, ROUNDS times
(default 7); the least CPU time of each counts, and the table gives ratios to the bare run. Plain
cProfile is here for its cost alone: in a live kernel on Python 3.12 and newer its callers are
wrong.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import platform
import re
import textwrap
import time
from typing import TYPE_CHECKING

from jupyterlab_profiler.collect.choose import choose

if TYPE_CHECKING:
    from collections.abc import Callable


def fib(n: int) -> int:
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def recursion() -> object:
    return fib(20)


def builtins() -> object:
    total = 0
    for number in range(20_000):
        total += abs(number)
    return total


def documents() -> object:
    text = json.dumps([{"id": n, "name": f"item {n}"} for n in range(1500)], indent=1)
    found = re.findall(r'"name": "(\w+) (\d+)"', text)
    return textwrap.wrap(" ".join(word for word, _ in found), 60)


def bare(work: Callable[[], object]) -> None:
    work()


def plain_cprofile(work: Callable[[], object]) -> None:
    profiler = cProfile.Profile()
    profiler.enable()
    work()
    profiler.disable()


def this_package(work: Callable[[], object]) -> None:
    collector, _ = choose()
    collector.start()
    collector.call(work)
    collector.stop()


RUNS = (bare, plain_cprofile, this_package)


def cpu_seconds(run: Callable[[Callable[[], object]], None], work: Callable[[], object]) -> float:
    began = time.thread_time()
    run(work)
    return time.thread_time() - began


def start_and_stop(times: int = 200) -> float:
    """Microseconds that recording next to nothing takes."""
    began = time.perf_counter()
    for _ in range(times):
        this_package(int)
    return (time.perf_counter() - began) / times * 1e6


def slow_downs(work: Callable[[], object], rounds: int) -> dict[str, float]:
    best = dict.fromkeys(RUNS, float("inf"))
    for _ in range(rounds):
        for run in RUNS:
            best[run] = min(best[run], cpu_seconds(run, work))
    return {run.__name__: best[run] / best[bare] for run in RUNS[1:]}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("rounds", type=int, nargs="?", default=7)
    parser.add_argument("--json", action="store_true", help="print all figures as JSON")
    arguments = parser.parse_args()
    table = {
        work.__name__: slow_downs(work, arguments.rounds)
        for work in (recursion, builtins, documents)
    }
    start_stop = start_and_stop()
    python = platform.python_version()
    if arguments.json:
        print(json.dumps({"python": python, "slow_down": table, "start_stop_us": start_stop}))
        return
    print(f"Python {python}, slow-down against the bare run, best of {arguments.rounds}")
    print(f"{'workload':12}{'plain cProfile':>16}{'this package':>16}")
    for name, ratios in table.items():
        print(f"{name:12}" + "".join(f"{ratio:15.1f}x" for ratio in ratios.values()))
    print(f"start and stop: {start_stop:.0f} microseconds")


if __name__ == "__main__":
    main()
