"""Events from ``sys.monitoring`` (PEP 669), Python 3.12 and newer.

They come for every thread; events of threads that are not recorded are dropped at once. While one
is told, the interpreter tells nothing else of this thread: calls of ours are not seen.
"""

from __future__ import annotations

import sys
from threading import get_ident
from time import perf_counter_ns
from types import FunctionType
from typing import TYPE_CHECKING

from ..collector import hide
from .functions import NOTHING, is_at_start

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    from .events import Events, ThreadTree

assert sys.version_info >= (3, 12)  # noqa: S101 - sys.monitoring came with it

_LOOKS_FIRST = sys.version_info >= (3, 13)


def callbacks(recorder: Events, thread_begin: CodeType | None) -> dict[str, Callable[..., object]]:
    """The callables for ``sys.monitoring``, by the names of the events."""
    main, others, me = recorder.main, recorder.others, recorder.ident
    enter, leave = recorder.enter, recorder.leave
    enter_callable, leave_callable = recorder.enter_callable, recorder.leave_callable
    missing, thread_start = sys.monitoring.MISSING, recorder.thread_start
    silent = recorder.silent

    def this_thread() -> ThreadTree | None:
        ident = get_ident()
        return main if ident == me else others.get(ident)

    def on_start(code: CodeType, offset: int) -> None:  # noqa: ARG001
        now = perf_counter_ns()
        if code is thread_begin and recorder.is_recording and get_ident() != me:
            recorder.begin(sys._getframe(1).f_locals.get("self"))  # noqa: SLF001
        thread = this_thread()
        if thread is not None and id(code) not in silent:
            if code is thread_start:
                recorder.note_start(thread, sys._getframe(1).f_locals.get("self"))  # noqa: SLF001
            enter(thread, code, True, now)

    def on_enter(code: CodeType, offset: int, error: object = None) -> None:  # noqa: ARG001
        now, thread = perf_counter_ns(), this_thread()
        if thread is not None and id(code) not in silent:
            enter(thread, code, False, now)

    def on_leave(code: CodeType, offset: int, value: object) -> None:  # noqa: ARG001
        now, thread = perf_counter_ns(), this_thread()
        if thread is not None and id(code) not in silent:
            leave(thread, code, now)

    def on_unwind(code: CodeType, offset: int, error: object) -> None:  # noqa: ARG001
        now, thread = perf_counter_ns(), this_thread()
        # Since Python 3.13 the interpreter looks for signals before it tells that a function
        # starts: by an Interrupt it may be left without having been entered.
        if (
            thread is not None
            and id(code) not in silent
            and not (_LOOKS_FIRST and is_at_start(sys._getframe(1)))  # noqa: SLF001
        ):
            leave(thread, code, now)

    # Of a Python function its start will be told.
    def on_call(code: CodeType, offset: int, called: object, first: object) -> None:  # noqa: ARG001
        if type(called) is not FunctionType:
            now, thread = perf_counter_ns(), this_thread()
            if thread is not None and id(code) not in silent:
                first = NOTHING if first is missing else first
                enter_callable(thread, called, first, now)

    def on_returned(code: CodeType, offset: int, called: object, first: object) -> None:  # noqa: ARG001
        if type(called) is not FunctionType:
            now, thread = perf_counter_ns(), this_thread()
            if thread is not None and id(code) not in silent:
                first = NOTHING if first is missing else first
                leave_callable(thread, called, first, now)

    hide(on_start, on_enter, on_leave, on_unwind, on_call, on_returned, this_thread)
    return {
        "PY_START": on_start,
        "PY_RESUME": on_enter,
        "PY_THROW": on_enter,
        "PY_RETURN": on_leave,
        "PY_YIELD": on_leave,
        "PY_UNWIND": on_unwind,
        "CALL": on_call,
        "C_RETURN": on_returned,
        "C_RAISE": on_returned,
    }
