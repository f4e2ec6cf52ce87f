"""What a profile offers on its own: saving, tables, display, and being cheap to import."""

from __future__ import annotations

import doctest
import importlib
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from make_samples import SAMPLES

from jupyterlab_profiler.model import Function, Profile, Table
from jupyterlab_profiler.wire import MIME, decode

if TYPE_CHECKING:
    from pathlib import Path


class TestSave:
    def test_json_is_the_whole_payload(self, tmp_path: Path) -> None:
        profile = SAMPLES["functions"]()
        profile.save(tmp_path / "a.json")
        assert decode(json.loads((tmp_path / "a.json").read_text("utf-8"))) == profile

    def test_the_ending_may_be_in_capitals_and_the_path_a_text(self, tmp_path: Path) -> None:
        SAMPLES["functions"]().save(str(tmp_path / "A.PROF"))
        assert (tmp_path / "A.PROF").stat().st_size > 1_000

    @pytest.mark.parametrize("name", ["a.txt", "a", ".prof", "a.prof.gz"])
    def test_an_unknown_ending_is_refused_with_those_that_are_known(
        self, name: str, tmp_path: Path
    ) -> None:
        with pytest.raises(ValueError, match=r"expected one of \.prof, \.pstats, \.lprof, \.json"):
            SAMPLES["functions"]().save(tmp_path / name)
        assert list(tmp_path.iterdir()) == []


class TestFrame:
    def test_a_frame_has_a_row_for_each_function(self) -> None:
        pytest.importorskip("pandas")
        frame = SAMPLES["functions"]().to_frame()
        assert list(frame.columns) == [
            "ncalls",
            "primitive",
            "tottime",
            "cumtime",
            "name",
            "file",
            "line",
            "kind",
        ]
        assert len(frame) == 27
        fib = frame[frame.name == "fib"].iloc[0]
        assert (fib.ncalls, fib.primitive, fib.line) == (177, 1, 3)
        # 95 ns a call and 41 ns for each of 10 depths, as make_samples has it.
        assert fib.tottime == pytest.approx((95 * 177 + 41 * 10) * 1e-9)
        assert frame[frame.kind == "builtin"].file.eq("").all()

    def test_without_pandas_the_error_says_what_to_install(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "pandas", None)
        with pytest.raises(ImportError, match=r"to_frame\(\) needs pandas"):
            Profile().to_frame()


class TestTable:
    def test_columns_of_different_lengths_are_refused(self) -> None:
        with pytest.raises(ValueError, match="differ in length"):
            Table(caller=[0], callee=[])

    def test_tables_are_equal_whatever_their_columns_are_kept_in(self) -> None:
        assert Table(function=[1, 2]) == Table(function=b"\x01\x02")
        assert Table(function=[1, 2]) != Table(function=[1, 3])
        assert Table(function=[1]) != Table(caller=[1])

    def test_tables_without_rows_are_equal(self) -> None:
        assert Table() == Table(function=[])


def test_a_profile_displays_itself_in_three_ways() -> None:
    bundle = SAMPLES["functions"]()._repr_mimebundle_()
    assert set(bundle) == {MIME, "text/html", "text/plain"}


def test_a_profile_says_in_one_line_what_it_is() -> None:
    assert repr(SAMPLES["functions"]()) == ("<Profile 'first model': 2438 calls of 27 functions>")
    assert repr(Profile(functions=[Function("f", "f")])) == (
        "<Profile 'code': 0 calls of 1 functions>"
    )


@pytest.mark.parametrize("module", ["jupyterlab_profiler", "jupyterlab_profiler.model"])
def test_importing_it_loads_nothing_heavy(module: str) -> None:
    heavy = {"IPython", "cProfile", "html", "pandas", "pstats", "jupyterlab_profiler.wire"}
    code = f"import sys, {module}; print(*sys.modules)"
    run = [sys.executable, "-c", code]
    loaded = subprocess.run(run, capture_output=True, text=True, check=True).stdout.split()
    assert heavy & set(loaded) == set()


@pytest.mark.parametrize("name", ["derive", "html", "model", "restrictions", "wire"])
def test_the_examples_in_docstrings_are_right(name: str) -> None:
    module = importlib.import_module(f"jupyterlab_profiler.{name}")
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    result = doctest.testmod(module, optionflags=options)
    assert result.attempted > 0
    assert result.failed == 0
