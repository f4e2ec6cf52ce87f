"""cProfile on Python 3.12 and newer, kept to one thread.

There cProfile hears every thread and files all calls into one stack, so that in a live kernel most
callers are wrong (snakeviz #198, cpython PR 138229). Its callbacks are right, though: here they are
called by callbacks of our own, which let through only events of the profiled thread while the
profiled code runs. Our own tool id leaves cProfile's free for the user.
"""

from __future__ import annotations

import cProfile
import sys
from threading import get_ident
from types import BuiltinFunctionType, CodeType, MethodDescriptorType
from typing import TYPE_CHECKING, Any

from .collector import Collector, Recording, T, Unavailable, displayhook_code, hide
from .getstats import recording

if sys.version_info >= (3, 12):
    from .tool import Tool

if TYPE_CHECKING:
    from collections.abc import Callable

assert sys.version_info >= (3, 12)  # noqa: S101 - sys.monitoring came with it


def _displaying() -> None:
    """Stands for the displayhook in the profile: its time is kept, what it calls is not."""


class _Gate:
    """Whether events are let through now."""

    __slots__ = ("open",)

    def __init__(self) -> None:
        self.open = False


class MonitoredCProfile:
    """Collector over cProfile's callbacks, for Python 3.12 and newer."""

    def __init__(self, hook: object = None) -> None:
        self._hook_code = displayhook_code(hook)
        self._profiler = cProfile.Profile()
        self._gate = _Gate()
        self._tool = Tool()

    def start(self) -> None:
        """Claim a free tool id of ``sys.monitoring``.

        Raises :class:`Unavailable` when there is none.
        """
        expect_callbacks()
        self._tool.claim()
        self._tool.listen(self._callbacks())

    def call(self, function: Callable[..., T], *args: Any) -> T:
        """Call with the gate open."""
        gate = self._gate
        gate.open = True
        try:
            return function(*args)
        finally:
            gate.open = False

    def resume(self) -> None:
        """Open the gate."""
        self._gate.open = True

    def pause(self) -> None:
        """Close the gate."""
        self._gate.open = False

    def mute(self) -> bool:
        """Close the gate for a while."""
        before = self._gate.open
        self._gate.open = False
        return before

    def unmute(self, before: bool) -> None:
        """Open it again, if it was open."""
        self._gate.open = before

    def stop(self) -> Recording:
        """Free the tool id and hand over the rows."""
        self._tool.release()
        return recording(self._profiler, displaying=_displaying.__code__)

    def _callbacks(self) -> dict[str, Callable[..., object]]:
        enter, leave, enter_c, leave_c = callbacks_of(self._profiler)
        gate, me, hook_code = self._gate, get_ident(), self._hook_code
        display, missing = _displaying.__code__, sys.monitoring.MISSING
        caller = type(self).call.__code__
        # What is open now: code objects and builtins, and of builtins the first argument. An
        # Interrupt or a RecursionError can strike inside one of these callbacks, so that cProfile
        # never hears of an event; then its stack no longer matches the interpreter's, and this one
        # tells what to close. Between a change of it and the call that tells cProfile, the
        # interpreter never looks for signals: so these two are always equal.
        stack: list[Any] = [None] * 64
        firsts: list[Any] = [None] * 64
        depth = 0
        # How often the displayhook is inside itself; what it calls is not recorded.
        hidden = 0

        def grow() -> None:
            stack.extend([None] * depth)
            firsts.extend([None] * depth)

        def close_down_to(code: object) -> bool:
            """Close what never closed above the innermost activation of this code, if any."""
            nonlocal depth
            place = depth - 1
            while place >= 0 and stack[place] is not code:
                place -= 1
            if place < 0:
                return False
            while depth > place + 1:
                depth -= 1
                lost, stack[depth] = stack[depth], None
                first, firsts[depth] = firsts[depth], None
                if type(lost) is CodeType:
                    leave(lost, 0, None)
                else:
                    leave_c(code, 0, lost, first)
            return True

        def on_enter(code: CodeType, offset: int, *error: object) -> None:
            nonlocal depth, hidden
            if gate.open and get_ident() == me:
                if code is hook_code:
                    hidden += 1
                    if hidden > 1:
                        return
                    code = display
                elif hidden:
                    return
                if depth == len(stack):
                    grow()
                stack[depth] = code
                depth += 1
                enter(code, offset, *error)

        def on_leave(code: CodeType, offset: int, value: object) -> None:
            nonlocal depth, hidden
            if gate.open and get_ident() == me:
                if hidden:
                    if code is hook_code:
                        hidden -= 1
                    if hidden or code is not hook_code:
                        return
                    code = display
                if depth and (stack[depth - 1] is code or close_down_to(code)):
                    depth -= 1
                    leave(code, offset, value)

        def on_call(code: CodeType, offset: int, function: object, first: object) -> None:
            nonlocal depth
            kind = type(function)
            if (
                (
                    kind is BuiltinFunctionType
                    or (kind is MethodDescriptorType and first is not missing)
                )
                and gate.open
                and not hidden
                and code is not caller
                and get_ident() == me
            ):
                if depth and stack[depth - 1] is not code:
                    close_down_to(code)
                if depth == len(stack):
                    grow()
                stack[depth] = function
                firsts[depth] = first
                depth += 1
                enter_c(code, offset, function, first)

        # The same condition as above, written out again: every call passes here.
        def on_c_leave(code: CodeType, offset: int, function: object, first: object) -> None:
            nonlocal depth
            kind = type(function)
            if (
                (
                    kind is BuiltinFunctionType
                    or (kind is MethodDescriptorType and first is not missing)
                )
                and gate.open
                and not hidden
                and code is not caller
                and get_ident() == me
            ):
                if depth and stack[depth - 1] is function:
                    depth -= 1
                    firsts[depth] = stack[depth] = None  # keeps nothing of the user's alive
                    leave_c(code, offset, function, first)
                else:
                    close_down_to(code)

        hide(on_enter, on_leave, on_call, on_c_leave, close_down_to, grow)
        return {
            "PY_START": on_enter,
            "PY_RESUME": on_enter,
            "PY_THROW": on_enter,
            "PY_RETURN": on_leave,
            "PY_YIELD": on_leave,
            "PY_UNWIND": on_leave,
            "CALL": on_call,
            "C_RETURN": on_c_leave,
            "C_RAISE": on_c_leave,
        }


