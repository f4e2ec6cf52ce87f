"""Names of C++ functions, as c++filt of binutils 2.40 prints them (`data/igprof/demangled*.json`)."""

from __future__ import annotations

import json
import shutil
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyterlab_profiler import demangle
from jupyterlab_profiler.demangle import demangled

DATA = Path(__file__).parent / "data" / "igprof"
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def doubling(times: int) -> str:
    """A name in which a template is of itself and itself, so many times: it stands for 2**times."""

    def reference(number: int) -> str:
        return f"S{DIGITS[number - 1] if number else ''}_"

    text, last = "_Z1f1A1BIS_S_E", 2
    for number in range(times - 1):
        text += f"{reference(1)}I{reference(last)}{reference(last)}E"
        last = 3 + number
    return text


@pytest.mark.parametrize("name", ["demangled.json", "demangled-libstdc++.json"])
def test_names_are_those_of_c_filt(name: str) -> None:
    expected = json.loads((DATA / name).read_text("utf-8"))
    assert demangled(expected) == expected


def test_abbreviations_are_written_in_full_as_there() -> None:
    full = "std::basic_string<char, std::char_traits<char>, std::allocator<char> >"
    assert demangled(["_Z1fSs", "_Z1fSt6vectorISsSaISsEE"]) == {
        "_Z1fSs": f"f({full})",
        "_Z1fSt6vectorISsSaISsEE": f"f(std::vector<{full}, std::allocator<{full} > >)",
    }


def test_what_is_not_mangled_is_left_alone() -> None:
    assert (
        demangled(["main", "", "_start", "_Z", "@{libm.so.6+459483}", "_Zé", "_ZZZZ", "_Z\n"]) == {}
    )


def test_a_name_that_stands_for_a_huge_one_stays_as_it_is() -> None:
    name = doubling(30)
    assert len(name) < 400
    start = time.monotonic()
    assert demangled([name, "_Z3fibj"]) == {"_Z3fibj": "fib(unsigned int)"}
    assert time.monotonic() - start < 60  # it would be for days
    assert len(demangled([doubling(4)])[doubling(4)]) < 200


def test_without_the_library_it_is_done_by_a_tool_or_by_nobody(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(demangle, "_LIBRARIES", ("libthere-is-none.so",))
    tool = tmp_path / "c++filt"
    tool.write_text(
        f"#!{sys.executable}\nimport sys\nfor line in sys.stdin: print('x' + line, end='')\n"
    )
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert demangled(["_Z3fibj", "_Z4leaki"]) == {"_Z3fibj": "x_Z3fibj", "_Z4leaki": "x_Z4leaki"}
    tool.unlink()
    assert shutil.which("c++filt") is None
    assert demangled(["_Z3fibj"]) == {}


@given(st.lists(st.from_regex(r"_Z[A-Za-z0-9_]{0,40}", fullmatch=True), max_size=5))
def test_any_name_is_left_or_is_one_line(names: list[str]) -> None:
    for name, text in demangled(names).items():
        assert name in names
        assert text
        assert "\n" not in text
