"""Line profiles as line_profiler prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ..linestats import LineStats, Place, Timing

    #: Lines of a function, up to the last that was timed at least; None where they are not known.
    Text = Callable[[Place, int], Sequence[str] | None]

_HEADS = ("Line #", "Hits", "Time", "Per Hit", "% Time")
#: Characters of the columns; they grow where a number needs more.
_WIDTHS = (6, 9, 12, 8, 8)

_MISSING = """\

Could not find file {path}
Are you sure you are running this program from the same directory
that you ran the profiler from?
Continuing without the function's contents.
"""


def line_text(
    stats: LineStats,
    text: Text,
    *,
    unit: float | None = None,
    strip_zeros: bool = False,
    by_time: bool = False,
    summarize: bool = False,
    details: bool = True,
    in_order: bool = False,
    name_of: Callable[[str], str] = str,
) -> str:
    """A report of all functions.

    ``unit`` is that of the columns, in seconds (default: that of the statistics). ``strip_zeros``
    leaves functions out that did not run, ``by_time`` puts the hottest last instead of ordering by
    place, ``summarize`` adds one line a function, ``details`` are the lines. ``in_order``
    leaves the functions as they come, and ``name_of`` says how a path is written.
    """
    unit = stats.unit if unit is None else unit
    functions = list(stats.timings.items())
    if not in_order:
        functions.sort(key=_total if by_time else None)
    kept = [
        (place, timings)
        for place, timings in functions
        if not strip_zeros or any(hits for _, hits, _ in timings)
    ]
    parts = [f"Timer unit: {unit:g} s\n\n"]
    if details:
        parts += [
            _function(place, timings, stats.unit, unit, text, name_of) for place, timings in kept
        ]
    if summarize:
        parts += [
            f"{_total(entry) * stats.unit:6.2f} seconds - {name_of(path)}:{line} - {name}\n"
            for entry in kept
            for path, line, name in [entry[0]]
        ]
    return "".join(parts)


def _total(entry: tuple[Place, Sequence[Timing]]) -> float:
    return sum(time for _, _, time in entry[1])


def _function(
    place: Place,
    timings: Sequence[Timing],
    unit: float,
    shown_unit: float,
    text: Text,
    name_of: Callable[[str], str],
) -> str:
    path, first, name = place
    total = sum(time for _, _, time in timings)
    last = max((line for line, _, _ in timings), default=first)
    lines = text(place, last)
    head = f"Total time: {total * unit:g} s\n"
    if lines is None:
        head += _MISSING.format(path=name_of(path))
        lines = [""] * (last - first + 1)
    else:
        head += f"File: {name_of(path)}\nFunction: {name} at line {first}\n"
    cells = {
        line: _cells(hits, time, time / total if total else None, unit / shown_unit)
        for line, hits, time in timings
    }
    widths = (
        [
            max(width, *(len(cell) for cell in column)) if column else width
            for width, column in zip(_WIDTHS[1:], zip(*cells.values(), strict=True), strict=True)
        ]
        if cells
        else list(_WIDTHS[1:])
    )
    widths.insert(0, _WIDTHS[0])
    title = _row(_HEADS, widths, "Line Contents")
    rows = [
        _row((f"{line}", *cells.get(line, ("",) * 4)), widths, content.rstrip("\r\n"))
        for line, content in enumerate(lines, first)
    ]
    return "\n".join([head, title, "=" * len(title), *rows]) + "\n\n"


def _row(cells: Iterable[str], widths: Iterable[int], content: str) -> str:
    return (
        " ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
        + f"  {content}"
    )


def _cells(hits: int, time: float, share: float | None, scale: float) -> tuple[str, ...]:
    return (
        _fitting(f"{hits:d}", f"{hits:g}", _WIDTHS[1]),
        _fitting(f"{time * scale:5.1f}", f"{time * scale:5.3g}", _WIDTHS[2]),
        _fitting(f"{time * scale / hits:5.1f}", f"{time * scale / hits:5.3g}", _WIDTHS[3])
        if hits
        else "",
        "" if share is None else f"{100 * share:5.1f}",
    )


def _fitting(exact: str, short: str, width: int) -> str:
    return exact if len(exact) <= width else short
