"""Files of stacks: speedscope's JSON and collapsed stacks, written from call paths."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from ..rows import main_metric
from .speedscope import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..model import Function, Metric, Profile

EXPORTER = "jupyterlab-profiler"

#: Frames of all samples together.
_MOST_FRAMES = 40_000_000
_UNITS = {"ns": "nanoseconds", "bytes": "bytes"}


def dump_speedscope(profile: Profile) -> bytes:
    """A sampled profile for each thread: every call path with a value of its own is a sample.

    Of the metrics the main one. Raises ``ValueError`` where there are no call paths.
    """
    metric, own = own_values(profile)
    threads = profile.paths.ints("thread")
    numbers: dict[int, int] = {}
    parts: dict[int, dict[str, Any]] = {}
    for row, stack in _stacks(profile, own):
        for function in stack:
            numbers.setdefault(function, len(numbers))
        part = parts.setdefault(
            threads[row],
            {
                "type": "sampled",
                "name": _thread_name(profile, threads[row]),
                "unit": _UNITS.get(metric.unit, "none"),
                "startValue": 0,
                "endValue": 0,
                "samples": [],
                "weights": [],
            },
        )
        weight = own[row] * metric.tick
        part["samples"].append([numbers[function] for function in stack])
        part["weights"].append(weight)
        part["endValue"] += weight
    file = {
        "$schema": SCHEMA,
        "shared": {"frames": [_frame(profile, profile.functions[one]) for one in numbers]},
        "profiles": list(parts.values()),
        "name": profile.meta.label,
        "activeProfileIndex": 0,
        "exporter": EXPORTER,
    }
    return json.dumps(file, allow_nan=False, separators=(",", ":")).encode("ascii") + b"\n"


def dump_collapsed(profile: Profile) -> bytes:
    """A line for each call path with a value of its own, in whole units of the main metric.

    Threads are put together. What the format is made of, semicolons and line feeds, becomes a
    blank in names. Raises ``ValueError`` where there are no call paths.
    """
    metric, own = own_values(profile)
    names = [
        re.sub(r"[;\r\n]+", " ", function.qualified or function.name)
        for function in profile.functions
    ]
    counts: dict[str, float] = {}
    for row, stack in _stacks(profile, own):
        text = ";".join(names[function] for function in stack)
        counts[text] = counts.get(text, 0) + own[row] * metric.tick
    lines = [f"{text} {round(count)}\n" for text, count in counts.items() if round(count) > 0]
    return "".join(lines).encode("utf-8", "backslashreplace")


def own_values(profile: Profile) -> tuple[Metric, Sequence[float]]:
    """The main metric, and its own values by row of the paths."""
    metric = main_metric(profile, profile.paths)
    if profile.paths.rows and metric is None:
        raise ValueError(
            "this profile has call paths with no times or samples, and the file would hold those"
        )
    if not profile.paths.rows or metric is None:
        held = "times of lines" if not profile.has_functions() else "sums of functions and callers"
        raise ValueError(
            f"this profile has no call paths, but {held}, and the file would hold call paths"
        )
    return metric, profile.paths[f"self.{metric.id}"]


def _stacks(profile: Profile, own: Sequence[float]) -> Iterator[tuple[int, list[int]]]:
    """Rows with a value of their own, and their functions from the root on."""
    written = 0
    rows: list[int] = []
    stack: list[int] = []
    for row, (offset, function) in enumerate(
        zip(profile.paths.ints("parent"), profile.paths.ints("function"), strict=True)
    ):
        while rows and (not offset or rows[-1] != row - offset):
            rows.pop()
            stack.pop()
        rows.append(row)
        stack.append(function)
        if own[row]:
            written += len(stack)
            if written > _MOST_FRAMES:
                raise ValueError(f"its call paths, written out, have over {_MOST_FRAMES} frames")
            yield row, stack


def _frame(profile: Profile, function: Function) -> dict[str, Any]:
    frame: dict[str, Any] = {"name": function.qualified or function.name}
    if function.file is not None:
        frame["file"] = profile.files[function.file].path
    if function.line > 0:
        frame["line"] = function.line
    return frame


def _thread_name(profile: Profile, index: int) -> str:
    """As py-spy names threads, so that their numbers are kept."""
    if index >= len(profile.threads):
        return ""
    thread = profile.threads[index]
    if not thread.tid:
        return thread.name
    process = f"Process {thread.pid} " if thread.pid else ""
    return f'{process}Thread {thread.tid} "{thread.name}"'
