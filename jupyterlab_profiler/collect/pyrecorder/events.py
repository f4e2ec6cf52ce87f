"""What becomes of an event, whatever told it.

Recording in Python has two troubles that recording in C does not know.

A signal's handler may raise an error inside it, and so may a call too deep in recursion: then the
event is lost, and, on Python 3.11, the recorder loses the thread. Interrupts are put off until the
recorder has returned (:mod:`.interrupts`). A recursion may end in any function of ours; but to
enter and to leave take equally many frames (one that the interpreter calls, one here, one of the
tree), so where it is not recorded that a function is entered, it is not that it is left. What is
lost nevertheless is found by a later event that does not fit, and counted.

And it takes long. So the clock is read again when an event has been recorded, and what passed
meanwhile is no function's.
"""

from __future__ import annotations

import inspect
import threading
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

from .functions import CODE, FOLDED_KEY, Functions
from .tree import Tree

if TYPE_CHECKING:
    from contextvars import ContextVar
    from types import CodeType, FunctionType

    from .tree import Node

#: Whether events of a thread are recorded now.
CLOSED = "closed"
#: What was passed to call() runs, or a thread's run().
CELL = "cell"
#: A task that the cell started runs in the event loop.
TASK = "task"
#: Our own machinery runs inside the cell.
MUTED = "muted"
#: Nothing more comes of this thread.
ENDED = "ended"

OPEN = (CELL, TASK)

_COROUTINES = inspect.CO_COROUTINE | inspect.CO_ITERABLE_COROUTINE | inspect.CO_ASYNC_GENERATOR


class ThreadTree:
    """What is recorded of one thread."""

    def __init__(self, tree: Tree, thread: threading.Thread | None = None) -> None:
        self.tree = tree
        self.gate = CLOSED
        #: What unmute() goes back to.
        self.muted_from = CLOSED
        #: How often the displayhook is inside itself; what it calls is left out.
        self.displays = 0
        #: None for the thread of the recorder.
        self.thread = thread
        #: The code with which this thread's tree begins; None once it has.
        self.run: CodeType | None = None
        #: When its tree began, and when it ended.
        self.opened = self.ended = 0
        #: Python 3.11, frames by their ids: the one that was entered last, if nothing was left
        #: since, and the one before, if it calls that.
        self.entered = self.entered_before = 0
        #: How many tasks began of each coroutine function, by its child of the tasks' root.
        self.tasks: dict[Node, int] = {}


