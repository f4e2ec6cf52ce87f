"""Function totals and caller -> callee totals from a call tree.

A function counts once a path, at its outermost place; a pair of caller and callee likewise. So no
total passes the whole, and the numbers are those that cProfile would have summed from the same
events (its primitive calls and its cumulative time follow the same rule).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .model import Metric, Profile, Table

if TYPE_CHECKING:
    from collections.abc import Sequence


def totals_and_edges(profile: Profile) -> tuple[Table, Table]:
    """The profile's ``totals`` and ``edges``, derived from its ``paths`` if it has none."""
    if profile.totals.rows or not profile.paths.rows:
        return profile.totals, profile.edges
    return derive(profile.paths, profile.metrics)


def derive(paths: Table, metrics: Sequence[Metric]) -> tuple[Table, Table]:
    """``(totals, edges)`` of a call tree in pre-order, rows in the order of first appearance.

    The values are ``self.M`` and, for ``calls``, ``primitive.calls``, for every other metric
    ``total.M``, in ticks as in ``paths``. Linear in the number of rows, whatever their depth.

    >>> calls = Metric("calls", "Calls", "count")
    >>> fib = Table(parent=[0, 1, 1], function=[0, 0, 0], **{"self.calls": [1, 2, 4]})
    >>> totals, edges = derive(fib, [calls])
    >>> totals["self.calls"], totals["primitive.calls"], edges["primitive.calls"]
    ([7], [1], [2])
    """
    present = [metric.id for metric in metrics if f"self.{metric.id}" in paths]
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
    for metric in present:
        own = paths[f"self.{metric}"]
        if metric == "calls":
            role, whole = "primitive", own
        else:
            role, whole = "total", _subtrees(own, offsets)
        for table, length, rows, first in (
            (totals, len(total_rows), row_of, outermost),
            (edges, len(edge_rows), edge_of, outermost_edge),
        ):
            selfs: list[float] = [0] * length
            sums: list[float] = [0] * length
            for index, row in enumerate(rows):
                if row >= 0:
                    selfs[row] += own[index]
                    if first[index]:
                        sums[row] += whole[index]
            table[f"self.{metric}"] = selfs
            table[f"{role}.{metric}"] = sums
    return Table(totals), Table(edges)


def _subtrees(own: Sequence[float], offsets: Sequence[int]) -> list[float]:
    """Each row's own value and those of all rows below it."""
    sums = list(own)
    for index in range(len(sums) - 1, -1, -1):
        if offsets[index]:
            sums[index - offsets[index]] += sums[index]
    return sums
