"""A line's time is what ran from it to the next line of the same call, once."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator

import pytest
from lined import needs_monitoring, record

pytestmark = [needs_monitoring, pytest.mark.usefixtures("nothing_stays")]

MS = 1_000_000
#: How much longer than asked for a machine may sleep.
SLACK = 40 * MS


def test_a_line_holds_what_it_calls() -> None:
    def callee() -> None:
        time.sleep(0.02)

    def caller() -> None:
        callee()
        time.sleep(0.01)

    lined = record("recorder", caller, caller, callee)
    times = lined.times(caller)
    assert 20 * MS <= lined.times(callee)[1] <= times[1] < 20 * MS + SLACK
    assert 10 * MS <= times[2] < 10 * MS + SLACK


def test_recursion_counts_once() -> None:
    def recursive(n: int) -> None:
        time.sleep(0.005)
        if n:
            recursive(n - 1)

    def run() -> None:
        recursive(5)

    lined = record("recorder", run, run, recursive)
    whole = lined.times(run)[1]
    times = lined.times(recursive)
    assert lined.hits(recursive) == {1: 6, 2: 6, 3: 5}
    assert 30 * MS <= times[1] <= whole
    assert 25 * MS <= times[3] <= whole
    assert times[3] <= whole - times[1] / 6 * 0.5


def test_mutual_recursion_counts_once() -> None:
    def ping(n: int) -> None:
        time.sleep(0.004)
        pong(n)

    def pong(n: int) -> None:
        if n:
            ping(n - 1)

    def run() -> None:
        ping(4)

    lined = record("recorder", run, run, ping, pong)
    whole = lined.times(run)[1]
    assert 20 * MS <= lined.times(ping)[1] <= whole
    assert lined.times(ping)[2] <= whole
    assert lined.times(pong)[2] <= whole


def test_time_while_a_generator_is_suspended_is_not_its_own() -> None:
    def generator() -> Iterator[None]:
        for _ in range(3):
            yield

    def run() -> None:
        for _ in generator():
            time.sleep(0.01)

    lined = record("recorder", run, run, generator)
    assert sum(lined.times(generator).values()) < 10 * MS
    assert lined.times(run)[2] >= 30 * MS


def test_what_runs_after_a_yield_on_its_line_is_the_line_s() -> None:
    def slow(_: object) -> None:
        time.sleep(0.01)

    def generator() -> Iterator[None]:
        slow((yield))

    def run() -> None:
        list(generator())

    times = record("recorder", run, generator).times(generator)
    assert 10 * MS <= times[1] < 10 * MS + SLACK


def test_tasks_that_wait_take_no_time() -> None:
    async def worker() -> None:
        await asyncio.sleep(0.05)
        time.sleep(0.005)

    async def main() -> None:
        await asyncio.gather(*(worker() for _ in range(4)))

    def run() -> None:
        asyncio.run(main())

    times = record("recorder", run, worker, main).times(worker)
    assert times[1] < 20 * MS
    assert 20 * MS <= times[2] < 20 * MS + SLACK


def test_a_recursion_as_deep_as_python_lets_it() -> None:
    depth = 100_000

    def deep(n: int) -> int:
        if n:
            return deep(n - 1)
        return 0

    def thrown(n: int) -> None:
        if n:
            thrown(n - 1)
        raise LookupError

    def run() -> None:
        deep(depth)
        with pytest.raises(LookupError):
            thrown(2_000)

    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(depth + 1000)
    try:
        lined = record("recorder", run, run, deep, thrown)
    finally:
        sys.setrecursionlimit(limit)
    assert lined.hits(deep) == {1: depth + 1, 2: depth, 3: 1}
    assert lined.hits(thrown) == {1: 2001, 2: 2000, 3: 1}
    assert lined.times(deep)[2] <= lined.times(run)[1]
    assert lined.recording.lost == 0


def test_a_hit_costs_something() -> None:
    from jupyterlab_profiler.collect.lines.choose import choose

    collector, _ = choose("recorder")
    collector.start()
    assert 1 < collector.stop().hit_cost_ns < 5000
