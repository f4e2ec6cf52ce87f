"""Which engine measures, and why."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .collector import Collector


def choose(hook: object = None) -> tuple[Collector, str]:
    """An engine for this Python, and the reason in words.

    ``hook`` is the shell's displayhook; recording pauses inside it.
    """
    if sys.version_info >= (3, 12):
        from .monitored import MonitoredCProfile

        return MonitoredCProfile(hook), (
            "cProfile, kept to the thread of the code: "
            "on Python 3.12 and newer it would mix all threads"
        )
    else:
        from .profiled import ProfiledCProfile

        return ProfiledCProfile(hook), "cProfile, which on Python 3.11 hears only its own thread"
