"""Functions of a profile without calls, such as samples or bytes, as a table in pstats' manner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .restrictions import SORT_KEYS
from .rows import function_rows, limit_rows, main_metric, sort_rows
from .text import ROWS, counted, figures, printable, remarks, sampling

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .model import Limit, Metric, Profile


def value_text(
    profile: Profile,
    *,
    sort: Sequence[str] | None = None,
    limits: Sequence[Limit] | None = None,
    rows: int | None = ROWS,
    strip_dirs: bool = False,
    reverse: bool = False,
    told: bool = True,
) -> str:
    """Own and total values of the main metric, sorted and restricted as ``pstats_text`` does.

    ``told`` says that warnings come first.
    """
    metric = main_metric(profile)
    sort = profile.view.sort if sort is None else sort
    limits = profile.view.limits if limits is None else limits
    found = function_rows(profile, metric)
    if strip_dirs:
        found = [row.without_directory(profile) for row in found]
    keys = [key for key in sort if key in SORT_KEYS] or ["time"]
    ordered = sort_rows(found, keys)
    if reverse:
        ordered.reverse()
    shown, notes = limit_rows(ordered, limits)
    more = 0
    if rows is not None and not limits:
        more = max(0, len(shown) - rows)
        shown = shown[:rows]
    what = _name(metric)
    before = [*remarks(profile), *figures(profile)] if told else []
    lines = [*before, ""] if before else []
    own = _number(sum(row.tottime for row in found), metric)
    figure = f"         {own} {what} in {counted(len(found), 'function')}"
    lines += [figure, *sampling(profile, failed=not told), ""]
    if shown:
        orders = [SORT_KEYS[key] for key in keys]
        if what != "seconds":
            orders = [order.replace(" time", f" {what}") for order in orders]
        lines.append(f"   Ordered by: {', '.join(orders)}")
        lines += [f"   {note}" for note in notes]
        cells = [(_number(row.tottime, metric), _number(row.cumtime, metric)) for row in shown]
        widths = [max(9, *(len(cell) for cell in column)) for column in zip(*cells, strict=True)]
        heads = ("internal", "cumulative")
        widths = [max(width, len(head)) for width, head in zip(widths, heads, strict=True)]
        lines += ["", f"{_row(heads, widths)} filename:lineno(function)"]
        lines += [
            f"{_row(cell, widths)} {printable(row.name)}"
            for cell, row in zip(cells, shown, strict=True)
        ]
    if more:
        lines.append(f"({counted(more, 'more function')})")
    return "\n".join(lines).rstrip()


def _name(metric: Metric | None) -> str:
    if metric is None:
        return "of nothing"
    if metric.unit == "ns":
        return "seconds"
    return metric.label.lower() if metric.unit == "count" else metric.unit


def _number(value: float, metric: Metric | None) -> str:
    if metric is not None and metric.unit == "ns":
        return f"{value:.3f}"
    return f"{value:d}" if isinstance(value, int) else f"{value:.10g}"


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    return " ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
