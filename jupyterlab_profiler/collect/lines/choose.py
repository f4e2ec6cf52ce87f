"""Which engine measures lines, and why, in words for the result."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from ..collector import Unavailable
from ..compiled import load, missing
from .cost import hit_cost_ns

if TYPE_CHECKING:
    from .collector import LineCollector

#: Engines that can be asked for.
ENGINES = ("recorder", "line_profiler")

#: Names an engine where none is asked for.
VARIABLE = "JUPYTERLAB_PROFILER_LINE_ENGINE"


def choose(engine: str | None = None) -> tuple[LineCollector, str]:
    """An engine of lines for this Python, and the reason in words.

    ``engine`` is one of :data:`ENGINES`; None takes what the environment variable says, else the
    best there is. Raises :class:`~..collector.Unavailable` for an engine that is not there.
    """
    asked = engine or os.environ.get(VARIABLE) or None
    by = "asked for" if engine else f"asked for by {VARIABLE}"
    if asked is not None and asked not in ENGINES:
        raise Unavailable(
            f"there is no line engine {asked!r} ({by}); line engines are {', '.join(ENGINES)}"
        )
    if asked == "line_profiler":
        return _line_profiler(), f"the package line_profiler; {by}"
    why_not = "The line recorder needs Python 3.12 or newer."
    if sys.version_info >= (3, 12):
        why_not = missing()
        if not why_not:
            return _recorder(), f"lines of the chosen code alone; {by if asked else 'the default'}"
    if asked:
        raise Unavailable(f"{why_not} The engine line_profiler does without.")
    return _line_profiler(), f"the package line_profiler; {why_not[:1].lower()}{why_not[1:]}"


if sys.version_info >= (3, 12):

    def _recorder() -> LineCollector:
        from .recorder import LineRecorderCollector

        module = load()
        cost_ns = hit_cost_ns("recorder", lambda: LineRecorderCollector(module))
        return LineRecorderCollector(module, cost_ns)


def _line_profiler() -> LineCollector:
    from .wrapped import LineProfilerCollector

    return LineProfilerCollector(hit_cost_ns("line_profiler", LineProfilerCollector))
