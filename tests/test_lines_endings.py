"""However the code ends, hits until then are right, and nothing of ours stays behind."""

from __future__ import annotations

import gc
import importlib.util
import operator
import random
import signal
import sys
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from types import CodeType
from typing import Any

import pytest
from lined import Lined, leaf, local_events, needs_monitoring, record, record_caught, recorder, work
from recorders import compiled_recorder

pytestmark = [needs_monitoring, pytest.mark.usefixtures("nothing_stays")]


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit(3), KeyboardInterrupt()])
def test_what_ended_with_an_error_is_kept(error: BaseException) -> None:
    def deep(n: int) -> None:
        if n == 0:
            raise error
        deep(n - 1)

    def run() -> None:
        work()
        deep(3)

    lined, caught = record_caught("recorder", run, run, deep, work, leaf)
    assert caught is error
    assert lined.hits(run) == {1: 1, 2: 1}
    assert lined.hits(deep) == {1: 4, 2: 1, 3: 3}
    assert lined.hits(work) == {1: 6, 2: 5}
    assert lined.recording.lost == 0
    assert local_events(deep, work, leaf) == []


def test_sys_exit_inside_of_c_code_is_kept() -> None:
    def key(n: int) -> int:
        if n == 1:
            sys.exit(n)
        return n

    def run() -> None:
        sorted([3, 2, 1], key=key)

    lined, caught = record_caught("recorder", run, run, key)
    assert isinstance(caught, SystemExit)
    assert lined.hits(key) == {1: 3, 2: 1, 3: 2}
    assert lined.hits(run) == {1: 1}
    assert lined.recording.lost == 0


@pytest.mark.usefixtures("quiet")  # an Interrupt inside of a finalizer is dropped by Python
@pytest.mark.parametrize("attempt", range(20))
def test_hits_after_an_interrupt_are_exact(
    interrupt_soon: Callable[[float], None], attempt: int
) -> None:
    def recursive(n: int) -> None:
        if n:
            recursive(n - 1)

    def after() -> None:
        for n in range(7):
            leaf(n)

    def run() -> None:
        try:
            interrupt_soon(0.002 + attempt * 0.0003)
            for _ in range(10**6):
                recursive(attempt)
        except KeyboardInterrupt:
            after()

    lined = record("recorder", run, run, recursive, after)
    hits = lined.hits(recursive)
    assert lined.hits(after) == {1: 8, 2: 7}
    assert 0 <= hits[1] - lined.hits(run)[4] - hits.get(2, 0) + 1 <= 2
    assert lined.recording.lost == 0
    assert max(lined.times(recursive).values()) <= lined.times(run)[4]


@pytest.mark.usefixtures("interrupt_soon", "quiet")
def test_an_interrupt_at_the_start_of_a_function_that_its_own_code_calls() -> None:
    """Since Python 3.13 it strikes before it is told that the function starts."""
    soon = partial(signal.setitimer, signal.ITIMER_REAL, 0.0005)
    busy = partial(operator.mul, b"ab", 2 * 10**7)  # C code, in which no signal is looked for

    def recursive(n: int) -> int:
        if n == 0:
            return 0
        with suppress(KeyboardInterrupt):
            list(map(operator.call, [soon, busy, partial(recursive, n - 1)]))
        return n

    lined = record("recorder", lambda: recursive(3), recursive)
    assert lined.hits(recursive) == {1: 1, 3: 2, 4: 1, 5: 1}
    assert lined.recording.lost == 0


def test_a_recursion_error_leaves_hits_right() -> None:
    def endless() -> None:
        endless()

    def run() -> None:
        with suppress(RecursionError):
            endless()
        work()

    lined = record("recorder", run, run, endless, work)
    assert lined.hits(work) == {1: 6, 2: 5}
    assert lined.hits(endless)[1] > 100
    assert lined.recording.lost == 0


def test_a_generator_that_outlives_the_recording() -> None:
    def endless() -> Iterator[int]:
        while True:
            yield 1

    kept: list[Iterator[int]] = []

    def run() -> None:
        kept.append(endless())
        next(kept[0])

    lined = record("recorder", run, endless)
    next(kept[0])
    kept.pop()
    gc.collect()
    assert lined.hits(endless) == {1: 1, 2: 1}


def test_stop_inside_of_the_code_ends_the_recording_there() -> None:
    collector = recorder()

    def run() -> None:
        work()
        collector.stop()
        work()

    collector.add(run)
    collector.add(work)
    collector.start()
    collector.call(run)
    lined = Lined(collector.stop())
    assert lined.hits(run) == {1: 1, 2: 1}
    assert lined.hits(work) == {1: 6, 2: 5}
    assert all(time_ns >= 0 for time_ns in lined.times(work).values())
    assert local_events(run, work) == []


