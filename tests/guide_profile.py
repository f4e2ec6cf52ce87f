"""The worked example of an astronomy pipeline's guide to profiling, as a profile.

The guide prints the first 30 of 4671 functions (``data/pstats/guide-top30.txt``); who called whom
is what its text says and what a caller of one function can only be. What the table does not show is
not in the profile either: the account of ``readCatalog`` must say so.
"""

from __future__ import annotations

import re
from pathlib import Path

from jupyterlab_profiler.model import (
    CALLS,
    File,
    Function,
    Meta,
    Metric,
    Origin,
    Profile,
    Table,
    Thread,
    View,
    Warned,
)

TEXT = Path(__file__).parent / "data" / "pstats" / "guide-top30.txt"

#: The table has milliseconds.
TIME = Metric("time", "Time", "ns", tick=1e6)
WALL_NS = 36_536_000_000

_ROW = re.compile(r"\s*(\d+)" + r"\s+(\d+\.\d+)" * 4 + r"\s+(.+)")
_PLACE = re.compile(r"(.+):(\d+)\((.+)\)")

#: Rows of the table, from 0, caller first. Each callee has one caller here.
_EDGES = [
    *((caller, caller + 1) for caller in range(6)),  # <module> ... mosaic
    (6, 7),  # mosaic: readCatalog
    (6, 15),  # mosaic: mergeCatalog
    (15, 16),  # mergeCatalog: kdtreeSource
    (16, 17),
    (7, 8),  # readCatalog: getAllForCcd
    (8, 9),  # getAllForCcd: Butler.get
    *((caller, caller + 1) for caller in range(9, 14)),  # get ... {SourceCatalog_readFits}
    (8, 18),  # getAllForCcd: makeWcs
    (18, 19),
    (12, 22),  # _read: the other readFits
    (22, 23),
    (10, 25),  # get: the other lambda ... {readMetadata}
    (25, 26),
    (26, 27),
    (27, 28),
]


def guide_profile() -> Profile:
    """The table as a profile."""
    files: dict[str, int] = {}
    functions, calls, own, total = [], [], [], []
    for line in TEXT.read_text(encoding="utf-8").splitlines():
        row = _ROW.fullmatch(line)
        if row is None:
            continue
        place = _PLACE.fullmatch(row[6])
        if place is None:
            name = row[6].strip("{}")
            functions.append(Function(f"<{name}>", name, kind="builtin"))
        else:
            file = files.setdefault(place[1], len(files))
            functions.append(Function(place[3], place[3], file, int(place[2])))
        calls.append(int(row[1]))
        own.append(round(float(row[2]) * 1000))
        total.append(round(float(row[4]) * 1000))
    callees = [callee for _, callee in _EDGES]
    return Profile(
        meta=Meta(
            label="mosaic.py",
            wall=WALL_NS,
            source=Origin("file", command="guide-top30.txt"),
            warnings=[
                Warned("partial", "Only 30 of 4671 functions are in this profile, by cumtime.")
            ],
        ),
        metrics=[TIME, CALLS],
        files=[File(path) for path in files],
        functions=functions,
        threads=[Thread("MainThread")],
        totals=Table(
            {
                "function": list(range(len(functions))),
                "self.time": own,
                "total.time": total,
                "self.calls": calls,
                "primitive.calls": calls,
            }
        ),
        edges=Table(
            {
                "caller": [caller for caller, _ in _EDGES],
                "callee": callees,
                "self.time": [own[callee] for callee in callees],
                "total.time": [total[callee] for callee in callees],
                "self.calls": [calls[callee] for callee in callees],
                "primitive.calls": [calls[callee] for callee in callees],
            }
        ),
        view=View(sort=["cumulative"]),
    )
