"""The tables of a recorded call tree are those that cProfile makes of the same events."""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Callable
from types import CodeType, ModuleType
from typing import Any

import pytest
from programs import PROGRAMS
from recorders import Counts, compiled_recorder, with_cprofile

from jupyterlab_profiler.collect.collector import Called
from jupyterlab_profiler.session import Session
from jupyterlab_profiler.model import Origin

every_program = pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())


@pytest.fixture
def module() -> ModuleType:
    return compiled_recorder()


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
