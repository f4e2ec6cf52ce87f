"""One measurement from start to Profile: an engine, a stopwatch, and how the code ended."""

from __future__ import annotations

import asyncio
from datetime import datetime
from threading import get_ident
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any, TypeVar

from .collect.clock import Stopwatch
from .collect.collector import (
    CAUGHT_INTERRUPT,
    drop_own_frames,
    forget_traceback,
    hide,
    traceback_of,
)
from .collect.files import NO_CELLS, Cells
from .model import EXITED, Check, Meta, Origin, Profile, Status, View, Where

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, TracebackType

    from .measure import Measure

T = TypeVar("T")

_TEXT_LIMIT = 300


class Session:
    """Runs code in this thread, piece by piece, measures it, and makes a Profile of it.

    Raises :class:`~.collect.collector.Unavailable` when no engine can measure now.
    """

    def __init__(self, label: str, source: Origin, measure: Measure) -> None:
        began = perf_counter_ns()
        self.watch = Stopwatch()
        self._measure = measure
        self._meta = Meta(
            label=label,
            source=source,
            started=datetime.now().astimezone().isoformat(timespec="milliseconds"),
        )
        self._end: tuple[Status, str | None, int, str] = ("ok", None, 0, "")
        self._cancelled = False
        self._thread = get_ident()
        self._measure.start()
        _sessions.setdefault(self._thread, []).append(self)
        self._tracing_ns = perf_counter_ns() - began

    def call(self, function: Callable[..., T], *args: Any) -> T:
        """Call with the recording on.

        Our frames are taken out of the traceback of what is raised.
        """
        try:
            self.watch.enter()
            try:
                return self._measure.call(function, *args)
            finally:
                self.watch.leave(suspended=False)
        except BaseException as error:
            self.ended(error)
            raise

    def step(self, resume: Callable[..., T], *args: Any) -> T:
        """Resume a coroutine with the recording on.

        Until the next step it is suspended, unless it has ended.
        """
        suspended = False
        try:
            self.watch.enter()
            try:
                result = self._measure.call(resume, *args)
                suspended = True
                self._cancelled = False
            finally:
                self.watch.leave(suspended)
        except StopIteration:
            raise
        except BaseException as error:
            self.ended(error)
            raise
        return result

    def prepare(self, code: CodeType) -> CodeType:
        """What is to run in the place of a code object of the cell.

        An Interrupt that strikes here has nothing to show of its place: all of it is ours.
        """
        try:
            return self._measure.prepare(code)
        except KeyboardInterrupt as error:
            forget_traceback(error)
            self.ended(error)
            raise

    def resume(self) -> None:
        """Turn the recording on until :meth:`pause`, for a block of code."""
        self.watch.enter()
        self._measure.resume()

    def pause(self) -> None:
        """Turn the recording off."""
        self._measure.pause()
        self.watch.leave(suspended=False)

    def cancelled(self) -> None:
        """Somebody asked the code to stop while it was suspended."""
        self._cancelled = True

    def finish(
        self, view: View | None = None, cells: Cells = NO_CELLS, rest: str | None = None
    ) -> Profile:
        """Stop measuring and make the Profile."""
        began = perf_counter_ns()
        self._measure.stop()
        sessions = _sessions.get(self._thread, [])
        if self in sessions:
            sessions.remove(self)
        if not sessions:
            _sessions.pop(self._thread, None)
        self._tracing_ns += perf_counter_ns() - began
        profile = self._measure.build(self.watch, self._meta, cells, rest)
        profile.view = view or View()
        status, path, line, text = self._end
        self._meta.status = status
        if status == "interrupted":
            warnings = self._meta.warnings
            warnings[:] = [warning for warning in warnings if warning.code != CAUGHT_INTERRUPT]
        if status != "ok":
            paths = [file.path for file in profile.files]
            self._meta.where = Where(paths.index(path) if path in paths else None, line, text)
        profile.checks.append(
            Check(
                "tracing",
                "Starting and stopping the profiler took this long, outside of the wall time.",
                value=self._tracing_ns,
                unit="ns",
            )
        )
        return profile

    def returned(self, profile: Profile) -> object:
        """What the option ``-r`` gives for the profile of this session."""
        return self._measure.returned(profile)

    def ended(self, error: BaseException) -> None:
        """The measured code ended with this error."""
        # The error itself is not kept: it would keep the user's variables alive.
        drop_own_frames(error)
        entry, path, line = traceback_of(error), None, 0
        outermost = entry.tb_frame.f_code.co_filename if entry is not None else None
        while entry is not None:
            if entry.tb_frame.f_code.co_filename == outermost:
                path, line = outermost, _line_of(entry)
            entry = entry.tb_next
        self._end = (self._status(error), path, line, _describe(error))

    def ended_between(self, error: BaseException) -> None:
        """The code ended with this error between two of its pieces: in the shell's code."""
        if self._end[0] == "ok":
            self._end = (self._status(error), None, 0, _describe(error))

    def _status(self, error: BaseException) -> Status:
        if isinstance(error, KeyboardInterrupt):
            return "interrupted"
        if isinstance(error, asyncio.CancelledError) and self._cancelled:
            return "interrupted"
        if isinstance(error, SystemExit):
            return "exit"
        return "error"


#: Sessions that run, innermost last, by thread.
_sessions: dict[int, list[Session]] = {}


class Muted:
    """While our own machinery works, what runs is left out of the sessions around it."""

    def __enter__(self) -> None:
        """Mute them."""
        self._muted = [
            (session._measure, session._measure.mute())  # noqa: SLF001 - of one family
            for session in _sessions.get(get_ident(), ())
        ]

    def __exit__(self, *_: object) -> None:
        """Let them hear again what they heard before."""
        for measure, before in self._muted:
            measure.unmute(before)


hide(Muted.__enter__, Muted.__exit__)
hide(Session.call, Session.step, Session.prepare, Session.resume, Session.pause)
hide(Stopwatch.enter, Stopwatch.leave)


def _line_of(entry: TracebackType) -> int:
    """The line of a traceback's entry; 0 if it is not known.

    An Interrupt may strike at an instruction that stands on no line (PEP 626): then the last line
    before it.
    """
    found: int | None = entry.tb_lineno
    if found is not None:
        return found
    lines = entry.tb_frame.f_code.co_lines()
    known = [line for start, _, line in lines if line is not None and start <= entry.tb_lasti]
    return known[-1] if known else 0


def _describe(error: BaseException) -> str:
    name = type(error).__name__
    if isinstance(error, SystemExit):
        code = error.code
        if code is None or (isinstance(code, int) and not code):
            return EXITED
        if code in ("", "0"):  # a text, with which Python ends with 1
            return f"{name}: {code!r}"
    try:
        lines = str(error).splitlines()
    except Exception:  # noqa: BLE001 - an error whose text is an error, whichever
        lines = []
    text = f"{name}: {lines[0]}" if lines and lines[0] else name
    return text if len(text) <= _TEXT_LIMIT else text[: _TEXT_LIMIT - 1] + "…"
