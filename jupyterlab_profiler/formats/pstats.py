"""pstats: the tables of cProfile, in memory and as a file.

Layout of the dictionary, and of the file, which is the dictionary marshalled (CPython's
``Lib/cProfile.py``, ``Lib/pstats.py``)::

    {(file, line, name): (primitive calls, calls, own seconds, total seconds, callers)}
    callers = {(file, line, name): (calls, primitive calls, own seconds, total seconds)}

The two counts stand in the other order among the callers.
"""

from __future__ import annotations

import marshal
from typing import IO, TYPE_CHECKING, Any

from ..derive import as_cprofile_has_them
from ..rows import file_of, seconds, time_tick
from .files import write_whole

if TYPE_CHECKING:
    import os
    import pstats
    from collections.abc import Iterable

    from ..model import Profile, Table

Key = tuple[str, int, str]
#: Of a caller. Files of the module ``profile`` have a count of calls alone.
Counts = tuple[int, int, float, float] | int
Entry = tuple[int, int, float, float, dict[Key, Counts]]
Stats = dict[Key, Entry]


def to_stats(profile: Profile, stream: IO[str] | None = None) -> pstats.Stats:
    """``pstats.Stats`` as it would be of the ``cProfile.Profile`` that measured the same.

    Functions with one key are summed, threads too. What is no function, such as *(awaiting)*, is a
    row without a file. It prints to ``stream``, else to stdout.
    """
    import pstats

    # Stats refuses to be made of no data at all, so it is made without and given the data.
    stats = pstats.Stats(stream=stream)
    inside: Any = stats
    inside.stats = table_of(profile)
    inside.get_top_level_stats()
    return stats


def write_pstats(profile: Profile, path: str | os.PathLike[str]) -> None:
    """Write the profile for ``pstats.Stats(path)``, snakeviz and their like.

    One without functions is written, too, as cProfile does. Raises ``OSError``, and ``ValueError``
    where no calls and times were measured.
    """
    write_whole(path, _dump(profile))


def dump_pstats(profile: Profile) -> bytes:
    """What such a file holds.

    Raises ``ValueError`` where no calls and times were measured, and where nothing was.
    """
    data = _dump(profile)
    if not (profile.totals.rows or profile.paths.rows or profile.edges.rows):
        raise ValueError("this profile has no functions, and pstats opens no file without any")
    return data


def _dump(profile: Profile) -> bytes:
    if reason := without_calls(profile) or _without_times(profile):
        raise ValueError(f"{reason}, and a file of pstats holds calls and times of functions")
    return marshal.dumps(table_of(profile))


def _without_times(profile: Profile) -> str:
    measured = [metric.id for metric in profile.metrics]
    is_something = profile.totals.rows or profile.paths.rows
    if is_something and "time" not in measured:
        return f"this profile has no times, but {', '.join(measured) or 'nothing'}"
    return ""


def without_calls(profile: Profile) -> str:
    """Why a profile has no calls, in a half sentence; "" if it has some."""
    if not profile.has_functions():
        return "this profile has times of lines alone"
    totals = profile.totals if profile.totals.rows else profile.paths
    if totals.rows and "self.calls" not in totals:
        measured = ", ".join(metric.id for metric in profile.metrics) or "nothing"
        return f"this profile has no calls, but {measured}"
    return ""


def table_of(profile: Profile) -> Stats:
    """The dictionary that pstats works on."""
    totals, edges = as_cprofile_has_them(profile)
    tick = time_tick(profile)
    keys = [key_of(profile, index) for index in range(len(profile.functions))]

    table: Stats = {}
    for function, (calls, primitive, own, total) in zip(
        totals.ints("function"), _counts(totals, tick), strict=True
    ):
        key = keys[function]
        entry: Entry = (primitive, calls, own, total, {})
        table[key] = add_entries(table[key], entry) if key in table else entry
    are_counts = set(edges) & _VALUES == {"self.calls"}
    values: Iterable[Counts] = edges.ints("self.calls") if are_counts else _counts(edges, tick)
    for caller, callee, counts in zip(
        edges.ints("caller"), edges.ints("callee"), values, strict=True
    ):
        if keys[callee] not in table:  # an edge to what has no row of its own
            table[keys[callee]] = (0, 0, 0.0, 0.0, {})
        callers, key = table[keys[callee]][4], keys[caller]
        if are_counts and key not in table:  # beside a count pstats prints what its caller took
            table[key] = (0, 0, 0.0, 0.0, {})
        callers[key] = add_counts(callers[key], counts) if key in callers else counts
    return table


_VALUES = {"self.calls", "primitive.calls", "self.time", "total.time"}


def add_tables(tables: Iterable[Stats]) -> Stats:
    """Tables added as ``pstats.Stats(first, *others)`` does, which takes the last one second."""
    first, *others = tables
    added = dict(first)
    for table in reversed(others):
        for key, entry in table.items():
            added[key] = add_entries(added.get(key, (0, 0, 0, 0, {})), entry)
    return added


def add_entries(target: Entry, source: Entry) -> Entry:
    """Two rows of one function."""
    callers = dict(target[4])
    for key, counts in source[4].items():
        callers[key] = add_counts(callers[key], counts) if key in callers else counts
    return (
        source[0] + target[0],
        source[1] + target[1],
        source[2] + target[2],
        source[3] + target[3],
        callers,
    )


def add_counts(target: Counts, source: Counts) -> Counts:
    """Two rows of one caller. Of a count alone, calls are all that is known."""
    if isinstance(target, int) and isinstance(source, int):
        return target + source
    one, two = ((n, n, 0, 0) if isinstance(n, int) else n for n in (target, source))
    return one[0] + two[0], one[1] + two[1], one[2] + two[2], one[3] + two[3]


def key_of(profile: Profile, function: int) -> Key:
    """What pstats calls a function. Several functions may have one key."""
    found = profile.functions[function]
    return file_of(profile, found), 0 if found.file is None else found.line, found.name


def collisions(profile: Profile) -> list[list[int]]:
    """Functions that pstats cannot tell apart: a list of indices for each key that several have.

    Only functions with calls or time count; the others are in no row.
    """
    totals, _ = as_cprofile_has_them(profile)
    functions: dict[Key, list[int]] = {}
    for function in dict.fromkeys(totals.ints("function")):
        functions.setdefault(key_of(profile, function), []).append(function)
    return [group for group in functions.values() if len(group) > 1]


def _counts(table: Table, tick: float) -> list[tuple[int, int, float, float]]:
    """calls, primitive calls, own seconds, total seconds of each row."""
    zeros = bytes(table.rows)
    return [
        (calls, primitive, seconds(own, tick), seconds(total, tick))
        for calls, primitive, own, total in zip(
            table.ints("self.calls"),
            table.ints("primitive.calls"),
            table.get("self.time", zeros),
            table.get("total.time", zeros),
            strict=True,
        )
    ]
