"""Makes a profile of stacks: a call tree, and a table of lines where frames are at lines."""

from __future__ import annotations

import operator
from array import array
from typing import TYPE_CHECKING, NamedTuple

from ..derive import put_together
from ..model import (
    Engine,
    File,
    Function,
    Meta,
    NativeObject,
    Origin,
    Profile,
    Table,
    Thread,
    Warned,
)
from ..wire.layout import MAX_DEPTH, MAX_ENTRIES, MAX_ROWS
from .badfile import BadFileError
from .filename import file_of_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..model import Metric
    from .frames import Parts

#: Stands for the parent of a root.
NONE = -1
#: Bits of the number of a node, or of a thread that has one.
_BITS = MAX_ROWS.bit_length()


class Tree:
    """Nodes in any order, of which a child comes after its parent, and their own values."""

    def __init__(self) -> None:
        self.parents = array("q")
        #: What each node stands for: a frame, or a function.
        self.things = array("q")
        self.threads = array("q")
        self._depths = array("q")
        #: Nodes by parent and thing, and of roots by thread and thing, both in one number: millions
        #: of tuples are slow to make, and to collect.
        self._places: dict[int, int] = {}
        self.values: dict[str, dict[int, float]] = {}

    def child(self, parent: int, thing: int, thread: int = 0) -> int:
        """The child of a node for a thing, made if there is none. Of roots the thread counts."""
        key = ~(thing << _BITS | thread) if parent == NONE else thing << _BITS | parent
        node = self._places.get(key)
        if node is None:
            node = self._places[key] = self.append(parent, thing, thread)
        return node

    @property
    def is_merged(self) -> bool:
        """Whether no node has two children for one thing."""
        return len(self._places) == len(self.parents)

    def append(self, parent: int, thing: int, thread: int = 0) -> int:
        """A new child of a node. Who makes one for what has one already keeps two."""
        node = len(self.parents)
        if node >= MAX_ROWS:
            raise BadFileError(0, f"the call tree has more than {MAX_ROWS} nodes")
        depth = 1 if parent == NONE else self._depths[parent] + 1
        if depth > MAX_DEPTH:
            raise BadFileError(0, f"a stack has more than {MAX_DEPTH} frames")
        self.parents.append(parent)
        self.things.append(thing)
        self.threads.append(thread if parent == NONE else self.threads[parent])
        self._depths.append(depth)
        return node

    def stack(self, things: Sequence[int], thread: int = 0) -> int:
        """The node of a whole stack, root first."""
        node, places = NONE, self._places
        for thing in things:
            found = None if node == NONE else places.get(thing << _BITS | node)
            node = self.child(node, thing, thread) if found is None else found
        return node

    def add(self, node: int, metric: str, value: float) -> None:
        """Add to a node's own value of a metric."""
        column = self.values.setdefault(metric, {})
        column[node] = column.get(node, 0) + value

    def put_max(self, node: int, metric: str, value: float) -> None:
        """Make a node's own value at least this one."""
        column = self.values.setdefault(metric, {})
        column[node] = max(column.get(node, value), value)

    def column(self, metric: str) -> list[float]:
        """A metric's own values by node."""
        found = self.values.get(metric, {})
        return [found.get(node, 0) for node in range(len(self.parents))]

    def in_order(self) -> list[int]:
        """Nodes in pre-order, children in the order in which they were made."""
        length = len(self.parents)
        first, after = array("q", [NONE]) * length, array("q", [NONE]) * length
        root = NONE
        for node in range(length - 1, -1, -1):
            parent = self.parents[node]
            if parent == NONE:
                after[node], root = root, node
            else:
                after[node], first[parent] = first[parent], node
        order = []
        node, parents = root, self.parents
        while node != NONE:
            order.append(node)
            if first[node] != NONE:
                node = first[node]
                continue
            while node != NONE and after[node] == NONE:
                node = parents[node]
            node = NONE if node == NONE else after[node]
        return order

    def offsets(self, order: Sequence[int]) -> array[int]:
        """How many rows above its own each node's parent is in this order; 0 of roots."""
        place = array("q", bytes(8 * len(order)))
        for row, node in enumerate(order):
            place[node] = row
        above = (self.parents[node] for node in order)
        return array(
            "q",
            [0 if node == NONE else row - place[node] for row, node in enumerate(above)],
        )


class Frame(NamedTuple):
    """A function at a line: of the file ``path``, where both are known.

    ``address``: its offset in the function's object, 0 if not known.
    """

    function: int
    line: int = 0
    path: str = ""
    address: int = 0
    is_inlined: bool = False


