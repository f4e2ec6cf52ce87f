"""Files of cProfile are read as pstats reads them, bit for bit, and nothing of them is executed."""

from __future__ import annotations

import gzip
import json
import marshal
import os
import pickle
import pstats
import random
import re
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stats_tables import tables

from jupyterlab_profiler import load
from jupyterlab_profiler.formats import loads
from jupyterlab_profiler.formats.badfile import BadFileError
from jupyterlab_profiler.formats.pstats import table_of
from jupyterlab_profiler.formats.pstatsfile import read_table

DATA = Path(__file__).parent / "data" / "pstats"
#: Those that pstats itself reads, on each Python.
FILES = [
    *(f"py3.{minor}.prof" for minor in range(7, 14)),
    "mosaic.py3.11.prof",
    "mosaic.py3.13.prof",
    "notebook-cell.py3.13.prof",
    "notebook-cell-old-style.py3.13.prof",
]
OLD, PURE = "py2.7.prof", "py3.13.pure-python-profile.prof"


def bits(table: Any) -> Any:
    """The table with times as their bytes: nothing but the same number is equal."""
    return [
        (key, cc, nc, _bits(tt), _bits(ct), [
            (caller, *(_bits(n) if isinstance(n, float) else n for n in numbers))
            for caller, numbers in callers.items()
        ])
        for key, (cc, nc, tt, ct, callers) in table.items()
    ]  # fmt: skip


def _bits(number: float) -> bytes:
    return struct.pack("<d", number)


@pytest.mark.parametrize("name", FILES)
def test_stats_are_those_of_pstats_bit_for_bit_and_in_its_order(name: str) -> None:
    theirs = pstats.Stats(str(DATA / name))
    ours = load(DATA / name).stats()
    assert bits(ours.stats) == bits(theirs.stats)
    for total in ("total_calls", "prim_calls", "total_tt", "max_name_len", "top_level"):
        assert getattr(ours, total) == getattr(theirs, total)


@pytest.mark.parametrize("name", [*FILES, OLD, PURE])
@pytest.mark.parametrize("ending", [".prof", ".json"])
def test_what_is_saved_holds_the_same_numbers(name: str, ending: str, tmp_path: Path) -> None:
    profile = load(DATA / name)
    profile.save(tmp_path / f"copy{ending}")
    copy = load(tmp_path / f"copy{ending}")
    assert table_of(copy) == table_of(profile)
    if ending == ".prof":
        stored = pstats.Stats(str(tmp_path / "copy.prof"))
        assert vars(stored)["stats"] == table_of(profile)


@pytest.mark.parametrize("name", ["py3.13", "mosaic.py3.13"])
def test_the_numbers_are_those_that_another_program_read(name: str) -> None:
    truth = json.loads((DATA / f"{name}.truth.json").read_text("utf-8"))
    table = table_of(load(DATA / f"{name}.prof"))
    assert [
        [list(key), list(row[:4]), [[list(one), list(n)] for one, n in row[4].items()]]
        for key, row in table.items()
    ] == truth


def test_a_file_of_python_2_has_the_numbers_that_python_2_printed() -> None:
    table = table_of(load(DATA / OLD))
    rows = {
        (f"{{{name[1:-1]}}}" if file == "~" else f"{file}:{line}({name})"): row
        for (file, line, name), row in table.items()
    }
    text = (DATA / "py2.7.stats.txt").read_text("utf-8").partition("ncalls")[2]
    found = re.findall(r"^ +(\d+)(?:/(\d+))? +(\S+) +\S+ +(\S+) +\S+ (.+)$", text, re.MULTILINE)
    assert len(found) == 41
    for calls, primitive, own, total, name in found:
        row = rows[name]
        assert (row[1], row[0]) == (int(calls), int(primitive or calls))
        assert (f"{row[2]:.3f}", f"{row[3]:.3f}") == (own, total)


def test_of_the_module_profile_callers_are_counts_and_its_code_a_name() -> None:
    profile = load(DATA / PURE)
    (code,) = [key for key in table_of(profile) if key[2].startswith("<code object")]
    assert code == ("profile", 0, '<code object <module>, file "legacy_program.py", line 1>')
    table = table_of(profile)
    fib = next(key for key in table if key[2] == "fib")
    assert table[fib][:2] == (1, 21891)
    assert table[fib][4][fib] == 21890
    assert profile.meta.engine.name == "profile"
    if sys.version_info[:2] == (3, 13):  # whose code objects pstats can read then
        theirs = vars(pstats.Stats(str(DATA / PURE)))["stats"]

        def named(key: Any) -> Any:
            return key if isinstance(key[2], str) else code

        assert table == {
            named(key): (*row[:4], {named(one): n for one, n in row[4].items()})
            for key, row in theirs.items()
        }


