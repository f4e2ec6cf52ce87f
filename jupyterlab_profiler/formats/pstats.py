"""pstats: the tables of cProfile, in memory and as a file.

Layout of the dictionary, and of the file, which is the dictionary marshalled (CPython's
``Lib/cProfile.py``, ``Lib/pstats.py``)::

    {(file, line, name): (primitive calls, calls, own seconds, total seconds, callers)}
    callers = {(file, line, name): (calls, primitive calls, own seconds, total seconds)}

The two counts stand in the other order among the callers.
"""

from __future__ import annotations

import marshal
from typing import TYPE_CHECKING, Any

from ..derive import as_cprofile_has_them
from ..rows import NO_FILE, file_of, time_tick
from .files import write_whole

if TYPE_CHECKING:
    import os
    import pstats

    from ..model import Profile, Table

Key = tuple[str, int, str]
Counts = tuple[int, int, float, float]
Entry = tuple[int, int, float, float, dict[Key, Counts]]


def to_stats(profile: Profile) -> pstats.Stats:
    """``pstats.Stats`` as it would be of the ``cProfile.Profile`` that measured the same.

    Functions with one key are summed, threads too. What is no function, such as *(awaiting)*, is a
    row without a file.
    """
    import pstats

    # Stats refuses to be made of no data at all, so it is made without and given the data.
    stats = pstats.Stats()
    inside: Any = stats
    inside.stats = table_of(profile)
    inside.get_top_level_stats()
    return stats


def write_pstats(profile: Profile, path: str | os.PathLike[str]) -> None:
    """Write the profile for ``pstats.Stats(path)``, snakeviz and their like. Raises ``OSError``."""
    write_whole(path, marshal.dumps(table_of(profile)))


def table_of(profile: Profile) -> dict[Key, Entry]:
    """The dictionary that pstats works on."""
    totals, edges = as_cprofile_has_them(profile)
    tick = time_tick(profile)
    keys = [key_of(profile, index) for index in range(len(profile.functions))]

    table: dict[Key, Entry] = {}
    for function, counts in zip(totals.ints("function"), _counts(totals, tick), strict=True):
        key = keys[function]
        calls, primitive, own, total = counts
        if key in table:
            primitive0, calls0, own0, total0, callers = table[key]
            table[key] = (
                primitive + primitive0,
                calls + calls0,
                own + own0,
                total + total0,
                callers,
            )
        else:
            table[key] = (primitive, calls, own, total, {})
    for caller, callee, counts in zip(
        edges.ints("caller"), edges.ints("callee"), _counts(edges, tick), strict=True
    ):
        entry = table.get(keys[callee])
        if entry is None:  # an edge to what has no row of its own
            entry = table[keys[callee]] = (0, 0, 0.0, 0.0, {})
        callers = entry[4]
        before = callers.get(keys[caller], (0, 0, 0.0, 0.0))
        callers[keys[caller]] = (
            counts[0] + before[0],
            counts[1] + before[1],
            counts[2] + before[2],
            counts[3] + before[3],
        )
    return table


def key_of(profile: Profile, function: int) -> Key:
    """What pstats calls a function. Several functions may have one key."""
    found = profile.functions[function]
    file = file_of(profile, found)
    return file, 0 if file == NO_FILE else found.line, found.name


def collisions(profile: Profile) -> list[list[int]]:
    """Functions that pstats cannot tell apart: a list of indices for each key that several have.

    Only functions with calls or time count; the others are in no row.
    """
    totals, _ = as_cprofile_has_them(profile)
    functions: dict[Key, list[int]] = {}
    for function in dict.fromkeys(totals.ints("function")):
        functions.setdefault(key_of(profile, function), []).append(function)
    return [group for group in functions.values() if len(group) > 1]


def _counts(table: Table, tick: float) -> list[Counts]:
    """calls, primitive calls, own seconds, total seconds of each row."""
    zeros = bytes(table.rows)
    return [
        (calls, primitive, own * tick / 1e9, total * tick / 1e9)
        for calls, primitive, own, total in zip(
            table.ints("self.calls"),
            table.ints("primitive.calls"),
            table.get("self.time", zeros),
            table.get("total.time", zeros),
            strict=True,
        )
    ]
