"""What recording an event takes on this machine, measured once in a process.

That time belongs to no function. The recorder reads the clock once an event and takes this much off
what it charges; it goes to *(tracing)* instead, so that all times still add up to the wall time. It
is an estimate, and a cautious one: the least that was measured, for the cheapest event.
"""

from __future__ import annotations

from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

from .collector import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

_TURNS = 200
_TRIES = 5
_cost_ns: float | None = None


def cost_ns(module: Any) -> float:
    """Nanoseconds an event that are recording's own; 0 where that cannot be measured now."""
    global _cost_ns
    if _cost_ns is None:
        try:
            _cost_ns = _measured(module)
        except Unavailable:
            return 0.0
    return _cost_ns


def _measured(module: Any) -> float:
    from .recorder import PathCollector

    bare = _least()
    collector = PathCollector(module, "")
    collector.start()
    try:
        recorded: list[int] = collector.call(_least)
    finally:
        collector.abandon()
    return min(
        max(slow - quick, 0) / (2 * _TURNS) for slow, quick in zip(recorded, bare, strict=True)
    )


def _least() -> list[int]:
    """Nanoseconds that each loop takes at least."""
    return [min(_elapsed(loop) for _ in range(_TRIES)) for loop in (_python_calls, _builtin_calls)]


def _python_calls() -> None:
    for _ in range(_TURNS):
        _nothing()


def _builtin_calls() -> None:
    for _ in range(_TURNS):
        len(())


def _nothing() -> None:
    """What is called."""


def _elapsed(loop: Callable[[], None]) -> int:
    began = perf_counter_ns()
    loop()
    return perf_counter_ns() - began
