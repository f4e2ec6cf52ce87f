"""A call tree that grows while code runs: one node for each distinct path.

::

    cell root                         tasks root
    └ <module>  calls 1, self 5       └ fetch  calls 3, self 2
      ├ parse   calls 9, self 40
      │ └ int   calls 90, self 12     the innermost open node is `current`
      └ parse's namesake ...

An event must be recorded wholly or not at all, though a signal's handler may raise an error inside
the recorder, and another thread may run there. The interpreter looks for both only where something
is called and where a loop turns. So what changes a tree stands in a row, without a call.
"""

from __future__ import annotations

from .functions import FOLDED_KEY


class Node:
    """One path: its last function, called from the path of its parent.

    Filled in by those who make one: an ``__init__`` would be one frame more, see events.py.
    """

    __slots__ = ("calls", "children", "function", "key", "parent", "self_ns")

    #: What was called; None for a root.
    key: object
    #: Its number in Functions; -1 for a root.
    function: int
    #: The node itself for a root.
    parent: Node
    #: By key, in the order of their first calls.
    children: dict[object, Node]
    #: How often it was entered; resuming a generator counts, as in cProfile.
    calls: int
    #: Time in which it was the innermost open node.
    self_ns: int


class Tree:
    """What one thread called.

    There are two roots: below the first is what the cell calls, below the second one child for each
    coroutine function that ran as a task. ``limit`` is the number of nodes after which calls are
    folded, ``cost_ns`` what recording an event takes and no function is charged with.
    """

    def __init__(self, limit: int, cost_ns: int) -> None:
        self.limit = limit
        self.cost_ns = cost_ns
        self.cell = _root()
        self.tasks = _root()
        #: In the order in which they were made: a parent before its children.
        self.nodes = [self.cell, self.tasks]
        self.length = 2
        self.current = self.cell
        #: Calls open inside the folded node that is current.
        self.folding = 0
        #: When the clock was last read.
        self.last = 0
        #: Time that recording took.
        self.tracing_ns = 0
        #: Events that never came, found by one that did not fit.
        self.lost = 0
        #: How often the clock went back.
        self.backwards = 0

    def charge(self, now: int) -> None:
        """Charge the time since the clock was last read to the current node."""
        passed = now - self.last
        self.last = now
        if passed > self.cost_ns:
            self.current.self_ns += passed - self.cost_ns
            self.tracing_ns += self.cost_ns
        elif passed >= 0:
            self.tracing_ns += passed
        else:
            self.backwards += 1

    def leave_out(self, now: int) -> None:
        """The time since the clock was last read was spent here, and by no function."""
        passed = now - self.last
        self.last = now
        if passed > 0:
            self.tracing_ns += passed

    def add(self, key: object, function: int) -> Node:
        """Make a child of the current node."""
        parent = self.current
        node = Node()
        node.key, node.function, node.parent, node.children = key, function, parent, {}
        node.calls = node.self_ns = 0
        parent.children[key] = node
        self.nodes += (node,)
        self.length += 1
        return node

    def open(self, child: Node) -> None:
        """Open a child of the current node."""
        child.calls += 1
        self.current = child

    def fold(self, function: int) -> None:
        """Open what stands for all calls below a full tree; ``function`` is its number.

        One node a parent: so their number is bounded by that of the others.
        """
        current = self.current
        if current.key is FOLDED_KEY:
            current.calls += 1
            self.folding += 1
            return
        child = current.children.get(FOLDED_KEY) or self.add(FOLDED_KEY, function)
        child.calls += 1
        self.folding = 0
        self.current = child

    def unfold(self) -> None:
        """Close a call below a full tree: they are counted, not told apart."""
        if self.folding:
            self.folding -= 1
        else:
            self.current = self.current.parent

    def close(self, key: object) -> bool:
        """Close what is open above the innermost activation of this key, and that.

        Returns whether there is one: else nothing is closed.
        """
        node, closed = self.current, 0
        while node.key != key:
            if node.parent is node:
                return False
            node = node.parent
            closed += 1
        self.lost += closed
        self.folding = 0
        self.current = node.parent
        return True


def _root() -> Node:
    root = Node()
    root.key, root.function, root.parent, root.children = None, -1, root, {}
    root.calls = root.self_ns = 0
    return root
