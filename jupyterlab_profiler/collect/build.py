"""From what an engine recorded to a :class:`~jupyterlab_profiler.model.Profile`."""

from __future__ import annotations

import os
import platform
import sys
import threading
from dataclasses import replace
from types import CodeType
from typing import TYPE_CHECKING, TypeVar

from ..model import (
    CALLS,
    TIME,
    Check,
    File,
    Function,
    Meta,
    Profile,
    Table,
    Thread,
)
from .collector import CallRow, Recording
from .files import Cells, describe
from .getstats import DISPLAYING
from .sources import sources

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from .clock import Stopwatch

#: How far the sum of self times may be from the wall time: the clock is read at two places a piece
#: of code.
TOLERANCE_SHARE = 0.005
TOLERANCE_NS = 200_000
TOLERANCE_NS_A_PIECE = 20_000

#: How far the sums of one row may be apart by rounding.
ROUNDING_NS_A_ROW = 10_000


class _Names:
    """Functions and files, numbered as they come.

    One function a code object: namesakes stay apart.
    """

    def __init__(self, cells: Cells, module: str | None) -> None:
        self.functions: list[Function] = []
        self.files: list[File] = []
        self._cells = cells
        self._module = module
        self._function_index: dict[int | str, int] = {}
        self._file_index: dict[str, int] = {}
        self._kept: list[object] = []

    def function(self, code: CodeType | str) -> int:
        """The function of a code object. All statements of the cell are its one module."""
        key: int | str = id(code)
        if (
            isinstance(code, CodeType)
            and code.co_name == "<module>"
            and code.co_filename == self._module
        ):
            key = code.co_filename
        index = self._function_index.get(key)
        if index is None:
            index = self.add(self._describe(code))
            self._function_index[key] = index
            self._kept.append(code)
        return index

    def add(self, function: Function) -> int:
        self.functions.append(function)
        return len(self.functions) - 1

    def file(self, name: str) -> int:
        index = self._file_index.get(name)
        if index is None:
            index = self._file_index[name] = len(self.files)
            self.files.append(describe(name, self._cells))
        return index

    def _describe(self, code: CodeType | str) -> Function:
        if isinstance(code, CodeType):
            file = self.file(code.co_filename)
            return Function(
                code.co_name,
                code.co_qualname,
                file,
                1 if code.co_name == "<module>" else code.co_firstlineno,
                "generated" if self.files[file].origin == "none" else "python",
            )
        if code == DISPLAYING:
            return pseudo("displaying")
        return Function(code, _builtin_name(code), kind="builtin")


def pseudo(what: str) -> Function:
    """A row that is no function: awaiting, displaying, tracing or block."""
    return Function(f"({what})", what, kind="pseudo")


def _builtin_name(text: str) -> str:
    """``list.append`` of ``<method 'append' of 'list' objects>``, and so on."""
    if text.startswith("<built-in method "):
        return text[len("<built-in method ") : -1].removeprefix("builtins.")
    parts = text.split("'")
    if text.startswith("<method '") and len(parts) == 5:
        return f"{parts[3]}.{parts[1]}"
    return text


def build(
    recording: Recording,
    watch: Stopwatch,
    meta: Meta,
    cells: Cells,
    module: str | None = None,
    rest: str | None = None,
) -> Profile:
    """Put names to the rows, add the time that no function took, and check the sums.

    ``module`` is the file name of the cell: its statements are one row. ``rest`` names the pseudo
    row that takes what no function took (``block``), where the engine sees no root.
    """
    names = _Names(cells, module)
    totals = _sum((names.function(row.code), row) for row in recording.functions)
    edges = _sum(
        ((names.function(caller), names.function(row.code)), row) for caller, row in recording.edges
    )
    own_ns = sum(row.self_ns for row in totals.values())
    waits = {"awaiting": watch.awaiting_ns, "tracing": watch.between_ns + recording.own_ns}
    if rest is not None:
        waits[rest] = max(watch.running_ns - own_ns - recording.own_ns, 0)
    for what, nanoseconds in waits.items():
        if nanoseconds:
            row = CallRow(what, calls=0, recursive=0, total_ns=nanoseconds, self_ns=nanoseconds)
            totals[names.add(pseudo(what))] = row
    meta.wall = watch.wall_ns
    meta.engine = recording.engine
    meta.warnings += recording.warnings
    meta.python = f"{platform.python_implementation()} {platform.python_version()}"
    meta.platform = f"{sys.platform} {platform.machine()}".strip()
    profile = Profile(
        meta=meta,
        metrics=[TIME, CALLS],
        files=names.files,
        functions=names.functions,
        threads=[_this_thread(watch)],
        totals=_table({"function": list(totals)}, totals.values()),
        edges=_table(
            {"caller": [caller for caller, _ in edges], "callee": [callee for _, callee in edges]},
            edges.values(),
        ),
        sources=sources(names.files, names.functions, totals, cells),
    )
    profile.checks = _checks(profile, watch, totals, edges)
    return profile


