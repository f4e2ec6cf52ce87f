"""Files of line_profiler are read without running them, and printed as line_profiler prints them."""

from __future__ import annotations

import inspect
import os
import pickle
import pickletools
import re
import sys
import types
from collections.abc import Sequence
from contextlib import suppress
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyterlab_profiler import load
from jupyterlab_profiler.formats import loads
from jupyterlab_profiler.formats.linetext import line_text
from jupyterlab_profiler.formats.lprof import BadFileError, read, write
from jupyterlab_profiler.linestats import LineStats, Place

ROOT = Path(__file__).parent.parent
DATA = Path(__file__).parent / "data" / "lprof"
VERSIONS = ["v3.5.1-py3.8", "v4.0.2-py3.11", "v4.2.0-py3.12", "v5.0.0-py3.13", "v5.0.2-py3.13"]
SCRIPT = (DATA / "line_demo.py.txt").read_text(encoding="utf-8").splitlines(keepends=True)


def sample(name: str) -> LineStats:
    return read((DATA / f"{name}.lprof").read_bytes())


def printed(name: str) -> str:
    """What the tool printed; before it stands what the script did."""
    text = (DATA / f"{name}.txt").read_text(encoding="utf-8")
    return text[text.index("Timer unit") :]


def block(place: Place, _last: int) -> Sequence[str]:
    return inspect.getblock(SCRIPT[place[1] - 1 :])


@pytest.mark.parametrize("version", VERSIONS)
def test_each_version_prints_as_kernprof_printed_it(version: str) -> None:
    assert line_text(sample(version), block, unit=1e-6) == printed(f"{version}.kernprof-lv")


def test_sorted_summed_up_in_another_unit_without_what_did_not_run() -> None:
    text = line_text(
        sample("v5.0.2-py3.13"), block, unit=1e-3, strip_zeros=True, by_time=True, summarize=True
    )
    assert text == printed("v5.0.2.view-mtz-u1e-3")


def test_two_files_are_added() -> None:
    both = sample("v5.0.2-py3.13") + sample("v5.0.0-py3.13")
    text = line_text(both, block, unit=1e-6, by_time=True, summarize=True)
    assert text == printed("v5.0.2.view-two-files-merged")


def test_lines_without_their_text() -> None:
    text = line_text(sample("v5.0.2-py3.13"), lambda place, last: None, unit=1e-6)
    assert text == printed("v5.0.2.view-source-missing")


def test_files_that_differ_in_their_unit_are_added_in_the_coarser_one() -> None:
    place = ("f.py", 1, "f")
    fine, coarse = LineStats({place: [(2, 1, 1499)]}, 1e-9), LineStats({place: [(3, 1, 7)]}, 1e-6)
    assert fine + coarse == coarse + fine
    assert (fine + coarse) == LineStats({place: [(2, 1, 1), (3, 1, 7)]}, 1e-6)


def test_numbers_wider_than_their_column_are_shortened_and_then_widen_it() -> None:
    text = line_text(
        LineStats({("f.py", 1, "f"): [(1, 10**10, 1e19), (2, 0, 0)]}, 1e-9),
        lambda place, last: ["def f():\n", "    pass\n"],
    )
    assert "     1     1e+10        1e+19    1e+09    100.0  def f():\n" in text
    assert "     2         0          0.0               0.0      pass\n" in text


# Hostile and broken files.

texts = st.text(max_size=20)
timings = st.tuples(
    st.integers(0, 2**31 - 1),
    st.integers(0, 2**63 - 1),
    st.integers(-(2**62), 2**62) | st.floats(-1e18, 1e18),
)
places = st.tuples(texts, st.integers(0, 2**31 - 1), texts)
statistics = st.builds(
    LineStats,
    st.dictionaries(places, st.lists(timings, max_size=8), max_size=6),
    st.sampled_from([1e-9, 1e-7, 1e-6, 1.0]),
)


def pickled(
    timings: Any, unit: Any = 1e-9, protocol: int = 5, module: str = "line_profiler.line_profiler"
) -> bytes:
    """A file as ``pickle`` writes it, of a class of this name."""
    stats = LineStatsOfTheirs()
    stats.__dict__ = {"timings": timings, "unit": unit}
    theirs = types.ModuleType(module)
    theirs.LineStats = LineStatsOfTheirs  # type: ignore[attr-defined]  # a made-up module
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LineStatsOfTheirs, "__module__", module)
        for part in accumulate(module.split("."), "{}.{}".format):
            patch.setitem(sys.modules, part, theirs)
        return pickle.dumps(stats, protocol)


class LineStatsOfTheirs:
    pass


LineStatsOfTheirs.__qualname__ = LineStatsOfTheirs.__name__ = "LineStats"


@given(
    stats=statistics,
    protocol=st.integers(2, 5),
    name=st.sampled_from(
        ["_line_profiler", "line_profiler._line_profiler", "line_profiler.line_profiler"]
    ),
)
def test_what_pickle_writes_is_read(stats: LineStats, protocol: int, name: str) -> None:
    assert read(pickled(stats.timings, stats.unit, protocol, name)) == stats


@given(stats=statistics)
def test_what_is_written_is_read(stats: LineStats) -> None:
    data = write(stats)
    assert read(data) == stats
    pickletools.dis(data, out=open(os.devnull, "w"))  # noqa: SIM115 - it is a pickle


@pytest.mark.parametrize("version", VERSIONS)
def test_a_file_that_is_cut_anywhere_is_refused(version: str) -> None:
    data = (DATA / f"{version}.lprof").read_bytes()
    for length in range(len(data)):
        with pytest.raises(BadFileError, match=r"^at byte \d+: "):
            read(data[:length])


