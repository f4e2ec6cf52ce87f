"""Reports that igprof-analyse printed, beside ours of the same dumps.

They were made with ``-g``: functions that the dumps do not name have names there, which debugging
symbols of that machine gave, put in when all was counted. The names are taken from the printed
report, by rank; every number, and the place of every row, is ours.

Where igprof-analyse is wrong, we differ. All of that is here:

- Rows below a function that are equal in name and numbers are printed once (``as_printed``).
- A difference between 0 and -1 s has no sign (``without_signs``).
- MEM_MAX of siblings of one name is summed, though none of them was that large (test_maxima).
- Names that ``-mr`` makes are rows of their own for each function that they come from.
- ``-ma`` puts a colon more in front of each name that it makes.
- Stacks that share a value come out of ``--tree`` in any order, and some not at all: it sorts by
  what is no order. mosaic.pp.gz makes it crash.
- ``--top`` with more stacks than there are ends with half a line.
- Names of libraries are those that their links lead to on the machine where it runs.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyterlab_profiler.__main__ import main
from jupyterlab_profiler.formats.contents import Contents
from jupyterlab_profiler.formats.igprof import read_dumps
from jupyterlab_profiler.formats.unpack import unpacked
from jupyterlab_profiler.igprof.counted import counted
from jupyterlab_profiler.igprof.flat import Flat, flat_of
from jupyterlab_profiler.igprof.text import Columns, report

if TYPE_CHECKING:
    import pytest

    from jupyterlab_profiler.formats.igprofdump import Dumps
    from jupyterlab_profiler.igprof.counted import Counted

IGPROF = Path(__file__).parent / "data" / "igprof"

#: A function's own row in the sections of the call tree: its rank, and its name behind numbers.
_MAIN = re.compile(r"^\[(\d+)\] +\S+ +\S+ +\S+ / \S+ +(?:[\d']+ +)*(\D.*)$", re.MULTILINE)

#: Where the libraries lay when the reports were made.
_MOVED = {
    "./hot": "/opt/demo/hot",
    "/lib/x86_64-linux-gnu/libc.so.6": "/usr/lib/x86_64-linux-gnu/libc.so.6",
    "/lib/x86_64-linux-gnu/libm.so.6": "/usr/lib/x86_64-linux-gnu/libm.so.6",
    "/lib/x86_64-linux-gnu/libstdc++.so.6": "/usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30",
}


def text_of(name: str) -> str:
    return (IGPROF / name).read_text("utf-8")


def dumps_of(*names: str) -> Dumps:
    return read_dumps([Contents(name, unpacked((IGPROF / name).read_bytes())) for name in names])


def count(*names: str, **options: object) -> Counted:
    """A counter of dumps, of libraries as they lay then."""
    found = counted(dumps_of(*names), **options)  # type: ignore[arg-type]
    functions = [one._replace(file=_MOVED.get(one.file, one.file)) for one in found.functions]
    return replace(found, functions=functions)


def named(found: Counted, printed: str) -> Counted:
    """The same with the names that a report has, by their ranks."""
    names = {int(rank): name for rank, name in _MAIN.findall(printed)}
    by_own = {
        re.sub(r"'\d+$", "", row.raw): re.sub(r"'\d+$", "", names[row.rank])
        for row in flat_of(found).rows
    }
    functions = [one._replace(name=by_own.get(one.raw, one.name)) for one in found.functions]
    return replace(found, functions=functions)


def as_printed(flat: Flat) -> Flat:
    """Rows without callers and callees that are equal to another one in name and numbers."""
    for row in flat.rows:
        for edges in (row.callers, row.callees):
            met: set[tuple[str, int, int]] = set()
            kept = []
            for edge in edges:
                key = edge.row.name, edge.value, edge.row.total
                if key not in met:
                    kept.append(edge)
                met.add(key)
            edges[:] = kept
    return flat


def full_text(found: Counted, columns: Columns | None = None, **options: object) -> str:
    """The report, without equal rows."""
    flat = as_printed(flat_of(found))
    lines = report(found, flat, columns or Columns(), **options)  # type: ignore[arg-type]
    return "".join(f"{line}\n" for line in lines)


def alike(text: str) -> str:
    """The report without the rank that tells one of equal rows from another: any one is printed."""
    return re.sub(
        r"^( .*  (?:__sin_fma|__ieee754_exp_fma)) \[\d+\]$", r"\1", text, flags=re.MULTILINE
    )


def without_signs(text: str) -> str:
    """The report with seconds between 0 and -1 as if they were above 0, in the same columns."""
    text = re.sub(r"(?<=/ )-(0\.\d\d)", r"\1 ", text)
    return re.sub(r"(?<= )-(0\.\d\d)(?= / |  )", r" \1", text)


def of_text(text: str, **options: Any) -> Counted:
    return counted(read_dumps([Contents("a", text.encode())]), **options)


def named_as(found: Counted, other: Counted) -> Counted:
    """The same with the names that another has."""
    names = {one.raw: one.name for one in other.functions}
    found.functions = [one._replace(name=names.get(one.raw, one.name)) for one in found.functions]
    return found


def printed(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert main([str(argument) for argument in arguments]) == 0
    return capsys.readouterr().out
