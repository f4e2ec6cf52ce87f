"""From what was recorded to columns: one tree for all threads, in pre-order.

::

    recorded                    numbers: run -> 0, ours -> -1, f -> 1, f's namesake -> 1
    root                        0  run    self 5
    └ run 5                     1  └ f    self 3 + 4, calls 2
      ├ ours 1    ───────►           own_ns 1
      │ └ f 3
      └ f's namesake 4
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from .functions import FOLDED_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .events import ThreadTree
    from .tree import Node


class _Merged:
    """A node of the result."""

    __slots__ = ("calls", "children", "function", "root", "self_ns")

    def __init__(self, function: int, root: int) -> None:
        self.function = function
        self.root = root
        #: By function and root, in the order of their first calls.
        self.children: dict[tuple[int, int], _Merged] = {}
        self.calls = self.self_ns = 0

    def child(self, function: int, root: int) -> _Merged:
        """The child for a function, made if there is none."""
        found = self.children.get((function, root))
        if found is None:
            found = self.children[function, root] = _Merged(function, root)
        return found


class _Result:
    def __init__(self, numbers: Sequence[int]) -> None:
        self._numbers = numbers
        self.top = _Merged(-1, -1)
        self.roots: list[tuple[str, Any, int, int, int]] = []
        #: Time of functions of ours.
        self.own_ns = 0

    def add_tree(self, thread: ThreadTree) -> None:
        wall_ns = max(thread.ended - thread.opened, 0)
        root = self._add_root("thread", thread.thread, wall_ns=wall_ns)
        tree = thread.tree
        # Where each node went, and under which root. Ours go where their callers went.
        place: dict[Node, tuple[_Merged, int]] = {
            tree.cell: (self.top, root),
            tree.tasks: (self.top, root),
        }
        for node in tree.nodes[len(place) :]:
            above, under = place[node.parent]
            function = self._numbers[node.function]
            if node.parent is tree.tasks:
                under = self._add_root("task", None, function, thread.tasks.get(node, 0))
            if function < 0:
                place[node] = above, under
                self.own_ns += node.self_ns
                continue
            merged = above.child(function, under)
            merged.calls += node.calls
            merged.self_ns += node.self_ns
            place[node] = merged, under

    def _add_root(
        self, kind: str, thread: object, function: int = -1, tasks: int = 0, wall_ns: int = 0
    ) -> int:
        self.roots.append((kind, thread, function, tasks, wall_ns))
        return len(self.roots) - 1

    def columns(self) -> dict[str, array[int]]:
        parent, function, thread = array("q"), array("q"), array("q")
        calls, self_ns = array("q"), array("q")
        sums = array("q", bytes(8 * len(self.roots)))
        # What is still to be written: a node and its parent's row, -1 for a root.
        found = [(child, -1) for child in reversed(self.top.children.values())]
        while found:
            node, above = found.pop()
            row = len(parent)
            parent.append(row - above if above >= 0 else 0)
            function.append(node.function)
            thread.append(node.root)
            calls.append(node.calls)
            self_ns.append(node.self_ns)
            sums[node.root] += node.self_ns
            found += [(child, row) for child in reversed(node.children.values())]
        return {
            "parent": parent,
            "function": function,
            "thread": thread,
            "calls": calls,
            "self": self_ns,
            "thread_ns": sums,
        }


def columns(threads: Iterable[ThreadTree], numbers: Sequence[int]) -> dict[str, Any]:
    """The trees of all threads as columns; the first is the thread of the code."""
    result = _Result(numbers)
    main, *others = threads
    for thread in (main, *others):
        result.add_tree(thread)
    trees = [thread.tree for thread in (main, *others)]
    called = [node for tree in trees for node in tree.nodes]
    return {
        **result.columns(),
        "own_ns": result.own_ns,
        "root_ns": main.tree.cell.self_ns + main.tree.tasks.self_ns,
        "tracing_ns": main.tree.tracing_ns,
        "events": sum(2 * node.calls for node in called),
        "folded": sum(node.calls for node in called if node.key is FOLDED_KEY),
        "lost": sum(tree.lost for tree in trees),
        "backwards": sum(tree.backwards for tree in trees),
        "roots": result.roots,
    }
