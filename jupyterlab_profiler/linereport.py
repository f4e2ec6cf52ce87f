"""The lines of a profile as statistics, and as the text that line_profiler prints."""

from __future__ import annotations

import inspect
import tokenize
from collections import defaultdict
from typing import IO, TYPE_CHECKING, Any

from .formats.linetext import line_text
from .linestats import LineStats

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

    from .linestats import Place, Timing
    from .model import Profile


def line_stats(profile: Profile) -> LineStats:
    """Hits and times of all threads together, as line_profiler's ``LineStats`` holds them.

    Functions that line_profiler cannot tell apart (equal file, line and name) are summed. Of lines
    that were folded nothing is known here.
    """
    lines = profile.lines
    ticks = {metric.id: metric.tick for metric in profile.metrics}
    own = "self.time" if "total.time" not in lines else "total.time"
    unit = ticks.get("time", 1) / 1e9
    found: dict[Place, dict[int, list[float]]] = defaultdict(dict)
    for function, line, hits, time in zip(
        lines.ints("function"),
        lines.ints("line"),
        lines.ints("self.hits"),
        lines.get(own, bytes(lines.rows)),
        strict=True,
    ):
        timings = found[_place(profile, function, line)]
        if line and (hits or time):
            timing = timings.setdefault(line, [0, 0])
            timing[0] += hits
            timing[1] += time
    return LineStats(
        {
            place: [
                (line, int(hits), int(time) if time == int(time) else time)
                for line, (hits, time) in sorted(timings.items())
            ]
            for place, timings in found.items()
        },
        unit,
    )


def _place(profile: Profile, function: int, line: int) -> Place:
    if not function:
        return "", line, ""
    named = profile.functions[function - 1]
    path = "" if named.file is None else profile.files[named.file].path
    return path, named.line, named.qualified or named.name


def line_report(
    profile: Profile,
    *,
    unit: float | None = None,
    skip_zeros: bool | None = None,
    limit: int | None = None,
    labels: bool = False,
    **more: Any,
) -> str:
    """All functions as line_profiler prints them.

    ``unit`` of the times in seconds, and ``skip_zeros``: those of ``profile.view`` where None; the
    unit is a microsecond where nobody asked for one. ``limit`` cuts the text after so many lines,
    the dearest functions first, and says so. ``labels`` calls files by their labels. ``more`` as
    :func:`~.formats.linetext.line_text` has it.
    """
    stats = line_stats(profile)
    if limit is not None:
        hottest = sorted(stats.timings.items(), key=lambda entry: -_total(entry[1]))
        stats = LineStats(dict(hottest), stats.unit)
        more["in_order"] = True
    names = {file.path: file.label or file.path for file in profile.files} if labels else {}
    text = line_text(
        stats,
        texts_of(profile),
        unit=unit or profile.view.unit or 1e-6,
        strip_zeros=profile.view.skip_zeros if skip_zeros is None else skip_zeros,
        name_of=lambda path: names.get(path, path),
        **more,
    )
    rows = text.rstrip("\n").split("\n")
    if limit is not None and len(rows) > limit:
        rows[limit:] = [f"({len(rows) - limit} more lines of text)"]
        return "\n".join(rows)
    return text.rstrip("\n")


def _total(timings: Sequence[Timing]) -> float:
    return sum(time for _, _, time in timings)


def texts_of(profile: Profile) -> Callable[[Place, int], Sequence[str] | None]:
    """The text of functions, as the profile holds it."""
    lines: dict[str, dict[int, str]] = defaultdict(dict)
    for source in profile.sources:
        known = lines[profile.files[source.file].path]
        known.update(enumerate(source.text.splitlines(keepends=True), source.line))

    def text(place: Place, last: int) -> Sequence[str] | None:
        path, first, name = place
        known = lines.get(path, {})
        if first not in known:
            return None
        found = [known[first]]
        while first + len(found) in known:
            found.append(known[first + len(found)])
        if name == "<module>":
            return found
        length = max(len(_block(found)), last - first + 1)
        return [*found[:length], *[""] * (length - len(found))]

    return text


def _block(lines: list[str]) -> list[str]:
    """The lines of the definition that begins with the first of these."""
    try:
        return inspect.getblock(lines)
    except (SyntaxError, tokenize.TokenError):
        return lines[:1]


class LineResult:
    """What ``-r`` of ``%lprun`` returns, with the methods of line_profiler's ``LineProfiler``."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile

    def get_stats(self) -> LineStats:
        """Hits and times of all lines."""
        return line_stats(self.profile)

    def print_stats(
        self,
        stream: IO[str] | None = None,
        output_unit: float | None = None,
        stripzeros: bool = False,
        details: bool = True,
        summarize: bool = False,
        sort: bool = False,
    ) -> None:
        """Print what was measured. Options as in line_profiler."""
        text = line_report(
            self.profile,
            unit=output_unit,
            skip_zeros=stripzeros,
            details=details,
            summarize=summarize,
            by_time=sort,
        )
        print(text, file=stream)

    def dump_stats(self, filename: str | os.PathLike[str]) -> None:
        """Write a file that ``python -m line_profiler`` reads. Raises ``OSError``."""
        from .formats.lprof import write_lprof

        write_lprof(self.profile, filename)

    def __repr__(self) -> str:
        return f"<LineResult of {self.profile!r}>"
