"""From ``cProfile.Profile.getstats()`` to a :class:`~.collector.Recording`.

``getstats()`` keeps functions apart by their code object. pstats does not: of two functions with
equal file, line and name it keeps one and drops the other (two lambdas on a line, the ``__init__``
of two dataclasses), so it is not used.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ..model import Engine
from .collector import CallRow, Recording, is_own

if TYPE_CHECKING:
    import cProfile
    from types import CodeType

#: Stands for the displayhook of the shell in the rows of a recording.
DISPLAYING = "(displaying)"

#: What resumes a coroutine and stops the profiler for us. The user's code may call them as well: a
#: call of theirs has a caller, ours has none.
_OURS = frozenset(
    {
        "<method 'send' of 'coroutine_wrapper' objects>",
        "<method 'throw' of 'coroutine_wrapper' objects>",
        "<method 'close' of 'coroutine_wrapper' objects>",
        "<method 'disable' of '_lsprof.Profiler' objects>",
    }
)


def recording(profiler: cProfile.Profile, displaying: CodeType) -> Recording:
    """The rows of a profiler that has stopped.

    ``displaying`` is the code that stood for the displayhook.
    """
    entries: list[Any] = profiler.getstats()
    result = Recording(
        Engine(
            "cprofile",
            version=sys.version.split()[0],
            clock="wall time, perf_counter",
        )
    )
    called: dict[int, CallRow] = {}  # what callers that are not ours made of the helpers
    ours: dict[int, CallRow] = {}  # what functions of ours called of builtins

    def shown(code: CodeType | str) -> CodeType | str | None:
        if code is displaying:
            return DISPLAYING
        return None if is_own(code) else code

    for entry in entries:
        caller = shown(entry.code)
        if caller is None:
            result.own_ns += round(entry.inlinetime * 1e9)
            for sub in entry.calls or ():
                if isinstance(sub.code, str):
                    before = ours.get(id(sub.code))
                    row = _row(sub.code, sub)
                    ours[id(sub.code)] = row if before is None else before + row
            continue
        for sub in entry.calls or ():
            callee = shown(sub.code)
            if callee is None or (caller in _OURS and _is_module(callee)):
                continue
            row = _row(callee, sub)
            result.edges.append((caller, row))
            if callee in _OURS:
                before = called.get(id(callee))
                called[id(callee)] = row if before is None else before + row
    for entry in entries:
        code = shown(entry.code)
        if code is None:
            continue
        row = _row(code, entry)
        mine = ours.get(id(code))
        if mine is not None:
            result.own_ns += mine.self_ns
            row = row - mine
            if not row.calls:
                continue
        if code in _OURS:
            theirs = called.get(id(code))
            result.own_ns += row.self_ns - (theirs.self_ns if theirs else 0)
            if theirs is None:
                continue
            row = theirs
        result.functions.append(row)
    return result


def _is_module(code: CodeType | str) -> bool:
    return not isinstance(code, str) and code.co_name == "<module>"


def _row(code: CodeType | str, entry: Any) -> CallRow:
    return CallRow(
        code,
        calls=entry.callcount,
        recursive=entry.reccallcount,
        total_ns=round(entry.totaltime * 1e9),
        self_ns=round(entry.inlinetime * 1e9),
    )