class Stacks:
    """Collects stacks. Functions, threads and metrics with equal parts are one.

    ``frames`` is the tree of frames. In the profile's tree, frames of one function at one line
    below one node are one; in the table of lines, a line has in ``total`` each stack once.
    """

    def __init__(self, engine: str) -> None:
        self.engine = Engine(engine)
        self.frames = Tree()
        self.warnings: list[Warned] = []
        self.command: str | None = None
        self._metrics: dict[str, Metric] = {}
        self._functions: dict[Parts, int] = {}
        self._frames: dict[Frame, int] = {}
        self._threads: dict[Thread, int] = {}
        self.wall: int | None = None

    def metric(self, metric: Metric) -> Metric:
        """Say that something is measured. Returns what was said of it first."""
        return self._metrics.setdefault(metric.id, metric)

    def function(self, parts: Parts) -> int:
        """The number of a function."""
        index = self._functions.setdefault(parts, len(self._functions))
        if index >= MAX_ENTRIES:
            raise BadFileError(0, f"there are more than {MAX_ENTRIES} functions")
        return index

    @property
    def functions(self) -> list[Parts]:
        """All functions, by their numbers."""
        return list(self._functions)

    def frame(self, frame: Frame) -> int:
        """The number of a frame."""
        return self._frames.setdefault(frame, len(self._frames))

    def thread(self, thread: Thread) -> int:
        """The number of a thread."""
        return self._threads.setdefault(thread, len(self._threads))

    def warn(self, code: str, text: str) -> None:
        """Say something about the file. Once for each code."""
        if all(warned.code != code for warned in self.warnings):
            self.warnings.append(Warned(code, text))

    def profile(self, label: str) -> Profile:
        """What was collected."""
        files: dict[str, int] = {}
        objects: dict[str, int] = {}
        functions = [
            Function(
                parts.name,
                parts.qualified,
                files.setdefault(parts.path, len(files)) if parts.path else None,
                parts.line,
                parts.kind,
                objects.setdefault(parts.object, len(objects)) if parts.object else None,
            )
            for parts in self._functions
        ]
        lines = self._lines(files)
        described: list[File] = [file_of_path(path) for path in files]
        return Profile(
            meta=Meta(
                label=label,
                source=Origin("file", command=self.command),
                wall=self.wall,
                engine=self.engine,
                warnings=self.warnings,
            ),
            metrics=list(self._metrics.values()),
            files=described,
            objects=[NativeObject(path) for path in objects],
            functions=functions,
            threads=list(self._threads) or [Thread("")],
            paths=self._paths(),
            lines=lines,
        )

    def _paths(self) -> Table:
        """The tree of functions at lines of their files, made of that of frames."""
        frames = list(self._frames)
        paths = [parts.path for parts in self._functions]
        sites: dict[tuple[int, int], int] = {}
        site_of = [
            sites.setdefault((function, line if path == paths[function] else 0), len(sites))
            for function, line, path, _, _ in frames
        ]
        tree, nodes = Tree(), array("q")
        places: list[Frame] = []
        if len(sites) == len(frames) and self.frames.is_merged:
            # Each frame is a site of its own.
            tree, nodes = self.frames, array("q", range(len(self.frames.parents)))
            places = [frames[index] for index in tree.things]
        else:
            for node, parent in enumerate(self.frames.parents):
                index = self.frames.things[node]
                above = NONE if parent == NONE else nodes[parent]
                nodes.append(tree.child(above, site_of[index], self.frames.threads[node]))
                if nodes[node] == len(places):
                    places.append(frames[index])
        order = tree.in_order()
        functions, lines = zip(*sites, strict=True) if sites else ((), ())
        columns: dict[str, Sequence[float]] = {
            "parent": tree.offsets(order),
            "function": [functions[tree.things[node]] for node in order],
            "thread": [tree.threads[node] for node in order],
        }
        if any(lines):
            columns["line"] = [lines[tree.things[node]] for node in order]
        if any(frame.address for frame in frames):
            columns["address"] = [places[node].address for node in order]
        if any(frame.is_inlined for frame in frames):
            columns["inlined"] = [int(places[node].is_inlined) for node in order]
        for metric in self._metrics.values():
            combine = max if metric.combine == "max" else operator.add
            own = put_together(combine, len(order), nodes, self.frames.column(metric.id))
            columns[f"self.{metric.id}"] = [own[node] for node in order]
        return Table(columns)

    def _lines(self, files: dict[str, int]) -> Table:
        """What lines had themselves and in all. Of metrics that are summed."""
        frames = list(self._frames)
        if not any(frame.line for frame in frames):
            return Table()
        tree = self.frames
        of_place: dict[tuple[int, int, str], int] = {}
        place_of = [
            of_place.setdefault((frame.function, frame.line, frame.path), len(of_place))
            for frame in frames
        ]
        places = list(of_place)
        outermost = self._outermost(place_of)
        rows: dict[tuple[int, int], int] = {}  # by place and thread
        row_of = array("q")
        for node, frame_index in enumerate(tree.things):
            key = place_of[frame_index], tree.threads[node]
            is_at_line = places[key[0]][1] > 0
            row_of.append(rows.setdefault(key, len(rows)) if is_at_line else NONE)
        columns: dict[str, Sequence[float]] = {
            "file": [files.setdefault(places[place][2], len(files)) + 1 for place, _ in rows],
            "line": [places[place][1] for place, _ in rows],
            "function": [places[place][0] + 1 for place, _ in rows],
            "thread": [thread for _, thread in rows],
        }
        for metric in self._metrics.values():
            if metric.combine != "sum":
                continue
            own = tree.column(metric.id)
            whole = list(own)
            for node in range(len(own) - 1, -1, -1):
                if tree.parents[node] != NONE:
                    whole[tree.parents[node]] += whole[node]
            outer = [row if outermost[node] else NONE for node, row in enumerate(row_of)]
            columns[f"self.{metric.id}"] = put_together(operator.add, len(rows), row_of, own)
            columns[f"total.{metric.id}"] = put_together(operator.add, len(rows), outer, whole)
        return Table(columns)

    def _outermost(self, place_of: Sequence[int]) -> bytearray:
        """Of each node 1 where no node above it is at the same place."""
        tree = self.frames
        outermost = bytearray(len(tree.parents))
        counts = [0] * len(place_of)
        way: list[int] = []
        for node in tree.in_order():
            while way and way[-1] != tree.parents[node]:
                counts[place_of[tree.things[way.pop()]]] -= 1
            place = place_of[tree.things[node]]
            outermost[node] = not counts[place]
            counts[place] += 1
            way.append(node)
        return outermost
