"""The class Recorder, with the methods of the compiled one."""

from __future__ import annotations

import sys
import threading
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any, TypeVar

from ..collector import hide
from .events import CELL, CLOSED, ENDED, MUTED, OPEN, Events
from .interrupts import Interrupts
from .result import columns
from .tree import Tree

if sys.version_info >= (3, 12):
    from .monitoring import callbacks
else:
    from .profilefunc import ProfileFunction

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextvars import ContextVar, Token
    from types import CodeType, FrameType

    from .tree import Node

T = TypeVar("T")


class Recorder:
    """Records call paths of the code that is passed to :meth:`call`, in the thread that makes it.

    ``display`` is the code object of the displayhook; what it calls is left out. ``own`` holds code
    objects of ours. ``variable`` marks tasks of the cell; None follows no tasks. ``thread_start``
    and ``thread_begin`` are the code objects of ``Thread.start`` and ``_bootstrap_inner``, to have
    threads recorded as well. ``limit``: nodes a thread; what comes then is folded. ``cost_ns``:
    what recording an event takes; it is charged to no function.
    """

    #: There is one clock, which cannot run from itself.
    clock_drift = 0.0
    #: What there is no memory for is an error of Python.
    is_out_of_memory = 0

    def __init__(
        self,
        *,
        display: CodeType | None = None,
        own: set[Any] | None = None,
        variable: ContextVar[Any] | None = None,
        thread_start: CodeType | None = None,
        thread_begin: CodeType | None = None,
        limit: int = 2_000_000,
        cost_ns: float = 0.0,
    ) -> None:
        if not (2 <= limit <= 100_000_000 and 0 <= cost_ns < 1e6):
            raise ValueError("limit or cost_ns is out of range")
        own = set() if own is None else own
        self._events = Events(display, own, variable, thread_start, limit, cost_ns)
        self._events.silent = _SILENT
        self._variable = variable
        self._was_started = False
        #: Of suspended greenlets, by their id.
        self._stacks: dict[int, Node] = {}
        #: Python 3.11: another profiler took the thread, or the interpreter dropped us.
        self.was_replaced = 0
        self.was_dropped = 0
        if sys.version_info >= (3, 12):
            self._callbacks = callbacks(self._events, thread_begin)
            self._interrupts = Interrupts(self._callbacks.values())
        else:
            self._function = ProfileFunction(self._events)
            self._interrupts = Interrupts((ProfileFunction.on_event, ProfileFunction.begin))

    def start(self) -> bool:
        """Take events from now on.

        On Python 3.12 and newer the caller registers :meth:`callbacks`; on 3.11 this takes the
        thread's profile function. Returns whether it was free.
        """
        self._check()
        if self._was_started:
            raise RuntimeError("a Recorder is started once")
        if sys.version_info < (3, 12) and not self._function.install():
            return False
        self._was_started = True
        self._interrupts.start()
        self._events.main.opened = perf_counter_ns()
        self._events.is_recording = True
        return True

    def call(self, function: Callable[..., T], /, *args: Any) -> T:
        """Call with the recording on. Returns what the function does."""
        self._check()
        variable = self._variable
        token = variable.set(True) if variable is not None else None
        # A loop inside a loop may run the cell's next step inside of one of its tasks.
        thread = self._events.main
        before = thread.gate, thread.tree.current, thread.displays
        try:
            self._close_gate()
            self._open_gate()
            return function(*args)
        finally:
            self._count_unclosed()
            self._close_gate()
            self._go_back(*before)
            if token is not None:
                self._reset(token)

    def resume(self) -> None:
        """Turn the recording on, until :meth:`pause`."""
        self._check()
        self._open_gate()

    def pause(self) -> None:
        """Turn the recording off, and close what is open."""
        self._check()
        self._close_gate()

    def mute(self) -> bool:
        """Leave out what runs now, and close nothing but functions of ours.

        Returns whether there was something to mute: :meth:`unmute` needs it.
        """
        self._check()
        thread = self._events.main
        if thread.gate not in OPEN:
            return False
        tree = thread.tree
        tree.charge(perf_counter_ns())
        thread.muted_from, thread.gate = thread.gate, MUTED
        while tree.current.function >= 0 and self._events.is_own(tree.current):
            tree.current = tree.current.parent
        return True

    def unmute(self, before: bool, /) -> None:
        """Record again, if that was so before."""
        self._check()
        thread = self._events.main
        if before and thread.gate is MUTED:
            thread.tree.leave_out(perf_counter_ns())
            thread.gate = thread.muted_from

    def switched(self, event: str, greenlets: tuple[Any, Any], /) -> None:  # noqa: ARG002
        """For ``greenlet.settrace()``: keep the call stacks of greenlets apart."""
        thread = self._events.main
        if threading.get_ident() != self._events.ident or thread.gate not in OPEN:
            return
        origin, target = greenlets
        tree = thread.tree
        tree.charge(perf_counter_ns())
        if origin.dead:
            self._stacks.pop(id(origin), None)
        else:
            self._stacks[id(origin)] = tree.current
        # A greenlet that begins goes on below the one that switched to it first.
        tree.current = self._stacks.pop(id(target), tree.current)

    def finish(self) -> None:
        """Take no more events, and close what is open, in all threads.

        Safe to call twice, and in the child of a fork.
        """
        events = self._events
        if not events.is_recording:
            return
        if sys.version_info < (3, 12):
            if threading.get_ident() == events.ident:
                self._note_loss()
            self._function.remove()
        events.is_recording = False
        self._interrupts.stop()
        now = perf_counter_ns()
        for thread in events.threads:
            if thread.gate in OPEN:
                thread.tree.charge(now)
            if thread.gate is not ENDED:
                thread.ended = now
            thread.gate = ENDED
        self._stacks.clear()
        events.begun.clear()

    if sys.version_info >= (3, 12):

        def callbacks(self) -> dict[str, Callable[..., object]]:
            """The callables for ``sys.monitoring``, by the names of the events."""
            self._check()
            return self._callbacks

    else:

        def begin_thread(self, frame: FrameType, event: str, arg: object, /) -> None:
            """For ``threading.setprofile()``.

            Records a thread that begins, if recorded code has started it.
            """
            self._function.begin(frame, event, arg)

    def functions(self) -> list[tuple[int, Any]]:
        """What was called, as pairs: kind (see :mod:`.functions`), and the object or its name."""
        return self._events.functions.pairs()

    def columns(self, numbers: Sequence[int], /) -> dict[str, Any]:
        """The call trees as columns in pre-order.

        ``numbers`` holds for each of :meth:`functions` the number that it has in the result, or -1
        for one of ours: its time is own, and its callees are its caller's. Functions of one number
        are put together.

        Returns a dict of bytes, 64-bit integers: parent (offset to it, 0 for a root), function,
        thread, calls, self (ns), and thread_ns (self times of each root); of roots, a list of
        (kind, Thread or None, function, tasks, wall in ns), which thread counts; and of own_ns,
        root_ns, tracing_ns, events, folded, lost.
        """
        if self._events.is_recording:
            raise RuntimeError("finish() comes before columns()")
        count = len(self.functions())
        if len(numbers) != count:
            raise ValueError(f"columns() takes one number a function: {count}")
        if any(number < -1 for number in numbers):
            raise ValueError("a function's number is out of range")
        return columns(self._events.threads, numbers)

    def _check(self) -> None:
        if threading.get_ident() != self._events.ident:
            raise RuntimeError("a Recorder belongs to the thread that made it")

    def _open_gate(self) -> None:
        events, thread = self._events, self._events.main
        if not events.is_recording or thread.gate is ENDED:
            return
        if sys.version_info < (3, 12):
            self._note_loss()
            self._function.install()
        thread.displays = 0
        thread.tree.current = thread.tree.cell
        thread.tree.last = perf_counter_ns()
        thread.gate = CELL

    def _close_gate(self) -> None:
        thread = self._events.main
        if thread.gate not in OPEN:
            return
        thread.tree.charge(perf_counter_ns())
        thread.gate = CLOSED
        thread.displays = 0
        thread.tree.current = thread.tree.cell

    def _count_unclosed(self) -> None:
        """What is open when all has returned was left without an event."""
        tree = self._events.main.tree
        node = tree.current
        while node.parent is not node:
            tree.lost += 1
            node = node.parent

    def _go_back(self, gate: str, current: Node, displays: int) -> None:
        """Record again what was recorded before the cell's code was called."""
        thread = self._events.main
        if (gate in OPEN or gate is MUTED) and thread.gate is CLOSED:
            thread.tree.current, thread.displays = current, displays
            thread.tree.last = perf_counter_ns()
            thread.gate = gate

    def _reset(self, token: Token[Any]) -> None:
        try:
            assert self._variable is not None  # noqa: S101 - it made the token
            self._variable.reset(token)
        except ValueError:
            pass  # the code has changed the context of its thread

    def _note_loss(self) -> None:
        if sys.version_info < (3, 12) and not self._function.is_ours:
            if self._function.is_dropped:
                self.was_dropped = 1
            else:
                self.was_replaced = 1


_OWN = (
    Interrupts.interrupted,
    Tree.charge,
    Tree.leave_out,
    Recorder.call,
    Recorder.resume,
    Recorder.pause,
    Recorder.mute,
    Recorder.unmute,
    Recorder.switched,
    *(
        vars(Recorder)[name]
        for name in (
            "_check",
            "_open_gate",
            "_close_gate",
            "_count_unclosed",
            "_go_back",
            "_reset",
            "_note_loss",
        )
    ),
)
hide(*_OWN)
#: Code objects of ours that run where recording is on, by id. They are not recorded, as methods of
#: the compiled recorder are not.
_SILENT = frozenset(id(function.__code__) for function in _OWN)
