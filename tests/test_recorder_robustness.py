"""Whatever happens in between, a recorder neither crashes nor keeps what it was shown."""

from __future__ import annotations

import gc
import os
import random
import subprocess
import sys
import threading
import tracemalloc
import weakref
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from recorders import record, registered

from jupyterlab_profiler.collect.recorder import PathCollector
from jupyterlab_profiler.measure import Functions
from jupyterlab_profiler.model import Origin
from jupyterlab_profiler.session import Session

ROOT = Path(__file__).resolve().parents[1]
#: Together 10⁵ random steps.
RUNS, STEPS = 10, 10_000


@pytest.mark.parametrize("run", range(RUNS))
def test_random_recordings_do_not_crash(run: int) -> None:
    # The first is the same always; RANDOM_SEED=N repeats one that failed.
    seed = run or int(os.environ.get("RANDOM_SEED") or random.randrange(2**32))
    given = filter(None, [os.environ.get("PYTHONPATH")])
    done = subprocess.run(
        [
            *(sys.executable, "-X", "faulthandler"),
            *(ROOT / "tests" / "random_recordings.py", str(seed), str(STEPS)),
        ],
        # The package that is tested may be a copy of the checkout's: what was given comes first.
        env={**os.environ, "PYTHONPATH": os.pathsep.join([*given, f"{ROOT}", f"{ROOT / 'tests'}"])},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, f"seed {seed}:\n{done.stderr[-5000:]}"
    steps, stopped, left = done.stdout.split(maxsplit=2)
    assert int(steps) >= STEPS
    assert int(stopped) > 0
    assert left.strip() == "[]", f"seed {seed}"


class Thing:
    """What the code makes and gives up."""

    def __call__(self) -> None:
        pass

    def method(self) -> None:
        pass


def use_things() -> list[weakref.ref[Thing]]:
    made = type("Made", (Thing,), {})
    things = [Thing() for _ in range(5)]
    for thing in things:
        thing()
        thing.method()
        [].append(thing)  # type: ignore[var-annotated]  # a list that is lost
        sorted([thing], key=lambda _: 0)
    exec("def f(thing):\n    thing()\nf(thing)", {"thing": things[0]})
    return [weakref.ref(thing) for thing in things] + [weakref.ref(made)]  # type: ignore[list-item]


def alive(references: list[weakref.ref[Any]]) -> int:
    gc.collect()
    return sum(reference() is not None for reference in references)


def test_objects_of_the_code_do_not_outlive_it_while_it_is_recorded(module: ModuleType) -> None:
    collector = PathCollector(module, "recorder")
    collector.start()
    references = collector.call(use_things)
    assert alive(references[:-1]) == 0
    collector.stop()


def test_classes_and_functions_of_the_code_go_with_the_recorder(module: ModuleType) -> None:
    collector = PathCollector(module, "recorder")
    collector.start()
    references = collector.call(use_things)
    recording = collector.stop()
    assert recording.tree is not None
    del collector, recording
    assert alive(references) == 0


def test_a_profile_keeps_nothing_of_the_code() -> None:
    session = Session("things", Origin("code"), Functions(engine="recorder"))
    references = session.call(use_things)
    profile = session.finish()
    del session
    assert alive(references) == 0
    assert profile.functions


def test_threads_go_with_the_recorder(module: ModuleType) -> None:
    references: list[weakref.ref[threading.Thread]] = []

    def work() -> None:
        for _ in range(3):
            thread = threading.Thread(target=len, args=("",))
            thread.start()
            thread.join()
            references.append(weakref.ref(thread))

    recorded = record(module, work, threads=True)
    assert len(recorded.columns.roots) == 4
    del recorded
    assert alive(references) == 0


def test_a_recorder_in_a_cycle_goes_with_it(module: ModuleType) -> None:
    def recorded_in_a_cycle() -> weakref.ref[PathCollector]:
        collector = PathCollector(module, "recorder")
        cycle: list[Any] = [collector]

        def work() -> None:
            cycle.append(work)

        collector.start()
        collector.call(work)
        collector.stop()
        return weakref.ref(collector)

    assert alive([recorded_in_a_cycle()]) == 0


def rounds(module: ModuleType, count: int) -> None:
    def work(n: int) -> None:
        def generator() -> Any:
            yield from map(str, range(3))

        list(generator())
        Thing().method()
        if n % 3 == 0:
            raise ValueError

    for n in range(count):
        collector = PathCollector(module, "recorder", threads=n % 2 == 0)
        collector.start()
        with suppress(ValueError):
            collector.call(work, n)
        recording = collector.stop()
        assert recording.tree is not None
        found = recording.tree.functions()
        recording.tree.columns([-1] * len(found))


def test_many_rounds_leave_no_objects_and_no_memory(module: ModuleType) -> None:
    rounds(module, 200)
    gc.collect()
    before = len(gc.get_objects())
    rounds(module, 400)
    gc.collect()
    assert abs(len(gc.get_objects()) - before) < 50

    tracemalloc.start()
    try:
        rounds(module, 50)
        grown = []
        for _ in range(4):
            gc.collect()
            traced = tracemalloc.get_traced_memory()[0]
            rounds(module, 400)
            gc.collect()
            grown.append(tracemalloc.get_traced_memory()[0] - traced)
        # One object of the smallest size lost a round would be more than that, each time. What the
        # interpreter keeps for later comes once.
        assert min(grown) < 400 * 16, grown
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("work", [rounds, lambda module, n: large_rounds(module, n // 40)])
def test_what_c_allocates_is_freed(module: ModuleType, work: Callable[..., None]) -> None:
    work(module, 400)
    before = resident()
    work(module, 4000)
    # Not a fifth of what would be lost if a round kept its tables (20 kB at least).
    assert resident() - before < 16_000_000


def large_rounds(module: ModuleType, count: int) -> None:
    def branching(depth: int) -> None:
        if depth:
            left(depth - 1)
            right(depth - 1)

    def left(depth: int) -> None:
        branching(depth)

    def right(depth: int) -> None:
        branching(depth)

    for _ in range(count):
        record(module, branching, 10).tables()


def resident() -> int:
    """Bytes of memory that this process has now."""
    import psutil

    gc.collect()
    return int(psutil.Process().memory_info().rss)


def test_a_reference_is_lost_nowhere(module: ModuleType) -> None:
    def work() -> None:
        Thing()
        len("")
        sorted([1], key=key)

    def key(n: int) -> int:
        return n

    hook = sys.displayhook
    watched = [work, work.__code__, key.__code__, Thing, Thing.__call__.__code__, None, hook]
    watched.append("<built-in method builtins.len>")
    for _ in range(3):
        record(module, work, hook=hook).tables()
    gc.collect()
    before = [sys.getrefcount(what) for what in watched]
    for _ in range(100):
        record(module, work, hook=hook).tables()
    gc.collect()
    after = [sys.getrefcount(what) for what in watched]
    for what, was, now in zip(watched, before, after, strict=True):
        assert abs(now - was) < 50, what
    assert registered() == []
