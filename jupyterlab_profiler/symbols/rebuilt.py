"""Makes a profile anew whose frames are known better: by function, file and line, some inlined."""

from __future__ import annotations

import operator
from array import array
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ..derive import put_together
from ..formats.badfile import BadFileError
from ..formats.filename import CYTHON, compiled_file
from ..formats.stacks import NONE, Tree
from ..model import Function, Table
from ..wire.layout import MAX_ENTRIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..model import Profile
    from .tools import Site

    #: By number of object and address: what is there, innermost frame first.
    Sites = dict[tuple[int, int], list[Site]]


class _Frame(NamedTuple):
    """A function, and the number of a file and the line there; both 0 where they are not known."""

    function: int
    file: int = 0
    line: int = 0


class _Thing(NamedTuple):
    """What a node stands for: a function, with what tells the node from others of it."""

    function: int
    line: int = 0
    address: int = 0
    inlined: int = 0


class Rebuilt:
    """A profile with a frame more for each inlined function.

    Nodes whose lines are known are one below one node where they are of one function; others keep
    their addresses, so that more can be found out later.
    """

    def __init__(
        self,
        profile: Profile,
        addresses: Sequence[int],
        sites: Mapping[tuple[int, int], Sequence[Site]],
    ) -> None:
        self._from = profile
        self._addresses = addresses
        self._sites = sites
        self._functions = list(profile.functions)
        self._files = list(profile.files)
        self._file_of = {file.path: number for number, file in enumerate(profile.files)}
        self._known: dict[tuple[str, int | None, int], int] = {}
        for number, function in enumerate(profile.functions):
            name = function.qualified or function.name
            file = 0 if function.file is None else function.file + 1
            self._known.setdefault((name, function.object, file), number)
        self._chains: dict[tuple[int, int], tuple[_Frame, ...]] = {}

    def profile(self) -> Profile:
        """The new profile. Its objects and warnings are those of the old one."""
        profile, paths = self._from, self._from.paths
        tree = Tree()
        things: dict[_Thing, int] = {}
        nodes = array("q")
        chains = []
        names = ("parent", "function", "thread", "line", "address", "inlined")
        rows = zip(*(paths.ints(name) for name in names), strict=True)
        for row, (offset, function, thread, line, address, inlined) in enumerate(rows):
            node = nodes[row - offset] if offset else NONE
            chain = self._chain(function, self._addresses[row])
            chains.append(chain)
            wanted = [
                _Thing(
                    frame.function,
                    self._own_line(frame),
                    0 if frame.line else address,
                    int(depth > 0),
                )
                for depth, frame in enumerate(chain)
            ] or [_Thing(function, line, address, inlined)]
            for thing in wanted:
                node = tree.child(node, things.setdefault(thing, len(things)), thread)
            nodes.append(node)
        if len(self._functions) > MAX_ENTRIES:
            raise BadFileError(0, f"there are more than {MAX_ENTRIES} functions")
        new = replace(
            profile,
            files=self._files,
            functions=self._functions,
            paths=_paths(profile, tree, list(things), nodes),
            lines=_joined(profile.lines, _lines(profile, chains)),
        )
        return _without_unused(new)

    def _chain(self, function: int, address: int) -> tuple[_Frame, ...]:
        """The frames at an address, outermost first; none where nothing is known."""
        key = function, address
        if not address:
            return ()
        if key not in self._chains:
            place = self._functions[function].object
            sites = self._sites.get((-1 if place is None else place, address), ())
            self._chains[key] = tuple(self._frame(function, site) for site in reversed(sites))
        return self._chains[key]

    def _frame(self, old: int, site: Site) -> _Frame:
        was = self._functions[old]
        name = site.name or was.qualified or was.name
        file = self._file(site.file) if site.file else 0
        key = name, was.object, file
        number = self._known.setdefault(key, len(self._functions))
        if number == len(self._functions):
            kept = None if not file else file - 1
            kind = "python" if site.file.endswith(CYTHON) else "native"
            self._functions.append(Function(name, name, kept, site.first_line, kind, was.object))
        return _Frame(number, file, site.line)

    def _own_line(self, frame: _Frame) -> int:
        """The line of a frame, if it is one of its function's file."""
        own = self._functions[frame.function].file
        return frame.line if own is not None and frame.file == own + 1 else 0

    def _file(self, path: str) -> int:
        number = self._file_of.setdefault(path, len(self._files))
        if number == len(self._files):
            self._files.append(compiled_file(path))
        return number + 1