hide(MonitoredCProfile.call, MonitoredCProfile.resume, MonitoredCProfile.pause)
hide(MonitoredCProfile.mute, MonitoredCProfile.unmute)


def callbacks_of(profiler: cProfile.Profile) -> tuple[Callable[..., object], ...]:
    """CProfile's own callbacks: enter and leave a Python function, enter and leave a builtin."""
    names = ("_pystart_callback", "_pyreturn_callback", "_ccall_callback", "_creturn_callback")
    found = [getattr(profiler, name, None) for name in names]
    missing = [name for name, callback in zip(names, found, strict=True) if callback is None]
    if missing:
        raise Unavailable(
            f"cProfile of Python {sys.version.split()[0]} has no {', '.join(missing)}, so its "
            "events cannot be kept to one thread, and its numbers would be wrong: "
            "use another version of Python"
        )
    return tuple(callback for callback in found if callback is not None)


_expected = False


def expect_callbacks() -> None:
    """Feed cProfile's callbacks a known run, once, and refuse when they count it wrong."""
    global _expected
    if _expected:
        return
    profiler = cProfile.Profile()
    enter, leave, enter_c, leave_c = callbacks_of(profiler)
    outer, inner = expect_callbacks.__code__, callbacks_of.__code__
    try:
        enter(outer, 0)
        for _ in range(2):
            enter(inner, 0)
            enter_c(inner, 0, len, ())
            leave_c(inner, 0, len, ())
            leave(inner, 0, None)
        leave(outer, 0, None)
        counted = {row.code: row.callcount for row in profiler.getstats()}
    except Exception as error:  # noqa: BLE001 - whatever it is, it is not as expected
        counted = {repr(error): 0}
    if counted != {outer: 1, inner: 2, "<built-in method builtins.len>": 2}:
        raise Unavailable(
            f"cProfile of Python {sys.version.split()[0]} does not count a known run as expected "
            f"({counted}), so its numbers would be wrong: use another version of Python"
        )
    _expected = True


_check: type[Collector] = MonitoredCProfile
