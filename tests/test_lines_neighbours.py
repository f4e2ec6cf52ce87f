"""Other profilers and tools beside the line recorder: all are right, and keep what is theirs."""

from __future__ import annotations

import cProfile
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from lined import Lined, leaf, local_events, needs_monitoring, record, recorder, work
from recorders import Recorded

from jupyterlab_profiler.collect.collector import Unavailable
from jupyterlab_profiler.collect.recorder import PathCollector

pytestmark = [needs_monitoring, pytest.mark.usefixtures("nothing_stays")]

WORK = {1: 6, 2: 5}


@pytest.mark.parametrize("first", ["lines", "paths"])
def test_call_paths_and_lines_in_one_run_are_both_right(module: ModuleType, first: str) -> None:
    paths, lines = PathCollector(module, "recorder"), recorder()
    lines.add(work)
    lines.add(leaf)
    both = [lines, paths] if first == "lines" else [paths, lines]
    for collector in both:
        collector.start()
    lines.call(paths.call, work)
    recorded = Recorded(paths.stop())
    assert Lined(lines.stop()).hits(work) == WORK
    assert recorded.callers("leaf") == {"work": 5}
    assert set(recorded.calls()) == {"work", "leaf", "<class 'range'>"}
    assert recorded.columns.lost == 0


def test_two_line_recorders_at_once_are_both_right() -> None:
    one, two = recorder(), recorder()
    one.add(work)
    two.add(work)
    two.add(leaf)
    one.start()
    two.start()
    work()
    first = Lined(one.stop())
    work()
    second = Lined(two.stop())
    assert first.hits(work) == WORK
    assert second.hits(work) == {1: 12, 2: 10}
    assert local_events(work, leaf) == []


@pytest.mark.parametrize("first", [True, False], ids=["cprofile first", "lines first"])
def test_cprofile_and_lines_are_both_right(first: bool) -> None:
    profiler = cProfile.Profile()

    def inside() -> None:
        profiler.enable()
        work()
        profiler.disable()

    def outside() -> None:
        work()

    if first:
        profiler.enable()
        lined = record("recorder", outside, work)
        profiler.disable()
    else:
        lined = record("recorder", inside, work)
    calls = {entry.code: entry.callcount for entry in profiler.getstats()}
    assert calls[work.__code__] == 1
    assert calls[leaf.__code__] == 5
    assert lined.hits(work) == WORK
    assert lined.recording.lost == 0


def test_line_profiler_and_lines_are_both_right() -> None:
    import line_profiler

    profiler = line_profiler.LineProfiler()

    def theirs() -> None:
        for n in range(3):
            leaf(n)

    profiler.add_function(theirs)

    def run() -> None:
        profiler.enable()
        theirs()
        profiler.disable()

    lined = record("recorder", run, run, theirs)
    stats = next(iter(profiler.get_stats().timings.values()))
    assert [hits for _, hits, _ in stats] == [4, 3]
    assert lined.hits(theirs) == {1: 4, 2: 3}
    assert lined.recording.lost == 0


def test_a_debugger_s_trace_function_sees_all_and_so_do_we() -> None:
    seen: list[str] = []

    def trace(frame: Any, event: str, _: object) -> Callable[..., Any]:
        if frame.f_code is work.__code__:
            seen.append(event)
        return trace

    def run() -> None:
        sys.settrace(trace)
        work()
        sys.settrace(None)

    before = sys.gettrace()
    try:
        lined = record("recorder", run, work)
    finally:
        sys.settrace(before)
    assert seen.count("line") == 11
    assert lined.hits(work) == WORK


