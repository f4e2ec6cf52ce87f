"""Call paths, recorded in Python: the same recorder as the compiled one.

It is there for a Python that cannot load the compiled one, and to be read: its modules have the
names of the C files that do the same.
"""

from __future__ import annotations

import sys

from .recorder import Recorder

__all__ = ["Recorder", "clock_name"]


def clock_name() -> str:
    """What the clock is called, in words."""
    if sys.platform == "win32":
        return "wall time, QueryPerformanceCounter"
    if sys.platform == "darwin":
        return "wall time, CLOCK_UPTIME_RAW"
    return "wall time, CLOCK_MONOTONIC"
