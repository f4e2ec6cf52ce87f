"""Dumps of igprof: a call tree in pre-order, a line a node, each at an address, with counters.

Nodes are put together by the name of their function, as igprof-analyse does. A line that is damaged
(processes that share a file splice them) costs its node, and is counted.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ..model import SAMPLES, TIME, Metric
from .badfile import BadFileError
from .contents import label_of, naming
from .frames import Parts
from .stacks import NONE, Frame, Stacks
from .textlines import lines_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..model import Profile
    from .contents import Contents
    from .textlines import Line

_HEADER = re.compile(
    r"P=\((HEX )?ID=([0-9a-f]{1,16}) N=\((.*)\) T=(\d{1,9}(?:\.\d{1,12})?)\)", re.ASCII
)
_NUMBER = "[0-9a-f]{1,16}"
_NODE = re.compile(
    rf"C({_NUMBER}) FN({_NUMBER})"
    rf"(=\(F({_NUMBER})(?:=\((.*?)\))?\+(-?{_NUMBER}) N=\((@\?\(nil\)|[^)]*)\)\))?\+-?{_NUMBER}"
)
_COUNTER = re.compile(
    rf" V({_NUMBER})(?:=\(([A-Za-z_0-9]{{1,60}})\))?:\(({_NUMBER}),({_NUMBER}),({_NUMBER})\)"
)
_LEAK = re.compile(rf";LK=\(0x{_NUMBER},{_NUMBER}\)")

_BYTES = Metric("bytes", "Bytes", "bytes")


class _Measured(NamedTuple):
    """What a counter measures: by its value, and how often."""

    value: Metric
    events: Metric | None = None


_COUNTERS = {
    "PERF_TICKS": _Measured(SAMPLES),
    "MEM_TOTAL": _Measured(_BYTES, Metric("allocations", "Allocations", "count")),
    "MEM_MAX": _Measured(Metric("max_bytes", "Largest allocation", "bytes", combine="max")),
    "MEM_LIVE": _Measured(
        Metric("live_bytes", "Live bytes", "bytes"),
        Metric("live_allocations", "Live allocations", "count"),
    ),
}


def sniff(file: Contents) -> bool:
    """Whether a file begins with a dump's header."""
    return _HEADER.match(file.data[:4096].decode("latin-1")) is not None


def read(files: Sequence[Contents]) -> Profile:
    """The profile in dumps, their counters added."""
    stacks = Stacks("igprof")
    functions: dict[str, int] = {}
    lost = leaks = 0
    for file in files:
        with naming(file.path):
            dump = _Dump(stacks, functions)
            dump.read(file.data)
            lost += dump.lost
            leaks += dump.leaks
    if lost:
        stacks.warn(
            "lost-lines",
            f"{lost} lines are damaged. Their nodes are lost, and what they called is under the "
            "node above.",
        )
    if leaks:
        stacks.warn(
            "resources", f"Addresses and sizes of {leaks} live resources are not in the profile."
        )
    return stacks.profile(label_of(files))


class _Dump:
    """Reads one dump. Numbers of functions, files and counters are its own."""

    def __init__(self, stacks: Stacks, functions: dict[str, int]) -> None:
        self._stacks = stacks
        self._of_name = functions
        self._paths: dict[int, str] = {}
        self._frames: dict[int, int] = {}
        self._counters: dict[int, _Measured] = {}
        self._base = 16
        self._tick = 0.0
        self.lost = self.leaks = 0

    def read(self, data: bytes) -> None:
        """Add the nodes of a dump."""
        lines = lines_of(data)
        first = next(lines, None)
        header = _HEADER.fullmatch(first.text) if first is not None else None
        if header is None:
            raise BadFileError(0, "this is no dump of igprof: its first line would be P=(...)", 1)
        self._base = 16 if header[1] else 10
        self._tick = float(header[4]) * 1e9
        if self._stacks.command is None:
            self._stacks.command = header[3]
        way: list[int] = []
        for line in lines:
            if line.text and not self._node(line, way):
                self.lost += 1

    def _node(self, line: Line, way: list[int]) -> bool:
        """Add a node. False for a line that is damaged, of which nothing is taken."""
        found = _NODE.match(line.text)
        if found is None:
            return False
        try:
            depth, function = self._int(found[1]), self._int(found[2])
            counters = self._counters_of(line.text, found.end())
            if found[3]:
                file = self._int(found[4])
                self._int(found[6])
        except ValueError:  # of digits that the base does not have
            return False
        if counters is None or depth < 1:
            return False
        if found[3]:
            if found[5] is not None:
                self._paths[file] = found[5]
            elif file not in self._paths:
                return False
            self._frames[function] = self._frame(found[7], self._paths[file])
        elif function not in self._frames:
            return False
        del way[min(depth, len(way) + 1) - 1 :]
        tree = self._stacks.frames
        node = tree.child(way[-1] if way else NONE, self._frames[function])
        way.append(node)
        for measured, count, value in counters:
            self._add(node, measured, count, value)
        return True

    def _frame(self, name: str, path: str) -> int:
        index = self._of_name.get(name)
        if index is None:
            kind = "native" if path else "jit"
            index = self._stacks.function(Parts(name, kind=kind, object=path))
            self._of_name[name] = index
        return self._stacks.frame(Frame(index))

    def _counters_of(self, text: str, at: int) -> list[tuple[_Measured, int, int]] | None:
        """The counters of a line from there on; None if they are damaged."""
        found = []
        while at < len(text):
            counter = _COUNTER.match(text, at)
            if counter is None:
                return None
            at = counter.end()
            number = self._int(counter[1])
            if counter[2]:
                self._counters[number] = _measured(counter[2])
            if number not in self._counters:
                return None
            found.append((self._counters[number], self._int(counter[3]), self._int(counter[4])))
            while (leak := _LEAK.match(text, at)) is not None:
                at = leak.end()
                self.leaks += 1
        return found

    def _add(self, node: int, measured: _Measured, count: int, value: int) -> None:
        tree = self._stacks.frames
        metric = measured.value
        self._stacks.metric(metric)
        put = tree.put_max if metric.combine == "max" else tree.add
        put(node, metric.id, value)
        if measured.events is not None:
            self._stacks.metric(measured.events)
            tree.add(node, measured.events.id, count)
        if metric is SAMPLES and self._tick:
            time = self._stacks.metric(replace(TIME, tick=self._tick))
            tree.add(
                node, TIME.id, value if time.tick == self._tick else value * self._tick / time.tick
            )

    def _int(self, text: str) -> int:
        return int(text, self._base)


def _measured(name: str) -> _Measured:
    known = _COUNTERS.get(name)
    if known is not None:
        return known
    label = name.replace("_", " ").capitalize()
    combine = "max" if name.endswith("_MAX") else "sum"
    return _Measured(Metric(name.lower(), label, "count", combine=combine))
