"""A profile as plain text, in the layout that pstats prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .model import EXITED, SAMPLES
from .restrictions import SORT_KEYS
from .rows import Row, function_rows, limit_rows, main_metric, sort_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .model import Limit, Profile

#: Rows that are shown where nobody asked for a number.
ROWS = 30
_NUMBERS = ("ncalls", "primitive", "tottime")


def pstats_text(
    profile: Profile,
    *,
    sort: Sequence[str] | None = None,
    limits: Sequence[Limit] | None = None,
    rows: int | None = ROWS,
    strip_dirs: bool = False,
) -> str:
    """What ``pstats.Stats.print_stats`` prints, without the blank lines at its end.

    ``sort`` and ``limits`` are those of ``profile.view`` where they are None. Without any, rows are
    sorted by own time, as ``%prun`` does, and the last line says how many follow the first
    ``rows``; None shows all. ``strip_dirs`` leaves directories out, as ``%prun`` does, calls cells
    by their labels, and merges no rows. A number that is not known is ``-``. What is
    not as a reader expects comes first, a line each: how the code ended, and warnings.
    """
    sort = profile.view.sort if sort is None else sort
    limits = profile.view.limits if limits is None else limits
    found = function_rows(profile)
    if strip_dirs:
        found = [row.without_directory(profile) for row in found]
    lines = [*remarks(profile), ""] if remarks(profile) else []
    lines += [_sampled(profile, found) or _head(found), *sampling(profile), ""]
    keys = [key for key in sort if key in SORT_KEYS] or ["time"]
    shown, notes = limit_rows(sort_rows(found, keys), limits)
    more = 0
    if rows is not None and not limits:
        more = max(0, len(shown) - rows)
        shown = shown[:rows]
    if shown:  # pstats prints nothing further where no row is left
        lines.append(f"   Ordered by: {', '.join(SORT_KEYS[key] for key in keys)}")
        lines += [f"   {note}" for note in notes]
        lines += ["", "   ncalls  tottime  percall  cumtime  percall filename:lineno(function)"]
        lines += map(_line, shown)
    if more:
        lines.append(f"({counted(more, 'more function')})")
    return "\n".join(lines).rstrip()


def profile_text(profile: Profile, limit: int | None = ROWS) -> str:
    """What was measured, as text: functions as pstats prints them, lines as line_profiler does.

    Of functions the first ``limit`` rows, of lines ten times as many; None shows all.
    """
    if not profile.lines.rows or (profile.has_functions() and not _has_hits(profile)):
        return _functions(profile, limit)
    from .linereport import line_report

    lines = line_report(
        profile, limit=None if limit is None else 10 * limit, labels=limit is not None
    )
    if profile.has_functions():
        return f"{_functions(profile, limit)}\n\n{lines}"
    told = remarks(profile)
    return "\n".join([*told, "", lines] if told else [lines])


def _has_hits(profile: Profile) -> bool:
    """Whether lines were measured, and not seen in samples."""
    return "self.hits" in profile.lines


def _functions(profile: Profile, limit: int | None) -> str:
    metric = main_metric(profile)
    if metric is None or metric.id == "time":
        return pstats_text(profile, rows=limit, strip_dirs=True)
    from .valuetext import value_text

    return value_text(profile, rows=limit, strip_dirs=True)


def remarks(profile: Profile) -> list[str]:
    """How the code ended if not well, warnings, and what does not add up: a line each."""
    lines = [] if profile.meta.status == "ok" else [ending(profile)]
    lines += [f"Warning: {printable(warned.text)}" for warned in profile.meta.warnings]
    lines += [
        f"Does not add up: {printable(check.text)}" for check in profile.checks if check.ok is False
    ]
    return lines


#: Checks that tell how complete samples are, and what they cost.
_SAMPLING = ("coverage", "rate", "slowdown")


def sampling(profile: Profile, *, failed: bool = False) -> list[str]:
    """How complete the profile is, for below its figures: a line each.

    What does not hold is among the remarks, or, with ``failed``, here.
    """
    return [
        f"         {printable(check.text)}"
        for check in profile.checks
        if check.id in _SAMPLING and (failed or check.ok is not False)
    ]


#: Checks that are the result itself, and not only what one may want to know of it.
_FIGURES = ("memory-peak", "memory-total", "memory-live", "memory-split")


def figures(profile: Profile) -> list[str]:
    """What was found, in words: a line each."""
    return [printable(check.text) for check in profile.checks if check.id in _FIGURES]


def ending(profile: Profile) -> str:
    """One sentence on how the code ended, such as ``Interrupted in Cell [5], line 3: …``."""
    verb = {
        "error": "Ended by an error",
        "interrupted": "Interrupted",
        "exit": "Ended by sys.exit",
    }
    sentence = verb.get(profile.meta.status, "Ended in another way")
    where = profile.meta.where
    if where is not None:
        if where.file is not None:
            file = profile.files[where.file]
            sentence += f" in {printable(file.label or file.path)}, line {where.line}"
        if where.text and profile.meta.status != "interrupted":
            sentence += f" ({printable(where.text)})"
        if profile.meta.status == "exit" and where.text == EXITED:
            return f"{sentence}."  # as it was meant to
    return f"{sentence}: partial result, of what ran until then."


def printable(text: str) -> str:
    r"""The text with what a terminal or a page would act on written as escapes, as ``\x1b``."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in text
    )


def counted(count: int, what: str) -> str:
    """``1 function``, ``2 functions``."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def calls_of(row: Row, style: str = "") -> str:
    """``177/1``: calls and, where they differ, primitive calls; ``-`` for what is not known."""
    calls = "-" if "ncalls" in row.unknown else format(row.ncalls, style)
    if "primitive" in row.unknown or row.ncalls == row.primitive:
        return calls
    return f"{calls}/{row.primitive:{style}}"


def _sampled(profile: Profile, rows: list[Row]) -> str:
    """Of samples, which know of no calls, their number and their time; else nothing."""
    if SAMPLES not in profile.metrics or not all("ncalls" in row.unknown for row in rows):
        return ""
    samples = sum(profile.paths.ints("self.samples"))
    seconds = sum(row.tottime for row in rows)
    return f"         {counted(samples, 'sample')}, {seconds:.3f} seconds" if samples else ""


def _head(rows: list[Row]) -> str:
    calls = sum(row.ncalls for row in rows)
    primitive = sum(row.primitive for row in rows)
    seconds = 0.0
    for row in rows:  # one after the other, as pstats adds; sum() is more exact since 3.12
        seconds += row.tottime
    known = {name: not rows or any(name not in row.unknown for row in rows) for name in _NUMBERS}
    recursive = ""
    if known["primitive"] and calls != primitive:
        recursive = f"({primitive} primitive calls) "
    count = str(calls) if known["ncalls"] else "-"
    took = f"{seconds:.3f}" if known["tottime"] else "-"
    return f"         {count} function calls {recursive}in {took} seconds"


def _line(row: Row) -> str:
    own = row.tottime / row.ncalls if row.ncalls and "tottime" not in row.unknown else None
    total = row.cumtime / row.primitive if row.primitive and "cumtime" not in row.unknown else None
    parts = [
        f"{calls_of(row):>9}",
        f"{'-':>8}" if "tottime" in row.unknown else f"{row.tottime:8.3f}",
        f"{'':8}" if own is None else f"{own:8.3f}",
        f"{'-':>8}" if "cumtime" in row.unknown else f"{row.cumtime:8.3f}",
        f"{'':8}" if total is None else f"{total:8.3f}",
        printable(row.name),
    ]
    return " ".join(parts)
