"""Which engine measures, and why."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from .collector import Unavailable
from .compiled import load, missing

if TYPE_CHECKING:
    from .collector import Collector

#: Engines that can be asked for.
ENGINES = ("recorder", "cprofile", "python")

#: Names an engine where none is asked for.
VARIABLE = "JUPYTERLAB_PROFILER_ENGINE"


def choose(
    hook: object = None, engine: str | None = None, threads: bool = False
) -> tuple[Collector, str]:
    """An engine for this Python, and the reason in words.

    ``hook`` is the shell's displayhook; recording pauses inside it. ``engine`` is one of
    :data:`ENGINES`; None takes what the environment variable says, else the best there is.
    ``threads`` asks for threads that the code starts.

    Raises :class:`~.collector.Unavailable` for an engine that is not there.
    """
    asked = engine or os.environ.get(VARIABLE) or None
    by = "asked for" if engine else f"asked for by {VARIABLE}"
    if asked is not None and asked not in ENGINES:
        raise Unavailable(f"there is no engine {asked!r} ({by}); engines are {', '.join(ENGINES)}")
    module = load() if asked in (None, "recorder") else None
    if asked == "recorder" and module is None:
        raise Unavailable(missing())
    if module is not None:
        from .recorder import PathCollector
        from .tracing import cost_ns

        collector = PathCollector(
            module, "recorder", hook, threads=threads, cost_ns=cost_ns(module)
        )
        return collector, f"whole call paths; {by}" if asked else "whole call paths, the default"
    if asked == "python":
        from . import pyrecorder
        from .recorder import PathCollector

        return PathCollector(pyrecorder, "python", hook, threads=threads), (
            f"whole call paths, recorded in Python, which is slow; {by}"
        )
    if threads:
        raise Unavailable(
            "the engine cprofile sees no other threads: leave --threads out, or use the engine "
            + ("recorder or python" if asked else f"python (--engine python). {missing()}")
        )
    return _cprofile(hook, by if asked else missing())


def _cprofile(hook: object, why: str) -> tuple[Collector, str]:
    if sys.version_info >= (3, 12):
        from .monitored import MonitoredCProfile

        return MonitoredCProfile(hook), (
            "cProfile, kept to the thread of the code: "
            f"on Python 3.12 and newer it would mix all threads; {why}"
        )
    else:
        from .profiled import ProfiledCProfile

        return ProfiledCProfile(hook), (
            f"cProfile, which on Python 3.11 hears only its own thread; {why}"
        )
