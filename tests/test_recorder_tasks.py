"""Tasks that the code starts are followed: their calls, their number and their time."""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from types import ModuleType
from typing import Any

import pytest
from recorders import Recorded

from jupyterlab_profiler.collect.recorder import PathCollector
from jupyterlab_profiler.measure import Functions
from jupyterlab_profiler.model import Origin, Profile
from jupyterlab_profiler.session import Session

Work = Callable[[], Coroutine[Any, Any, object]]


pytestmark = pytest.mark.usefixtures("nothing_stays")


class Steps:
    """Awaits a coroutine step by step, each with the recording on, as a cell is run."""

    def __init__(self, coroutine: Coroutine[Any, Any, Any], step: Callable[..., Any]) -> None:
        self.coroutine, self.step = coroutine, step

    def __await__(self) -> Iterator[Any]:
        value: Any = None
        error: BaseException | None = None
        while True:
            try:
                if error is not None:
                    waited = self.step(self.coroutine.throw, error)
                else:
                    waited = self.step(self.coroutine.send, value)
            except StopIteration as stopped:
                return stopped.value
            try:
                value, error = (yield waited), None
            except BaseException as raised:
                error = raised


def record_cell(
    module: ModuleType,
    work: Work,
    before: Work | None = None,
    after: Work | None = None,
    **options: Any,
) -> Recorded:
    """Record a coroutine in an event loop that runs other coroutines before and after it."""

    async def kernel() -> Recorded:
        if before is not None:
            await before()
        collector = PathCollector(module, "recorder", **options)
        collector.start()
        try:
            await Steps(work(), collector.call)
            if after is not None:
                await after()
        finally:
            recording = collector.stop()
        return Recorded(recording)

    return asyncio.run(kernel())


def profile_cell(work: Work) -> Profile:
    """The same as a profile."""

    async def kernel() -> Profile:
        session = Session("", Origin("code"), Functions(engine="recorder"))
        await Steps(work(), session.step)
        return session.finish()

    return asyncio.run(kernel())


def inner(i: int) -> int:
    return i


async def turns(n: int) -> int:
    for i in range(n):
        inner(i)
        await asyncio.sleep(0)
    return n


def tasks_of(recorded: Recorded) -> dict[str, int]:
    """How many tasks there were of each coroutine function.

    What is thrown into a task reaches the innermost coroutine first: those are roots of no task.
    """
    return {
        recorded.called[root.function].co_name: root.tasks
        for root in recorded.columns.roots
        if root.kind == "task" and root.tasks
    }


async def by_create_task() -> None:
    tasks = [asyncio.create_task(turns(5)) for _ in range(3)]
    for task in tasks:
        await task


async def by_gather() -> None:
    await asyncio.gather(*(turns(5) for _ in range(3)))


async def by_group() -> None:
    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(turns(5))


async def by_wait_for() -> None:
    tasks = [asyncio.create_task(turns(5)) for _ in range(3)]
    await asyncio.wait(tasks, timeout=30)


async def by_callbacks() -> None:
    loop = asyncio.get_running_loop()
    tasks: list[asyncio.Task[int]] = []
    done = asyncio.Event()

    def start() -> None:
        tasks.append(loop.create_task(turns(5)))
        if len(tasks) == 3:
            done.set()

    for _ in range(3):
        loop.call_soon(start)
    await done.wait()
    await asyncio.gather(*tasks)


WAYS: list[Work] = [by_create_task, by_gather, by_group, by_wait_for, by_callbacks]


@pytest.mark.parametrize("work", WAYS, ids=lambda work: work.__name__)
def test_tasks_are_followed_whoever_starts_them(module: ModuleType, work: Work) -> None:
    recorded = record_cell(module, work)
    assert recorded.callers("inner") == {"turns": 15}
    assert tasks_of(recorded) == {"turns": 3}
    # One call a beginning and one a resumption, as cProfile counts.
    assert recorded.callers("turns") == {"": 3 * 6}
    assert not recorded.calls().keys() & {"_run_once", "_run", "select", "kernel"}
    assert recorded.columns.lost == 0


def test_coroutines_of_libraries_that_run_as_tasks_are_followed(module: ModuleType) -> None:
    async def work() -> None:
        queue: asyncio.Queue[int] = asyncio.Queue()
        getting = asyncio.create_task(queue.get())
        await asyncio.sleep(0)
        putting = asyncio.create_task(queue.put(1))
        await asyncio.gather(getting, putting, asyncio.create_task(asyncio.sleep(0.001)))

    recorded = record_cell(module, work)
    assert tasks_of(recorded) == {"get": 1, "put": 1, "sleep": 1}
    assert recorded.columns.lost == 0


def test_awaited_coroutines_have_their_callers(module: ModuleType) -> None:
    async def leaf() -> None:
        await asyncio.sleep(0)

    async def middle() -> None:
        for _ in range(4):
            await leaf()

    async def work() -> None:
        await asyncio.gather(middle(), middle())
        await middle()

    recorded = record_cell(module, work)
    assert tasks_of(recorded) == {"middle": 2}
    # A beginning and a resumption for each of four turns, in each of three.
    assert recorded.callers("leaf") == {"middle": 3 * 4 * 2}
    assert set(recorded.callers("middle")) == {"", "work"}


