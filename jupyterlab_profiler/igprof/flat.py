"""The rows of a report: what a function has itself and in all, and its callers and callees.

A function that is on the stack already has a row of its own there, with the suffix ``'2``, ``'3``
and so on, by how often it is: so no total is above that of the whole.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ..formats.stacks import NONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .counted import Counted

#: Characters of the names of all rows. A name may be long, and each level of recursion has its own.
_MOST_CHARACTERS = 1 << 28


@dataclass(slots=True)
class Row:
    """A function at one level of its recursion. ``calls`` and ``paths``: events and nodes.

    ``rank``: its place by total, from 1. ``kids``: what its callees have of the total.
    """

    name: str
    raw: str
    file: str
    depth: int
    own: int = 0
    total: int = 0
    own_calls: int = 0
    total_calls: int = 0
    paths: int = 0
    kids: int = 0
    rank: int = 0
    callers: list[Edge] = field(default_factory=list)
    callees: list[Edge] = field(default_factory=list)


class Edge(NamedTuple):
    """What one row calls of another. ``row`` is the other one."""

    row: Row
    value: int
    calls: int
    paths: int


@dataclass
class Flat:
    """Rows by rank, with those that have nothing left out; and the whole of value and calls."""

    rows: list[Row]
    total: int
    calls: int
    #: All rows by name in the program, and edges by those of caller and callee.
    by_raw: dict[str, Row]
    edges: dict[tuple[str, str], int]


def totals_of(counted: Counted) -> tuple[list[int], list[int]]:
    """Value and count of each node with all below it."""
    parents = counted.tree.parents
    values, counts = list(counted.values), list(counted.counts)
    is_max = counted.is_max
    for node in range(len(parents) - 1, 0, -1):
        above = parents[node]
        counts[above] += counts[node]
        if not is_max:
            values[above] += values[node]
        elif values[above] < values[node]:
            values[above] = values[node]
    return values, counts


def flat_of(counted: Counted) -> Flat:
    """The rows of a counter."""
    tree, functions = counted.tree, counted.functions
    values, counts = totals_of(counted)
    is_max = counted.is_max
    own, own_counts = counted.values, counted.counts
    parents, things = tree.parents, tree.things
    rows: list[Row] = []
    # Rows by function and level, and edges by caller and callee: there may be millions of nodes.
    numbers: list[list[int]] = [[] for _ in functions]
    edges: dict[int, list[int]] = {}
    row_of = array("q", bytes(8 * len(parents)))
    on_stack = [0] * len(functions)
    way: list[int] = []
    characters = 0
    for node in tree.in_order():
        parent = parents[node]
        while way and way[-1] != parent:
            on_stack[things[way.pop()]] -= 1
        thing = things[node]
        level = on_stack[thing]
        on_stack[thing] = level + 1
        way.append(node)
        depth = len(way)
        known = numbers[thing]
        if level == len(known):
            function = functions[thing]
            suffix = f"'{level + 1}" if level else ""
            known.append(len(rows))
            characters += len(function.name) + len(function.raw)
            if characters > _MOST_CHARACTERS:
                raise ValueError("the names of this report are too long, one with another")
            rows.append(Row(function.name + suffix, function.raw + suffix, function.file, depth))
        number = row_of[node] = known[level]
        row = rows[number]
        if depth < row.depth:
            row.depth = depth
        value, count = values[node], counts[node]
        row.own_calls += own_counts[node]
        row.total_calls += count
        row.paths += 1
        if is_max:
            row.total = max(row.total, value)
            row.own = max(row.own, own[node])
        else:
            row.total += value
            row.own += own[node]
        if parent == NONE:
            continue
        key = row_of[parent] << 32 | number
        edge = edges.get(key)
        if edge is None:
            edges[key] = [value, count, 1]
        else:
            edge[0] = max(edge[0], value) if is_max else edge[0] + value
            edge[1] += count
            edge[2] += 1
    return _flat(rows, edges, is_max=is_max)


def _flat(rows: Sequence[Row], edges: dict[int, list[int]], *, is_max: bool) -> Flat:
    ranked = sorted(rows, key=lambda row: (-abs(row.total), row.depth, row.raw.encode()))
    for rank, row in enumerate(ranked, 1):
        row.rank = rank
        row.kids = 0 if is_max else row.total - row.own
    between: dict[tuple[str, str], int] = {}
    for key, (value, calls, paths) in edges.items():
        above, below = rows[key >> 32], rows[key & 0xFFFFFFFF]
        between[above.raw, below.raw] = value
        if not value:
            continue
        below.callers.append(Edge(above, value, calls, paths))
        above.callees.append(Edge(below, value, calls, paths))
        if is_max:
            above.kids = max(above.kids, value)
    for row in rows:
        row.callers.sort(key=lambda edge: (edge.value, edge.row.total, edge.row.name.encode()))
        row.callees.sort(key=lambda edge: (-edge.value, -edge.row.total, edge.row.name.encode()))
    return Flat(
        [row for row in ranked if row.total],
        rows[0].total,
        rows[0].total_calls,
        {row.raw: row for row in rows},
        between,
    )