class Events:
    """Puts events into the trees of their threads."""

    def __init__(
        self,
        display: CodeType | None,
        own: set[Any],
        variable: ContextVar[Any] | None,
        thread_start: CodeType | None,
        limit: int,
        cost_ns: float,
    ) -> None:
        self._display = display
        self.own = own
        self._variable = variable
        self.thread_start = thread_start
        self._follows_threads = thread_start is not None
        self._limit = limit
        self._cost_ns = int(cost_ns)
        #: From start to finish.
        self.is_recording = False
        self.ident = threading.get_ident()
        self.main = ThreadTree(Tree(limit, self._cost_ns))
        #: All of them, in the order in which they began, and those of other threads by ident: one
        #: may be used again when a thread has ended.
        self.threads = [self.main]
        self.others: dict[int, ThreadTree] = {}
        #: Threads that recorded code has started.
        self.begun: list[threading.Thread] = []
        self.functions = Functions()
        #: Code objects, by id, that are not recorded, nor what builtins they call.
        self.silent: frozenset[int] = frozenset()

    def enter(self, thread: ThreadTree, code: CodeType, begins: bool, now: int) -> None:
        """A function starts (``begins``), or is resumed."""
        if thread.gate not in OPEN and not self._opens(thread, code, now):
            return
        if thread.displays:
            thread.displays += code is self._display
            return
        tree, key = thread.tree, id(code)
        tree.charge(now)
        child = tree.current.children.get(key)
        if child is not None:
            tree.open(child)
        elif tree.length >= self._limit or tree.current.key is FOLDED_KEY:
            tree.fold(self.functions.folded())
        else:
            child = tree.add(key, self.functions.code(key, code))
            tree.open(child)
        if code is self._display:
            thread.displays = 1
        if begins and thread.gate is TASK and tree.current.parent is tree.tasks:
            thread.tasks[tree.current] = thread.tasks.get(tree.current, 0) + 1
        tree.leave_out(perf_counter_ns())

    def leave(self, thread: ThreadTree, code: CodeType, now: int) -> None:
        """A function returns, yields, or is left by an error."""
        if thread.gate not in OPEN:
            return
        if thread.displays:
            thread.displays -= code is self._display
            if thread.displays or code is not self._display:
                return
        tree, key = thread.tree, id(code)
        tree.charge(now)
        if tree.current.key == key:
            tree.current = tree.current.parent
        else:
            self._close_late(tree, key, code)
        if tree.current is tree.tasks:
            thread.gate = CLOSED
        elif thread is not self.main and thread.gate is CELL and tree.current is tree.cell:
            thread.gate = ENDED  # its run() has ended
            thread.ended = now
        tree.leave_out(perf_counter_ns())

    def enter_callable(self, thread: ThreadTree, called: object, first: object, now: int) -> None:
        """Something is called that is no Python function."""
        if thread.gate not in OPEN or thread.displays:
            return
        key = self.functions.key(called, first)
        if key is None:
            return
        tree = thread.tree
        tree.charge(now)
        child = tree.current.children.get(key)
        if child is not None:
            tree.open(child)
        elif tree.length >= self._limit or tree.current.key is FOLDED_KEY:
            tree.fold(self.functions.folded())
        else:
            tree.open(tree.add(key, self.functions.callable(key, called, first)))
        tree.leave_out(perf_counter_ns())

    def leave_callable(self, thread: ThreadTree, called: object, first: object, now: int) -> None:
        """It has returned, or raised an error."""
        if thread.gate not in OPEN or thread.displays:
            return
        key = self.functions.key(called, first)
        if key is None:
            return
        tree = thread.tree
        tree.charge(now)
        if tree.current.key == key:
            tree.current = tree.current.parent
        else:
            self._close_late(tree, key, None)
        if tree.current is tree.tasks:
            thread.gate = CLOSED
        tree.leave_out(perf_counter_ns())

    def _close_late(self, tree: Tree, key: object, code: CodeType | None) -> None:
        """Close a call that does not fit what is open."""
        if tree.current.key is FOLDED_KEY:
            tree.unfold()
        elif code is not None and code in self.own:
            pass  # of ours: it was left when recording was turned off inside it
        elif not tree.close(key):
            tree.lost += 1  # it began before recording did, or on another stack

    def _opens(self, thread: ThreadTree, code: CodeType, now: int) -> bool:
        """Open a closed gate, where this code is what it waits for."""
        if not self.is_recording or thread.gate is not CLOSED:
            return False
        if thread.run is not None:
            if thread.run is not code:
                return False
            thread.opened = thread.tree.last = now
            thread.run = None
            thread.gate = CELL
            return True
        if thread is self.main and self._is_task_of_cell(code):
            thread.tree.last = now
            thread.tree.current = thread.tree.tasks
            thread.gate = TASK
            return True
        return False

    def _is_task_of_cell(self, code: CodeType) -> bool:
        """Whether this code begins or resumes a task that the cell has started.

        Then it is a coroutine, and its context is a copy of the cell's.
        """
        return (
            self._variable is not None
            and bool(code.co_flags & _COROUTINES)
            and self._variable.get(None) is not None
        )

    def note_start(self, thread: ThreadTree, started: Any) -> None:
        """Keep that recorded code starts a thread."""
        if thread.gate in OPEN and started is not None:
            self.begun.append(started)

    def begin(self, begun: object) -> ThreadTree | None:
        """Make a tree for the thread in which this is called, if recorded code has started it."""
        if not isinstance(begun, threading.Thread) or not any(begun is one for one in self.begun):
            return None
        thread = ThreadTree(Tree(self._limit, self._cost_ns), begun)
        thread.opened = thread.tree.last = perf_counter_ns()
        thread.run = _run_code(begun)
        thread.gate = CELL if thread.run is None else CLOSED
        self.threads.append(thread)
        self.others[threading.get_ident()] = thread
        return thread

    def is_own(self, node: Node) -> bool:
        """Whether a node is of a function of ours."""
        kind, what = self.functions.kind(node.key)
        return kind == CODE and what in self.own


def _run_code(thread: threading.Thread) -> CodeType | None:
    """Code object of the run() of a thread, from its class; None where it is no Python code."""
    run = inspect.getattr_static(type(thread), "run", None)
    function: FunctionType | None = run if inspect.isfunction(run) else None
    return None if function is None else function.__code__
