"""What holds for every engine of lines, and what the wrapped line_profiler does with functions."""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

import pytest
from lined import ENGINES, Lined, leaf, local_events, make, record, record_caught, work
from recorders import registered

pytestmark = pytest.mark.usefixtures("nothing_stays")

on_every_engine = pytest.mark.parametrize("engine", ENGINES)


def holders() -> list[Any]:
    """Who traces this thread, or has a tool id."""
    if sys.version_info >= (3, 12):
        return [sys.monitoring.get_tool(tool) for tool in range(6)]
    return [sys.gettrace()]


@on_every_engine
def test_nothing_stays_whenever_an_interrupt_strikes(
    engine: str, interrupt_soon: Callable[[float], None]
) -> None:
    """Also while it starts and stops: the second stop does what is left."""
    chance = random.Random(5)
    code = leaf.__code__
    before = holders()
    # As long as it takes here, so that many of the interrupts strike.
    begun: list[float] = []
    taken = []
    for _ in range(20):
        started_and_stopped(engine, lambda: begun.append(perf_counter()))
        taken.append(perf_counter() - begun[-1])
    longest = min(taken)
    was_hit = 0
    for _ in range(5_000):
        try:
            started_and_stopped(engine, lambda: interrupt_soon(chance.uniform(1e-6, longest)))
            interrupt_soon(0)
        except KeyboardInterrupt:
            was_hit += 1
        finally:
            interrupt_soon(0)
        assert leaf.__code__ is code
        assert local_events(leaf, work) == []
        assert holders() == before
        assert registered() == []
        if was_hit == 200:
            return
    pytest.fail(f"of 5000 interrupts, {was_hit} struck")


def started_and_stopped(engine: str, begun: Callable[[], object]) -> None:
    """Lines that are recorded, and the second stop, which does what the first one left."""
    collector = make(engine)
    collector.add(leaf)
    collector.add(work)
    try:
        begun()
        try:
            collector.start()
            for _ in range(10):
                collector.call(work)
        finally:
            collector.stop()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        collector.stop()


@on_every_engine
@pytest.mark.parametrize("error", [ValueError("no"), SystemExit(3), KeyboardInterrupt()])
def test_what_ended_with_an_error_is_kept(engine: str, error: BaseException) -> None:
    def run() -> None:
        work()
        raise error

    before = holders()
    lined, caught = record_caught(engine, run, run, work)
    assert caught is error
    assert lined.hits(run) == {1: 1, 2: 1}
    assert lined.hits(work) == {1: 6, 2: 5}
    assert holders() == before


@on_every_engine
def test_the_traceback_of_an_error_has_no_frame_of_ours(engine: str) -> None:
    def run() -> None:
        raise ValueError

    _, caught = record_caught(engine, run)
    assert caught is not None and caught.__traceback__ is not None
    inner = caught.__traceback__.tb_next
    assert inner is not None and inner.tb_frame.f_code.co_name == "run"
    assert inner.tb_next is None


@on_every_engine
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_the_child_of_a_fork_records_nothing(engine: str) -> None:
    code, before = work.__code__, holders()
    collector = make(engine)
    collector.add(work)
    collector.start()
    child = os.fork()
    if child == 0:
        is_clean = registered() == [] and local_events(work) == [] and holders() == before
        os._exit(0 if is_clean and work.__code__ is code else 1)
    _, status = os.waitpid(child, 0)
    collector.call(work)
    assert status == 0
    assert Lined(collector.stop()).hits(work) == {1: 6, 2: 5}


@on_every_engine
def test_a_second_recording_is_as_exact_as_the_first(engine: str) -> None:
    for _ in range(3):
        assert record(engine, work).hits(work) == {1: 6, 2: 5}


@on_every_engine
def test_code_that_stops_at_once_has_no_rows(engine: str) -> None:
    collector = make(engine)
    collector.add(work)
    collector.start()
    recording = collector.stop()
    work()
    assert recording.rows == []
    assert collector.stop() is recording


def test_a_function_that_got_other_code_meanwhile_keeps_it() -> None:
    def one() -> int:
        return 1

    def run() -> None:
        one.__code__ = leaf.__code__

    record("line_profiler", run, one)
    assert one.__code__ is leaf.__code__


def test_line_profiler_warns_of_what_it_gets_wrong() -> None:
    def short(): return 1  # fmt: skip

    warnings = record("line_profiler", short).recording.warnings
    codes = [warning.code for warning in warnings]
    assert ("lines-threads-mixed" in codes) == (sys.version_info >= (3, 12))
    assert ("lines-one-line" in codes) == (sys.version_info >= (3, 13))
    assert all("short" in warning.text for warning in warnings if "one-line" in warning.code)
