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

#: How a coroutine is resumed and a profiler is stopped by us: never by the user's code.
_OURS = frozenset(
    {
        "<method 'send' of 'coroutine_wrapper' objects>",
        "<method 'throw' of 'coroutine_wrapper' objects>",
        "<method 'close' of 'coroutine_wrapper' objects>",
    }
)
_DISABLE = "<method 'disable' of '_lsprof.Profiler' objects>"


def recording(profiler: cProfile.Profile, displaying: CodeType) -> Recording:
    """The rows of a profiler that has stopped.

    ``displaying`` is the code that stood for the displayhook.
    """
    entries: list[Any] = profiler.getstats()
    under = {id(sub.code) for entry in entries for sub in entry.calls or ()}
    result = Recording(
        Engine(
            "cprofile",
            version=sys.version.split()[0],
            clock="wall time, perf_counter",
        )
    )

    def shown(code: CodeType | str) -> CodeType | str | None:
        if code is displaying:
            return DISPLAYING
        if is_own(code) or code in _OURS or (code == _DISABLE and id(code) not in under):
            return None
        return code

    for entry in entries:
        code = shown(entry.code)
        if code is None:
            continue
        result.functions.append(_row(code, entry))
        for sub in entry.calls or ():
            callee = shown(sub.code)
            if callee is not None:
                result.edges.append((code, _row(callee, sub)))
    return result


def _row(code: CodeType | str, entry: Any) -> CallRow:
    return CallRow(
        code,
        calls=entry.callcount,
        recursive=entry.reccallcount,
        total_ns=round(entry.totaltime * 1e9),
        self_ns=round(entry.inlinetime * 1e9),
    )
