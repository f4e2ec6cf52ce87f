"""Plain text: pstats' own layout, compared with what pstats prints of the same data."""

from __future__ import annotations

import io
import itertools
import json
import pstats
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from make_samples import SAMPLES
from stats_profiles import DATA, profile_of_file
from strategies import profiles

from jupyterlab_profiler.model import (
    CALLS,
    TIME,
    Check,
    File,
    Function,
    Limit,
    Meta,
    Metric,
    Profile,
    Table,
    Thread,
    View,
    Warned,
    Where,
)
from jupyterlab_profiler.restrictions import SORT_KEYS
from jupyterlab_profiler.rows import file_of, function_rows, limit_rows, sort_rows
from jupyterlab_profiler.text import pstats_text
from jupyterlab_profiler.valuetext import value_text

FILES = ["mosaic.py3.13.prof", "py3.13.prof", "py3.7.prof", "notebook-cell.py3.13.prof"]
LIMITS: list[int | float | str] = [25, 0, 0.3, 0.999, 1.0, 0.0, "sample|built-in", "no such name"]


def limit(value: float | str) -> Limit:
    if isinstance(value, str):
        return Limit(regex=value)
    return Limit(count=value) if isinstance(value, int) else Limit(fraction=value)


def printed(name: str, keys: list[str], *limits: Any, strip_dirs: bool = False) -> str:
    """What pstats prints, without the line of the file's date."""
    stream = io.StringIO()
    stats = pstats.Stats(str(DATA / name), stream=stream)
    stats.files = []
    if strip_dirs:
        stats.strip_dirs()
    stats.sort_stats(*keys).print_stats(*limits)
    return stream.getvalue().rstrip()


def test_how_complete_samples_are_stands_below_their_number() -> None:
    checks = [
        Check("coverage", "Samples cover 0.9 s of 1.0 s.", ok=True),
        Check("rate", "25 samples each second.", ok=False),
        Check("slowdown", "About 2% of the time."),
        Check("tracing", "Not of samples."),
    ]
    profile = Profile(
        metrics=[Metric("samples", "Samples", "count")],
        functions=[Function("f", "f")],
        threads=[Thread("")],
        paths=Table({"parent": [0], "function": [0], "thread": [0], "self.samples": [25]}),
        checks=checks,
    )
    text = profile.text().splitlines()
    assert text[:2] == ["Does not add up: 25 samples each second.", ""]
    at = next(number for number, line in enumerate(text) if " 25 samples in 1 function" in line)
    assert text[at + 1 : at + 4] == [
        "         Samples cover 0.9 s of 1.0 s.", "         About 2% of the time.", "",
    ]  # fmt: skip
    shown = value_text(profile, told=False)
    assert all(check.text in shown for check in checks[:3])
    assert checks[3].text not in shown
    assert "Samples cover" in pstats_text(profile)


@pytest.mark.parametrize("key", SORT_KEYS)
@pytest.mark.parametrize("name", FILES)
def test_the_text_is_what_pstats_prints_for_each_sort_key(name: str, key: str) -> None:
    profile = replace(profile_of_file(name), view=View([key]))
    assert pstats_text(profile, rows=None) == printed(name, [key])


@pytest.mark.parametrize("keys", [["calls", "name"], ["pcalls", "nfl", "time"], ["line", "cum"]])
def test_later_keys_break_ties_as_in_pstats(keys: list[str]) -> None:
    keys = ["cumulative" if key == "cum" else key for key in keys]
    profile = profile_of_file("py3.13.prof")
    assert pstats_text(profile, sort=keys, rows=None) == printed("py3.13.prof", keys)


@pytest.mark.parametrize(
    "limits",
    [*itertools.permutations(LIMITS, 2), ("built-in", 0.5, 10), (0.5, "built-in", 0.5, 3)],
    ids=str,
)
def test_restrictions_apply_in_any_order_as_in_pstats(limits: tuple[Any, ...]) -> None:
    profile = profile_of_file("py3.13.prof")
    text = pstats_text(profile, sort=["cumulative"], limits=[limit(value) for value in limits])
    assert text == printed("py3.13.prof", ["cumulative"], *limits)


@pytest.mark.parametrize("name", ["py3.7", "py3.13"])
def test_the_text_is_what_that_version_of_pstats_printed(name: str) -> None:
    stored = (DATA / f"{name}.stats.txt").read_text("utf-8").partition("\n\n")[2]
    profile = profile_of_file(f"{name}.prof")
    text = pstats_text(profile, sort=["cumulative"], limits=[Limit(count=40)])
    assert text == stored.rstrip()


def test_three_restrictions_and_two_keys_are_as_pstats_printed_them() -> None:
    stored = (DATA / "py3.13.stripped.txt").read_text("utf-8").partition("\n\n")[2]
    text = pstats_text(
        profile_of_file("py3.13.prof"),
        sort=["time", "name"],
        limits=[Limit(regex="sample|built-in"), Limit(fraction=0.5), Limit(count=20)],
        strip_dirs=True,
    )
    assert text == stored.rstrip()


@pytest.mark.parametrize("key", SORT_KEYS)
def test_the_first_ten_are_those_that_were_written_down(key: str) -> None:
    orders = json.loads((DATA / "mosaic.py3.13.sort-orders.json").read_text("utf-8"))
    profile = profile_of_file("mosaic.py3.13.prof")
    first = [
        [file_of(profile, row.function), row.function.line, row.function.name]
        for row in sort_rows(function_rows(profile), [key])[:10]
    ]
    assert first == orders[key]