def test_greenlets_keep_their_lines_apart() -> None:
    import greenlet

    def worker(turns: int) -> None:
        for _ in range(turns):
            hub.switch()

    def run() -> None:
        running = [greenlet.greenlet(worker, hub) for _ in range(3)]
        for turns, one in enumerate(running, 2):
            one.switch(turns)
        while any(running):
            for one in filter(None, running):
                one.switch()
        left = greenlet.greenlet(worker, hub)
        left.switch(5)
        kept.append(left)

    hub, kept = greenlet.getcurrent(), []
    lined = record("recorder", run, run, worker)
    assert lined.hits(worker) == {1: (3 + 4 + 5) + 1, 2: (2 + 3 + 4) + 1}
    assert lined.recording.lost == 0
    assert lined.times(worker)[2] <= sum(lined.times(run).values())
    assert kept


if sys.version_info >= (3, 12):
    monitoring = sys.monitoring

    def test_where_tool_ids_are_taken_nothing_is_claimed() -> None:
        for tool in (3, 4):
            monitoring.use_tool_id(tool, "theirs")
        try:
            collector = recorder()
            collector.add(work)
            with pytest.raises(Unavailable, match="taken by 'theirs'"):
                collector.start()
            assert local_events(work) == []
        finally:
            for tool in (3, 4):
                monitoring.free_tool_id(tool)

    def test_local_events_that_another_use_of_the_id_left_are_there_again() -> None:
        """They belong to a code object and an id, whoever has that."""
        monitoring.use_tool_id(4, "before")
        monitoring.set_local_events(4, leaf.__code__, monitoring.events.PY_START)
        monitoring.free_tool_id(4)
        try:
            lined = record("recorder", work, work, leaf)
            assert lined.hits(leaf) == {1: 5}
            assert local_events(leaf) == [monitoring.events.PY_START]
        finally:
            monitoring.use_tool_id(4, "after")
            monitoring.set_local_events(4, leaf.__code__, 0)
            monitoring.free_tool_id(4)

    def our_tool() -> int:
        return next(t for t in (4, 3) if monitoring.get_tool(t) == "jupyterlab_profiler")

    def test_code_that_frees_our_id_is_told_of_the_loss() -> None:
        def run() -> None:
            work()
            tool = our_tool()
            monitoring.set_events(tool, 0)
            monitoring.free_tool_id(tool)
            work()

        lined = record("recorder", run, run, work)
        assert "profiler-lost" in lined.warnings
        assert local_events(run, work) == []

    def test_a_tool_that_took_our_id_keeps_what_is_its_own() -> None:
        def theirs(*_: object) -> None:
            pass

        taken: list[int] = []

        def run() -> None:
            work()
            tool = our_tool()
            taken.append(tool)
            monitoring.set_events(tool, 0)
            monitoring.free_tool_id(tool)
            monitoring.use_tool_id(tool, "theirs")
            monitoring.register_callback(tool, monitoring.events.LINE, theirs)
            monitoring.set_local_events(tool, leaf.__code__, monitoring.events.LINE)

        lined = record("recorder", run, run, work, leaf)
        tool = taken[0]
        try:
            assert "profiler-lost" in lined.warnings
            assert monitoring.get_tool(tool) == "theirs"
            assert monitoring.get_local_events(tool, leaf.__code__) == monitoring.events.LINE
            assert monitoring.get_local_events(tool, work.__code__) == 0
            assert monitoring.register_callback(tool, monitoring.events.LINE, None) is theirs
        finally:
            monitoring.set_local_events(tool, leaf.__code__, 0)
            monitoring.free_tool_id(tool)

    def test_code_that_turns_events_of_a_function_off_is_told_of_the_loss() -> None:
        def run() -> None:
            work()
            monitoring.set_local_events(our_tool(), work.__code__, 0)
            work()

        lined = record("recorder", run, work)
        assert lined.hits(work) == WORK
        assert lined.warnings == ["profiler-lost"]

    @pytest.mark.parametrize("wrong", ["claim", "listen", "choose"])
    def test_a_start_that_fails_leaves_nothing(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
        collector = recorder()
        collector.add(work)

        def fail(*_: object) -> None:
            raise MemoryError(wrong)

        monkeypatch.setattr(collector._events, wrong, fail)
        with pytest.raises(MemoryError):
            collector.start()
        assert local_events(work) == []