K = TypeVar("K")


def _sum(rows: Iterable[tuple[K, CallRow]]) -> dict[K, CallRow]:
    """One row a key.

    Only statements of the cell share a key: they never run inside each other, so the sum is exact.
    """
    found: dict[K, CallRow] = {}
    for key, row in rows:
        if row.code == DISPLAYING:  # no function, so no calls
            row = replace(row, calls=0, recursive=0)
        before = found.get(key)
        found[key] = row if before is None else before + row
    return found


def _table(index: dict[str, list[int]], rows: Collection[CallRow]) -> Table:
    return Table(
        {
            **index,
            "self.time": [row.self_ns for row in rows],
            "total.time": [row.total_ns for row in rows],
            "self.calls": [row.calls for row in rows],
            "primitive.calls": [row.calls - row.recursive for row in rows],
        }
    )


def _this_thread(watch: Stopwatch) -> Thread:
    thread = threading.current_thread()
    return Thread(
        thread.name,
        pid=os.getpid(),
        tid=thread.native_id or 0,
        wall=float(watch.wall_ns),
    )


def _checks(
    profile: Profile,
    watch: Stopwatch,
    totals: dict[int, CallRow],
    edges: dict[tuple[int, int], CallRow],
) -> list[Check]:
    from ..formats.pstats import collisions

    own_ns = sum(row.self_ns for row in totals.values())
    tolerance = (
        round(watch.wall_ns * TOLERANCE_SHARE) + TOLERANCE_NS + watch.pieces * TOLERANCE_NS_A_PIECE
    )
    checks = [
        Check(
            "wall",
            "The self times of all rows add up to the wall time, which was measured apart.",
            ok=abs(own_ns - watch.wall_ns) <= tolerance,
            value=own_ns,
            expected=watch.wall_ns,
            tolerance=tolerance,
            unit="ns",
        ),
        _edge_check(totals, edges),
        _row_check(totals),
    ]
    same = collisions(profile)
    if same:
        count = sum(len(group) for group in same)
        checks.append(
            Check(
                "collisions",
                f"{count} functions share file, line and name with another one. They are kept "
                "apart here; pstats files cannot, so an export sums them.",
                value=count,
                unit="count",
            )
        )
    return checks


def _row_check(totals: dict[int, CallRow]) -> Check:
    """No row owns more than it took in all: an event that the engine missed shows here."""
    wrong = sum(
        1 for row in totals.values() if row.self_ns > row.total_ns * 1.001 + ROUNDING_NS_A_ROW
    )
    return Check(
        "rows",
        f"{wrong} functions own more time than they took in all: an event was missed, and times "
        "and callers near it are wrong."
        if wrong
        else "No function owns more time than it took in all.",
        ok=not wrong,
        value=wrong,
        expected=0,
        unit="count",
    )


def _edge_check(totals: dict[int, CallRow], edges: dict[tuple[int, int], CallRow]) -> Check:
    """Callers must not account for more calls of a function than it had."""
    unexplained = {function: row.calls for function, row in totals.items()}
    for (_, callee), row in edges.items():
        unexplained[callee] = unexplained.get(callee, 0) - row.calls
    wrong = sum(1 for calls in unexplained.values() if calls < 0)
    roots = sum(calls for calls in unexplained.values() if calls > 0)
    return Check(
        "edges",
        f"{wrong} functions have more calls from their callers than in all."
        if wrong
        else "The calls of every function are those that its callers made; "
        f"{roots} came from outside of the profile.",
        ok=not wrong,
        value=wrong,
        expected=0,
        unit="count",
    )
