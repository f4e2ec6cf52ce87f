"""From what an engine recorded to a :class:`~jupyterlab_profiler.model.Profile`."""

from __future__ import annotations

import os
import platform
import sys
import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from ..model import CALLS, TIME, Check, Meta, Profile, Table, Thread
from .checks import clock_check, collision_check, edge_check, event_checks, row_check, wall_check
from .collector import CallRow, Recording, Root, TreeColumns, is_own
from .getstats import DISPLAYING
from .names import Names, pseudo
from .sources import sources
from .unseen import LATE_GREENLETS, not_told_apart, unseen

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ..model import Engine
    from .clock import Stopwatch
    from .files import Cells


def build(
    recording: Recording,
    watch: Stopwatch,
    meta: Meta,
    cells: Cells,
    names: Names,
    rest: str | None = None,
) -> Profile:
    """Put names to what was recorded, add the time that no function took, and check the sums.

    ``names`` numbers the functions. ``rest`` names the pseudo row that takes what no function took
    (``block``), where the engine sees no root.
    """
    if recording.tree is None:
        measured = _from_rows(recording, names, watch, rest)
    else:
        measured = _from_tree(recording, names, watch, rest)
    tell_of_run(meta, watch, recording.engine)
    meta.warnings += [*recording.warnings, *unseen(recording, measured.rows, watch)]
    profile = Profile(
        meta=meta,
        metrics=[TIME, CALLS],
        files=names.files,
        functions=names.functions,
        threads=measured.threads,
        totals=measured.totals,
        edges=measured.edges,
        paths=measured.paths,
        sources=sources(names.files, names.functions, measured.rows, cells),
    )
    profile.checks = [*measured.checks, *collision_check(profile)]
    return profile


@dataclass
class _Measured:
    """Tables of a profile, and ``rows``: what each function took in all, by its number."""

    rows: dict[int, CallRow]
    threads: list[Thread]
    checks: list[Check]
    totals: Table = field(default_factory=Table)
    edges: Table = field(default_factory=Table)
    paths: Table = field(default_factory=Table)


def _from_rows(recording: Recording, names: Names, watch: Stopwatch, rest: str | None) -> _Measured:
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
    return _Measured(
        rows=totals,
        threads=[this_thread(watch)],
        checks=[
            wall_check(sum(row.self_ns for row in totals.values()), watch),
            edge_check(totals, edges),
            row_check(totals),
        ],
        totals=_table({"function": list(totals)}, totals.values()),
        edges=_table(
            {"caller": [caller for caller, _ in edges], "callee": [callee for _, callee in edges]},
            edges.values(),
        ),
    )


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


def _from_tree(recording: Recording, names: Names, watch: Stopwatch, rest: str | None) -> _Measured:
    assert recording.tree is not None  # noqa: S101 - who calls knows
    called = recording.tree.functions()
    numbers = [-1 if is_own(what) else names.function(what) for what in called]
    columns = recording.tree.columns(numbers)
    if columns.lost and recording.greenlets_came_late:
        recording.warnings.append(LATE_GREENLETS)
    if columns.folded:
        recording.warnings.append(not_told_apart(columns.folded))
    kinds = [root.kind for root in columns.roots]
    tasks_ns = sum(ns for ns, kind in zip(columns.thread_ns, kinds, strict=True) if kind == "task")
    waits = {
        # What ran in tasks meanwhile has rows of its own.
        "awaiting": max(watch.awaiting_ns - tasks_ns - columns.task_tracing_ns, 0),
        "tracing": watch.between_ns + columns.own_ns + columns.tracing_ns,
    }
    waits[rest or "tracing"] = waits.get(rest or "tracing", 0) + columns.root_ns
    for what, nanoseconds in waits.items():
        if nanoseconds:
            for column, value in (
                (columns.parent, 0),
                (columns.function, names.add(pseudo(what))),
                (columns.thread, 0),
                (columns.calls, 0),
                (columns.self_ns, nanoseconds),
            ):
                column.append(value)
    _uncount(columns, names)
    paths = Table(
        {
            "parent": columns.parent,
            "function": columns.function,
            # Where there is one root only, all is of that.
            **({"thread": columns.thread} if len(columns.roots) > 1 else {}),
            "self.time": columns.self_ns,
            "self.calls": columns.calls,
        }
    )
    # Other threads ran beside the one that the wall time is of; its tasks did not.
    own_ns = columns.thread_ns[0] + tasks_ns + sum(waits.values())
    return _Measured(
        rows=_rows_of(paths, names),
        threads=_threads(columns, names, watch),
        checks=[
            wall_check(own_ns, watch),
            *event_checks(columns, is_block=rest is not None),
            clock_check(columns),
        ],
        paths=paths,
    )


def _uncount(columns: TreeColumns, names: Names) -> None:
    """What stands for the displayhook is no function, so it has no calls."""
    display = names.known(DISPLAYING)
    if display is None:
        return
    for row, function in enumerate(columns.function):
        if function == display:
            columns.calls[row] = 0


def _rows_of(paths: Table, names: Names) -> dict[int, CallRow]:
    """What each function took in all, all threads together."""
    from ..derive import derive

    totals, _ = derive(paths, [TIME, CALLS])
    rows: dict[int, CallRow] = {}
    for function, calls, primitive, total_ns, self_ns in zip(
        *(
            totals.ints(name)
            for name in ("function", "self.calls", "primitive.calls", "total.time", "self.time")
        ),
        strict=True,
    ):
        what = names.codes.get(function) or names.functions[function].name
        row = CallRow(what, calls, calls - primitive, total_ns, self_ns)
        before = rows.get(function)
        rows[function] = row if before is None else before + row
    return rows


def _threads(columns: TreeColumns, names: Names, watch: Stopwatch) -> list[Thread]:
    return [
        this_thread(watch)
        if index == 0
        else _task(root, names, columns, index)
        if root.kind == "task"
        else Thread(root.name, pid=os.getpid(), tid=root.tid, wall=float(root.wall_ns))
        for index, root in enumerate(columns.roots)
    ]


def _task(root: Root, names: Names, columns: TreeColumns, index: int) -> Thread:
    name = names.functions[root.function].qualified if root.function >= 0 else "task"
    count = "" if root.tasks == 1 else f" ({root.tasks} tasks)" if root.tasks else " (tasks)"
    ran_ns = float(columns.thread_ns[index])
    return Thread(f"{name}{count}", kind="task", parent=0, pid=os.getpid(), wall=ran_ns)


def tell_of_run(meta: Meta, watch: Stopwatch, engine: Engine) -> None:
    """Note how long the code ran, and by what and where it was measured."""
    meta.wall = watch.wall_ns
    meta.engine = engine
    meta.python = f"{platform.python_implementation()} {platform.python_version()}"
    meta.platform = f"{sys.platform} {platform.machine()}".strip()


def this_thread(watch: Stopwatch) -> Thread:
    """The thread of the code, as a root of its profile."""
    thread = threading.current_thread()
    return Thread(
        thread.name,
        pid=os.getpid(),
        tid=thread.native_id or 0,
        wall=float(watch.wall_ns),
    )
