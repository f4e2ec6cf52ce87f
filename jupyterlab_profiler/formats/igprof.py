"""Dumps of igprof: a call tree in pre-order, a line a node, each at an address, with counters.

``src/formats/igprof.ts`` has the same rules; there, addresses of one function are nodes of their
own, here they are put together by the function's name, as igprof-analyse does. None of that tool's
filters is applied, and names are as they are in the file (mangled). A function without a name is
called as there, ``@{libm.so.6+459483}``, by library and offset, the same in every run.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ..model import SAMPLES, TIME, Metric
from .badfile import BadFileError, shown
from .contents import label_of, naming
from .frames import Parts
from .stacks import NONE, Frame, Stacks
from .textlines import lines_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..model import Profile
    from .contents import Contents

_HEADER = re.compile(
    r"P=\((HEX )?ID=[0-9a-f]{1,16} N=\((.*)\) T=(\d{1,9}(?:\.\d{1,12})?)\)", re.ASCII
)
_HEAD = re.compile(rb"P=\((?:HEX )?ID=[0-9a-f]+ N=\(")
_NUMBER = "[0-9a-f]{1,16}"
_NODE = re.compile(
    rf"C({_NUMBER}) FN({_NUMBER})"
    rf"(=\(F({_NUMBER})(?:=\((.*?)\)(?=\+))?\+(-?{_NUMBER}) N=\((.*?)\)\)(?=\+))?\+(-?{_NUMBER})"
)
_COUNTER = re.compile(
    rf" V({_NUMBER})(?:=\(([A-Za-z_0-9]{{1,60}})\))?:\(({_NUMBER}),({_NUMBER}),({_NUMBER})\)"
)
_RESOURCE = re.compile(rf";LK=\(0x{_NUMBER},{_NUMBER}\)")

#: Under this all stacks stand in what igprof-analyse prints.
_ROOT = Parts("<spontaneous>", "spontaneous", kind="pseudo")
#: What a node stands for of which the file has no definition, or no longer.
_LOST = Parts("(lost)")
_OWN_LIBRARY = re.compile(r"(?:^|/)libigprof\.so")
_ALLOCATORS = re.compile(
    r"(?:malloc|calloc|realloc|memalign|posix_memalign|aligned_alloc|valloc|z\w*alloc\w*|_Zn[wa]\w+)",
    re.ASCII,
)
_MOST = 2**53
#: Counters of a dump, and levels that are filled in where lines are lost.
_MOST_COUNTERS, _MOST_MISSING = 64, 1000

#: Of counters of memory: what their values are, and what their events.
_MEMORY = {
    "MEM_TOTAL": (
        Metric("bytes", "Bytes allocated (MEM_TOTAL)", "bytes"),
        Metric("allocations", "Allocations (MEM_TOTAL)", "count"),
    ),
    "MEM_MAX": (
        Metric("max_bytes", "Largest allocation (MEM_MAX)", "bytes", combine="max"),
        Metric("max_allocations", "Allocations (MEM_MAX)", "count"),
    ),
    "MEM_LIVE": (
        Metric("live_bytes", "Bytes not freed (MEM_LIVE)", "bytes"),
        Metric("live_allocations", "Allocations not freed (MEM_LIVE)", "count"),
    ),
}

#: What is to be known of a dump, by its code.
_WARNINGS = {
    "lost": "{} lines of this dump cannot be read, as those that two processes wrote at a time. "
    "What they counted is missing.",
    "moved": "The callers of {} nodes are on lines that cannot be read. These nodes stand below "
    "the nearest caller that is known.",
    "undefined": "{} nodes are of functions of which the names are on lines that cannot be read: "
    "(lost).",
    "resources": "The dump lists {} live resources one by one. Their addresses are not kept.",
    "filters": "Functions of the profiler itself and, for memory, malloc and its like are shown "
    "here as what they are; igprof-analyse takes them for their callers.",
}


def sniff(file: Contents) -> bool:
    """Whether a file begins with a dump's header."""
    return _HEAD.match(file.data) is not None