def _paths(profile: Profile, tree: Tree, things: Sequence[_Thing], nodes: Sequence[int]) -> Table:
    order = tree.in_order()
    columns: dict[str, Sequence[float]] = {
        "parent": tree.offsets(order),
        "thread": [tree.threads[node] for node in order],
    }
    of_order = [things[tree.things[node]] for node in order]
    for name in _Thing._fields:
        columns[name] = [getattr(thing, name) for thing in of_order]
    for metric in profile.metrics:
        values = profile.paths.get(f"self.{metric.id}")
        if values is None:
            continue
        combine = max if metric.combine == "max" else operator.add
        own = put_together(combine, len(order), nodes, values)
        columns[f"self.{metric.id}"] = [own[node] for node in order]
    return Table(columns)


def _lines(profile: Profile, chains: Sequence[Sequence[_Frame]]) -> Table:
    """What lines had themselves, and in all: once a stack. Of metrics that are summed."""
    paths = profile.paths
    offsets, threads = paths.ints("parent"), paths.ints("thread")
    own = {
        f"self.{metric.id}": paths[f"self.{metric.id}"]
        for metric in profile.metrics
        if metric.combine == "sum" and f"self.{metric.id}" in paths
    }
    whole = {name: list(values) for name, values in own.items()}
    for row in range(paths.rows - 1, -1, -1):
        if offsets[row]:
            for summed in whole.values():
                summed[row - offsets[row]] += summed[row]
    rows: dict[tuple[_Frame, int], int] = {}
    sums: dict[str, list[float]] = {}
    for name in own:
        sums[name], sums[f"total{name[4:]}"] = [], []
    on_stack: list[int] = []
    # The rows above, and of each the numbers of the lines that it is at.
    way: list[tuple[int, list[int]]] = []
    for row, (offset, chain) in enumerate(zip(offsets, chains, strict=True)):
        while way and (not offset or way[-1][0] != row - offset):
            for number in way.pop()[1]:
                on_stack[number] -= 1
        numbers: list[int] = []
        for frame in chain:
            if not frame.line:
                continue
            number = rows.setdefault((frame, threads[row]), len(rows))
            if number == len(on_stack):
                on_stack.append(0)
                for values_of in sums.values():
                    values_of.append(0)
            numbers.append(number)
            for name, summed in whole.items():
                if not on_stack[number]:
                    sums[f"total{name[4:]}"][number] += summed[row]
            on_stack[number] += 1
        if chain and chain[-1].line:
            for name, values in own.items():
                sums[name][numbers[-1]] += values[row]
        way.append((row, numbers))
    return Table(
        {
            "file": [frame.file for frame, _ in rows],
            "line": [frame.line for frame, _ in rows],
            "function": [frame.function + 1 for frame, _ in rows],
            "thread": [thread for _, thread in rows],
            **sums,
        }
    )


def _joined(one: Table, other: Table) -> Table:
    """The rows of two tables. What one does not have is 0 there."""
    if not one.rows or not other.rows:
        return one if one.rows else other
    names = dict.fromkeys((*one, *other))
    return Table(
        {
            name: [*one.get(name, [0] * one.rows), *other.get(name, [0] * other.rows)]
            for name in names
        }
    )


def _without_unused(profile: Profile) -> Profile:
    """The profile without functions that no row is of."""
    tables = {name: getattr(profile, name) for name in ("paths", "totals", "edges", "lines")}
    used: set[int] = set()
    for name, table in tables.items():
        for column in ("function", "caller", "callee"):
            if column in table:
                used.update(number - (name == "lines") for number in table.ints(column))
    kept = [number for number in range(len(profile.functions)) if number in used]
    to = {number: place for place, number in enumerate(kept)}
    new = {
        name: Table(
            {column: _renumbered(name, column, values, to) for column, values in table.items()}
        )
        for name, table in tables.items()
    }
    return replace(
        profile,
        functions=[profile.functions[number] for number in kept],
        paths=new["paths"],
        totals=new["totals"],
        edges=new["edges"],
        lines=new["lines"],
    )


def _renumbered(
    table: str, column: str, values: Iterable[float], to: Mapping[int, int]
) -> list[float]:
    if column not in ("function", "caller", "callee"):
        return list(values)
    if table == "lines":  # references, of which 0 is none
        return [value and to[int(value) - 1] + 1 for value in values]
    return [to[int(value)] for value in values]
