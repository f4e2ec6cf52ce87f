"""A profile as static HTML, for places that show no profile: saved notebooks, mail, GitHub.

No script, no style sheet, no id or class, no colour of its own: what is left when a sanitiser takes
the ``style`` attributes away is still a table with a caption, heads and numbers.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from .restrictions import SORT_KEYS
from .rows import Row, function_rows, limit_rows, main_metric, sort_rows
from .text import calls_of, counted, printable, remarks

if TYPE_CHECKING:
    from collections.abc import Callable

    from .model import Profile

#: Most bytes of the HTML. A notebook holds it beside the profile itself.
MOST_BYTES = 20_000
#: Most rows, and fewer where long names would pass the bytes.
ROWS = 10

_REMARKS = 6
_SHORT = 60
_LONG = 240
# Styles that the rows inherit: JupyterLab reads every attribute when it looks for headings.
_TABLE = "border-spacing:1em 0.2em;text-align:right;white-space:nowrap"
_ROWS = "vertical-align:top"


def static_html(profile: Profile) -> str:
    """The functions on top in the order of ``profile.view``, as a table. At most 20 kB."""
    metric = main_metric(profile)
    if metric is not None and metric.id != "time" and profile.has_functions():
        from .valuehtml import value_html

        return value_html(profile, metric)
    rows = function_rows(profile)
    keys = [key for key in profile.view.sort if key in SORT_KEYS] or ["time"]
    shown, notes = limit_rows(sort_rows(rows, keys), profile.view.limits)
    return fitting(lambda most: _page(profile, rows, shown, notes, keys, most))


def fitting(page: Callable[[int], str]) -> str:
    """The page with as many rows as are below the limit of bytes."""
    for most in range(ROWS, -1, -5):
        html = page(most)
        if len(html.encode("utf-8")) < MOST_BYTES:
            break
    return html


def _page(
    profile: Profile,
    rows: list[Row],
    shown: list[Row],
    notes: list[str],
    keys: list[str],
    most: int,
) -> str:
    parts = [f"<p>{_summary(profile, rows)}</p>"]
    if profile.lines.rows and not profile.has_functions():
        parts = [f"<p>{_of_lines(profile)}</p>"]
    lines = remarks(profile)
    parts += [f"<p><strong>{_text(line, _LONG)}</strong></p>" for line in lines[:_REMARKS]]
    if len(lines) > _REMARKS:
        parts.append(f"<p>{counted(len(lines) - _REMARKS, 'more warning')}</p>")
    parts += [f"<p>{_text(note, _LONG)}</p>" for note in notes[:_REMARKS]]
    whole = sum(row.tottime for row in rows)
    top = shown[:most]
    if top:
        order = ", ".join(dict.fromkeys(SORT_KEYS[key] for key in keys))
        heads = "".join(
            f'<th scope="col">{head}</th>'
            for head in ("ncalls", "tottime", "% own", "cumtime", "% total")
        )
        body = "".join(_row(profile, row, whole) for row in top)
        parts.append(
            f'<table style="{_TABLE}">'
            f'<caption style="text-align:left">Functions by {order}</caption>'
            f"<thead><tr>{heads}"
            f'<th scope="col" style="text-align:left">function</th></tr></thead>'
            f'<tbody style="{_ROWS}">{body}</tbody></table>'
        )
    elif not rows and not profile.lines.rows:
        parts.append("<p>No function was measured.</p>")
    if len(shown) > len(top):
        parts.append(f"<p>{counted(len(shown) - len(top), 'more function')}</p>")
    if profile.lines.rows:
        parts += _lines(profile, most)
    return f"<div>{''.join(parts)}</div>"


def _summary(profile: Profile, rows: list[Row]) -> str:
    """``first model: 2,438 function calls (2,223 primitive) in 55.6 ms``."""
    calls, primitive = sum(row.ncalls for row in rows), sum(row.primitive for row in rows)
    text = f"{calls:,} function {'call' if calls == 1 else 'calls'}"
    if rows and all("ncalls" in row.unknown for row in rows):
        text = counted(len(rows), "function")
    elif calls != primitive and any("primitive" not in row.unknown for row in rows):
        text += f" ({primitive:,} primitive)"
    seconds = sum(row.tottime for row in rows)
    if profile.meta.wall is not None:
        seconds = profile.meta.wall / 1e9
    text += f" in {duration(seconds)}"
    label = profile.meta.label
    return f"<strong>{_text(label, _SHORT)}</strong>: {text}" if label else text


def _of_lines(profile: Profile) -> str:
    """``first model: 1,204 lines ran in 55.6 ms``."""
    hits = sum(profile.lines.ints("self.hits"))
    text = f"{hits:,} {'line' if hits == 1 else 'lines'} ran"
    if profile.meta.wall is not None:
        text += f" in {duration(profile.meta.wall / 1e9)}"
    label = profile.meta.label
    return f"<strong>{_text(label, _SHORT)}</strong>: {text}" if label else text


def _lines(profile: Profile, most: int) -> list[str]:
    """The dearest lines as a table, with their text."""
    from .linereport import line_stats, texts_of

    stats, text = line_stats(profile), texts_of(profile)
    labels = {file.path: file.label or file.path for file in profile.files}
    ran = sorted(
        (
            (time * stats.unit, hits, place, line)
            for place, timings in stats.timings.items()
            for line, hits, time in timings
            if hits
        ),
        key=lambda row: -row[0],
    )
    whole = (profile.meta.wall or 0) / 1e9
    rows = []
    for seconds, hits, place, line in ran[:most]:
        code = text(place, line)
        written = code[line - place[1]].strip() if code and line >= place[1] else ""
        label = _text(labels.get(place[0], place[0]), _SHORT, end=True)
        rows.append(
            f"<tr><td>{hits:,}</td><td>{duration(seconds)}</td>{_share(seconds, whole)}"
            f'<th scope="row" align="left">{label}:{line}'
            f" <code>{_text(written, _SHORT)}</code></th></tr>"
        )
    if not rows:
        return []
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("hits", "time", "% of all"))
    table = (
        f'<table style="{_TABLE}"><caption style="text-align:left">Lines by time, with what they '
        f'call</caption><thead><tr>{heads}<th scope="col" style="text-align:left">line</th></tr>'
        f'</thead><tbody style="{_ROWS}">{"".join(rows)}</tbody></table>'
    )
    more = len(ran) - len(rows)
    return [table, *([f"<p>{counted(more, 'more line')}</p>"] if more else [])]


def _row(profile: Profile, row: Row, whole: float) -> str:
    numbers = f"<td>{calls_of(row, ',')}</td>"
    for name, seconds, bar in (("tottime", row.tottime, True), ("cumtime", row.cumtime, False)):
        known = name not in row.unknown
        numbers += f"<td>{duration(seconds) if known else '-'}</td>"
        numbers += _share(seconds, whole, bar) if known else "<td></td>"
    name = f'<th scope="row" align="left">{_name(profile, row)}</th>'
    return f"<tr>{numbers}{name}</tr>"


def _name(profile: Profile, row: Row) -> str:
    function = row.function
    if function.kind == "pseudo":
        return f"<em>{_text(function.name, _SHORT)}</em>"
    name = f"<code>{_text(function.qualified or function.name, _SHORT)}</code>"
    if function.file is None:
        return f"{name} {_text(function.kind, _SHORT)}"
    file = profile.files[function.file]
    return f"{name} {_text(file.label or file.path, _SHORT, end=True)}:{function.line}"


def _share(part: float, whole: float, bar: bool = True) -> str:
    """A cell with a percentage, with a bar of that length behind it where one is asked for."""
    if whole <= 0:
        return "<td></td>"
    percent = 100 * part / whole
    # One element and no style: JupyterLab parses each style of each output when a notebook opens.
    drawn = f' <meter max="100" value="{percent:.1f}"></meter>' if bar else ""
    return f"<td>{percent:.1f} %{drawn}</td>"


def duration(seconds: float) -> str:
    """A time with three digits in the unit that fits: ``55.6 ms``.

    >>> duration(0.0556), duration(1.5e-7), duration(0), duration(754.2)
    ('55.6 ms', '150 ns', '0 s', '754 s')
    """
    size = abs(seconds)
    for unit, scale in (("s", 1.0), ("ms", 1e3), ("µs", 1e6), ("ns", 1e9)):
        # What would round to 1000 of a unit belongs to the next one.
        if size * scale >= 0.9995 or (unit == "ns" and seconds):
            value = seconds * scale
            digits = max(0, 2 - len(str(int(abs(float(f"{value:.3g}"))))) + 1)
            return f"{value:,.{0 if unit == 'ns' else digits}f} {unit}"
    return "0 s"


def _text(text: str, most: int, end: bool = False) -> str:
    """Text for the page, its end (or its beginning) left out where it is too long."""
    text = printable(text)
    if len(text) > most:
        text = "…" + text[1 - most :] if end else text[: most - 1] + "…"
    return escape(text, quote=False)