def test_tasks_of_an_earlier_cell_stay_out(module: ModuleType) -> None:
    left: list[asyncio.Task[int]] = []

    async def earlier() -> None:
        left.append(asyncio.create_task(turns(10**6)))
        await asyncio.sleep(0)

    async def recorded_earlier() -> None:
        collector = PathCollector(module, "recorder")
        collector.start()
        await Steps(earlier(), collector.call)
        collector.stop()

    async def work() -> None:
        for _ in range(5):
            await asyncio.sleep(0)

    async def after() -> None:
        left[0].cancel()

    recorded = record_cell(module, work, before=recorded_earlier, after=after)
    assert "inner" not in recorded.calls()
    assert tasks_of(recorded) == {}


def test_tasks_of_the_loop_stay_out(module: ModuleType) -> None:
    started: list[asyncio.Task[int]] = []

    async def before() -> None:
        started.append(asyncio.create_task(turns(20)))

    async def work() -> None:
        for _ in range(5):
            await asyncio.sleep(0)

    assert "inner" not in record_cell(module, work, before=before).calls()


def test_a_task_that_goes_on_after_its_cell_is_followed_until_the_stop(module: ModuleType) -> None:
    tasks: list[asyncio.Task[int]] = []

    async def work() -> None:
        tasks.append(asyncio.create_task(turns(1000)))
        await asyncio.sleep(0)

    async def after() -> None:
        tasks[0].cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    recorded = record_cell(module, work, after=after)
    assert tasks_of(recorded) == {"turns": 1}
    assert recorded.columns.lost == 0


def test_a_failing_and_a_cancelled_task_keep_the_sums(module: ModuleType) -> None:
    async def failing() -> None:
        inner(1)
        await asyncio.sleep(0)
        raise ValueError

    async def endless() -> None:
        try:
            await asyncio.sleep(100)
        finally:
            inner(2)

    async def work() -> None:
        tasks = [asyncio.create_task(failing()), asyncio.create_task(endless())]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        inner(3)

    recorded = record_cell(module, work)
    assert recorded.callers("inner") == {"failing": 1, "endless": 1, "work": 1}
    assert tasks_of(recorded) == {"failing": 1, "endless": 1}
    assert recorded.columns.lost == 0


def test_a_coroutine_that_is_closed_keeps_the_sums(module: ModuleType) -> None:
    async def waiting() -> None:
        try:
            await asyncio.sleep(10)
        finally:
            inner(1)

    async def work() -> None:
        begun = waiting()
        begun.send(None)
        begun.close()

    recorded = record_cell(module, work)
    assert recorded.callers("inner") == {"waiting": 1}
    assert recorded.callers("waiting") == {
        "<method 'send' of 'coroutine' objects>": 1,
        "<method 'close' of 'coroutine' objects>": 1,
    }
    assert recorded.columns.lost == 0


def test_async_generators_have_their_callers(module: ModuleType) -> None:
    async def numbers(n: int) -> AsyncIterator[int]:
        try:
            for i in range(n):
                await asyncio.sleep(0)
                yield inner(i)
        finally:
            await asyncio.sleep(0)

    async def summing(n: int) -> int:
        return sum([i async for i in numbers(n)])

    async def work() -> None:
        await asyncio.gather(summing(4), summing(5))
        left = numbers(3)
        await anext(left)
        await left.aclose()
        async for i in numbers(10):
            if i == 2:
                break  # the loop closes it

    recorded = record_cell(module, work)
    assert recorded.callers("inner") == {"numbers": 4 + 5 + 1 + 3}
    assert tasks_of(recorded)["summing"] == 2
    assert recorded.columns.lost == 0


def test_threads_of_to_thread_are_recorded_where_asked_for(module: ModuleType) -> None:
    async def work() -> None:
        await asyncio.gather(*(asyncio.to_thread(functools.partial(inner, i)) for i in range(8)))

    assert "inner" not in record_cell(module, work).calls()
    recorded = record_cell(module, work, threads=True)
    assert sum(recorded.callers("inner").values()) == 8
    assert recorded.calls(0).get("inner", 0) == 0


def test_self_times_waiting_and_tracing_add_up_to_the_wall_time() -> None:
    async def busy() -> None:
        for _ in range(5):
            until = time.perf_counter() + 0.002
            while time.perf_counter() < until:
                pass
            await asyncio.sleep(0.001)

    async def work() -> None:
        await asyncio.gather(*(busy() for _ in range(4)))

    # A busy machine may take the processor away just between two clocks: not thrice.
    found = [profile_cell(work) for _ in range(3)]
    walls = [next(check for check in one.checks if check.id == "wall") for one in found]
    assert any(wall.ok for wall in walls), walls
    for one in found:
        kinds = [thread.kind for thread in one.threads]
        assert kinds == ["thread", "task"]
        assert one.threads[1].name.endswith("busy (4 tasks)")


def test_eager_tasks_and_awaitables_of_ones_own_are_followed(module: ModuleType) -> None:
    class Own:
        def __await__(self) -> Iterator[Any]:
            yield from asyncio.sleep(0).__await__()
            inner(1)

    async def awaiting(what: Awaitable[Any]) -> None:
        await what

    async def work() -> None:
        await asyncio.gather(awaiting(Own()), awaiting(Own()))

    recorded = record_cell(module, work)
    assert recorded.callers("inner") == {"__await__": 2}
    assert set(recorded.callers("__await__")) == {"awaiting"}
    assert tasks_of(recorded) == {"awaiting": 2}
