"""A recorder beside other profilers, other sessions, greenlets and forks."""

from __future__ import annotations

import cProfile
import multiprocessing
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from recorders import Recorded, inner, name_of, outer, record, registered

from jupyterlab_profiler import profile
from jupyterlab_profiler.collect.collector import Unavailable
from jupyterlab_profiler.collect.recorder import PathCollector

ROOT = Path(__file__).resolve().parents[1]


pytestmark = pytest.mark.usefixtures("nothing_stays")


def calls_by_cprofile(profiler: cProfile.Profile, name: str) -> int:
    return sum(
        entry.callcount
        for entry in profiler.getstats()
        if getattr(entry.code, "co_name", "") == name
    )


# Other profilers


if sys.version_info >= (3, 12):

    def test_cprofile_inside_and_the_recorder_are_both_right(module: ModuleType) -> None:
        profiler = cProfile.Profile()

        def work() -> None:
            profiler.enable()
            outer(30)
            profiler.disable()
            outer(20)

        recorded = record(module, work)
        assert recorded.callers("inner") == {"outer": 50}
        assert calls_by_cprofile(profiler, "inner") == 30

    def test_the_recorder_inside_of_cprofile_and_that_are_both_right(module: ModuleType) -> None:
        profiler = cProfile.Profile()
        profiler.enable()
        recorded = record(module, outer, 30)
        outer(20)
        profiler.disable()
        assert recorded.callers("inner") == {"outer": 30}
        assert calls_by_cprofile(profiler, "inner") == 50

    def test_a_profile_function_of_the_code_is_left_alone(module: ModuleType) -> None:
        told = []

        def work() -> None:
            sys.setprofile(lambda frame, event, arg: told.append(frame.f_code.co_name))
            outer(3)
            sys.setprofile(None)
            outer(4)

        assert record(module, work).callers("inner") == {"outer": 7}
        assert told.count("inner") == 6  # a call and a return each

    def test_a_function_of_cython_is_called_by_its_own_name(module: ModuleType) -> None:
        import zmq

        with zmq.Context() as context, context.socket(zmq.PUB) as socket:
            recorded = record(module, lambda: socket.send(b"nobody listens"))
        (name,) = [name for name in recorded.calls() if "Socket.send" in name]
        assert re.fullmatch(r"<([\w.]+\.)?cython_function_or_method 'Socket.send'>", name)

    def test_where_tool_ids_are_taken_their_holders_are_named(module: ModuleType) -> None:
        sys.monitoring.use_tool_id(3, "first holder")
        sys.monitoring.use_tool_id(4, "second holder")
        try:
            with pytest.raises(Unavailable) as refused:
                record(module, outer, 1)
        finally:
            sys.monitoring.free_tool_id(3)
            sys.monitoring.free_tool_id(4)
        assert "'second holder' (4) and 'first holder' (3)" in str(refused.value)
        assert "\n" not in str(refused.value)

    def test_the_second_tool_id_will_do(module: ModuleType) -> None:
        sys.monitoring.use_tool_id(4, "somebody")
        try:
            assert record(module, outer, 3).callers("inner") == {"outer": 3}
            assert sys.monitoring.get_tool(4) == "somebody"
        finally:
            sys.monitoring.free_tool_id(4)

    def test_a_third_recording_at_once_is_refused_in_words(module: ModuleType) -> None:
        collectors = [PathCollector(module, "recorder") for _ in range(3)]
        for collector in collectors[:2]:
            collector.start()
        with pytest.raises(Unavailable, match="2 profiles are being made already"):
            collectors[2].start()
        for collector in collectors:
            collector.stop()

    @pytest.mark.parametrize("first", [0, 1])
    def test_two_recorders_at_once_are_both_right(module: ModuleType, first: int) -> None:
        recorders = [PathCollector(module, "recorder") for _ in range(2)]

        def work() -> None:
            outer(3)
            recorders[1].call(outer, 4)

        for recorder in recorders:
            recorder.start()
        recorders[0].call(work)
        stopped = {number: Recorded(recorders[number].stop()) for number in (first, 1 - first)}
        assert sum(stopped[0].callers("inner").values()) == 7
        assert stopped[1].callers("inner") == {"outer": 4}

    def test_a_block_in_a_recorded_cell_is_right_and_leaves_no_calls_of_ours() -> None:
        def work() -> int:
            outer(2)
            with profile("inside", engine="recorder") as inside:
                outer(3)
            found.append(inside)
            return len("done")

        found: list[Any] = []
        with profile("outside", engine="recorder") as outside:
            work()
        assert calls_of(found[0]) == {"outer": 1, "range": 1, "inner": 3}
        assert calls_of(outside) == {
            "work": 1,
            "outer": 2,
            "range": 2,
            "list.append": 1,
            "inner": 5,
            "len": 1,
            "jupyterlab_profiler.block.profile": 1,
        }
        for mine in (found[0], outside):
            assert [
                check for check in mine.checks if check.ok is False and check.id != "wall"
            ] == []