def test_without_limits_30_rows_are_shown_and_how_many_more() -> None:
    profile = profile_of_file("py3.13.prof")
    lines = pstats_text(profile).splitlines()
    title = next(index for index, line in enumerate(lines) if "ncalls" in line)
    assert len(lines[title + 1 :]) == 31
    assert lines[-1] == f"({profile.totals.rows - 30} more functions)"
    assert "   Ordered by: internal time" in lines


def test_the_order_and_limits_are_those_that_the_profile_was_made_with() -> None:
    view = View(["ncalls"], [Limit(count=3)])
    text = str(replace(profile_of_file("py3.13.prof"), view=view))
    assert "Ordered by: call count" in text
    assert "List reduced from 399 to 3 due to restriction <3>" in text


def test_namesakes_have_a_row_each() -> None:
    text = str(replace(SAMPLES["functions"](), view=View()))
    assert text.count(":13(<lambda>)") == 2
    assert text.count("<string>:2(__init__)") == 2


def test_what_is_no_function_stands_by_its_name() -> None:
    (line,) = [
        line for line in str(SAMPLES["paths"]()).splitlines() if line.endswith(" (awaiting)")
    ]
    assert line.split() == ["2", "0.009", "0.004", "0.009", "0.004", "(awaiting)"]


def test_rows_without_calls_have_no_time_a_call() -> None:
    profile = SAMPLES["functions"]()
    calls = [0] * profile.totals.rows
    totals = {**profile.totals, "self.calls": calls, "primitive.calls": calls}
    text = str(replace(profile, totals=type(profile.totals)(totals), view=View()))
    assert "        0    0.003             0.003          " in text


def test_times_of_threads_are_summed() -> None:
    # Self times of search in make_samples: 2.2 + 0.9 + 4.5 + 5 ms; calls 10 + 4 + 20 + 2, of
    # which 4 are made by search itself.
    (row,) = [row for row in function_rows(SAMPLES["paths"]()) if row.function.name == "search"]
    assert (row.ncalls, row.primitive) == (36, 32)
    assert row.tottime == pytest.approx(0.0126)


def test_what_is_not_known_is_a_dash() -> None:
    profile = SAMPLES["paths"]()
    paths = {name: profile.paths[name] for name in profile.paths if name != "self.calls"}
    text = str(replace(profile, paths=Table(paths)))
    assert "- function calls in 0.069 seconds" in text.splitlines()[0]
    (line,) = [line for line in text.splitlines() if line.endswith(" (awaiting)")]
    assert line.split() == ["-", "0.009", "0.009", "(awaiting)"]


def test_rows_of_threads_go_together_as_the_metric_says() -> None:
    profile = Profile(
        metrics=[replace(TIME, combine="max"), replace(CALLS, combine="mode")],
        functions=[Function("f", "f"), Function("g", "g")],
        threads=[Thread("one"), Thread("two")],
        totals=Table(
            {
                "function": [0, 0, 1],
                "thread": [0, 1, 0],
                "self.time": [3, 5, 1],
                "self.calls": [1, 2, 4],
            }
        ),
    )
    f, g = function_rows(profile)
    assert (f.tottime, f.unknown) == (5e-9, {"ncalls", "primitive", "cumtime"})
    assert (g.ncalls, g.unknown) == (4, {"primitive", "cumtime"})


class TestRemarks:
    def ended(self, status: Any, where: Where | None) -> str:
        profile = Profile(Meta(status=status, where=where), files=[File("/x.py", "Cell [5]")])
        return str(profile).splitlines()[0]

    def test_an_interrupted_run_says_so_first_and_where(self) -> None:
        assert self.ended("interrupted", Where(0, 3, "KeyboardInterrupt")) == (
            "Interrupted in Cell [5], line 3: partial result, of what ran until then."
        )

    def test_an_error_is_named(self) -> None:
        assert self.ended("error", Where(0, 3, "ValueError: no")) == (
            "Ended by an error in Cell [5], line 3 (ValueError: no): "
            "partial result, of what ran until then."
        )

    def test_an_exit_is_named(self) -> None:
        assert self.ended("exit", None).startswith("Ended by sys.exit: partial")

    def test_an_exit_without_a_code_is_a_whole_result(self) -> None:
        assert self.ended("exit", Where(0, 3, "SystemExit: 0")) == (
            "Ended by sys.exit in Cell [5], line 3 (SystemExit: 0)."
        )
        assert "partial result" in self.ended("exit", Where(0, 3, "SystemExit: 3"))

    def test_another_ending_is_told(self) -> None:
        assert self.ended("other", None).startswith("Ended in another way: partial")

    def test_warnings_and_sums_that_fail_have_a_line_each(self) -> None:
        profile = Profile(
            Meta(warnings=[Warned("a", "One\nthing"), Warned("b", "Another")]),
            checks=[
                Check("c", "Sum is off.", False),
                Check("d", "Fine.", True),
                Check("e", "Note"),
            ],
        )
        assert str(profile).split("\n\n")[0].splitlines() == [
            r"Warning: One\nthing",
            "Warning: Another",
            "Does not add up: Sum is off.",
        ]


@given(profiles())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_name_acts_on_a_terminal(profile: Profile) -> None:
    assert all(line.isprintable() for line in pstats_text(profile).split("\n"))


def test_a_pattern_that_is_none_is_told_and_takes_nothing_away() -> None:
    rows = function_rows(SAMPLES["functions"]())
    assert limit_rows(rows, [Limit(regex="(")]) == (rows, ["<Invalid regular expression '('>"])
