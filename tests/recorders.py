"""Recorders of call paths, used as the product uses them, and cProfile beside one on the same events."""

from __future__ import annotations

import cProfile
import ctypes
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType, ModuleType
from typing import Any

from jupyterlab_profiler.collect import compiled
from jupyterlab_profiler.collect.collector import Called, Other, Recording, TreeColumns, is_own
from jupyterlab_profiler.collect.recorder import PathCollector
from jupyterlab_profiler.derive import derive
from jupyterlab_profiler.model import CALLS, TIME, Table

HAS_MONITORING = sys.version_info >= (3, 12)


def compiled_recorder() -> ModuleType:
    """The compiled recorder: without it there is nothing to test."""
    module = compiled.load()
    assert module is not None, compiled.missing()
    return module


@dataclass(frozen=True)
class Counts:
    """What one function, or one pair of caller and callee, has."""

    calls: int
    primitive: int
    self_time: float = 0
    total_time: float = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.calls + other.calls,
            self.primitive + other.primitive,
            self.self_time + other.self_time,
            self.total_time + other.total_time,
        )


Functions = dict[Called, Counts]
Edges = dict[tuple[Called, Called], Counts]


class Recorded:
    """What a recorder recorded, with functions for numbers.

    Code objects stand for Python functions, texts for builtins, :class:`Other` for what cProfile
    does not see.
    """

    def __init__(self, recording: Recording) -> None:
        assert recording.tree is not None
        self.recording = recording
        self.called = list(recording.tree.functions())
        self.columns: TreeColumns = recording.tree.columns(
            [-1 if is_own(what) else number for number, what in enumerate(self.called)]
        )
        self.paths = Table(
            {
                "parent": self.columns.parent,
                "function": self.columns.function,
                "thread": self.columns.thread,
                "self.time": self.columns.self_ns,
                "self.calls": self.columns.calls,
            }
        )

    @property
    def warnings(self) -> list[str]:
        """Codes of what it warns of."""
        return [warning.code for warning in self.recording.warnings]

    def tables(
        self, thread: int | None = None, skip_callables: bool = False
    ) -> tuple[Functions, Edges]:
        """Functions and edges, of one root or of all."""
        skip = [
            number
            for number, what in enumerate(self.called)
            if skip_callables and isinstance(what, Other)
        ]
        totals, edges = derive(self.paths, [TIME, CALLS], skip=skip)
        functions: Functions = {}
        for row, function in enumerate(totals.ints("function")):
            if thread in (None, totals["thread"][row]):
                _add(functions, self.called[function], _counts(totals, row))
        pairs: Edges = {}
        for row, (caller, callee) in enumerate(
            zip(edges.ints("caller"), edges.ints("callee"), strict=True)
        ):
            if thread in (None, edges["thread"][row]):
                _add(pairs, (self.called[caller], self.called[callee]), _counts(edges, row))
        return functions, pairs

    def calls(self, thread: int | None = None) -> dict[str, int]:
        """How often functions were called, by name."""
        found: dict[str, int] = {}
        for what, counts in self.tables(thread)[0].items():
            found[name_of(what)] = found.get(name_of(what), 0) + counts.calls
        return found

    def callers(self, name: str, thread: int | None = None) -> dict[str, int]:
        """Who called the functions of this name, and how often. Roots have no caller: ``""``."""
        found: dict[str, int] = {}
        functions, edges = self.tables(thread)
        for (caller, callee), counts in edges.items():
            if name_of(callee) == name:
                found[name_of(caller)] = found.get(name_of(caller), 0) + counts.calls
        all_calls = sum(counts.calls for what, counts in functions.items() if name_of(what) == name)
        if all_calls > sum(found.values()):
            found[""] = all_calls - sum(found.values())
        return found

    def paths_of(self, name: str) -> dict[tuple[str, ...], int]:
        """How often functions of this name were called, by the names of all that led there."""
        found: dict[tuple[str, ...], int] = {}
        columns = self.columns
        for row, function in enumerate(columns.function):
            if name_of(self.called[function]) != name:
                continue
            path, at = [name], row
            while columns.parent[at]:
                at -= columns.parent[at]
                path.insert(0, name_of(self.called[columns.function[at]]))
            found[tuple(path)] = found.get(tuple(path), 0) + columns.calls[row]
        return found


def _counts(table: Table, row: int) -> Counts:
    return Counts(
        int(table["self.calls"][row]),
        int(table["primitive.calls"][row]),
        table["self.time"][row],
        table["total.time"][row],
    )


def _add(rows: dict[Any, Counts], key: Any, counts: Counts) -> None:
    # Builtins of two objects may have one name; both recorders keep them apart, names do not.
    rows[key] = rows[key] + counts if key in rows else counts


def name_of(what: Called) -> str:
    """A name to read in a test: of Python functions the last part."""
    if isinstance(what, CodeType):
        return what.co_name
    return what.name if isinstance(what, Other) else what


def record(
    module: ModuleType, function: Callable[..., object], *args: Any, **options: Any
) -> Recorded:
    """Call a function with the recording on; what it raises is raised."""
    collector = PathCollector(module, "recorder", **options)
    collector.start()
    try:
        collector.call(function, *args)
    finally:
        recording = collector.stop()
    return Recorded(recording)


def record_caught(
    module: ModuleType, function: Callable[..., object], *args: Any, **options: Any
) -> tuple[Recorded, BaseException | None]:
    """Call a function with the recording on, and return what it raises."""
    caught: BaseException | None = None
    collector = PathCollector(module, "recorder", **options)
    collector.start()
    try:
        collector.call(function, *args)
    except BaseException as error:
        caught = error
    return Recorded(collector.stop()), caught


