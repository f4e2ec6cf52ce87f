"""Threads that the code starts have call trees of their own, each exact, where they are asked for."""

from __future__ import annotations

import functools
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

import pytest
from recorders import Recorded, outer, record, record_caught, registered

from jupyterlab_profiler.collect.recorder import PathCollector

pytestmark = pytest.mark.usefixtures("nothing_stays")


def run_threads(*threads: threading.Thread) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def by_thread(recorded: Recorded, name: str) -> dict[str, int]:
    """Calls of the functions of this name in each thread that has some, by the thread's name."""
    found = {}
    for number, root in enumerate(recorded.columns.roots):
        calls = recorded.calls(number).get(name, 0)
        if calls:
            assert root.kind == "thread"
            found[root.name] = calls
    return found


def test_each_thread_is_a_root_with_its_own_calls(module: ModuleType) -> None:
    def work() -> None:
        run_threads(
            *(
                threading.Thread(target=outer, args=(30 + number,), name=f"worker {number}")
                for number in range(4)
            )
        )
        outer(5)

    recorded = record(module, work, threads=True)
    assert by_thread(recorded, "inner") == {
        "": 5,
        **{f"worker {number}": 30 + number for number in range(4)},
    }
    for number in range(1, 5):
        assert recorded.callers("outer", number) == {"run": 1}
        assert recorded.callers("run", number) == {"": 1}
        assert recorded.columns.roots[number].tid > 0
        assert 0 < recorded.columns.thread_ns[number] <= recorded.columns.roots[number].wall_ns
    assert recorded.columns.lost == 0


def test_threads_that_nobody_asked_for_stay_out(module: ModuleType) -> None:
    recorded = record(module, lambda: run_threads(threading.Thread(target=outer, args=(30,))))
    assert "inner" not in recorded.calls()
    assert len(recorded.columns.roots) == 1


def test_threads_that_other_code_starts_stay_out(module: ModuleType) -> None:
    go, done = threading.Event(), threading.Event()

    def earlier() -> None:
        go.wait()
        run_threads(threading.Thread(target=outer, args=(50,)))
        outer(50)
        done.set()

    thread = threading.Thread(target=earlier)
    thread.start()

    def work() -> None:
        go.set()
        done.wait()
        run_threads(threading.Thread(target=outer, args=(7,), name="mine"))

    recorded = record(module, work, threads=True)
    thread.join()
    assert by_thread(recorded, "inner") == {"mine": 7}


def test_threads_started_by_threads_are_recorded(module: ModuleType) -> None:
    def nested(depth: int) -> None:
        outer(depth)
        if depth:
            run_threads(
                threading.Thread(target=nested, args=(depth - 1,), name=f"depth {depth - 1}")
            )

    recorded = record(module, nested, 3, threads=True)
    assert by_thread(recorded, "inner") == {"": 3, "depth 2": 2, "depth 1": 1}
    assert sum(recorded.callers("nested").values()) == 4


def test_what_a_pool_runs_is_recorded(module: ModuleType) -> None:
    def work() -> None:
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(outer, range(20)))

    recorded = record(module, work, threads=True)
    assert sum(by_thread(recorded, "inner").values()) == sum(range(20))
    assert recorded.callers("inner") == {"outer": sum(range(20))}
    assert sum(recorded.callers("outer").values()) == 20
    assert recorded.columns.lost == 0


def test_a_pool_of_an_earlier_cell_stays_out(module: ModuleType) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(outer, 1).result()
        recorded = record(module, lambda: pool.submit(outer, 20).result(), threads=True)
    assert by_thread(recorded, "inner") == {}


def test_threads_one_after_the_other_stay_apart(module: ModuleType) -> None:
    # The system gives an ident again as soon as its thread has ended.
    idents = set()

    def noting(n: int) -> None:
        idents.add(threading.get_ident())
        outer(n)

    def work() -> None:
        for number in range(20):
            run_threads(threading.Thread(target=noting, args=(number + 1,), name=f"{number}"))

    recorded = record(module, work, threads=True)
    assert len(idents) < 20
    assert by_thread(recorded, "inner") == {f"{number}": number + 1 for number in range(20)}
    assert [root.name for root in recorded.columns.roots[1:]] == [f"{n}" for n in range(20)]
    assert recorded.columns.lost == 0


def test_a_foreign_thread_with_a_used_ident_stays_out(module: ModuleType) -> None:
    import _thread

    def work() -> None:
        for number in range(10):
            run_threads(threading.Thread(target=outer, args=(1,), name=f"{number}"))
            ended = threading.Lock()
            ended.acquire()
            _thread.start_new_thread(lambda lock: (outer(100), lock.release()), (ended,))
            ended.acquire()

    recorded = record(module, work, threads=True)
    assert set(by_thread(recorded, "inner").values()) == {1}


@pytest.mark.parametrize("daemon", [False, True])
def test_a_thread_that_still_runs_at_the_stop_keeps_what_it_did(
    module: ModuleType, daemon: bool
) -> None:
    begun, stop = threading.Event(), threading.Event()

    def running() -> None:
        outer(10)
        begun.set()
        while not stop.is_set():
            outer(1)

    thread = threading.Thread(target=running, daemon=daemon, name="running")

    def work() -> None:
        thread.start()
        begun.wait()

    recorded = record(module, work, threads=True)
    left = registered()
    stop.set()
    thread.join()
    assert left == []
    assert by_thread(recorded, "inner")["running"] >= 10
    assert recorded.callers("outer", 1).keys() == {"running"}
    assert recorded.columns.roots[1].wall_ns > 0


