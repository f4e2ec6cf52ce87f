"""The tables of a recorded call tree are those that cProfile makes of the same events."""

from __future__ import annotations

import cProfile
import pstats
import re
from collections.abc import Callable
from types import CodeType, ModuleType
from typing import Any

import pytest
from programs import PROGRAMS
from recorders import Counts, with_cprofile

from jupyterlab_profiler.measure import Functions
from jupyterlab_profiler.model import Origin
from jupyterlab_profiler.session import Session

pytestmark = pytest.mark.usefixtures("quiet")

every_program = pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())


def differences(ours: dict[Any, Counts], theirs: dict[Any, Counts]) -> list[str]:
    return [
        f"{readable(key)}: recorded {count(ours, key)}, by cProfile {count(theirs, key)}"
        for key in ours.keys() | theirs.keys()
        if count(ours, key) != count(theirs, key)
    ]


def count(rows: dict[Any, Counts], key: object) -> tuple[int, int] | None:
    """Calls and primitive calls."""
    return (rows[key].calls, rows[key].primitive) if key in rows else None


def readable(key: object) -> str:
    if isinstance(key, tuple):
        return " -> ".join(map(readable, key))
    return f"{key.co_qualname} {key.co_filename}" if isinstance(key, CodeType) else str(key)


@every_program
def test_calls_and_primitive_calls_are_cprofiles(
    module: ModuleType, program: Callable[[], object]
) -> None:
    program()  # what is imported and cached the first time is no part of it
    ours, theirs = with_cprofile(module, program)
    assert theirs[0]
    assert differences(ours[0], theirs[0]) == []
    assert differences(ours[1], theirs[1]) == []


#: Largest difference of a function's share of all time that was seen between the two recorders on
#: the same events, 6.5 %, and half of it again: each charges a part of its own cost to functions.
SHARE = 0.10


@every_program
def test_times_are_cprofiles_shares(module: ModuleType, program: Callable[[], object]) -> None:
    program()

    def repeatedly() -> None:  # what each path costs when it is first met is no time of functions
        for _ in range(5):
            program()

    # A busy machine may take the processor away just between the two: not thrice at one place.
    runs = [share_differences(*with_cprofile(module, repeatedly)) for _ in range(3)]
    for key in set.intersection(*map(set, runs)):
        assert min(run[key] for run in runs) < SHARE, key


def share_differences(
    ours: tuple[Any, Any], theirs: tuple[Any, Any]
) -> dict[tuple[object, str], float]:
    """How far each function's and edge's share of all time is from cProfile's."""
    whole, whole_of_theirs = (
        sum(counts.self_time for counts in functions.values()) for functions in (ours[0], theirs[0])
    )
    return {
        (readable(key), kind): abs(
            getattr(mine[key], kind) / whole - getattr(other[key], kind) / whole_of_theirs
        )
        for mine, other in zip(ours, theirs, strict=True)
        for key in mine
        for kind in ("self_time", "total_time")
    }


@pytest.mark.parametrize("name", ["fib", "mutual recursion", "exceptions", "pygments"])
def test_stats_of_a_profile_are_pstats_of_cprofile(name: str) -> None:
    program = PROGRAMS[name]
    program()
    session = Session(name, Origin("code"), Functions(engine="recorder"))
    re.purge()  # so that both runs find the same patterns compiled: none
    session.call(program)
    ours: Any = session.finish().stats()
    profiler = cProfile.Profile()
    re.purge()
    profiler.enable()
    program()
    profiler.disable()
    theirs: Any = pstats.Stats(profiler)
    assert counted(ours.stats) == counted(theirs.stats)


def counted(stats: dict[Any, Any]) -> dict[Any, Any]:
    """Calls, primitive calls and those of callers, without what no cProfile has."""
    return {
        key: (row[0], row[1], {caller: counts[:2] for caller, counts in row[4].items()})
        for key, row in stats.items()
        if "_lsprof" not in key[2] and key[2] not in ("(tracing)", "(awaiting)")
    }
