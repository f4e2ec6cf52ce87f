"""Lines of functions with their hits and times, as line_profiler sums them."""

from __future__ import annotations

from dataclasses import dataclass, field

#: File, first line of the function with its decorators, and its name.
Place = tuple[str, int, str]
#: Line, how often it ran, and the time of that in units.
Timing = tuple[int, int, float]


@dataclass(slots=True)
class LineStats:
    """What line_profiler calls LineStats: of each function its lines, in order.

    ``unit`` is the length of a time unit in seconds. A function that did not run has no lines.
    """

    timings: dict[Place, list[Timing]] = field(default_factory=dict)
    unit: float = 1e-9

    def __add__(self, other: LineStats) -> LineStats:
        """Both together, in the coarser unit; times are rounded, as in line_profiler."""
        unit = max(self.unit, other.unit)
        summed: dict[Place, dict[int, tuple[int, float]]] = {}
        for stats in (self, other):
            factor = stats.unit / unit
            for place, timings in stats.timings.items():
                lines = summed.setdefault(place, {})
                for line, hits, time in timings:
                    hits_before, time_before = lines.get(line, (0, 0))
                    scaled = time if factor == 1 else round(time * factor)
                    lines[line] = hits_before + hits, time_before + scaled
        return LineStats(
            {
                place: [(line, *lines[line]) for line in sorted(lines)]
                for place, lines in summed.items()
            },
            unit,
        )
