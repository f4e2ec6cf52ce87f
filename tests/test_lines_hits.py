"""Every line has the hits that it ran, with every engine of lines."""

from __future__ import annotations

import gc
from types import FunctionType

import pytest
from line_programs import PROGRAMS, kept
from lined import ENGINES, record, said_hits

pytestmark = pytest.mark.usefixtures("nothing_stays")


@pytest.fixture(autouse=True)
def nothing_is_left_open() -> None:
    """A generator of another test that is closed inside of this one would have hits."""
    kept.clear()
    gc.collect()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_hits_are_those_that_the_program_says(engine: str, program: FunctionType) -> None:
    lined = record(engine, program)
    assert lined.hits(program) == said_hits(program, engine)
    assert lined.recording.lost == 0
