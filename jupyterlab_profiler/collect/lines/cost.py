"""What one hit takes on this machine with an engine, measured once in a process."""

from __future__ import annotations

from time import perf_counter_ns
from typing import TYPE_CHECKING

from ..collector import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from .collector import LineCollector

_TURNS = 500
_TRIES = 5
_costs_ns: dict[str, float] = {}


def hit_cost_ns(engine: str, make: Callable[[], LineCollector]) -> float:
    """Nanoseconds that a hit adds; 0 where that cannot be measured now."""
    if engine not in _costs_ns:
        try:
            _costs_ns[engine] = _measured(make())
        except Unavailable:
            return 0.0
    return _costs_ns[engine]


def _measured(collector: LineCollector) -> float:
    bare_ns = min(_elapsed_ns() for _ in range(_TRIES))
    collector.add(_turns)
    collector.start()
    try:
        lined_ns = min(collector.call(_elapsed_ns) for _ in range(_TRIES))
    finally:
        recording = collector.stop()
    hits = sum(row.hits for row in recording.rows) / _TRIES
    return max(lined_ns - bare_ns, 0) / hits if hits else 0.0


def _turns() -> None:
    for _ in range(_TURNS):
        pass


def _elapsed_ns() -> int:
    began = perf_counter_ns()
    _turns()
    return perf_counter_ns() - began