def read(files: Sequence[Contents]) -> Profile:
    """The profile in dumps, their counters added by the names of functions."""
    dumps = _Dumps()
    for file in files:
        with naming(file.path):
            dumps.read(file.data)
    dumps.finish()
    return dumps.stacks.profile(label_of(files))


class _Dumps:
    """What dumps hold together. Numbers of functions, files and counters are those of one dump."""

    def __init__(self) -> None:
        self.stacks = Stacks("igprof")
        self._root = self._frame(_ROOT)
        self._names: dict[str, int] = {}
        #: Counters by name, in order.
        self._measured: dict[str, None] = {}
        self._put_ids: set[str] = set()
        self._tick = 0
        self._lost = self._moved = self._undefined = self._resources = 0
        self._is_filtered = False
        self._start("P=(ID=0 N=() T=0)")

    def _frame(self, parts: Parts) -> int:
        return self.stacks.frame(Frame(self.stacks.function(parts)))

    def _start(self, text: str) -> bool:
        """Begin a dump. False if this is no header."""
        header = _HEADER.fullmatch(text)
        if header is None:
            return False
        self._base = 16 if header[1] else 10
        self.stacks.command = self.stacks.command or header[2] or None
        # A period is told in whole microseconds.
        self._period = round(float(header[3]) * 1e6) * 1000
        self._tick = self._tick or self._period
        self._paths: dict[int, str] = {}
        self._frames: dict[int, int] = {}
        self._counters: dict[int, str] = {}
        #: Nodes by depth; the first is the root of all.
        self._way = [self.stacks.frames.child(NONE, self._root)]
        return True

    def read(self, data: bytes) -> None:
        """Add the nodes of a dump."""
        lines = lines_of(data)
        first = next(lines, None)
        if first is None or not self._start(first.text):
            found = "an empty file" if first is None else shown(first.text)
            raise BadFileError(0, f"the first line of an igprof dump was expected, not {found}", 1)
        has_nodes, lost = False, self._lost
        for line in lines:
            # A last line without its end may have been longer.
            is_cut = line.at + len(line.text.encode()) >= len(data)
            if line.text.startswith("P=(") and not is_cut:
                has_nodes |= self._start(line.text)
            elif not is_cut and self._node(line.text):
                has_nodes = True
            elif line.text:
                self._lose(line.text)
        if self._lost > lost and not has_nodes:
            raise BadFileError(len(data), "behind the first line no node can be read")

    def _node(self, text: str) -> bool:
        """Add a node. False for a line that is damaged, of which nothing is taken."""
        found = _NODE.match(text)
        if found is None:
            return False
        try:
            depth = self._int(found[1])
            counters = self._counters_of(text, found.end())
            frame = self._place(found)
        except ValueError:  # of digits that the base does not have, and of what is too large
            return False
        if depth < 1:
            return False
        level = min(depth, len(self._way))
        # Where the caller was on a line that is lost, the nearest that is known takes its place.
        self._moved += depth > level
        del self._way[level:]
        above = self._way[-1]
        if depth - level < _MOST_MISSING:
            self._way += [above] * (depth - level)
        tree = self.stacks.frames
        node = tree.child(above, frame)
        self._way.append(node)
        for name, count, value, peak in counters:
            self._measured[name] = None
            put = tree.put_max if name.endswith("_MAX") else tree.add
            put(node, f"{name}.value", value)
            tree.add(node, f"{name}.events", count)
            tree.add(node, f"{name}.peak", peak)
            if name == "PERF_TICKS":
                same = self._period == self._tick
                tree.add(node, "time", value if same else value * self._period / self._tick)
        return True

    def _place(self, found: re.Match[str]) -> int:
        """The frame of a node. Raises ``ValueError`` if its line is damaged."""
        number = self._int(found[2])
        self._int(found[8].removeprefix("-"))
        if not found[3]:
            frame = self._frames.get(number)
            if frame is None:
                self._undefined += 1
                return self._frame(_LOST)
            return frame
        file = self._int(found[4])
        address = self._int(found[6].removeprefix("-"))
        if found[5] is not None:
            self._paths[file] = found[5]
        elif file not in self._paths:
            raise ValueError
        frame = self._frames[number] = self._function(
            found[7], self._paths[file], -address if found[6].startswith("-") else address
        )
        return frame

    def _function(self, name: str, path: str, address: int) -> int:
        if name.startswith("@?") and path:
            name = f"@{{{path.rpartition('/')[2]}+{address}}}"
        frame = self._names.get(name)
        if frame is None:
            kind = "native" if path else "jit"
            frame = self._names[name] = self._frame(Parts(name, kind=kind, object=path))
        self._is_filtered |= _OWN_LIBRARY.search(path) is not None
        self._is_filtered |= _ALLOCATORS.fullmatch(name) is not None and self._is_of_memory()
        return frame

    def _is_of_memory(self) -> bool:
        return any(name.startswith("MEM_") for name in (*self._measured, *self._counters.values()))

    def _counters_of(self, text: str, at: int) -> list[tuple[str, int, int, int]]:
        """The counters of a line from there on. Raises ``ValueError`` if they are damaged."""
        found: list[tuple[str, int, int, int]] = []
        resources = 0
        while at < len(text):
            counter = _COUNTER.match(text, at)
            if counter is None:
                raise ValueError
            at = counter.end()
            number = self._int(counter[1])
            name = counter[2] or self._counters[number] if number in self._counters else counter[2]
            if not name or len({*self._measured, name}) > _MOST_COUNTERS:
                raise ValueError
            self._counters[number] = name
            count, value, peak = (self._int(counter[group]) for group in (3, 4, 5))
            found.append((name, count, value, peak))
            while (resource := _RESOURCE.match(text, at)) is not None:
                at = resource.end()
                resources += 1
        self._resources += resources
        return found

    def _int(self, text: str) -> int:
        number = int(text, self._base)
        if number >= _MOST:
            raise ValueError
        return number

    def _lose(self, text: str) -> None:
        """Leave a line out. Where it tells its depth, nothing goes below what stood there."""
        self._lost += 1
        found = re.match(rf"C({_NUMBER})", text)
        try:
            depth = self._int(found[1]) if found else 0
        except ValueError:
            return
        if depth >= 1:
            del self._way[depth:]

    def finish(self) -> None:
        """Say what was measured, and what is to be known of it.

        What counts events once more adds nothing: it is left out where it is the value itself, or
        the events of an earlier counter.
        """
        counted: list[dict[int, float]] = []
        for name in self._measured:
            columns = [self._take(name, part) for part in ("value", "events", "peak")]
            if name == "PERF_TICKS":
                if self._tick:
                    self.stacks.metric(replace(TIME, tick=self._tick))
                self._put(SAMPLES, columns[0])
                continue
            value, events = _MEMORY.get(name) or _other_metrics(name)
            self._put(value, columns[0])
            if columns[1] not in (columns[0], *counted):
                self._put(events, columns[1])
                counted.append(columns[1])
            if name.endswith("_LIVE"):
                self._put(
                    replace(value, id=f"{value.id}_peak", label=f"{name} at its peak"), columns[2]
                )
        for code, count in (
            ("lost", self._lost),
            ("moved", self._moved),
            ("undefined", self._undefined),
            ("resources", self._resources),
            ("filters", self._is_filtered),
        ):
            if count:
                self.stacks.warn(code, _WARNINGS[code].format(count))

    def _take(self, name: str, part: str) -> dict[int, float]:
        column = self.stacks.frames.values.pop(f"{name}.{part}", {})
        return {node: value for node, value in column.items() if value}

    def _put(self, metric: Metric, column: dict[int, float]) -> None:
        # Calls and time mean something; and two names may differ by capitals alone.
        name = metric.id
        while name in ("calls", "time") or name in self._put_ids:
            name += "_"
        self._put_ids.add(name)
        self.stacks.metric(replace(metric, id=name))
        self.stacks.frames.values[name] = column


def _other_metrics(name: str) -> tuple[Metric, Metric]:
    combine = "max" if name.endswith("_MAX") else "sum"
    word = name.lower() if name[0].isalpha() else f"c{name.lower()}"
    return (
        Metric(word, name, "count", combine=combine),
        Metric(f"{word}_events", f"Events ({name})", "count"),
    )
