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
    rows: list[Row] = []
    numbers: dict[tuple[int, int], int] = {}
    row_of = array("q", bytes(8 * len(tree.parents)))
    edges: dict[tuple[int, int], list[int]] = {}
    on_stack = [0] * len(functions)
    way: list[int] = []
    for node in tree.in_order():
        parent = tree.parents[node]
        while way and way[-1] != parent:
            on_stack[tree.things[way.pop()]] -= 1
        thing = tree.things[node]
        on_stack[thing] += 1
        way.append(node)
        level = on_stack[thing]
        number = numbers.setdefault((thing, level), len(rows))
        if number == len(rows):
            function = functions[thing]
            suffix = f"'{level}" if level > 1 else ""
            rows.append(Row(function.name + suffix, function.raw + suffix, function.file, len(way)))
        row = rows[number]
        row_of[node] = number
        row.depth = min(row.depth, len(way))
        value, count = values[node], counts[node]
        row.total = max(row.total, value) if is_max else row.total + value
        row.own = max(row.own, counted.values[node]) if is_max else row.own + counted.values[node]
        row.own_calls += counted.counts[node]
        row.total_calls += count
        row.paths += 1
        if parent != NONE:
            edge = edges.setdefault((row_of[parent], number), [0, 0, 0])
            edge[0] = max(edge[0], value) if is_max else edge[0] + value
            edge[1] += count
            edge[2] += 1
    return _flat(rows, edges, is_max=is_max)


def _flat(rows: Sequence[Row], edges: dict[tuple[int, int], list[int]], *, is_max: bool) -> Flat:
    ranked = sorted(rows, key=lambda row: (-abs(row.total), row.depth, row.raw.encode()))
    for rank, row in enumerate(ranked, 1):
        row.rank = rank
        row.kids = 0 if is_max else row.total - row.own
    for (caller, callee), (value, calls, paths) in edges.items():
        if not value:
            continue
        above, below = rows[caller], rows[callee]
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
        {(rows[a].raw, rows[b].raw): edge[0] for (a, b), edge in edges.items()},
    )