def test_files_say_what_they_are_of() -> None:
    profile = load(DATA / "py3.13.prof")
    assert profile.meta.python == "Python 3.13"
    assert [warned.code for warned in profile.meta.warnings] == ["threads"]
    assert load(DATA / "py3.11.prof").meta.warnings == []
    threading = next(file for file in profile.files if file.path.endswith("threading.py"))
    assert (threading.label, threading.origin) == ("threading.py", "stdlib")
    (old,) = [f for f in load(DATA / FILES[-1]).files if f.path.startswith("<ipython")]
    assert old.origin == "cell" and old.label.startswith("Cell [")


def test_several_files_are_added_as_pstats_adds_them() -> None:
    names = [str(DATA / name) for name in ("py3.13.prof", "py3.12.prof", "mosaic.py3.13.prof")]
    assert bits(vars(load(*names).stats())["stats"]) == bits(vars(pstats.Stats(*names))["stats"])


@given(table=tables, version=st.integers(1, 4))
def test_what_marshal_writes_is_read(table: Any, version: int) -> None:
    # Format 1 has texts of numbers, 2 and newer numbers, 3 and newer references.
    found, rest = read_table(marshal.dumps(table, version))
    assert (bits(found), rest) == (bits(table), 0)
    profile = loads([("a.prof", marshal.dumps(table, version))])
    assert bits(table_of(profile)) == bits(table)


@given(first=tables, second=tables)
@settings(max_examples=50)
def test_any_two_files_are_added_as_pstats_adds_them(first: Any, second: Any) -> None:
    ours = loads([("a", marshal.dumps(first)), ("b", marshal.dumps(second))])
    theirs = pstats.Stats()
    vars(theirs)["stats"] = first
    other = pstats.Stats()
    vars(other)["stats"] = second
    theirs.add(other)  # type: ignore[arg-type]
    assert bits(table_of(ours)) == bits(vars(theirs)["stats"])


# Broken and hostile files.


@pytest.mark.parametrize("name", ["notebook-cell.py3.13.prof", OLD, PURE])
def test_a_file_that_is_cut_is_refused_with_the_byte(name: str) -> None:
    data = (DATA / name).read_bytes()
    random.seed(1)
    lengths = range(len(data)) if len(data) < 1000 else random.sample(range(len(data)), 500)
    for length in lengths:
        with pytest.raises(BadFileError, match=r"^at byte \d+: "):
            read_table(data[:length])