@given(place=st.integers(0, 512), byte=st.integers(0, 255))
def test_a_file_with_a_wrong_byte_is_read_or_refused(place: int, byte: int) -> None:
    data = bytearray((DATA / "v5.0.2-py3.13.lprof").read_bytes())
    data[place] = byte
    with suppress(BadFileError):
        read(bytes(data))


@given(data=st.binary(max_size=200))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(BadFileError):
        read(b"\x80\x04" + data + b"!")


class Runs:
    def __reduce__(self) -> Any:
        return os.system, ("exit 1",)


SHARED = b"\x80\x04]\x94(" + b"K\x01K\x01K\x01\x87" * 200 + b"e"
HOSTILE = {
    "empty": b"",
    "no pickle": b"{}",
    "an old pickle": pickle.dumps([1], 0),
    "code that would run": pickle.dumps(Runs()),
    "another class": pickled({}, module="of_others"),
    "a list": pickle.dumps([1, 2]),
    "a persistent object": b"\x80\x04Pname\n.",
    "no unit": pickled({}, None),
    "a unit that is none": pickled({}, float("nan")),
    "a negative unit": pickled({}, -1.0),
    "no timings": pickled([]),
    "a place with a line below zero": pickled({("f", -1, "f"): []}),
    "a place of another kind": pickled({("f", "1", "f"): []}),
    "lines that are no list": pickled({("f", 1, "f"): ()}),
    "a line that is no line": pickled({("f", 1, "f"): [(1, 2)]}),
    "hits below zero": pickled({("f", 1, "f"): [(1, -2, 3)]}),
    "a time that is no number": pickled({("f", 1, "f"): [(1, 2, float("inf"))]}),
    "true for a number": pickled({("f", 1, "f"): [(1, True, 3)]}),
    "a text of four gigabytes": b"\x80\x04X\xff\xff\xff\xffabc.",
    "a text of more than there are bytes": b"\x80\x05\x8d\xff\xff\xff\xff\xff\xff\xff\x7fabc.",
    "a number without end": b"\x80\x04\x8a\xff" + b"\x01" * 255 + b".",
    "nothing to set": b"\x80\x04u.",
    "a mark to pop": b"\x80\x04(0.",
    "a key that is a list": b"\x80\x04}(]K\x01u.",
    "a thing that is not there": b"\x80\x04h\x07.",
    "tuples in tuples": b"\x80\x04" + b"K\x01" + b"\x85" * 300_000 + b".",
    "lists in lists": b"\x80\x04" + b"]" * 100_000 + b"a" * 99_999 + b".",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_files_are_refused(data: bytes) -> None:
    with pytest.raises(BadFileError, match=r"^at byte \d+: "):
        read(data)


def test_lines_that_are_repeated_without_end_are_refused() -> None:
    shared = [(1, 1, 1)] * 5000
    with pytest.raises(BadFileError, match="again and again"):
        read(pickled({(f"{number}", 1, "f"): shared for number in range(5000)}))


def test_a_script_profiled_as_a_whole_is_read() -> None:
    found = {
        name: len(lines) for (_, _, name), lines in sample("v5.0.2-autoprofile-p").timings.items()
    }
    assert found["Reader.__init__"] == 1
    assert found["main"] == 4


@pytest.mark.parametrize(
    ("version", "codes", "known"),
    [
        ("v3.5.1-py3.8", [], "3"),
        ("v4.0.2-py3.11", ["hits"], "4 or 5.0.0"),
        ("v5.0.2-py3.13", [], "5.0.1 or newer"),
    ],
)
def test_what_is_wrong_with_the_version_that_wrote_a_file_is_said(
    version: str, codes: list[str], known: str
) -> None:
    """In the words of ``src/formats/lprof.ts``."""
    meta = load(DATA / f"{version}.lprof").meta
    assert [warned.code for warned in meta.warnings] == codes
    assert (meta.engine.name, meta.engine.version) == ("line_profiler", known)
    words = (ROOT / "src" / "formats" / "lprof.ts").read_text("utf-8")
    spoken = re.sub(r"'\s*\+\s*'", "", words)
    assert all(warned.text in spoken for warned in meta.warnings)


def test_the_fault_of_a_version_is_said_once_of_several_files() -> None:
    meta = load(DATA / "v4.0.2-py3.11.lprof", DATA / "v5.0.2-py3.13.lprof").meta
    assert [warned.code for warned in meta.warnings] == ["hits"]
    assert meta.engine.version == ""


def test_bytes_behind_a_file_are_said() -> None:
    data = (DATA / "v5.0.2-py3.13.lprof").read_bytes()
    (warned,) = loads([("a.lprof", data + b"more")]).meta.warnings
    assert (warned.code, warned.text[:18]) == ("rest", "a.lprof: 4 bytes b")


@pytest.mark.parametrize(
    ("instruction", "count", "reason"),
    [
        (b"(", 2000, r"at byte \d+: more than 1000 containers are in one another"),
        (b"}", 2000, r"at byte \d+: more than 1000 dicts"),
        (b"]", 9_000_000, r"at byte \d+: more than 8388608 instructions"),
    ],
)
def test_what_would_fill_the_memory_is_refused_before_it_does(
    instruction: bytes, count: int, reason: str
) -> None:
    with pytest.raises(BadFileError, match=reason):
        read(b"\x80\x05" + instruction * count)
