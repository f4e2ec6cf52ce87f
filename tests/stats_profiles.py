"""Profiles made of what cProfile measured, for tests that compare with pstats."""

from __future__ import annotations

import pstats
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyterlab_profiler.model import CALLS, TIME, File, Function, Profile, Table, Thread

if TYPE_CHECKING:
    import cProfile

DATA = Path(__file__).parent / "data" / "pstats"


def profile_of_stats(stats: pstats.Stats) -> Profile:
    """A profile with pstats' rows, in pstats' order. cProfile's clock counts nanoseconds."""
    table: dict[Any, Any] = stats.stats
    files: dict[str, int] = {}
    functions = []
    for file, line, name in table:
        if file == "~":
            functions.append(Function(name, name, None, 0, "builtin"))
        else:
            functions.append(Function(name, name, files.setdefault(file, len(files)), line))
    index = {key: number for number, key in enumerate(table)}
    edges = [
        (index[caller], index[callee], *numbers)
        for callee, row in table.items()
        for caller, numbers in row[4].items()
    ]
    return Profile(
        metrics=[TIME, CALLS],
        files=[File(path) for path in files],
        functions=functions,
        threads=[Thread("MainThread")],
        totals=Table(
            {
                "function": list(range(len(table))),
                "self.time": [round(row[2] * 1e9) for row in table.values()],
                "total.time": [round(row[3] * 1e9) for row in table.values()],
                "self.calls": [row[1] for row in table.values()],
                "primitive.calls": [row[0] for row in table.values()],
            }
        ),
        edges=Table(
            {
                "caller": [edge[0] for edge in edges],
                "callee": [edge[1] for edge in edges],
                "self.calls": [edge[2] for edge in edges],
                "primitive.calls": [edge[3] for edge in edges],
                "self.time": [round(edge[4] * 1e9) for edge in edges],
                "total.time": [round(edge[5] * 1e9) for edge in edges],
            }
        ),
    )


def profile_of_file(name: str) -> Profile:
    return profile_of_stats(pstats.Stats(str(DATA / name)))


def profile_of_run(profiler: cProfile.Profile) -> Profile:
    """A profile of a finished cProfile run, one function a code object: namesakes stay apart."""
    entries = profiler.getstats()
    files: dict[str, int] = {}
    functions = []
    index = {}
    for entry in entries:
        code = entry.code
        # A builtin is told by a text, equal texts are one function.
        index[code if isinstance(code, str) else id(code)] = len(functions)
        if isinstance(code, str):
            functions.append(Function(code, code, None, 0, "builtin"))
        else:
            file = files.setdefault(code.co_filename, len(files))
            functions.append(Function(code.co_name, code.co_qualname, file, code.co_firstlineno))
    calls = [
        (number, index[sub.code if isinstance(sub.code, str) else id(sub.code)], sub)
        for number, entry in enumerate(entries)
        for sub in entry.calls or ()
    ]

    def values(rows: list[Any]) -> dict[str, list[int]]:
        return {
            "self.time": [round(row.inlinetime * 1e9) for row in rows],
            "total.time": [round(row.totaltime * 1e9) for row in rows],
            "self.calls": [row.callcount for row in rows],
            "primitive.calls": [row.callcount - row.reccallcount for row in rows],
        }

    return Profile(
        metrics=[TIME, CALLS],
        files=[File(path) for path in files],
        functions=functions,
        threads=[Thread("MainThread")],
        totals=Table({"function": list(range(len(entries))), **values(entries)}),
        edges=Table(
            {
                "caller": [caller for caller, _, _ in calls],
                "callee": [callee for _, callee, _ in calls],
                **values([sub for _, _, sub in calls]),
            }
        ),
    )
