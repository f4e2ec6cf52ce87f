"""Call paths: what was called, from where, all the way up.

One tree a thread, one node a path, in which every event charges the time since the last one; so
functions, callers and callees follow from it, as cProfile would have summed them. The recording
itself is the compiled :mod:`._recorder`, or, slower, :mod:`.pyrecorder`, which does the same.
"""

from __future__ import annotations

import sys
import threading
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from ..model import Engine, Warned
from . import greenlets, live
from .collector import (
    Other,
    Recording,
    Root,
    TreeColumns,
    displayhook_code,
    own_codes,
)
from .getstats import DISPLAYING

if sys.version_info >= (3, 12):
    from .tool import MonitoringEvents as Events
else:
    from .profilefunc import ProfileFunctionEvents as Events

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import CodeType

    from .collector import Called

#: Nodes of a thread's tree; what is called after that is folded, and counted.
MOST_NODES = 2_000_000

#: What :meth:`Recorder.functions` says that a function is.
CODE, BUILTIN, CALLABLE, FOLDED = range(4)


class PathCollector:
    """Collector of call paths, with the recorder of ``module``.

    ``threads`` records threads that the code starts through :mod:`threading` as well.
    ``cost_ns`` is what recording an event takes, and is charged to no function; 0 charges all time
    to functions, as cProfile does.
    """

    def __init__(
        self,
        module: Any,
        name: str,
        hook: object = None,
        *,
        threads: bool = False,
        most_nodes: int = MOST_NODES,
        cost_ns: float = 0.0,
    ) -> None:
        self._display = displayhook_code(hook)
        self._name = name
        self._clock: str = module.clock_name()
        self._threads = threads
        self._recorder = module.Recorder(
            display=self._display,
            own=own_codes(),
            variable=ContextVar("jupyterlab_profiler"),
            thread_start=threading.Thread.start.__code__ if threads else None,
            thread_begin=_BOOTSTRAP.__code__ if threads else None,
            limit=most_nodes,
            cost_ns=cost_ns,
        )
        # Called as attributes of this object: no frame of ours between.
        self.call: Callable[..., Any] = self._recorder.call
        self.resume: Callable[[], None] = self._recorder.resume
        self.pause: Callable[[], None] = self._recorder.pause
        self.mute: Callable[[], bool] = self._recorder.mute
        self.unmute: Callable[[bool], None] = self._recorder.unmute
        self._greenlets = greenlets.Switches(self._recorder.switched)
        self._events = Events(self._recorder)
        self._recording: Recording | None = None

    def start(self) -> None:
        """Claim a tool id of ``sys.monitoring``, or on Python 3.11 the thread's profile function.

        Raises :class:`~.collector.Unavailable` where they are taken.
        """
        try:
            self._events.claim()
            self._recorder.start()
            self._greenlets.start()
            live.add(self)
            self._events.listen(self._threads)
        except BaseException:
            self.abandon()
            raise

    def abandon(self) -> None:
        """Record no more, and give back what was claimed. Also for the child of a fork."""
        self._events.release()
        self._recorder.finish()
        self._greenlets.stop()
        live.remove(self)

    def stop(self) -> Recording:
        """Give back what was claimed, and hand over the tree."""
        self.abandon()
        if self._recording is None:
            self._recording = self._made()
        return self._recording

    def _made(self) -> Recording:
        recorder = self._recorder
        tree = _Tree(recorder, self._display)
        recording = Recording(
            Engine(self._name, clock=self._clock),
            tree=tree,
            has_threads=self._threads,
            has_tasks=True,
            greenlets_came_late=self._greenlets.came_late,
        )
        recording.warnings += self._warnings()
        return recording

    def _warnings(self) -> list[Warned]:
        warnings = []
        if self._events.lost:
            warnings.append(
                Warned(
                    "profiler-lost",
                    f"{self._events.lost}: what was called after that is missing here.",
                )
            )
        elif getattr(self._recorder, "was_dropped", False):
            warnings.append(
                Warned(
                    "profiler-lost",
                    "The recording was taken off the thread while the code ran, as Python 3.11 "
                    "does when a recursion comes to its limit inside it: what was called after "
                    "that is missing here.",
                )
            )
        if self._recorder.is_out_of_memory:
            warnings.append(
                Warned(
                    "memory",
                    "There was no memory for more call paths: what was called after that is "
                    "missing here.",
                )
            )
        return warnings


class _Tree:
    """What a recorder recorded."""

    def __init__(self, recorder: Any, display: CodeType | None) -> None:
        self._recorder = recorder
        self._display = display

    def functions(self) -> Sequence[Called]:
        return [self._called(kind, what) for kind, what in self._recorder.functions()]

    def columns(self, numbers: Sequence[int]) -> TreeColumns:
        found = self._recorder.columns(numbers)
        return TreeColumns(
            parent=found["parent"],
            function=found["function"],
            thread=found["thread"],
            calls=found["calls"],
            self_ns=found["self"],
            thread_ns=found["thread_ns"],
            roots=[
                Root(
                    kind,
                    name=thread.name if thread else "",
                    function=function,
                    tasks=tasks,
                    tid=(thread.native_id or 0) if thread else 0,
                    wall_ns=wall_ns,
                )
                for kind, thread, function, tasks, wall_ns in found["roots"]
            ],
            own_ns=found["own_ns"],
            root_ns=found["root_ns"],
            tracing_ns=found["tracing_ns"],
            events=found["events"],
            folded=found["folded"],
            lost=found["lost"],
            backwards=found["backwards"],
            drift=self._recorder.clock_drift,
            task_tracing_ns=found.get("task_tracing_ns", 0),
        )

    def _called(self, kind: int, what: Any) -> Called:
        if kind == FOLDED:
            return Other("(calls not told apart)", "folded", pseudo=True)
        if kind == CALLABLE:
            return _other(what)
        if what is self._display:
            return DISPLAYING
        called: CodeType | str = what
        return called


#: As the class ``type`` has them: a metaclass of the user's may have others.
_module_of: Any = vars(type)["__module__"].__get__
_qualified_name_of: Any = vars(type)["__qualname__"].__get__


def _other(what: object) -> Other:
    """The name of a callable, without running code of the user's."""
    kind = type(what)
    if issubclass(kind, type):
        name = _type_name(what)
        return Other(f"<class '{name}'>", name)
    sort = _type_name(kind)
    own = getattr(what, "__qualname__", None) or getattr(what, "__name__", None)
    if isinstance(own, str) and own:
        return Other(f"<{sort} '{own}'>", own)
    return Other(f"<{sort} object>", sort)


def _type_name(kind: object) -> str:
    """A type's name behind that of its module, where that is known.

    A type of Cython may have an attribute of its instances in that place.
    """
    module, qualified = _module_of(kind), _qualified_name_of(kind)
    has_module = isinstance(module, str) and module != "builtins"
    return f"{module}.{qualified}" if has_module else qualified


_BOOTSTRAP: Any = vars(threading.Thread)["_bootstrap_inner"]
