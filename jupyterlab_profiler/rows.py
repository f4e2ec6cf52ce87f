"""Rows of a function table: one a function, of all threads, in the order and number asked for.

Order and restrictions are those of ``pstats.Stats``, on the names that pstats prints.
"""

from __future__ import annotations

import os.path
import re
from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING, Any

from .derive import combiner_of, totals_and_edges
from .restrictions import SORT_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .model import Function, Limit, Metric, Profile, Table

#: What pstats takes as the file of a function that has none.
NO_FILE = "~"

#: Columns of ``totals`` that the four numbers of a row come from.
_COLUMNS = {
    "ncalls": "self.calls",
    "primitive": "primitive.calls",
    "tottime": "self.time",
    "cumtime": "total.time",
}


@dataclass(frozen=True, slots=True)
class Row:
    """What one function took. ``tottime`` and ``cumtime`` in seconds; ``file`` is its path.

    ``unknown`` names those of the four numbers that are not known; they are 0.
    """

    index: int
    function: Function
    file: str
    ncalls: int
    primitive: int
    tottime: float
    cumtime: float
    unknown: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """The name as pstats prints it: ``FILE:LINE(NAME)``, and ``{...}`` for builtins."""
        return standard_name(self.file, self.function.line, self.function.name)

    def without_directory(self, profile: Profile) -> Row:
        """The row with the last part of its path alone, as ``pstats.Stats.strip_dirs`` has it.

        A cell is called by its label: its path is a name that nobody ever saw.
        """
        file = None if self.function.file is None else profile.files[self.function.file]
        short = file.label if file and file.origin == "cell" and file.label else None
        return replace(self, file=short or os.path.basename(self.file))


def standard_name(file: str, line: int, name: str) -> str:
    """``pstats.func_std_string`` of a key."""
    if (file, line) != (NO_FILE, 0):
        return f"{file}:{line}({name})"
    if name.startswith("<") and name.endswith(">"):
        return f"{{{name[1:-1]}}}"
    return name


def file_of(profile: Profile, function: Function) -> str:
    """The path of a function's file, ``~`` if it has none."""
    return NO_FILE if function.file is None else profile.files[function.file].path


def time_tick(profile: Profile) -> float:
    """How many nanoseconds one stored unit of the metric ``time`` is."""
    return next((metric.tick for metric in profile.metrics if metric.id == "time"), 1)


def seconds(value: float, tick: float) -> float:
    """A time of so many ticks. Where a tick is a second, the very number that is stored."""
    return value if tick == 1e9 else value * tick / 1e9


def main_metric(profile: Profile, table: Table | None = None) -> Metric | None:
    """What a profile is about: time, else samples, else its first metric but calls and hits.

    Of those that ``table`` has own values of, where one is given.
    """
    known = [metric for metric in profile.metrics if table is None or f"self.{metric.id}" in table]
    for name in ("time", "samples"):
        for metric in known:
            if metric.id == name:
                return metric
    return next((metric for metric in known if metric.id not in ("calls", "hits")), None)


def function_rows(profile: Profile, metric: Metric | None = None) -> list[Row]:
    """A row for each function that was measured, in the order of the profile.

    Another metric than time is in the places of times, in its unit.
    """
    totals, _ = totals_and_edges(profile)
    columns = _COLUMNS
    if metric is not None:
        columns = {
            name: column.replace(".time", f".{metric.id}") for name, column in columns.items()
        }
    tick = time_tick(profile) if metric is None else metric.tick
    is_time = metric is None or metric.unit == "ns"

    def scaled(value: float | None) -> float:
        return seconds(value or 0, tick) if is_time else (value or 0) * tick

    combine_of = {metric.id: combiner_of(metric.combine) for metric in profile.metrics}
    rows_of: dict[int, list[int]] = {}
    for row, index in enumerate(totals.ints("function")):
        rows_of.setdefault(index, []).append(row)

    def value_of(column: str, rows: list[int]) -> float | None:
        if (values := totals.get(column)) is None:
            return None
        if len(rows) == 1:
            return values[rows[0]]
        combine = combine_of.get(column.partition(".")[2])
        return combine and reduce(combine, (values[row] for row in rows))

    found = []
    for index, rows in rows_of.items():
        values = {name: value_of(column, rows) for name, column in columns.items()}
        function = profile.functions[index]
        found.append(
            Row(
                index,
                function,
                file_of(profile, function),
                int(values["ncalls"] or 0),
                int(values["primitive"] or 0),
                scaled(values["tottime"]),
                scaled(values["cumtime"]),
                frozenset(name for name, value in values.items() if value is None),
            )
        )
    return found


def sort_rows(rows: Iterable[Row], keys: Sequence[str]) -> list[Row]:
    """Rows in pstats' order: numbers from the largest, texts from A, later keys break ties.

    Keys that pstats does not have are skipped; without any, the order is by own time, as in
    ``%prun``.
    """
    known = [key for key in keys if key in SORT_KEYS] or ["time"]

    def order(row: Row) -> tuple[Any, ...]:
        return tuple(part for key in known for part in _parts(row, key))

    return sorted(rows, key=order)


def _parts(row: Row, key: str) -> tuple[Any, ...]:
    match SORT_KEYS[key]:
        case "call count":
            return (-row.ncalls,)
        case "primitive call count":
            return (-row.primitive,)
        case "internal time":
            return (-row.tottime,)
        case "cumulative time":
            return (-row.cumtime,)
        case "file name":
            return (row.file,)
        case "line number":
            return (row.function.line,)
        case "function name":
            return (row.function.name,)
        case "standard name":
            return (row.name,)
        case _:
            return (row.function.name, row.file, row.function.line)


def limit_rows(rows: list[Row], limits: Iterable[Limit]) -> tuple[list[Row], list[str]]:
    """The rows that pstats' restrictions leave, and its line on each that took some away."""
    notes = []
    for limit in limits:
        left = rows
        selection: object = limit.regex
        if limit.regex is not None:
            try:
                pattern = re.compile(limit.regex)
            except re.error:
                notes.append(f"<Invalid regular expression {limit.regex!r}>")
                continue
            left = [row for row in rows if pattern.search(row.name)]
        elif limit.count is not None and limit.count >= 0:
            selection, left = limit.count, rows[: limit.count]
        elif limit.fraction is not None and 0 <= limit.fraction < 1:
            selection, left = limit.fraction, rows[: int(len(rows) * limit.fraction + 0.5)]
        if len(left) != len(rows):
            notes.append(
                f"List reduced from {len(rows)} to {len(left)} due to restriction <{selection!r}>"
            )
        rows = left
    return rows, notes
