"""Which engine of lines is taken, and the words for it."""

from __future__ import annotations

import sys

import pytest
from lined import needs_monitoring

from jupyterlab_profiler.collect import compiled
from jupyterlab_profiler.collect.collector import Unavailable
from jupyterlab_profiler.collect.lines import choose as module
from jupyterlab_profiler.collect.lines import cost
from jupyterlab_profiler.collect.lines.choose import VARIABLE, choose

pytestmark = pytest.mark.usefixtures("nothing_stays")


def engine_of(asked: str | None = None) -> tuple[str, str]:
    collector, why = choose(asked)
    return collector.stop().engine.name, why


@pytest.fixture(autouse=True)
def nothing_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


@needs_monitoring
def test_the_recorder_is_the_default() -> None:
    assert engine_of() == ("recorder", "lines of the chosen code alone; the default")
    assert engine_of("recorder") == ("recorder", "lines of the chosen code alone; asked for")


def test_line_profiler_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert engine_of("line_profiler") == (
        "line_profiler",
        "the package line_profiler; asked for",
    )
    monkeypatch.setenv(VARIABLE, "line_profiler")
    assert engine_of() == (
        "line_profiler",
        f"the package line_profiler; asked for by {VARIABLE}",
    )


if sys.version_info < (3, 12):

    def test_python_3_11_takes_line_profiler_and_says_why() -> None:
        name, why = engine_of()
        assert name == "line_profiler"
        assert "needs Python 3.12" in why
        with pytest.raises(Unavailable, match=r"needs Python 3\.12.*line_profiler does without"):
            choose("recorder")


@needs_monitoring
def test_where_nothing_is_compiled_line_profiler_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "missing", lambda: "It is not compiled.")
    name, why = engine_of()
    assert (name, why) == ("line_profiler", "the package line_profiler; it is not compiled.")
    with pytest.raises(Unavailable, match="not compiled"):
        choose("recorder")
    assert compiled.missing() == ""


def test_an_engine_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unavailable, match=r"no line engine 'x' \(asked for\); line engines are"):
        choose("x")
    monkeypatch.setenv(VARIABLE, "y")
    with pytest.raises(Unavailable, match=rf"'y' \(asked for by {VARIABLE}\)"):
        choose()


def test_without_the_package_line_profiler_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "line_profiler", None)
    with pytest.raises(Unavailable, match="pip install line_profiler"):
        choose("line_profiler")


def test_the_cost_of_a_hit_is_what_the_lines_of_a_loop_take_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    took_ns = iter([2000] * cost._TRIES + [90_000, *[52_050] * (cost._TRIES - 1)])

    def elapsed_ns() -> int:
        cost._turns()
        return next(took_ns)

    monkeypatch.setattr(cost, "_elapsed_ns", elapsed_ns)
    monkeypatch.setattr(cost, "_costs_ns", {})
    collector, _ = choose("line_profiler")
    # Two lines a turn; the loop's head once more.
    assert collector.stop().hit_cost_ns == 50_050 / (2 * cost._TURNS + 1)
    again, _ = choose("line_profiler")
    assert again.stop().hit_cost_ns == 50_050 / (2 * cost._TURNS + 1)
