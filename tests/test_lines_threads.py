"""Threads have rows of their own, and each is exact."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from lined import Lined, needs_monitoring, record, recorder

pytestmark = [needs_monitoring, pytest.mark.usefixtures("nothing_stays")]


def fibonacci(n: int) -> int:
    if n < 2:
        return n
    return fibonacci(n - 1) + fibonacci(n - 2)


def hits_of_fibonacci(n: int) -> dict[int, int]:
    """What ``fibonacci(n)`` hits: as many leaves as the result of n + 1 is."""
    leaves = [1, 1]
    while len(leaves) <= n:
        leaves.append(leaves[-1] + leaves[-2])
    return {1: 2 * leaves[n] - 1, 2: leaves[n], 3: leaves[n] - 1}


def test_threads_at_the_same_time_are_each_exact() -> None:
    sizes = [14, 15, 16, 17]

    def run() -> None:
        threads = [threading.Thread(target=fibonacci, args=(n,), name=f"of {n}") for n in sizes[1:]]
        for thread in threads:
            thread.start()
        fibonacci(sizes[0])
        for thread in threads:
            thread.join()

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        lined = record("recorder", run, run, fibonacci)
    finally:
        sys.setswitchinterval(interval)
    names = [thread.name for thread in lined.recording.threads]
    assert names[0] == threading.current_thread().name
    assert sorted(names[1:]) == ["of 15", "of 16", "of 17"]
    for n, name in [(14, names[0]), *((n, f"of {n}") for n in sizes[1:])]:
        assert lined.hits(fibonacci, names.index(name)) == hits_of_fibonacci(n)
    assert lined.hits(run, 0)[1] > 0 and lined.hits(run, 1) == {}
    assert lined.recording.lost == 0
    assert all(thread.tid > 0 for thread in lined.recording.threads)


def test_threads_one_after_the_other_stay_apart() -> None:
    """The system gives the ident of one that ended to the next."""

    def run() -> None:
        for n in range(2, 6):
            thread = threading.Thread(target=fibonacci, args=(n,), name=f"of {n}")
            thread.start()
            thread.join()

    lined = record("recorder", run, run, fibonacci)
    assert [thread.name for thread in lined.recording.threads][1:] == [
        f"of {n}" for n in range(2, 6)
    ]
    for index, n in enumerate(range(2, 6), 1):
        assert lined.hits(fibonacci, index) == hits_of_fibonacci(n)


def test_a_thread_that_threading_does_not_know_has_a_name() -> None:
    import _thread

    done = threading.Lock()

    def foreign() -> None:
        fibonacci(5)
        done.release()

    def run() -> None:
        done.acquire()
        _thread.start_new_thread(foreign, ())
        done.acquire()

    lined = record("recorder", run, fibonacci)
    assert lined.recording.threads[1].name.startswith("thread ")
    assert lined.recording.threads[1].tid == 0
    assert lined.hits(fibonacci, 1) == hits_of_fibonacci(5)


def test_the_first_thread_is_the_one_that_started_even_where_it_ran_no_line() -> None:
    def run() -> None:
        with ThreadPoolExecutor(1, thread_name_prefix="pool") as pool:
            pool.submit(fibonacci, 6).result()

    lined = record("recorder", run, fibonacci)
    assert lined.recording.threads[0].name == threading.current_thread().name
    assert lined.recording.threads[1].name.startswith("pool")
    assert lined.hits(fibonacci, 0) == {}
    assert lined.hits(fibonacci, 1) == hits_of_fibonacci(6)


def test_a_thread_that_runs_at_the_stop_keeps_what_it_did() -> None:
    begun, end = threading.Event(), threading.Event()

    def waits() -> None:
        begun.set()
        end.wait()
        fibonacci(3)

    collector = recorder()
    collector.add(waits)
    collector.add(fibonacci)
    collector.start()
    thread = threading.Thread(target=waits)
    thread.start()
    begun.wait()
    while len(collector._recorder.threads()) < 2:
        pass
    lined = Lined(collector.stop())
    end.set()
    thread.join()
    hits = lined.hits(waits)
    assert hits[1] == 1 and set(hits) <= {1, 2}
    assert lined.hits(fibonacci) == {}


def test_a_generator_may_go_on_in_another_thread() -> None:
    def generator() -> Any:
        total = 0
        while True:
            total += yield total

    def run() -> None:
        running = generator()
        next(running)
        thread = threading.Thread(target=running.send, args=(4,))
        thread.start()
        thread.join()
        running.send(5)
        running.close()

    lined = record("recorder", run, generator)
    assert lined.hits(generator, 0) == {1: 1, 2: 2, 3: 2}
    assert lined.hits(generator, 1) == {2: 1, 3: 1}
    assert lined.recording.lost == 0