def test_a_function_that_runs_already_is_taken_up() -> None:
    collector = recorder()

    def run() -> None:
        collector.start()
        work()
        work()

    collector.add(run)
    try:
        run()
        lined = Lined(collector.stop())
    finally:
        collector.stop()
    assert lined.hits(run) == {2: 1, 3: 1}
    assert lined.recording.lost == 1


def test_code_objects_are_kept_until_the_recording_is_gone() -> None:
    scope: dict[str, Any] = {}
    exec("def made():\n    return 1\n", scope)
    code = weakref.ref(scope["made"].__code__)
    collector = recorder()
    collector.add(scope["made"])
    collector.start()
    collector.call(scope.pop("made"))
    lined = Lined(collector.stop())
    gc.collect()
    kept = code()
    assert isinstance(kept, CodeType)
    assert lined.hits(kept) == {1: 1}
    del collector, lined, kept
    gc.collect()
    assert code() is None


def test_a_collector_in_a_cycle_is_collected() -> None:
    class Keeper:
        pass

    keeper = Keeper()
    keeper.collector = recorder()  # type: ignore[attr-defined]
    keeper.collector.add(work)  # type: ignore[attr-defined]
    keeper.collector.running = keeper  # type: ignore[attr-defined]
    gone = weakref.ref(keeper)
    del keeper
    gc.collect()
    assert gone() is None


if importlib.util.find_spec("_testcapi"):  # not every Python has CPython's tests

    def test_no_memory_ends_the_recording_with_a_warning() -> None:
        testing = importlib.import_module("_testcapi")

        def new() -> None:
            pass

        def run() -> None:
            work()
            testing.set_nomemory(0)
            try:
                new()
            except MemoryError:
                pass
            finally:
                testing.remove_mem_hooks()
            work()

        lined = record("recorder", run, new, work)
        assert lined.warnings == ["memory"]
        assert lined.hits(work) == {1: 6, 2: 5}
        assert local_events(new, work) == []


def test_hostile_lines_are_counted_and_told() -> None:
    module = compiled_recorder()
    line_recorder = module.LineRecorder()
    line_recorder.add(work.__code__)
    line_recorder.start()
    line = line_recorder.callbacks()["LINE"]
    first = work.__code__.co_firstlineno
    for number in (first - 1, first + 1, first + 1000, -5, 10**30, "text", None):
        line(work.__code__, number)
    line(leaf.__code__, 1)  # is not chosen
    for arguments in ((), (1, 2), (work.__code__,)):
        with pytest.raises(TypeError, match="arguments of its event"):
            line(*arguments)
    line_recorder.finish()
    assert [(row[1], row[3]) for row in line_recorder.rows()] == [(first + 1, 1)]
    assert line_recorder.outside == 6
    line(work.__code__, first + 1)
    assert [(row[1], row[3]) for row in line_recorder.rows()] == [(first + 1, 1)]


@pytest.mark.parametrize("first", [0, 1, 2**31 - 20, 2**31 - 1])
def test_code_with_lines_of_any_number(first: int) -> None:
    code = work.__code__.replace(co_firstlineno=first)
    chance = random.Random(first)
    tables = [bytes(chance.randrange(256) for _ in range(40)) for _ in range(20)]
    for table in (code.co_linetable, b"", *tables):
        scope = {"leaf": leaf, "range": range}
        hostile = type(work)(code.replace(co_linetable=table), scope)
        collector = recorder()
        with suppress(Exception):
            collector.add(hostile)
        collector.start()
        with suppress(Exception):
            collector.call(hostile)
        collector.stop()


def test_a_recorder_is_made_and_started_once() -> None:
    module = compiled_recorder()
    line_recorder = module.LineRecorder()
    with pytest.raises(RuntimeError, match="initialised once"):
        line_recorder.__init__()
    line_recorder.start()
    with pytest.raises(RuntimeError, match="started once"):
        line_recorder.start()
    with pytest.raises(RuntimeError, match="finished"):
        line_recorder.rows()
    line_recorder.finish()
    line_recorder.finish()
    unmade = module.LineRecorder.__new__(module.LineRecorder)
    for use in (unmade.start, unmade.callbacks, lambda: unmade.add(work.__code__)):
        with pytest.raises(RuntimeError, match="not initialised"):
            use()
    assert unmade.call(len, "ab") == 2
    assert unmade.rows() == unmade.threads() == []
    unmade.finish()
    with pytest.raises(TypeError):
        module.LineRecorder(running=5)
    with pytest.raises(TypeError):
        module.LineRecorder().add(work)
    with pytest.raises(TypeError):
        module.LineRecorder().call()


def test_waiting_is_time_of_its_line() -> None:
    def run() -> None:
        time.sleep(0.01)

    assert record("recorder", run).times(run)[1] >= 10_000_000
