"""From the stacks of a recording to a :class:`~jupyterlab_profiler.model.Profile`."""

from __future__ import annotations

import os
from time import perf_counter_ns
from typing import TYPE_CHECKING

from ...cppname import short_name
from ...formats.frames import Parts
from ...formats.stacks import NONE, Frame, Stacks
from ...model import Check, Engine, Metric, Profile, Thread
from ..build import tell_of_run, this_thread
from ..codes import Codes
from ..files import Cells, describe
from ..names import Names
from ..nativetext import native_file, native_sources, ran_here
from ..objects import LoadedObjects
from ..sources import line_sources
from .cut import CELL, TASKS, Call, Cut, Cutter, Stack
from .told import checks, warnings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CodeType

    from ...model import Meta
    from ..clock import Stopwatch
    from .reading import Reading
    from .tracker import Recorded

METRICS = (
    Metric("peak_bytes", "Bytes at the peak", "bytes"),
    Metric("bytes", "Bytes allocated", "bytes"),
    Metric("allocations", "Allocations", "count"),
    Metric("live_bytes", "Bytes still held", "bytes"),
)

#: Stacks that have all of their frames: those with the most memory.
STACKS_LIMIT = 20_000

#: Whose text is kept: of what held and allocated most.
_WEIGHTS = ("total.peak_bytes", "total.bytes")


def build(
    recorded: Recorded,
    reading: Reading,
    cutter: Cutter,
    watch: Stopwatch,
    meta: Meta,
    cells: Cells,
    codes: Iterable[CodeType],
    began_ns: int,
) -> Profile:
    """One call tree of all threads, the lines in it, and what is to be told in words."""
    cut = cutter.cut(reading, STACKS_LIMIT)
    maker = _Maker(cells, Codes(codes), watch)
    for stack in cut.stacks:
        maker.add(stack)
    profile = maker.stacks.profile(meta.label)
    profile.files = [
        (describe if file.path in maker.python_files else native_file)(file.path, cells)
        for file in profile.files
    ]
    tell_of_run(meta, watch, _engine(recorded))
    profile.meta = meta
    _add_sources(profile, maker, cells)
    meta.warnings += warnings(recorded, reading, cut)
    profile.checks = checks(recorded, reading, cut, profile.files)
    profile.checks += _folded(cut)
    profile.checks.append(
        Check(
            "memory-read",
            f"Reading {reading.records:,} allocations and frees took this long, after the code.",
            value=perf_counter_ns() - began_ns + recorded.stop_ns,
            unit="ns",
        )
    )
    return profile


class _Maker:
    """Puts stacks into a :class:`~jupyterlab_profiler.formats.stacks.Stacks`."""

    def __init__(self, cells: Cells, codes: Codes, watch: Stopwatch) -> None:
        self.stacks = Stacks("memray")
        self.codes: dict[Parts, CodeType] = {}
        self.python_files: set[str] = set()
        self._cells = cells
        self._living = codes
        self._frames: dict[Call, int] = {}
        self._threads: dict[int, int] = {}
        for metric in METRICS:
            self.stacks.metric(metric)
        self._threads[CELL] = self.stacks.thread(this_thread(watch))

    def add(self, stack: Stack) -> None:
        """Add what one stack had allocated to the values of its innermost frame."""
        thread = self._thread(stack)
        node = NONE
        child, frames = self.stacks.frames.child, self._frames
        for call in stack.calls:
            frame = frames.get(call)
            if frame is None:
                frame = frames[call] = self.stacks.frame(self._described(call))
            node = child(node, frame, thread)
        if not stack.calls:
            rest = self.stacks.function(Parts("(smaller stacks)", "folded", kind="pseudo"))
            node = child(NONE, self.stacks.frame(Frame(rest)), thread)
        sums = stack.sums
        for metric in METRICS:
            if value := getattr(sums, metric.id):
                self.stacks.frames.add(node, metric.id, value)

    def _thread(self, stack: Stack) -> int:
        known = self._threads.get(stack.thread)
        if known is None:
            if stack.thread == TASKS:
                made = Thread("tasks", kind="task", parent=self._threads[CELL], pid=os.getpid())
            else:
                is_native = all(call.kind == "native" for call in stack.calls)
                name = stack.thread_name or f"{'native ' * is_native}thread {stack.thread}"
                made = Thread(name, pid=os.getpid(), tid=stack.thread)
            known = self._threads[stack.thread] = self.stacks.thread(made)
        return known

    def _described(self, call: Call) -> Frame:
        if call.kind == "displaying":
            parts = Parts("(displaying)", "displaying", kind="pseudo")
            return Frame(self.stacks.function(parts))
        path = "" if call.path == "<unknown>" else call.path
        line = call.line if path else 0
        if call.kind == "native":
            parts = Parts(short_name(call.name), call.name, path, kind="native")
            return Frame(self.stacks.function(parts), line, path)
        self.python_files.add(path)
        code = self._living.find(path, call.name, line)
        kind = "generated" if describe(path, self._cells).origin == "none" else "python"
        if code is None:
            name = call.name.rpartition(".")[2]
            parts = Parts(name, call.name, path, int(name == "<module>"), kind)
        else:
            first = 1 if code.co_name == "<module>" else code.co_firstlineno
            parts = Parts(code.co_name, code.co_qualname, path, first, kind)
            self.codes.setdefault(parts, code)
        return Frame(self.stacks.function(parts), line, path)


def _add_sources(profile: Profile, maker: _Maker, cells: Cells) -> None:
    """Text of functions and lines, those that held and allocated most first."""
    names = Names(cells, None)
    names.files, names.functions = profile.files, profile.functions
    weights: dict[int, int] = {}
    for row in range(profile.lines.rows):
        function = int(profile.lines["function"][row]) - 1
        weight = int(sum(profile.lines[name][row] for name in _WEIGHTS))
        weights[function] = max(weights.get(function, 0), weight)
    for index, parts in enumerate(maker.stacks.functions):
        if (code := maker.codes.get(parts)) is not None and index in weights:
            names.codes[index] = code
    known = {index: weight for index, weight in weights.items() if index in names.codes}
    found = [
        *line_sources(names, known, [], cells),
        *native_sources(profile, _WEIGHTS, ran_here(profile, LoadedObjects())),
    ]
    profile.sources = sorted(found, key=lambda source: (source.file, source.line))


def _engine(recorded: Recorded) -> Engine:
    reason = "every allocation of the process" + (
        ", with native frames" if recorded.native else ", without native frames: asked for"
    )
    if recorded.python_allocators:
        reason += ", and every object of Python's: asked for"
    return Engine("memray", recorded.version, reason)


def _folded(cut: Cut) -> list[Check]:
    """What was left out of the tree so that many stacks are read in bounded time."""
    short = [stack for stack in cut.stacks if stack.frames == "python"]
    rest = [stack for stack in cut.stacks if stack.frames == "none"]
    found = []
    if short:
        found.append(
            Check(
                "memory-python-only",
                f"{len(short):,} stacks with little memory are shown without frames of compiled "
                "code: their bytes are those of the Python that called it.",
                value=sum(stack.sums.bytes for stack in short),
                unit="bytes",
            )
        )
    if rest:
        found.append(
            Check(
                "folded",
                f"{len(rest):,} stacks with the least memory are the row (smaller stacks), which "
                "has all of their bytes.",
                value=sum(stack.sums.bytes for stack in rest),
                unit="bytes",
            )
        )
    return found