def tables_of_cprofile(profiler: cProfile.Profile) -> tuple[Functions, Edges]:
    """The same tables from ``getstats()``."""
    functions: Functions = {}
    edges: Edges = {}
    for entry in profiler.getstats():
        _add(functions, entry.code, _entry(entry))
        for sub in entry.calls or ():
            _add(edges, (entry.code, sub.code), _entry(sub))
    return functions, edges


def _entry(entry: Any) -> Counts:
    return Counts(
        entry.callcount,
        entry.callcount - entry.reccallcount,
        entry.inlinetime * 1e9,
        entry.totaltime * 1e9,
    )


def with_cprofile(
    module: ModuleType, function: Callable[[], object]
) -> tuple[tuple[Functions, Edges], tuple[Functions, Edges]]:
    """What the recorder and cProfile make of the same events: their tables.

    Python 3.12 tells both. Python 3.11 has room for one profile function a thread, so there one is
    put that hands each event to both.
    """
    profiler = cProfile.Profile()
    collector = PathCollector(module, "recorder")
    tee = None if HAS_MONITORING else _Tee(collector._recorder, profiler)

    def both() -> None:
        before = collector.mute()
        (tee or profiler).enable()
        collector.unmute(before)
        try:
            function()
        finally:
            before = collector.mute()
            (tee or profiler).disable()
            collector.unmute(before)

    collector.start()
    try:
        collector.call(both)
    finally:
        recording = collector.stop()
    ours = [_inside(table, both.__code__) for table in Recorded(recording).tables(None, True)]
    theirs = [_inside(table, both.__code__) for table in tables_of_cprofile(profiler)]
    return (ours[0], ours[1]), (theirs[0], theirs[1])


def _inside(table: dict[Any, Counts], outside: CodeType) -> dict[Any, Counts]:
    """Without what turned cProfile on and off, and who called that."""

    def is_outside(what: Called) -> bool:
        if isinstance(what, CodeType):
            return what in (outside, _Tee.disable.__code__)
        return "_lsprof.Profiler" in name_of(what) or "_recorder.Recorder" in name_of(what)

    return {
        key: counts
        for key, counts in table.items()
        if not any(map(is_outside, key if isinstance(key, tuple) else (key,)))
    }


class _Tee:
    """Hands each event of this thread to the recorder and to cProfile. Python 3.11."""

    def __init__(self, recorder: Any, profiler: cProfile.Profile) -> None:
        self._profiler, self._object = profiler, id(recorder)
        self._function = ctypes.PYFUNCTYPE(
            ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
        )
        self._set_profile: Any = ctypes.pythonapi.PyEval_SetProfile
        self._set_profile.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
        self._set_profile.restype = None
        profiler.enable()
        self._theirs = self._installed()
        profiler.disable()
        profiler.clear()

    def enable(self) -> None:
        """Put the tee in the place of the recorder, whose thread this is."""
        self._ours = self._installed()
        theirs, their_object = self._function(self._theirs[0]), self._theirs[1]
        ours, our_object = self._function(self._ours[0]), self._ours[1]

        def tell(_: int, frame: int, what: int, arg: int) -> int:
            theirs(their_object, frame, what, arg)
            ours(our_object, frame, what, arg)
            return 0

        self._callback = self._function(tell)
        self._set_profile(ctypes.cast(self._callback, ctypes.c_void_p), self._object)

    def disable(self) -> None:
        """Give the thread back to the recorder alone."""
        self._set_profile(self._ours[0], self._object)
        self._profiler.disable()  # closes what is open, and takes what is no longer its own
        self._set_profile(self._ours[0], self._object)

    @staticmethod
    def _installed() -> tuple[int, int]:
        """The profile function of this thread and its object, as addresses."""
        state: Any = ctypes.pythonapi.PyThreadState_Get
        state.restype = ctypes.c_void_p
        words = (ctypes.c_size_t * 64).from_address(state())
        # c_profilefunc, c_tracefunc, c_profileobj (CPython 3.11, Include/cpython/pystate.h)
        at = list(words).index(id(sys.getprofile()))
        return words[at - 2], words[at]


def registered() -> list[str]:
    """What a recording could leave behind in this thread and interpreter."""
    found = []
    if sys.version_info >= (3, 12):
        monitoring = sys.monitoring
        found += [
            f"tool {tool}" for tool in (3, 4) if monitoring.get_tool(tool) == "jupyterlab_profiler"
        ]
        for tool in (3, 4):
            if monitoring.get_tool(tool) is not None:
                continue
            monitoring.use_tool_id(tool, "test")
            if monitoring.get_events(tool):
                found.append(f"events of tool {tool}")
            for event in range(17):
                before = monitoring.register_callback(tool, 1 << event, None)
                if before is not None:
                    found.append(f"callback of tool {tool}: {before!r}")
            monitoring.free_tool_id(tool)
    if sys.getprofile() is not None:
        found.append(f"sys.getprofile: {sys.getprofile()!r}")
    if threading.getprofile() is not None:
        found.append(f"threading.getprofile: {threading.getprofile()!r}")
    greenlet = sys.modules.get("greenlet")
    if greenlet is not None and greenlet.gettrace() is not None:
        found.append(f"greenlet.gettrace: {greenlet.gettrace()!r}")
    import contextvars

    found += [
        f"context variable {variable.name}"
        for variable in contextvars.copy_context()
        if variable.name == "jupyterlab_profiler"
    ]
    from jupyterlab_profiler.collect import live

    found += [f"stopped in forks: {collector!r}" for collector in live._live]
    return found


def inner(i: int) -> int:
    return i


def outer(n: int) -> None:
    """Calls ``inner`` n times."""
    for i in range(n):
        inner(i)
