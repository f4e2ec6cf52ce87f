"""Which tests of native profiles can run here.

Where the system lets no process look into another, nobody can sample: these tests are then listed
as not run, with the reason, and not counted. What the package does then has tests of its own.
"""

from __future__ import annotations

import shutil
import sys
from functools import cache
from pathlib import Path

import pytest

from jupyterlab_profiler.collect.collector import Unavailable
from jupyterlab_profiler.collect.native import perf
from jupyterlab_profiler.collect.native.engines import PySpy, Wanted

_NOT_RUN = pytest.StashKey[list[str]]()


@cache
def why_not() -> str:
    """Why py-spy cannot sample a process here, "" if it can. Missing, it is a failure."""
    sampler = PySpy(Wanted(), native=True)
    try:
        sampler.start()
    except Unavailable as error:
        return "" if "not installed" in str(error) else str(error)
    sampler.stop()
    return ""


@cache
def why_no_perf() -> str:
    """Why perf cannot sample here, "" if it can."""
    try:
        perf.find()
    except Unavailable as error:
        return str(error)
    return ""


#: What a marked test needs, and the function that says why it is not there.
_NEEDS = {
    "needs_ptrace": why_not,
    "needs_igprof": lambda: "" if shutil.which("igprof") else "igprof is not installed",
    "needs_perf": lambda: why_no_perf(),
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    told = config.stash.setdefault(_NOT_RUN, [])
    here = [item for item in items if item.path.is_relative_to(Path(__file__).parent)]
    if sys.platform != "linux" and here:
        told.append(f"tests/native ({len(here)} tests): a running process is sampled on Linux only")
        items[:] = [item for item in items if item not in here]
        return
    for name, why_missing in _NEEDS.items():
        live = [item for item in items if item.get_closest_marker(name) is not None]
        if live and (why := why_missing()):
            told += [f"{item.nodeid}: {why}" for item in live]
            items[:] = [item for item in items if item not in live]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    for line in config.stash.get(_NOT_RUN, []):
        terminalreporter.write_line(f"not run: {line}")
