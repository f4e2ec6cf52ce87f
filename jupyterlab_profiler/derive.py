"""Function totals and caller -> callee totals from a call tree.

A function counts once a path, at its outermost place; a pair of caller and callee likewise. So no
total passes the whole, and the numbers are those that cProfile would have summed from the same
events (its primitive calls and its cumulative time follow the same rule).
"""

from __future__ import annotations

import operator
from array import array
from typing import TYPE_CHECKING

from .model import CALLS, TIME, Metric, Profile, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence


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


def as_cprofile_has_them(profile: Profile) -> tuple[Table, Table]:
    """``totals`` and ``edges`` without the callables that cProfile does not see.

    Their time is their caller's, and so are their callees. Where a profile has no ``paths``, or
    only folded ones, nobody can tell: then the callables stay.
    """
    callables = {
        index for index, function in enumerate(profile.functions) if function.kind == "callable"
    }
    if not callables or profile.totals.rows or not profile.paths.rows:
        return totals_and_edges(profile)
    return derive(profile.paths, profile.metrics, skip=callables)


def derive(
    paths: Table, metrics: Sequence[Metric], skip: Collection[int] = ()
) -> tuple[Table, Table]:
    """``(totals, edges)`` of a call tree in pre-order, rows in the order of first appearance.

    The values are ``self.M`` and, for ``calls``, ``primitive.calls``, for every other metric
    ``total.M``, in ticks as in ``paths``, put together as the metric's ``combine`` says. A metric
    whose ``combine`` is not known has no columns. Functions of ``skip`` have no rows: what they
    took themselves is their caller's, and their callees are. Linear in the number of rows, however
    deep.

    >>> calls = Metric("calls", "Calls", "count")
    >>> fib = Table(parent=[0, 1, 1], function=[0, 0, 0], **{"self.calls": [1, 2, 4]})
    >>> totals, edges = derive(fib, [calls])
    >>> totals["self.calls"], totals["primitive.calls"], edges["primitive.calls"]
    ([7], [1], [2])
    """
    found = _compiled(paths, metrics, skip)
    if found is not None:
        return found
    if skip:
        paths = without(paths, metrics, skip)
    return _derive(paths, metrics)


def without(paths: Table, metrics: Sequence[Metric], skip: Collection[int]) -> Table:
    """The call tree without the rows of some functions, whose callees go to their caller.

    ::

        f 1                    f 3        (of calls, those of f alone: nobody called it oftener)
        └ skipped 2   ──────►  └ g 4
          └ g 4
    """
    offsets, functions = paths.ints("parent"), paths.ints("function")
    combiners = {
        f"self.{metric.id}": combiner_of(metric.combine)
        for metric in metrics
        if metric.id != "calls"
    }
    kept: list[int] = []  # rows that stay
    place: list[int] = []  # where each row went, or the next above it that stays; -1: nowhere
    values = {name: list(column) for name, column in paths.items()}
    parents: list[int] = []
    for index, (offset, function) in enumerate(zip(offsets, functions, strict=True)):
        above = place[index - offset] if offset else -1
        if function in skip:
            place.append(above)
            if above >= 0:
                for name, combine in combiners.items():
                    if name in values and combine is not None:
                        own = values[name]
                        own[kept[above]] = combine(own[kept[above]], own[index])
            continue
        place.append(len(kept))
        parents.append(len(kept) - above if above >= 0 else 0)
        kept.append(index)
    return Table(
        {
            name: parents if name == "parent" else [column[row] for row in kept]
            for name, column in values.items()
        }
    )


def _compiled(
    paths: Table, metrics: Sequence[Metric], skip: Collection[int]
) -> tuple[Table, Table] | None:
    """What the compiled part derives: of times and calls of a recorder, in machine integers.

    None where it is missing, and for other columns.
    """
    from .collect.compiled import load

    columns = [
        paths.get(name) for name in ("parent", "function", "thread", "self.time", "self.calls")
    ]
    is_one_thread = "thread" not in paths
    if list(metrics) != [TIME, CALLS] or not all(
        _is_machine(column) or (column is None and is_one_thread) for column in columns
    ):
        return None
    module = load()
    if module is None or not paths.rows:
        return None
    # By function, as far as any is left out.
    skipped = bytes(index in skip for index in range(max(skip) + 1)) if skip else None
    try:
        totals, edges = module.derive(*columns, skipped)
    except OverflowError:
        return None
    return _table(totals), _table(edges)


def _is_machine(column: Sequence[float] | None) -> bool:
    return isinstance(column, array) and column.typecode == "q"


def _table(columns: dict[str, bytes]) -> Table:
    return Table({name: array("q", column) for name, column in columns.items()})


def _derive(paths: Table, metrics: Sequence[Metric]) -> tuple[Table, Table]:
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