@pytest.mark.parametrize("name", ["notebook-cell.py3.13.prof", OLD, PURE])
def test_a_file_with_wrong_bytes_is_read_or_refused(name: str) -> None:
    original = (DATA / name).read_bytes()
    random.seed(2)
    for _ in range(2_000_000 // len(original)):
        data = bytearray(original)
        for _ in range(random.choice([1, 1, 1, 4])):
            data[random.randrange(len(data))] = random.randrange(256)
        with suppress(BadFileError):
            read_table(bytes(data))


@given(data=st.binary(max_size=200))
def test_any_bytes_behind_the_first_are_read_or_refused(data: bytes) -> None:
    with suppress(BadFileError):
        read_table(b"{)\3" + data)


def row(*more: Any, key: Any = ("a.py", 1, "f"), callers: Any = None) -> bytes:
    values: Any = more or (1, 1, 0.5, 0.5)
    return marshal.dumps({key: (*values, callers or {})})


NAME, NUMBERS = marshal.dumps(("a", 1, "f"), 2), b"i\1\0\0\0" * 2 + b"g" + bytes(8) + b"i\0\0\0\0"
SHARED = b"{" + b"".join(
    b")\3z\3%03di\1\0\0\0z\1f" % n + b")\5" + NUMBERS + (b"\xfb" if n == 0 else b"r\0\0\0\0")
    + (b"".join(b")\3z\2%02di\1\0\0\0z\1g" % m + b"i\1\0\0\0" for m in range(99)) + b"0" if n == 0 else b"")
    for n in range(900)
) + b"0"  # fmt: skip
HOSTILE = {
    "empty": b"",
    "a list": marshal.dumps([1]),
    "a tuple of more than there is": b"{(\xff\xff\xff\x7f",
    "a negative length": b"{(\xff\xff\xff\xff",
    "a text of two gigabytes": b"{)\3a\xff\xff\xff\x7fabc",
    "an integer of many digits": b"{)\3z\1al\xff\xff\xff\x7f",
    "an integer beyond all counts": row(2**200, 1, 0.5, 0.5),
    "tuples in tuples": b"{" + b")\1" * 100_000,
    "dicts in dicts": b"{" * 100_000,
    "code in code": b"{" + (b"c" + bytes(16) + b"s\0\0\0\0") * 100_000,
    "a dict in itself": b"\xfb" + NAME + b")\5" + NUMBERS + b"r\0\0\0\0" + b"0",
    "what was not there": b"{r\7\0\0\0",
    "a text that was not there": b"{)\3R\7\0\0\0",
    "an end without a begin": b"0",
    "a key without a value": b"{" + NAME + b"0",
    "a type that is none": b"{)\3!",
    "no code": b"{)\3z\1pi\0\0\0\0c" + b"\xff" * 40,
    "callers again and again": SHARED,
    "a key of two": row(key=("a.py", 1)),
    "a line that is a text": row(key=("a.py", "1", "f")),
    "a line beyond all": row(key=("a.py", 2**40, "f")),
    "a name that is a number": row(key=("a.py", 1, 2)),
    "four values": marshal.dumps({("a.py", 1, "f"): (1, 1, 0.5, 0.5)}),
    "callers that are a list": marshal.dumps({("a.py", 1, "f"): (1, 1, 0.5, 0.5, [])}),
    "a caller with three values": row(callers={("a.py", 1, "g"): (1, 1, 0.5)}),
    "a caller without a name": row(callers={1: (1, 1, 0.5, 0.5)}),
    "calls below zero": row(-1, 1, 0.5, 0.5),
    "calls that are a fraction": row(1, 1.5, 0.5, 0.5),
    "true for a count": row(True, 1, 0.5, 0.5),
    "a time that is not a number": row(1, 1, float("nan"), 0.5),
    "a time without end": row(1, 1, 0.5, float("inf")),
    "a time that is a text": row(1, 1, 0.5, "0.5"),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_files_are_refused_with_the_byte(data: bytes) -> None:
    with pytest.raises(BadFileError, match=r"^at byte \d+: "):
        read_table(data)


def test_what_lies_behind_the_table_is_told() -> None:
    profile = loads([("a.prof", row() + b"more")])
    assert [(warned.code, warned.text) for warned in profile.meta.warnings] == [
        ("rest", "a.prof: 4 bytes behind the end of the profile were not read.")
    ]


def test_neither_marshal_nor_pickle_reads_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Runs:
        def __reduce__(self) -> Any:
            return os.mkdir, (str(tmp_path / "ran"),)

    code = compile(f"import os; os.mkdir({str(tmp_path / 'ran')!r})", "evil.py", "exec")
    files = {
        "code.prof": row(key=("profile", 0, code)),
        "pickle.prof": pickle.dumps(Runs()),
        "pickle.prof.gz": gzip.compress(pickle.dumps({"line_profiler LineStats": Runs()})),
    }

    def refuse(*_: Any) -> None:
        raise AssertionError("a file was given to marshal or pickle")

    for module in (marshal, pickle):
        for name in ("load", "loads"):
            monkeypatch.setattr(module, name, refuse)
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        if name == "code.prof":
            (key,) = table_of(load(tmp_path / name))
            assert key[2] == '<code object <module>, file "evil.py", line 1>'
        else:
            with pytest.raises(ValueError, match=r"pickle\.prof"):
                load(tmp_path / name)
    assert not (tmp_path / "ran").exists()


def test_code_of_this_python_is_read_whatever_is_in_it() -> None:
    # Constants of all kinds, code in code, names and cells.
    text = (
        "X = (1, 2.5, 3j, None, ..., True, b'b', 'é', frozenset({1, 'a'}), 10**30, -1)\n"
        "def f(a, *b, c=1, **d):\n"
        "    def g():\n        yield a, f\n"
        "    return [lambda x: (x, a) for _ in b] if 1 in {1, 2, 3} else g\n"
        "class C:\n    async def m(self, x, /): return X[1:2]\n"
    )
    code = compile(text, "kinds.py", "exec")
    for version in range(5):
        found, rest = read_table(
            marshal.dumps({("profile", 0, code): (1, 1, 0.5, 0.5, {})}, version)
        )
        assert (list(found), rest) == (
            [("profile", 0, '<code object <module>, file "kinds.py", line 1>')], 0
        )  # fmt: skip
