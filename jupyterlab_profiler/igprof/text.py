"""The text report of igprof-analyse: flat by total, flat by own value, callers and callees.

Line for line what that tool prints, numbers of single precision included; where it is wrong, what
is right (``docs/igprof.md`` lists it).
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, replace
from math import floor, inf, nan
from typing import TYPE_CHECKING

from ..text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .counted import Counted
    from .flat import Edge, Flat, Row

_LINE = "-" * 70
#: Shares in percent below which a flat profile ends.
_LEAST_TOTAL, _LEAST_OWN = 1.0, 0.01
#: A share of what the baseline does not have.
NEW = inf


@dataclass(frozen=True)
class Columns:
    """What a report shows. ``calls`` None: where memory is counted."""

    calls: bool | None = None
    paths: bool = False
    libraries: bool = False


def single(number: float) -> float:
    """A number in single precision."""
    return array("f", [number])[0]


def percent(part: float, whole: float) -> float:
    """A share in percent, in single precision as igprof-analyse has it."""
    if not whole:
        return nan if not part else inf
    return single(part / whole * 100)


def thousands(number: int) -> str:
    """A whole number, its thousands apart.

    >>> thousands(-16459936)
    "-16'459'936"
    """
    return f"{number:,}".replace(",", "'")


def seconds(value: float, tick: float) -> str:
    """Ticks in seconds, with two decimals."""
    exact = abs(value * single(tick)) * 100
    hundredths = floor(exact)
    hundredths += exact - hundredths >= 0.5
    sign = "-" if value < 0 and hundredths else ""
    return f"{sign}{thousands(hundredths // 100)}.{hundredths % 100:02d}"


def shares_of(flat: Flat, baseline: Flat | None) -> tuple[Callable[..., float], ...]:
    """Functions that give the share of a row by total and by own value, and of an edge.

    Without a baseline of the whole; else of what that has in the same place, ``NEW`` if nothing.
    """
    if baseline is None:
        return (
            lambda row: percent(row.total, flat.total),
            lambda row: percent(row.own, flat.total),
            lambda caller, callee, value: percent(value, flat.total),  # noqa: ARG005
        )
    known = baseline

    def of_row(row: Row, what: str) -> float:
        before = known.by_raw.get(row.raw)
        old = 0 if before is None else getattr(before, what)
        return percent(getattr(row, what), abs(old)) if old else NEW

    def of_edge(caller: Row, callee: Row, value: int) -> float:
        old = known.edges.get((caller.raw, callee.raw), 0)
        return percent(value, abs(old)) if old else NEW

    return lambda row: of_row(row, "total"), lambda row: of_row(row, "own"), of_edge


def report(
    counted: Counted,
    flat: Flat,
    columns: Columns,
    *,
    baseline: Flat | None = None,
    diff: bool = False,
) -> Iterator[str]:
    """The lines of a report. With ``diff`` rows are about the difference to the baseline."""
    return _Report(counted, flat, columns, baseline, diff=diff).lines()


class _Report:
    def __init__(
        self,
        counted: Counted,
        flat: Flat,
        columns: Columns,
        baseline: Flat | None,
        *,
        diff: bool,
    ) -> None:
        self._counter = counted.counter
        self._flat = flat
        self._libraries = columns.libraries
        self._paths = columns.paths
        is_memory = counted.counter.startswith("MEM_")
        self._calls = is_memory if columns.calls is None else columns.calls
        self._diff = diff
        # With a baseline the whole is that of the newer run.
        total = flat.total - (baseline.total if baseline else 0)
        calls = flat.calls - (baseline.calls if baseline else 0)
        self._value: Callable[[int], str] = thousands
        if counted.is_time:
            self._value = lambda value: seconds(value, counted.tick)
        self._width = max(8, len(self._value(total)), len(self._value(calls)))
        self._wide = self._width + counted.is_time
        whole = replace(flat, total=total)
        self._total, self._own, self._edge = shares_of(whole, baseline if diff else None)

    def lines(self) -> Iterator[str]:
        yield f"Counter: {self._counter}"
        different = "different entries only)"
        diff = self._diff
        yield from self._head(
            f"Flat profile (cumulatively {different}"
            if diff
            else "Flat profile (cumulative >= 1%)",
            "Total",
        )
        for row in self._flat.rows:
            share = self._total(row)
            yield self._flat_row(self._share(share), row.total, row.total_calls, row)
            if share < _LEAST_TOTAL and not diff:
                break
        yield ""
        yield from self._head(
            f"Flat profile (self {different}" if diff else "Flat profile (self >= 0.01%)", "Self"
        )
        for row in sorted(self._flat.rows, key=lambda row: -abs(row.own)):
            share = self._own(row)
            yield self._flat_row(self._share(share, 2), row.own, row.own_calls, row)
            if not row.own or (share < _LEAST_OWN and not diff):
                break
        yield from ("", "", _LINE, "Call tree profile (cumulative)")
        more = (self._calls + self._paths) * (2 * self._width + 5)
        line = "- " * ((35 + 3 * self._wide + more) // 2)
        for row in self._flat.rows:
            yield from ("", line)
            if row.rank % 10 == 1:
                yield self._tree_head()
            for edge in row.callers:
                yield self._edge_row(edge, self._edge(edge.row, row, edge.value))
            yield self._main_row(row)
            for edge in row.callees:
                yield self._edge_row(edge, self._edge(row, edge.row, edge.value))

    def _head(self, title: str, what: str) -> Iterator[str]:
        yield from ("", _LINE, title, "")
        cells = [f"{what:>{self._wide}}  "]
        cells += [f"{'Calls':>{self._width}}  "] * self._calls
        cells += [f"{'Paths':>{self._width}}  "] * self._paths
        yield f"{'delta' if self._diff else '% total'}{' %' * self._diff}  {''.join(cells)}Function"

    def _share(self, share: float, digits: int = 1) -> str:
        return "    new  " if self._diff and share == NEW else f"{share:7.{digits}f}  "

    def _flat_row(self, share: str, value: int, calls: int, row: Row) -> str:
        cells = [share, f"{self._value(value):>{self._wide}}  "]
        if self._calls:
            cells.append(f"{thousands(calls):>{self._width}}  ")
        if self._paths:
            cells.append(f"{thousands(row.paths):>{self._width}}  ")
        cells.append(f"{printable(row.name)} [{row.rank}]")
        if self._libraries:
            cells.append(printable(row.file))
        return "".join(cells)

    def _tree_head(self) -> str:
        cells = [
            "Rank    ",
            "delta %  " if self._diff else "% total  ",
            f"{'Self':>{self._wide}}  ",
        ]
        cells += [_fraction("Self", "Children", self._wide), "  "]
        if self._calls:
            cells += [_fraction("Calls", "Total", self._width), "  "]
        if self._paths:
            cells += [_fraction("Paths", "Total", self._width), "  "]
        return "".join([*cells, "Function"])

    def _main_row(self, row: Row) -> str:
        cells = [f"{f'[{row.rank}]':<8}", self._share(self._total(row))]
        cells += [f"{self._value(row.total):>{self._wide}}  "]
        cells += [_fraction(self._value(row.own), self._value(row.kids), self._wide), "  "]
        for is_shown, number in ((self._calls, row.total_calls), (self._paths, row.paths)):
            if is_shown:
                cells.append(f"{thousands(number):>{self._width}}  {'':>{self._width}}   ")
        cells.append(printable(row.name))
        if self._libraries:
            cells.append(printable(row.file))
        return "".join(cells)

    def _edge_row(self, edge: Edge, share: float) -> str:
        other = edge.row
        cells = [" " * 8, self._share(share), "." * self._wide, "  "]
        cells += [_fraction(self._value(edge.value), self._value(other.total), self._wide), "  "]
        if self._calls:
            text = _fraction(thousands(edge.calls), thousands(other.total_calls), self._width)
            cells += [text, "  "]
        if self._paths:
            cells += [_fraction(thousands(edge.paths), thousands(other.paths), self._width), "  "]
        cells.append(f"  {printable(other.name)} [{other.rank}]")
        if self._libraries:
            cells.append(f"  {printable(other.file)}")
        return "".join(cells)


def _fraction(part: str, whole: str, width: int) -> str:
    return f"{part:>{width}} / {whole:<{width}}"
