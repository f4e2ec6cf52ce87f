"""What tracing costs: slow-down against the bare run, side by side in one process.

    python benchmarks/overhead.py [--rounds N] [--engines recorder,cprofile,...]
                                  [--clock counter|system] [--json]

Every workload runs bare, under plain cProfile and under each engine of this package, in turn, N
times (default 5), in another order each time. The least CPU time of the thread counts; the table
gives slow-downs, ratios to the bare run, and the recorder's over cProfile's, with the least and
the most of the rounds. Plain cProfile is here for its cost alone: in a live kernel on Python 3.12
and newer its callers are wrong.

The recorder reads the processor's counter where that can be trusted; with ``--clock system`` it
reads the system's clock, as it does on other machines.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import platform
import random
import statistics
import time
from typing import TYPE_CHECKING

from jupyterlab_profiler.collect.choose import ENGINES, choose
from jupyterlab_profiler.collect.compiled import load, missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Run = Callable[["Callable[[], object]"], None]


def fib(n: int) -> int:
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def recursion() -> object:
    return fib(21)


def builtins() -> object:
    total = 0
    for number in range(60_000):
        total += abs(number)
    return total


def pygments() -> object:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    with open(statistics.__file__) as file:
        return highlight(file.read()[:12_000], PythonLexer(), HtmlFormatter())


def docutils() -> object:
    from docutils.core import publish_string

    text = "\n".join(
        f"Part {n}\n=======\n\nSome *text* with ``code`` and a `link`_.\n\n- one\n- two\n\n"
        ".. _link: https://example.org\n"
        for n in range(12)
    )
    return publish_string(text, writer="html", settings_overrides={"report_level": 5})


def sympy() -> object:
    from sympy import expand, simplify, sin, symbols
    from sympy.core.cache import clear_cache

    clear_cache()
    x, y = symbols("x y")
    return expand((x + y + 1) ** 9), simplify(sin(x) ** 2 + (x**2 - y**2) / (x - y))


WORKLOADS = (recursion, builtins, pygments, docutils, sympy)


def bare(work: Callable[[], object]) -> None:
    work()


def plain_cprofile(work: Callable[[], object]) -> None:
    profiler = cProfile.Profile()
    profiler.enable()
    work()
    profiler.disable()


def with_engine(engine: str) -> Run:
    def run(work: Callable[[], object]) -> None:
        collector, _ = choose(engine=engine)
        collector.start()
        collector.call(work)
        collector.stop()

    return run


def cpu_seconds(run: Run, work: Callable[[], object]) -> float:
    began = time.thread_time()
    run(work)
    return time.thread_time() - began


def measure(
    runs: dict[str, Run], work: Callable[[], object], rounds: int
) -> dict[str, list[float]]:
    """CPU seconds of each run in each round."""
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    work()  # imports, caches
    for run in runs.values():
        run(int)  # what an engine does once in a process
    for _ in range(rounds):
        order = list(runs)
        random.shuffle(order)
        for name in order:
            seconds[name].append(cpu_seconds(runs[name], work))
    return seconds


def start_and_stop(engine: str, times: int = 100) -> float:
    """Microseconds that recording next to nothing takes."""
    run = with_engine(engine)
    run(int)
    began = time.perf_counter()
    for _ in range(times):
        run(int)
    return (time.perf_counter() - began) / times * 1e6


def geometric_mean(numbers: Iterable[float]) -> float:
    return statistics.geometric_mean(list(numbers))


def clock_of(wanted: str) -> str:
    """Have the recorder read a clock, and return what it calls it."""
    recorder = load()
    if recorder is None:
        raise SystemExit(missing())
    recorder.use_counter(wanted == "counter")
    name: str = recorder.clock_name()
    return name


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="default 5")
    parser.add_argument("--clock", choices=("counter", "system"), default="counter")
    parser.add_argument("--engines", default="recorder", help=f"some of {','.join(ENGINES)}")
    parser.add_argument("--json", action="store_true", help="print all figures as JSON")
    arguments = parser.parse_args()
    engines = arguments.engines.split(",")
    clock = clock_of(arguments.clock)
    runs: dict[str, Run] = {"bare": bare, "plain cProfile": plain_cprofile}
    runs |= {engine: with_engine(engine) for engine in engines}
    python = platform.python_version()
    table = {}
    ratios = {}
    bare_ms = {}
    for work in WORKLOADS:
        seconds = measure(runs, work, arguments.rounds)
        best = {name: min(values) for name, values in seconds.items()}
        bare_ms[work.__name__] = best["bare"] * 1000
        table[work.__name__] = {name: best[name] / best["bare"] for name in runs if name != "bare"}
        of_rounds = [
            one / other
            for one, other in zip(seconds[engines[0]], seconds["plain cProfile"], strict=True)
        ]
        ratios[work.__name__] = (
            best[engines[0]] / best["plain cProfile"],
            min(of_rounds),
            max(of_rounds),
        )
    mean = geometric_mean(ratio for ratio, _, _ in ratios.values())
    starts = {engine: start_and_stop(engine) for engine in engines}
    if arguments.json:
        figures = {
            "rounds": arguments.rounds,
            "clock_name": clock,
            "bare_ms": bare_ms,
            "slow_down": table,
            "to_cprofile": ratios,
            "geometric_mean": mean,
            "start_stop_us": starts,
        }
        print(json.dumps({"python": python, **figures}))
        return
    print(
        f"Python {python}, slow-down against the bare run, best of {arguments.rounds}; "
        f"the recorder's clock: {clock}"
    )
    names = [name for name in runs if name != "bare"]
    print(f"{'workload':12}" + "".join(f"{name:>16}" for name in names) + f"{'to cProfile':>24}")
    for name, slow in table.items():
        ratio, least, most = ratios[name]
        cells = "".join(f"{slow[one]:15.2f}x" for one in names)
        print(f"{name:12}{cells}{ratio:10.2f} ({least:.2f}-{most:.2f})")
    print(f"{engines[0]} to plain cProfile, geometric mean: {mean:.2f}")
    for engine, microseconds in starts.items():
        print(f"start and stop of {engine}: {microseconds:.0f} microseconds")


if __name__ == "__main__":
    main()
