"""The compiled line recorder, on events of the chosen code objects alone. Python 3.12 and newer.

Other code is as quick as ever, but for a C call an exception that leaves one of its functions.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

from ...model import Engine, Warned
from .. import greenlets, live
from .collector import LineRecording, LineRow, describe_thread, innermost_first
from .targets import functions_of

if sys.version_info >= (3, 12):
    from ..tool import Tool, events_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FunctionType

assert sys.version_info >= (3, 12)  # noqa: S101 - sys.monitoring came with it

#: Events that exist for one code object, and those that exist only for all (PEP 669).
_LOCAL = ("LINE", "PY_START", "PY_RESUME", "PY_RETURN", "PY_YIELD")
_EVERYWHERE = ("PY_THROW", "PY_UNWIND")


class LineEvents:
    """Has a line recorder told of what chosen code does, by a tool id of our own."""

    def __init__(self, recorder: Any) -> None:
        self._recorder = recorder
        self._tool = Tool()
        self._mask = events_of(_LOCAL)
        #: Chosen code by its identity, and which local events it had for our id.
        self._before: dict[int, tuple[CodeType, int]] = {}
        self._was_changed = False
        self._is_releasing = False

    def claim(self) -> None:
        """Raises :class:`~..collector.Unavailable` when no tool id is free."""
        self._tool.claim()

    def listen(self) -> None:
        """Register the callbacks."""
        self._tool.listen(self._recorder.callbacks(), _EVERYWHERE)

    def choose(self, code: CodeType) -> None:
        """Turn the events of this code on."""
        tool, monitoring = self._tool.id, sys.monitoring
        if tool is None or id(code) in self._before:
            return
        before = monitoring.get_local_events(tool, code)
        self._before[id(code)] = code, before  # before they are on: an Interrupt may come
        monitoring.set_local_events(tool, code, self._mask)

    def release(self) -> None:
        """Give everything back. Safe to call twice; a second call does what an Interrupt left."""
        tool, monitoring = self._tool.id, sys.monitoring
        if tool is None:
            return
        self._tool.retake()  # an id that was freed still has the events of single code objects
        on = [
            (code, before)
            for code, before in self._before.values()
            if monitoring.get_local_events(tool, code) == self._mask
        ]
        if not self._is_releasing:
            self._was_changed = len(on) < len(self._before)
            self._is_releasing = True
        for code, before in on:
            monitoring.set_local_events(tool, code, before)
        self._tool.release()
        self._before.clear()

    @property
    def were_lost(self) -> bool:
        """Whether somebody took events away while they were recorded."""
        return self._tool.was_lost or self._was_changed


class LineRecorderCollector:
    """Engine ``recorder``: exact hits and times, threads apart.

    Code objects are told apart by identity, so namesakes and functions of equal bytecode are, too.
    Recorded is what runs in any thread between :meth:`start` and :meth:`stop`; each has rows of its
    own.
    """

    def __init__(self, module: Any, hit_cost_ns: float = 0.0) -> None:
        self._clock: str = module.clock_name()
        self._recorder = module.LineRecorder(running=_RUNNING)
        self._events = LineEvents(self._recorder)
        self._greenlets = greenlets.Switches(self._recorder.switched)
        self._hit_cost_ns = hit_cost_ns
        self._chosen: dict[int, CodeType] = {}
        self._is_started = False
        self._recording: LineRecording | None = None
        # Called as an attribute of this object: no frame of ours between.
        self.call: Callable[..., Any] = self._recorder.call

    def prepare(self, code: CodeType, inside: bool = True) -> CodeType:
        """Choose the code of it. It runs as it is."""
        for inner in innermost_first(code) if inside else (code,):
            if id(inner) not in self._chosen:
                self._recorder.add(inner)
                self._chosen[id(inner)] = inner
            if self._is_started:
                self._events.choose(inner)
        return code

    def add(self, target: object) -> None:
        """Choose the functions of it. Raises ValueError where there are none."""
        for function in functions_of(target):
            self.add_function(function)

    def add_function(self, function: FunctionType) -> None:
        """Choose this function itself."""
        self.prepare(function.__code__)

    def start(self) -> None:
        """Claim a tool id of ``sys.monitoring``.

        Raises :class:`~..collector.Unavailable` where they are taken.
        """
        try:
            self._events.claim()
            self._recorder.start()
            self._greenlets.start()
            live.add(self)
            self._events.listen()
            self._is_started = True
            for code in self._chosen.values():
                self._events.choose(code)
        except BaseException:
            self.abandon()
            raise

    def abandon(self) -> None:
        """Record no more, and give back what was claimed. Also for the child of a fork."""
        self._is_started = False
        self._events.release()
        self._recorder.finish()
        self._greenlets.stop()
        live.remove(self)

    def stop(self) -> LineRecording:
        """Give back what was claimed, and hand over the lines."""
        self.abandon()
        if self._recording is None:
            recorder = self._recorder
            self._recording = LineRecording(
                Engine("recorder", clock=self._clock),
                codes=list(self._chosen.values()),
                rows=[LineRow(*row) for row in recorder.rows()],
                threads=[describe_thread(thread, ident) for ident, thread in recorder.threads()],
                hit_cost_ns=self._hit_cost_ns,
                lost=recorder.lost,
                warnings=self._warnings(),
            )
        return self._recording

    def _warnings(self) -> list[Warned]:
        warnings = []
        if self._events.were_lost:
            warnings.append(
                Warned(
                    "profiler-lost",
                    "The code turned the recorder's events off: lines that ran after that are "
                    "missing here.",
                )
            )
        if self._recorder.is_out_of_memory:
            warnings.append(
                Warned(
                    "memory",
                    "There was no memory for more lines: what ran after that is missing here.",
                )
            )
        if self._recorder.lost and self._greenlets.came_late:
            warnings.append(
                Warned(
                    "greenlets",
                    "The code imported greenlet only while it ran, so its greenlets were not told "
                    "apart: times of lines that switch may be wrong. Run it again.",
                )
            )
        outside = self._recorder.outside
        if outside:
            warnings.append(
                Warned(
                    "lines-outside",
                    f"{outside} hits are missing here: they are of lines that their code does not "
                    "list, or that lie more than a million lines behind its first.",
                )
            )
        return warnings


#: The dict of a thread's ident to its Thread. Asking ``current_thread`` would make one for threads
#: that threading does not know.
_RUNNING: Any = vars(threading)["_active"]