else:

    def test_an_active_profiler_is_left_alone_and_named(module: ModuleType) -> None:
        profiler = cProfile.Profile()
        profiler.enable()
        try:
            with pytest.raises(Unavailable, match=r"another cProfile\.Profile already"):
                record(module, outer, 1)
            outer(5)
        finally:
            profiler.disable()
        assert calls_by_cprofile(profiler, "inner") == 5

    def test_a_profile_function_is_left_alone_and_named(module: ModuleType) -> None:
        def tell(*_: object) -> None:
            pass

        sys.setprofile(tell)
        try:
            with pytest.raises(Unavailable, match=r"by test_recorder_neighbours\..*tell already"):
                record(module, outer, 1)
            assert sys.getprofile() is tell
        finally:
            sys.setprofile(None)

    @pytest.mark.parametrize("stays", [True, False])
    def test_a_profiler_that_takes_over_is_told_of(module: ModuleType, stays: bool) -> None:
        profiler = cProfile.Profile()

        def work() -> None:
            outer(2)
            profiler.enable()
            outer(30)
            if not stays:
                profiler.disable()
            outer(10)

        recorded = record(module, work)
        assert recorded.warnings == ["profiler-lost"]
        assert recorded.callers("inner") == {"outer": 2}
        if stays:
            assert sys.getprofile() is profiler
            profiler.disable()
        assert calls_by_cprofile(profiler, "inner") == (40 if stays else 30)

    def test_after_another_profiler_the_next_piece_is_recorded(module: ModuleType) -> None:
        profiler = cProfile.Profile()
        collector = PathCollector(module, "recorder")
        collector.start()
        collector.call(profiler.runcall, outer, 5)
        collector.call(outer, 3)
        recorded = Recorded(collector.stop())
        assert recorded.callers("inner") == {"outer": 3}
        assert recorded.warnings == ["profiler-lost"]


def calls_of(found: Any) -> dict[str, int]:
    """Calls by the last part of the name, of what is no pseudo row."""
    from jupyterlab_profiler.derive import totals_and_edges

    totals, _ = totals_and_edges(found)
    return {
        (function.qualified if function.kind != "python" else function.name): int(count)
        for function, count in (
            (found.functions[index], count)
            for index, count in zip(totals.ints("function"), totals["self.calls"], strict=True)
        )
        if function.kind != "pseudo"
    }


# Greenlets


def test_greenlets_keep_their_callers(module: ModuleType) -> None:
    from greenlet import greenlet

    def first() -> None:
        inner(1)
        two.switch()
        inner(2)
        two.switch()
        inner(3)

    def second() -> None:
        outer(5)
        one.switch()
        outer(7)
        one.switch()

    def work() -> None:
        one.switch()
        inner(9)

    one, two = greenlet(first), greenlet(second)
    recorded = record(module, work)
    assert recorded.callers("inner") == {"first": 3, "outer": 12, "work": 1}
    assert recorded.callers("outer") == {"second": 2}
    assert recorded.columns.lost == 0
    assert recorded.warnings == []


def test_a_hub_that_runs_greenlets_in_turn_keeps_their_callers(module: ModuleType) -> None:
    from collections import deque

    from greenlet import getcurrent, greenlet

    ready: deque[Any] = deque()

    def sleep() -> None:
        ready.append(getcurrent())
        hub.switch()

    def worker(number: int) -> None:
        for _ in range(4):
            leaf(number)
            sleep()

    def leaf(number: int) -> None:
        inner(number)

    def failing() -> None:
        sleep()
        raise ValueError

    def run() -> None:
        while ready:
            try:
                ready.popleft().switch()
            except ValueError:
                inner(0)

    def work() -> None:
        for number in range(5):
            ready.append(greenlet(lambda number=number: worker(number), hub))
        ready.append(greenlet(failing, hub))
        hub.switch()
        outer(2)

    hub = greenlet(run)
    recorded = record(module, work)
    assert recorded.callers("leaf") == {"worker": 20}
    assert recorded.callers("sleep") == {"worker": 20, "failing": 1}
    assert recorded.callers("inner") == {"leaf": 20, "run": 1, "outer": 2}
    assert recorded.callers("outer") == {"work": 1}
    assert recorded.columns.lost == 0


