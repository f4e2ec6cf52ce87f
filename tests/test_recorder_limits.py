"""Trees that are deep, large, or full; and what goes from them into a payload and back."""

from __future__ import annotations

import sys
import threading
from array import array
from collections.abc import Callable
from contextlib import suppress
from types import ModuleType
from typing import Any

import pytest
from recorders import Recorded, record

from jupyterlab_profiler.collect.collector import Other
from jupyterlab_profiler.derive import _derive, derive, totals_and_edges
from jupyterlab_profiler.measure import Functions
from jupyterlab_profiler.model import CALLS, TIME, Origin, Profile, Table
from jupyterlab_profiler.session import Session
from jupyterlab_profiler.wire import decode, encode

pytestmark = pytest.mark.usefixtures("quiet")

DEPTH = 100_000


pytestmark = pytest.mark.usefixtures("nothing_stays")


def deep(n: int) -> int:
    return 0 if n == 0 else 1 + deep(n - 1)


def with_a_large_stack(work: Callable[[], Any]) -> Any:
    """What a function returns that is called where 10⁵ calls inside each other have room."""
    found: list[Any] = []
    limit, size = sys.getrecursionlimit(), threading.stack_size(512 * 1024 * 1024)
    sys.setrecursionlimit(DEPTH * 2)
    try:
        thread = threading.Thread(target=lambda: found.append(work()))
        thread.start()
        thread.join()
    finally:
        sys.setrecursionlimit(limit)
        threading.stack_size(size)
    return found[0]


@pytest.mark.usefixtures("quiet")
def test_recursion_of_a_hundred_thousand_calls_is_recorded(module: ModuleType) -> None:
    recorded: Recorded = with_a_large_stack(lambda: record(module, deep, DEPTH))
    functions, edges = recorded.tables()
    assert (functions[deep.__code__].calls, functions[deep.__code__].primitive) == (DEPTH + 1, 1)
    assert edges[deep.__code__, deep.__code__].calls == DEPTH
    assert edges[deep.__code__, deep.__code__].primitive == 1
    assert recorded.columns.parent.count(1) == DEPTH
    assert sum(recorded.columns.self_ns) == recorded.columns.thread_ns[0]
    assert functions[deep.__code__].total_time == sum(recorded.columns.self_ns)


def test_deep_recursion_goes_into_a_payload_and_back() -> None:
    def work() -> Profile:
        session = Session("deep", Origin("code"), Functions(engine="recorder"))
        session.call(deep, DEPTH)
        return session.finish()

    profile: Profile = with_a_large_stack(work)
    assert profile.paths.rows >= DEPTH
    payload, again = encode(profile), None
    again = decode(payload)
    for one in (profile, again):
        totals, _ = totals_and_edges(one)
        calls = {
            one.functions[function].name: int(count)
            for function, count in zip(totals.ints("function"), totals["self.calls"], strict=True)
        }
        assert calls["deep"] == DEPTH + 1
    assert [check.id for check in profile.checks if check.ok is False and check.id != "wall"] == []


# Trees that are full


def branching(depth: int) -> None:
    if depth:
        left(depth - 1)
        right(depth - 1)


def left(depth: int) -> None:
    branching(depth)


def right(depth: int) -> None:
    len(str(depth))
    branching(depth)


@pytest.mark.parametrize("most_nodes", [2, 3, 10, 100, 500])
def test_a_full_tree_counts_what_it_does_not_tell_apart(
    module: ModuleType, most_nodes: int
) -> None:
    whole = record(module, branching, 7)
    full = record(module, branching, 7, most_nodes=most_nodes)
    assert whole.columns.folded == 0
    assert full.columns.folded > 0
    assert full.columns.lost == 0
    assert full.columns.events == whole.columns.events
    assert sum(full.columns.calls) == sum(whole.columns.calls)
    assert full.columns.folded == sum(
        calls
        for function, calls in zip(full.columns.function, full.columns.calls, strict=True)
        if isinstance(full.called[function], Other) and full.called[function].pseudo
    )
    # What is kept is right: no function and no pair of functions has more calls than it had.
    all_calls, all_pairs = whole.tables()
    calls, pairs = full.tables()
    for found, rows in ((calls, all_calls), (pairs, all_pairs)):
        for key, counts in found.items():
            parts = key if isinstance(key, tuple) else (key,)
            if not any(isinstance(part, Other) for part in parts):
                assert counts.calls <= rows[key].calls
    assert sum(full.columns.self_ns) == full.columns.thread_ns[0]
    # At most one node a parent stands for what is folded; two of the nodes are the roots.
    assert len(full.columns.parent) <= 2 * max(most_nodes - 2, 0) + 1


