"""However recorded code ends, what was called until then is right, and nothing of ours stays behind."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import ModuleType
from typing import Any

import pytest
from recorders import Recorded, inner, outer, record, record_caught, registered

from jupyterlab_profiler.collect.recorder import PathCollector

pytestmark = pytest.mark.usefixtures("nothing_stays")


def after() -> None:
    pass


@pytest.fixture
def interrupt_soon() -> Iterator[Callable[[], None]]:
    """Has the system's timer interrupt, as the kernel's Interrupt does."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    yield lambda: signal.setitimer(signal.ITIMER_REAL, 0.02) and None
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("attempt", range(5))
def test_calls_after_an_interrupt_have_their_caller(
    module: ModuleType, interrupt_soon: Callable[[], None], attempt: int
) -> None:
    def work() -> None:
        try:
            interrupt_soon()
            while True:
                outer(attempt + 1)
        except KeyboardInterrupt:
            pass
        for _ in range(7):
            after()

    recorded = record(module, work)
    assert recorded.callers("after") == {"work": 7}
    assert set(recorded.callers("inner")) == {"outer"}
    assert set(recorded.callers("outer")) == {"work"}
    assert recorded.columns.lost == 0


@pytest.mark.parametrize(
    "wait",
    [
        lambda: time.sleep(10),
        lambda: sorted(range(10**7), key=lambda i: -i),
        threading.Event().wait,
    ],
    ids=["sleep", "sorted", "lock"],
)
def test_calls_after_an_interrupt_of_c_code_have_their_caller(
    module: ModuleType, interrupt_soon: Callable[[], None], wait: Callable[[], Any]
) -> None:
    def work() -> None:
        try:
            interrupt_soon()
            wait()
        except KeyboardInterrupt:
            pass
        after()

    recorded = record(module, work)
    assert recorded.callers("after") == {"work": 1}
    assert recorded.columns.lost == 0


def test_an_interrupt_that_nobody_catches_ends_the_recording(
    module: ModuleType, interrupt_soon: Callable[[], None]
) -> None:
    def work() -> None:
        outer(5)
        interrupt_soon()
        time.sleep(10)

    recorded, caught = record_caught(module, work)
    assert isinstance(caught, KeyboardInterrupt)
    assert recorded.callers("inner") == {"outer": 5}
    assert recorded.columns.lost == 0
    assert recorded.callers("<built-in method time.sleep>") == {"work": 1}


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit(3), KeyboardInterrupt()])
def test_what_ended_with_an_error_is_kept(module: ModuleType, error: BaseException) -> None:
    def deep(n: int) -> None:
        if n == 0:
            raise error
        deep(n - 1)

    def work() -> None:
        outer(3)
        deep(4)

    recorded, caught = record_caught(module, work)
    assert caught is error
    assert recorded.callers("deep") == {"work": 1, "deep": 4}
    assert recorded.callers("inner") == {"outer": 3}
    assert recorded.columns.lost == 0


def test_sys_exit_inside_of_c_code_is_kept(module: ModuleType) -> None:
    recorded, caught = record_caught(
        module, lambda: sorted([2, 1], key=lambda n: sys.exit(n) if n == 1 else after())
    )
    assert isinstance(caught, SystemExit)
    assert recorded.calls()["after"] == 1
    assert recorded.calls()["<built-in method sys.exit>"] == 1
    assert recorded.columns.lost == 0


def test_a_generator_that_is_left_open_is_right(module: ModuleType) -> None:
    def endless() -> Iterator[None]:
        while True:
            inner(0)
            yield

    kept = []

    def work() -> None:
        generator = endless()
        next(generator)
        next(generator)
        kept.append(generator)

    recorded = record(module, work)
    kept.pop().close()
    assert recorded.callers("inner") == {"endless": 2}
    assert recorded.calls()["endless"] == 2
    assert recorded.columns.lost == 0


def test_a_recursion_error_keeps_callers(module: ModuleType) -> None:
    def endless() -> None:
        endless()

    def work() -> None:
        with suppress(RecursionError):
            endless()
        after()

    recorded = record(module, work)
    assert recorded.callers("after") == {"work": 1}
    assert recorded.callers("endless")["work"] == 1


def test_recording_in_pieces_adds_up(module: ModuleType) -> None:
    collector = PathCollector(module, "recorder")
    collector.start()
    for turn in range(4):
        collector.call(outer, turn)
        outer(100)  # between the pieces
    collector.resume()
    outer(2)
    collector.pause()
    recorded = Recorded(collector.stop())
    assert recorded.callers("inner") == {"outer": 0 + 1 + 2 + 3 + 2}
    assert recorded.callers("outer") == {"": 5}


def test_what_is_muted_is_left_out(module: ModuleType) -> None:
    collector = PathCollector(module, "recorder")

    def work() -> None:
        outer(1)
        before = collector.mute()
        outer(10)
        collector.unmute(before)
        outer(2)

    collector.start()
    collector.call(work)
    recorded = Recorded(collector.stop())
    assert recorded.callers("outer") == {"work": 2}
    assert recorded.callers("inner") == {"outer": 3}
    assert recorded.columns.lost == 0


def test_stopping_inside_of_the_code_ends_the_recording(module: ModuleType) -> None:
    collector = PathCollector(module, "recorder")

    def work() -> str:
        outer(3)
        collector.stop()
        outer(100)
        return "done"

    collector.start()
    assert collector.call(work) == "done"
    assert registered() == []
    assert Recorded(collector.stop()).callers("inner") == {"outer": 3}


def test_a_recorder_is_started_once(module: ModuleType) -> None:
    collector = PathCollector(module, "recorder")
    collector.start()
    collector.call(outer, 1)
    collector.stop()
    with pytest.raises(RuntimeError, match="started once"):
        collector._recorder.start()
    collector.call(outer, 5)
    assert Recorded(collector.stop()).callers("inner") == {"outer": 1}


@pytest.mark.parametrize("wrong", ["claim", "listen"])
def test_a_start_that_fails_leaves_nothing(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    collector = PathCollector(module, "recorder")

    def fail(*_: object) -> None:
        raise MemoryError(wrong)

    monkeypatch.setattr(collector._events, wrong, fail)
    with pytest.raises(MemoryError):
        collector.start()
    assert registered() == []


if sys.version_info >= (3, 12):

    def test_code_that_frees_our_tool_id_is_told_of_the_loss(module: ModuleType) -> None:
        def work() -> None:
            outer(2)
            for tool in (3, 4):
                if sys.monitoring.get_tool(tool) == "jupyterlab_profiler":
                    sys.monitoring.set_events(tool, 0)
                    sys.monitoring.free_tool_id(tool)
            outer(50)

        recorded = record(module, work)
        assert recorded.callers("inner") == {"outer": 2}
        assert "profiler-lost" in recorded.warnings

    def test_a_tool_that_took_our_id_keeps_it(module: ModuleType) -> None:
        def take() -> None:
            for tool in (3, 4):
                if sys.monitoring.get_tool(tool) == "jupyterlab_profiler":
                    sys.monitoring.set_events(tool, 0)
                    sys.monitoring.free_tool_id(tool)
                    sys.monitoring.use_tool_id(tool, "theirs")
                    sys.monitoring.register_callback(tool, 1, theirs)
                    taken.append(tool)

        def theirs(*_: object) -> None:
            pass

        taken: list[int] = []
        recorded = record(module, take)
        assert "profiler-lost" in recorded.warnings
        assert sys.monitoring.get_tool(taken[0]) == "theirs"
        assert sys.monitoring.register_callback(taken[0], 1, None) is theirs
        sys.monitoring.free_tool_id(taken[0])