def test_an_exception_thrown_into_a_greenlet_keeps_callers(module: ModuleType) -> None:
    from greenlet import getcurrent, greenlet

    def waiting() -> None:
        try:
            getcurrent().parent.switch()
        except KeyError:
            inner(1)

    def work() -> None:
        one = greenlet(waiting)
        one.switch()
        one.throw(KeyError)
        left = greenlet(waiting)
        left.switch()
        del left  # is ended by GreenletExit
        inner(2)

    recorded = record(module, work)
    assert recorded.callers("inner") == {"waiting": 1, "work": 1}
    assert recorded.callers("waiting") == {"<method 'switch' of 'greenlet.greenlet' objects>": 2}
    assert recorded.columns.lost == 0


if sys.version_info >= (3, 12):

    @pytest.mark.parametrize("first", [0, 1])
    def test_two_recorders_give_back_the_trace_function_of_greenlets(
        module: ModuleType, first: int
    ) -> None:
        import greenlet

        told = []

        def trace(event: str, greenlets: object) -> None:
            told.append(event)

        greenlet.settrace(trace)
        recorders = [PathCollector(module, "recorder") for _ in range(2)]
        for recorder in recorders:
            recorder.start()
        recorders[0].call(recorders[1].call, greenlet.greenlet(lambda: outer(2)).switch)
        for number in (first, 1 - first):
            assert Recorded(recorders[number].stop()).callers("inner") == {"outer": 2}
        assert greenlet.gettrace() is trace
        greenlet.settrace(None)
        assert told == ["switch", "switch"]


def run_python(code: str) -> str:
    """What a new Python prints."""
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", textwrap.dedent(code)],
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_greenlet_imported_by_the_code_is_said_where_calls_were_missed(module: ModuleType) -> None:
    printed = run_python("""
        from jupyterlab_profiler.measure import Functions
        from jupyterlab_profiler.model import Origin
        from jupyterlab_profiler.session import Session

        def work():
            from greenlet import greenlet

            def first():
                two.switch()

            def second():
                one.switch()

            one, two = greenlet(first), greenlet(second)
            one.switch()

        for _ in range(2):
            session = Session("", Origin("code"), Functions(engine="recorder"))
            session.call(work)
            print([warning.code for warning in session.finish().meta.warnings])
    """)
    assert printed.splitlines() == ["['greenlets']", "[]"]


# Forks


def in_child(check: Callable[[], object]) -> str:
    """What a check finds in the child of a fork."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            found = repr(check())
        except BaseException as error:
            found = f"{error!r}"
        os.write(writing, found.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        found = pipe.read()
    os.waitpid(child, 0)
    return found


def left_in_child() -> list[str]:
    """A fork has its parent's context, in which the cell's variable is set: it means nothing there."""
    return [left for left in registered() if "context variable" not in left]


@pytest.mark.filterwarnings("ignore:This process.*fork:DeprecationWarning")
@pytest.mark.parametrize("threads", [False, True])
def test_after_a_fork_the_parent_is_exact_and_the_child_records_nothing(
    module: ModuleType, threads: bool
) -> None:
    collector = PathCollector(module, "recorder", threads=threads)

    def child_work() -> object:
        left = left_in_child()
        outer(1000)
        recorded = Recorded(collector.stop())
        return left, recorded.calls().get("inner")

    def work() -> str:
        outer(5)
        found = in_child(child_work)
        outer(6)
        return found

    collector.start()
    found = collector.call(work)
    recorded = Recorded(collector.stop())
    assert found == "([], 5)"
    assert recorded.callers("inner") == {"outer": 11}
    assert recorded.callers("outer") == {"work": 2}
    assert recorded.columns.lost == 0


def work_of_process(n: int) -> list[str]:
    outer(n)
    return left_in_child()


@pytest.mark.filterwarnings("ignore:This process.*fork:DeprecationWarning")
def test_processes_of_multiprocessing_record_nothing(module: ModuleType) -> None:
    def work() -> list[list[str]]:
        with multiprocessing.get_context("fork").Pool(2) as pool:
            found = pool.map(work_of_process, [100, 100, 100])
        outer(4)
        return found

    collector = PathCollector(module, "recorder")
    collector.start()
    found = collector.call(work)
    recorded = Recorded(collector.stop())
    assert found == [[], [], []]
    assert recorded.callers("inner") == {"outer": 4}
    assert recorded.columns.lost == 0
    assert name_of(work_of_process.__code__) not in recorded.calls()
