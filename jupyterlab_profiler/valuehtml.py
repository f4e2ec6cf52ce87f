"""Static HTML of a profile without calls, such as bytes or samples, as :mod:`.html` has times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .html import (
    _LONG,
    _REMARKS,
    _ROWS,
    _SHORT,
    _TABLE,
    _name,
    _share,
    _text,
    fitting,
)
from .restrictions import SORT_KEYS
from .rows import Row, function_rows, limit_rows, sort_rows
from .sizes import size
from .text import counted, figures, remarks

if TYPE_CHECKING:
    from .model import Metric, Profile


def value_html(profile: Profile, metric: Metric) -> str:
    """Own and total values of one metric, in the order of ``profile.view``. At most 20 kB."""
    rows = function_rows(profile, metric)
    keys = [key for key in profile.view.sort if key in SORT_KEYS] or ["time"]
    shown, notes = limit_rows(sort_rows(rows, keys), profile.view.limits)
    return fitting(lambda most: _page(profile, metric, rows, shown, notes, most))


def _page(
    profile: Profile,
    metric: Metric,
    rows: list[Row],
    shown: list[Row],
    notes: list[str],
    most: int,
) -> str:
    whole = sum(row.tottime for row in rows)
    label = profile.meta.label
    what = _text(metric.label, _SHORT)
    head = f"{what}: {_value(whole, metric)} in {counted(len(rows), 'function')}"
    parts = [
        f"<p><strong>{_text(label, _SHORT)}</strong>: {head}</p>" if label else f"<p>{head}</p>"
    ]
    lines = remarks(profile)
    parts += [f"<p><strong>{_text(line, _LONG)}</strong></p>" for line in lines[:_REMARKS]]
    if len(lines) > _REMARKS:
        parts.append(f"<p>{counted(len(lines) - _REMARKS, 'more warning')}</p>")
    parts += [f"<p>{_text(line, _LONG)}</p>" for line in figures(profile)]
    parts += [f"<p>{_text(note, _LONG)}</p>" for note in notes[:_REMARKS]]
    if top := shown[:most]:
        heads = "".join(
            f'<th scope="col">{title}</th>' for title in ("own", "% own", "total", "% total")
        )
        body = "".join(_row(profile, row, metric, whole) for row in top)
        parts.append(
            f'<table style="{_TABLE}">'
            f'<caption style="text-align:left">{_text(metric.label, _SHORT)}</caption>'
            f'<thead><tr>{heads}<th scope="col" style="text-align:left">function</th></tr></thead>'
            f'<tbody style="{_ROWS}">{body}</tbody></table>'
        )
    elif not rows:
        parts.append("<p>No function was measured.</p>")
    if len(shown) > len(top):
        parts.append(f"<p>{counted(len(shown) - len(top), 'more function')}</p>")
    return f"<div>{''.join(parts)}</div>"


def _row(profile: Profile, row: Row, metric: Metric, whole: float) -> str:
    numbers = ""
    for name, value, bar in (("tottime", row.tottime, True), ("cumtime", row.cumtime, False)):
        known = name not in row.unknown
        numbers += f"<td>{_value(value, metric) if known else '-'}</td>"
        numbers += _share(value, whole, bar) if known else "<td></td>"
    return f'<tr>{numbers}<th scope="row" align="left">{_name(profile, row)}</th></tr>'


def _value(value: float, metric: Metric) -> str:
    if metric.unit == "bytes":
        return size(value)
    return f"{value:,.10g}"