def test_a_full_tree_is_right_again_after_what_was_folded(module: ModuleType) -> None:
    def failing(depth: int) -> None:
        branching(3)
        if depth == 0:
            raise ValueError
        failing(depth - 1)

    def work() -> None:
        for _ in range(3):
            known(1)
            with suppress(ValueError):
                failing(6)
        known(2)

    def known(n: int) -> None:
        pass

    full = record(module, work, most_nodes=6)
    assert full.columns.folded > 0
    assert full.callers("known") == {"work": 4}
    assert full.callers("work") == {"": 1}
    assert full.columns.lost == 0


def test_a_profile_says_that_calls_were_folded(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    import functools

    from jupyterlab_profiler.collect import recorder

    monkeypatch.setattr(
        recorder, "PathCollector", functools.partial(recorder.PathCollector, most_nodes=20)
    )
    session = Session("full", Origin("code"), Functions(engine="recorder"))
    session.call(branching, 7)
    profile = session.finish()
    (check,) = [check for check in profile.checks if check.id == "folded"]
    told = f"{int(check.value or 0):,} calls were not told apart"
    assert told in check.text
    (warning,) = profile.meta.warnings
    assert told in warning.text and "Warning: " + warning.text in profile.text()
    folded = [function for function in profile.functions if function.qualified == "folded"]
    assert [function.kind for function in folded] == ["pseudo"]
    again = decode(encode(profile))
    assert [check.id for check in again.checks] == [check.id for check in profile.checks]


# What a derived table is, compiled and not


def test_the_compiled_tables_of_a_large_tree_are_those_of_python(module: ModuleType) -> None:
    recorded = record(module, branching, 10)
    paths = recorded.paths
    compiled = derive(paths, [TIME, CALLS])
    in_python = _derive(
        Table({name: list(column) for name, column in paths.items()}), [TIME, CALLS]
    )
    for mine, other in zip(compiled, in_python, strict=True):
        assert {name: list(column) for name, column in mine.items()} == {
            name: list(column) for name, column in other.items()
        }


def column(*values: int) -> array[int]:
    return array("q", values)


HOSTILE: dict[str, tuple[Any, ...]] = {
    "a parent before the first row": (column(1), column(0), None, column(0), column(0), None),
    "a parent after its child": (column(-1), column(0), None, column(0), column(0), None),
    "an offset that overflows": (
        column(0, -(2**63)),
        column(0, 0),
        None,
        column(0, 0),
        column(0, 0),
        None,
    ),
    "no pre-order": (
        column(0, 1, 1, 2, 2),
        column(0, 0, 0, 0, 0),
        None,
        column(1, 1, 1, 1, 1),
        column(1, 1, 1, 1, 1),
        None,
    ),
    "a function below zero": (column(0), column(-1), None, column(0), column(0), None),
    "a short column": (column(0, 0), column(0), None, column(0, 0), column(0, 0), None),
    "a short thread": (column(0), column(0), column(), column(0), column(0), None),
    "half a number": (b"\0" * 9, column(0), None, column(0), column(0), None),
    "not aligned": (
        memoryview(bytes(9))[1:],
        column(0),
        None,
        column(0),
        column(0),
        None,
    ),
}


@pytest.mark.parametrize("columns", HOSTILE.values(), ids=HOSTILE.keys())
def test_columns_that_are_no_tree_are_refused(module: ModuleType, columns: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match=r"."):
        module.derive(*columns)


def test_sums_that_pass_64_bits_are_refused(module: ModuleType) -> None:
    most = 2**63 - 1
    for values in ((most, most), (-(2**63), -1)):
        with pytest.raises(OverflowError):
            module.derive(column(0, 1), column(0, 0), None, column(*values), column(1, 1), None)


@pytest.mark.parametrize("wrong", [None, 3, "x", [0], object()])
def test_what_has_no_numbers_is_refused(module: ModuleType, wrong: Any) -> None:
    with pytest.raises(TypeError):
        module.derive(wrong, column(0), None, column(0), column(0), None)


@pytest.mark.parametrize("skip", [None, b"", b"\1", b"\0\0\0\0"])
def test_functions_of_which_nothing_is_said_stay(module: ModuleType, skip: bytes | None) -> None:
    totals, _ = module.derive(column(0), column(2), None, column(5), column(1), skip)
    assert array("q", totals["function"]).tolist() == [2]
    assert array("q", totals["self.time"]).tolist() == [5]


def test_an_empty_tree_has_empty_tables(module: ModuleType) -> None:
    totals, edges = module.derive(column(), column(), column(), column(), column(), None)
    assert set(totals.values()) == set(edges.values()) == {b""}


class Shrinks:
    """An index that takes the list away from which it is read."""

    def __init__(self, numbers: list[Any]) -> None:
        self.numbers = numbers

    def __index__(self) -> int:
        self.numbers.clear()
        return 0


def test_numbers_that_are_none_are_refused(module: ModuleType) -> None:
    recorded = record(module, branching, 3)
    tree: Any = recorded.recording.tree
    recorder, count = tree._recorder, len(recorded.called)
    for wrong in ([], [0] * (count - 1), [0] * (count + 1)):
        with pytest.raises(ValueError, match="one number a function"):
            recorder.columns(wrong)
    for number in (-2, 2**31, 2**70, -(2**70)):
        with pytest.raises((ValueError, OverflowError)):
            recorder.columns([number] * count)
    for what in (None, 5, ["x"] * count, [None] * count):
        with pytest.raises(TypeError):
            recorder.columns(what)
    numbers: list[Any] = []
    numbers += [Shrinks(numbers) for _ in range(count)]
    recorder.columns(numbers)
    # All functions have one number: then each thread has one row a depth.
    assert sum(array("q", recorder.columns([0] * count)["calls"])) == sum(recorded.columns.calls)
    assert array("q", recorder.columns([-1] * count)["calls"]) == column()


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"limit": 1}, ValueError),
        ({"limit": -5}, ValueError),
        ({"limit": 10**9}, ValueError),
        ({"cost_ns": -1.0}, ValueError),
        ({"cost_ns": float("nan")}, ValueError),
        ({"cost_ns": float("inf")}, ValueError),
        ({"display": 1}, TypeError),
        ({"thread_start": "x"}, TypeError),
        ({"own": []}, TypeError),
        ({"variable": 1}, TypeError),
        ({"nothing": 1}, TypeError),
    ],
    ids=str,
)
def test_a_recorder_refuses_options_that_are_none(
    module: ModuleType, options: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        module.Recorder(**options)


def test_a_recorder_that_was_not_made_says_so(module: ModuleType) -> None:
    unmade = module.Recorder.__new__(module.Recorder)
    for method in ("start", "resume", "pause", "mute", "functions"):
        with pytest.raises(RuntimeError, match="not initialised"):
            getattr(unmade, method)()
    unmade.finish()
    made = module.Recorder()
    with pytest.raises(RuntimeError, match="once"):
        made.__init__()


if sys.version_info >= (3, 12):

    def test_callbacks_that_are_called_by_hand_refuse_what_is_no_event(
        module: ModuleType,
    ) -> None:
        made = module.Recorder()
        made.start()
        callbacks = made.callbacks()
        for name, callback in callbacks.items():
            for wrong in ((), (1,), (None, 0), ("x", 0, len, 1)):
                with pytest.raises(TypeError):
                    callback(*wrong)
            with pytest.raises(TypeError):
                callback(deep.__code__, 0, len, 1, name=name)
        made.finish()
        for callback in callbacks.values():
            callback(deep.__code__, 0, len, 1)
        assert made.functions() == []