def test_an_exception_in_a_thread_keeps_the_sums(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda _: None)

    def failing(n: int) -> None:
        outer(2)
        if n == 0:
            raise ValueError
        failing(n - 1)

    recorded = record(
        module,
        lambda: run_threads(threading.Thread(target=failing, args=(4,), name="fails")),
        threads=True,
    )
    assert by_thread(recorded, "inner") == {"fails": 10}
    assert recorded.callers("failing", 1) == {"run": 1, "failing": 4}
    assert recorded.columns.lost == 0


def test_threads_at_the_same_time_are_each_exact(module: ModuleType) -> None:
    interval = sys.getswitchinterval()
    barrier = threading.Barrier(3)

    def deep(n: int) -> int:
        return n if n < 2 else deep(n - 1) + deep(n - 2)

    def both(n: int) -> None:
        barrier.wait()
        deep(n)

    def work() -> None:
        threads = [threading.Thread(target=both, args=(n,), name=f"fib {n}") for n in (15, 16)]
        for thread in threads:
            thread.start()
        both(14)
        for thread in threads:
            thread.join()

    sys.setswitchinterval(1e-5)
    try:
        recorded = record(module, work, threads=True)
    finally:
        sys.setswitchinterval(interval)
    # fib(n) takes 2 F(n+1) - 1 calls, where F is Fibonacci's sequence from 1, 1 on.
    assert by_thread(recorded, "deep") == {"": 1219, "fib 15": 1973, "fib 16": 3193}
    for number in range(3):
        assert recorded.callers("deep", number)["both"] == 1
    assert recorded.columns.lost == 0


class Subclass(threading.Thread):
    """Has a run of its own."""

    def run(self) -> None:
        outer(3)


class Calling(threading.Thread):
    """Calls the run of its class."""

    def run(self) -> None:
        super().run()


def wrapped_run(thread: threading.Thread) -> threading.Thread:
    """As programs that watch others do it: run is an attribute of the object."""
    before: Any = thread.run

    @functools.wraps(before)
    def run() -> None:
        before()

    thread.run = run  # type: ignore[method-assign]  # as users do
    return thread


class BuiltinRun(threading.Thread):
    """Has a run that is no Python code."""

    run = staticmethod(functools.partial(outer, 3))  # type: ignore[assignment]


def replaced_run(thread: threading.Thread) -> threading.Thread:
    """Its class's run is not called at all."""
    thread.run = lambda: outer(3)  # type: ignore[method-assign]
    return thread


@pytest.mark.parametrize(
    "make",
    [
        Subclass,
        lambda: Calling(target=outer, args=(3,)),
        lambda: wrapped_run(threading.Thread(target=outer, args=(3,))),
        lambda: threading.Timer(0, outer, (3,)),
        lambda: replaced_run(threading.Thread()),
        BuiltinRun,
    ],
    ids=["subclass", "super", "wrapped", "timer", "replaced", "no code"],
)
def test_whatever_its_run_is_a_thread_is_recorded(
    module: ModuleType, make: Callable[[], threading.Thread]
) -> None:
    recorded = record(module, lambda: run_threads(make()), threads=True)
    assert sum(by_thread(recorded, "inner").values()) == 3
    assert recorded.callers("inner", 1) == {"outer": 3}
    assert recorded.columns.lost == 0


def test_a_thread_stops_the_recording_of_another(module: ModuleType) -> None:
    collector = PathCollector(module, "recorder", threads=True)

    def work() -> None:
        outer(3)
        run_threads(threading.Thread(target=collector.stop))
        outer(50)

    collector.start()
    collector.call(work)
    assert Recorded(collector.stop()).calls(0)["inner"] == 3


def test_a_recorder_refuses_to_be_used_in_another_thread(module: ModuleType) -> None:
    collector = PathCollector(module, "recorder", threads=True)
    refused: list[BaseException] = []

    def misuse() -> None:
        for method in (collector.call, collector.resume, collector.pause, collector.mute):
            try:
                method(*([len] if method is collector.call else []))
            except RuntimeError as error:
                refused.append(error)

    collector.start()
    run_threads(threading.Thread(target=misuse))
    collector.stop()
    assert [str(error) for error in refused] == [
        "a Recorder belongs to the thread that made it"
    ] * 4


def test_an_interrupt_while_threads_run_keeps_the_sums(module: ModuleType) -> None:
    stop = threading.Event()

    def running() -> None:
        while not stop.is_set():
            outer(3)

    def work() -> None:
        thread = threading.Thread(target=running, name="running")
        thread.start()
        outer(2)
        raise KeyboardInterrupt

    recorded, caught = record_caught(module, work, threads=True)
    stop.set()
    assert isinstance(caught, KeyboardInterrupt)
    assert recorded.calls(0)["inner"] == 2
    assert recorded.callers("inner", 1).keys() <= {"outer"}


if sys.version_info < (3, 12):

    def test_threads_of_the_code_keep_the_profile_function_that_was_for_all(
        module: ModuleType,
    ) -> None:
        told = set()

        def tell(frame: Any, event: str, arg: object) -> None:
            told.add(frame.f_code.co_name)

        def unrelated() -> None:
            go.wait()
            run_threads(threading.Thread(target=outer, args=(1,)))

        go = threading.Event()
        thread = threading.Thread(target=unrelated)
        thread.start()
        threading.setprofile(tell)
        try:
            collector = PathCollector(module, "recorder", threads=True)
            collector.start()
            go.set()
            thread.join()
            collector.stop()
            assert threading.getprofile() is tell
        finally:
            threading.setprofile(None)
        assert "inner" in told
