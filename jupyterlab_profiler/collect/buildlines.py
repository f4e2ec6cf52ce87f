"""From what an engine recorded of lines to the tables of a profile."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ..model import HITS, TIME, Check, Table, Thread, Warned
from .sources import line_sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import CodeType

    from ..model import Profile
    from .files import Cells
    from .lines.collector import LineRecording
    from .names import Names

#: From which share of the wall time on counting is said to distort.
DISTORTS = 0.2


def add_lines(
    profile: Profile,
    recording: LineRecording,
    names: Names,
    cells: Cells,
    displays_ns: Mapping[tuple[str, int], int],
    unnamed: Iterable[CodeType] = (),
) -> None:
    """Add lines to a profile, and what they need: functions, files, texts, warnings and checks.

    Of a function that ran all of its lines have a row, those that did not run with 0 hits; a
    function that did not run has one, its first, unless it is ``unnamed``. ``displays_ns`` is the
    time that lines of top levels had values displayed, which is not theirs.
    """
    threads = _threads(profile, recording)
    rows: dict[tuple[int, int, int], tuple[int, int]] = {}
    ran: dict[int, int] = defaultdict(int)
    for row in recording.rows:
        function = names.function(row.code)
        ran[function] += row.time_ns
        key = function, row.line, threads[row.thread]
        hits, time_ns = rows.get(key, (0, 0))
        rows[key] = hits + row.hits, time_ns + row.time_ns
    shown_ns = _without_displays(rows, names, displays_ns)
    unnamed_ids = {id(code) for code in unnamed}
    seen = {(function, line) for function, line, _ in rows}
    for code in recording.codes:
        if id(code) in unnamed_ids and names.known(code) not in ran:
            continue
        function = names.function(code)
        for line in _lines_of(code) if function in ran else (names.functions[function].line,):
            if (function, line) not in seen:
                seen.add((function, line))
                rows[function, line, 0] = 0, 0
    ordered = sorted(rows)
    files = [names.functions[function].file for function, _, _ in ordered]
    profile.lines = Table(
        {
            # References, which count from 1.
            "file": [0 if file is None else file + 1 for file in files],
            "line": [line for _, line, _ in ordered],
            "function": [function + 1 for function, _, _ in ordered],
            **({"thread": [thread for *_, thread in ordered]} if len(profile.threads) > 1 else {}),
            "self.hits": [rows[key][0] for key in ordered],
            "total.time": [rows[key][1] for key in ordered],
        }
    )
    profile.files, profile.functions = names.files, names.functions
    known = {metric.id for metric in profile.metrics}
    profile.metrics += [metric for metric in (TIME, HITS) if metric.id not in known]
    profile.sources = line_sources(names, ran, profile.sources, cells)
    profile.meta.warnings += recording.warnings
    profile.checks += _checks(profile, recording, shown_ns)


def _without_displays(
    rows: dict[tuple[int, int, int], tuple[int, int]],
    names: Names,
    displays_ns: Mapping[tuple[str, int], int],
) -> int:
    """Take the time of displaying out of the lines of top levels. Returns how much that was."""
    taken = 0
    for (function, line, thread), (hits, time_ns) in rows.items():
        named = names.functions[function]
        if named.name != "<module>" or named.file is None:
            continue
        shown = min(displays_ns.get((names.files[named.file].path, line), 0), time_ns)
        if shown and thread == 0:
            rows[function, line, thread] = hits, time_ns - shown
            taken += shown
    return taken


def _threads(profile: Profile, recording: LineRecording) -> list[int]:
    """The number in the profile of each thread of the recording."""
    if not profile.threads:
        wall = float(profile.meta.wall or 0)
        profile.threads.append(
            Thread(recording.threads[0].name, tid=recording.threads[0].tid, wall=wall)
        )
    numbers = [0]
    for thread in recording.threads[1:]:
        known = [
            number
            for number, other in enumerate(profile.threads)
            if other.kind == "thread" and other.tid == thread.tid and thread.tid
        ]
        if not known:
            profile.threads.append(Thread(thread.name, tid=thread.tid))
        numbers.append(known[0] if known else len(profile.threads) - 1)
    return numbers


def _lines_of(code: CodeType) -> set[int]:
    """The lines that can run: not that of a ``def``, which runs outside of the function."""
    lines = {line for _, _, line in code.co_lines() if line}
    return lines if code.co_name == "<module>" else lines - {code.co_firstlineno}


def _checks(profile: Profile, recording: LineRecording, shown_ns: int) -> list[Check]:
    hits = sum(row.hits for row in recording.rows)
    cost_ns = round(hits * recording.hit_cost_ns)
    wall = profile.meta.wall or 0
    if cost_ns > DISTORTS * wall:
        profile.meta.warnings.append(
            Warned(
                "lines-distorted",
                f"Counting lines took about {_percent(cost_ns, wall)} of the time (an estimate: "
                f"{hits:,} hits at {recording.hit_cost_ns:.0f} ns each): lines that are short and "
                "many look dearer than they are.",
            )
        )
    checks = [
        Check(
            "line-cost",
            f"Counting {hits:,} hits by the engine {recording.engine.name} took about this long, "
            f"within the times of the lines (an estimate: {recording.hit_cost_ns:.0f} ns a hit).",
            value=cost_ns,
            unit="ns",
        )
    ]
    if shown_ns:
        checks.append(
            Check(
                "line-displays",
                "Displaying values took this long; it is in the wall time, and in no line's.",
                value=shown_ns,
                unit="ns",
            )
        )
    if recording.lost:
        checks.append(
            Check(
                "line-events",
                f"{recording.lost} events did not fit what was known before, as after an "
                "Interrupt: hits are right, times near them may not be.",
                ok=False,
                value=recording.lost,
                expected=0,
                unit="count",
            )
        )
    return checks


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.0f} %" if whole and part < whole else "all"
