"""The recorder in Python records what the compiled one records."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from programs import PROGRAMS
from recorders import Recorded, compiled_recorder, name_of, record, registered

from jupyterlab_profiler.collect import pyrecorder
from jupyterlab_profiler.collect.recorder import PathCollector

#: What two runs do alike: sympy and docutils keep what they found, asyncio goes by the clock.
ALIKE = {
    name: run for name, run in PROGRAMS.items() if name not in ("sympy", "docutils", "asyncio")
}

every_program = pytest.mark.parametrize("program", ALIKE.values(), ids=ALIKE.keys())


def tree(recorded: Recorded) -> list[tuple[int, str, int, int]]:
    """Depth, name, calls and root of each row, in the order of the columns."""
    depths: list[int] = []
    columns = recorded.columns
    for row, offset in enumerate(columns.parent):
        depths.append(depths[row - offset] + 1 if offset else 0)
    names = [name_of(recorded.called[function]) for function in columns.function]
    return list(zip(depths, names, columns.calls, columns.thread, strict=True))


def roots(recorded: Recorded) -> list[tuple[Any, ...]]:
    return [(root.kind, root.function >= 0, root.tasks) for root in recorded.columns.roots]


def apart(function: Callable[..., Recorded], *args: Any) -> Recorded:
    """Call in a thread of its own, where no signals come, and with nothing left to be collected."""
    gc.collect()
    gc.disable()
    try:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(function, *args).result()
    finally:
        gc.enable()


@every_program
def test_the_tree_is_that_of_the_compiled_recorder(program: Callable[[], object]) -> None:
    program()  # what is imported and cached the first time is no part of it
    program()
    ours, theirs = apart(record, pyrecorder, program), apart(record, compiled_recorder(), program)
    assert tree(ours) == tree(theirs)
    assert roots(ours) == roots(theirs)
    assert ours.columns.lost == theirs.columns.lost == 0
    assert ours.columns.events == theirs.columns.events


def test_threads_that_the_code_starts_are_those_of_the_compiled_recorder() -> None:
    def work() -> None:
        sorted([3, 1], key=lambda number: -number)

    def start() -> None:
        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    found = []
    for module in (pyrecorder, compiled_recorder()):
        recorded = record(module, start, threads=True)
        assert [root.kind for root in recorded.columns.roots] == ["thread"] * 4
        assert recorded.columns.lost == 0
        found.append([row for row in tree(recorded) if row[3]])
    assert found[0] == found[1]
    assert [row[:3] for row in found[0]][:3] == [(0, "run", 1), (1, "work", 1), (2, SORTED, 1)]
    assert registered() == []


SORTED = "<built-in method builtins.sorted>"


@pytest.mark.parametrize("limit", [2, 3, 10, 80])
def test_a_full_tree_is_folded_as_by_the_compiled_recorder(limit: int) -> None:
    def deep(level: int) -> int:
        return len([]) if level == 0 else deep(level - 1) + len([level])

    ours = record(pyrecorder, deep, 30, most_nodes=limit)
    theirs = record(compiled_recorder(), deep, 30, most_nodes=limit)
    assert tree(ours) == tree(theirs)
    assert ours.columns.folded == theirs.columns.folded
    assert (ours.columns.folded > 0) == (limit < 80)
    assert ours.columns.lost == theirs.columns.lost == 0


def test_a_recorder_belongs_to_the_thread_that_made_it() -> None:
    recorder = pyrecorder.Recorder()
    said: list[str] = []

    def try_it() -> None:
        try:
            recorder.call(print)
        except RuntimeError as error:
            said.append(str(error))

    thread = threading.Thread(target=try_it)
    thread.start()
    thread.join()
    assert said == ["a Recorder belongs to the thread that made it"]


@pytest.mark.parametrize("options", [{"limit": 1}, {"limit": 10**9}, {"cost_ns": -1.0}])
def test_an_option_out_of_range_is_refused(options: dict[str, Any]) -> None:
    for module in (pyrecorder, compiled_recorder()):
        with pytest.raises(ValueError, match="out of range"):
            module.Recorder(**options)


def test_columns_come_after_the_end_and_take_a_number_a_function() -> None:
    for module in (pyrecorder, compiled_recorder()):
        collector = PathCollector(module, "")
        collector.start()
        try:
            collector.call(sum, [1])
            with pytest.raises(RuntimeError, match=r"finish\(\) comes before columns\(\)"):
                collector._recorder.columns([])
        finally:
            collector.abandon()
        count = len(collector._recorder.functions())
        with pytest.raises(ValueError, match="one number a function"):
            collector._recorder.columns([0] * (count + 1))
