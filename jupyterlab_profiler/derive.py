"""Function totals and caller -> callee totals from a call tree.

A function counts once a path, at its outermost place; a pair of caller and callee likewise. So no
total passes the whole, and the numbers are those that cProfile would have summed from the same
events (its primitive calls and its cumulative time follow the same rule).
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING

from .model import Metric, Profile, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


def combiner_of(combine: str) -> Callable[[float, float], float] | None:
    """What puts two values of a metric together, None if that word of ``combine`` is not known."""
    match combine:
        case "sum":
            return operator.add
        case "max":
            return max
        case _:
            return None


def totals_and_edges(profile: Profile) -> tuple[Table, Table]:
    """The profile's ``totals`` and ``edges``, derived from its ``paths`` if it has none."""
    if profile.totals.rows or not profile.paths.rows:
        return profile.totals, profile.edges
    return derive(profile.paths, profile.metrics)


def derive(paths: Table, metrics: Sequence[Metric]) -> tuple[Table, Table]:
    """``(totals, edges)`` of a call tree in pre-order, rows in the order of first appearance.

    The values are ``self.M`` and, for ``calls``, ``primitive.calls``, for every other metric
    ``total.M``, in ticks as in ``paths``, put together as the metric's ``combine`` says. A metric
    whose ``combine`` is not known has no columns. Linear in the number of rows, however deep.

    >>> calls = Metric("calls", "Calls", "count")
    >>> fib = Table(parent=[0, 1, 1], function=[0, 0, 0], **{"self.calls": [1, 2, 4]})
    >>> totals, edges = derive(fib, [calls])
    >>> totals["self.calls"], totals["primitive.calls"], edges["primitive.calls"]
    ([7], [1], [2])
    """
    offsets, functions, threads = (paths.ints(name) for name in ("parent", "function", "thread"))

    total_rows: dict[tuple[int, int], int] = {}
    edge_rows: dict[tuple[int, int, int], int] = {}
    # Row of each path's function and pair in the tables, and whether it is the outermost one.
    row_of: list[int] = []
    edge_of: list[int] = []
    outermost: list[bool] = []
    outermost_edge: list[bool] = []
    # The path that leads to the current row, and how often each table row is on it.
    path: list[int] = []
    open_rows: list[int] = []
    open_edges: list[int] = []
    for index, (offset, function, thread) in enumerate(
        zip(offsets, functions, threads, strict=True)
    ):
        parent = index - offset if offset else -1
        while path and path[-1] != parent:
            left = path.pop()
            open_rows[row_of[left]] -= 1
            if edge_of[left] >= 0:
                open_edges[edge_of[left]] -= 1
        row = total_rows.setdefault((function, thread), len(total_rows))
        if row == len(open_rows):
            open_rows.append(0)
        edge = -1
        if offset:
            edge = edge_rows.setdefault((functions[parent], function, thread), len(edge_rows))
            if edge == len(open_edges):
                open_edges.append(0)
            outermost_edge.append(not open_edges[edge])
            open_edges[edge] += 1
        else:
            outermost_edge.append(False)
        outermost.append(not open_rows[row])
        open_rows[row] += 1
        row_of.append(row)
        edge_of.append(edge)
        path.append(index)

    totals: dict[str, Sequence[float]] = {
        "function": [function for function, _ in total_rows],
        "thread": [thread for _, thread in total_rows],
    }
    edges: dict[str, Sequence[float]] = {
        "caller": [caller for caller, _, _ in edge_rows],
        "callee": [callee for _, callee, _ in edge_rows],
        "thread": [thread for _, _, thread in edge_rows],
    }
    for metric in metrics:
        name, combine = metric.id, combiner_of(metric.combine)
        if combine is None or f"self.{name}" not in paths:
            continue
        own = paths[f"self.{name}"]
        if name == "calls":
            role, whole = "primitive", own
        else:
            role, whole = "total", _subtrees(own, offsets, combine)
        for table, length, rows, first in (
            (totals, len(total_rows), row_of, outermost),
            (edges, len(edge_rows), edge_of, outermost_edge),
        ):
            table[f"self.{name}"] = put_together(combine, length, rows, own)
            outer = [row if first[index] else -1 for index, row in enumerate(rows)]
            table[f"{role}.{name}"] = put_together(combine, length, outer, whole)
    return Table(totals), Table(edges)


def put_together(
    combine: Callable[[float, float], float],
    length: int,
    rows: Iterable[int],
    values: Iterable[float],
) -> list[float]:
    """``length`` values, of each row those that go into it; a row below 0 goes nowhere.

    >>> put_together(max, 2, [0, 1, 0, -1], [-3, 4, -2, 9])
    [-2, 4]
    """
    together: list[float] = [0] * length
    met = bytearray(length)
    for row, value in zip(rows, values, strict=True):
        if row < 0:
            continue
        together[row] = combine(together[row], value) if met[row] else value
        met[row] = 1
    return together


def _subtrees(
    own: Sequence[float], offsets: Sequence[int], combine: Callable[[float, float], float]
) -> list[float]:
    """Each row's own value put together with those of all rows below it."""
    whole = list(own)
    for index in range(len(whole) - 1, -1, -1):
        if offset := offsets[index]:
            whole[index - offset] = combine(whole[index - offset], whole[index])
    return whole
