"""What `show` prints of files of cProfile is what pstats prints, byte for byte."""

from __future__ import annotations

import io
import json
import marshal
import pstats
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stats_tables import tables

from jupyterlab_profiler import load
from jupyterlab_profiler.callreport import call_report
from jupyterlab_profiler.formats import loads
from jupyterlab_profiler.model import Limit
from jupyterlab_profiler.restrictions import SORT_KEYS
from jupyterlab_profiler.valuetext import value_text

DATA = Path(__file__).parent / "data" / "pstats"
VERSIONS = [f"py3.{minor}" for minor in range(7, 14)]


def stored(name: str) -> str:
    """What pstats of that Python printed, without the line of the file's date."""
    text = (DATA / name).read_text("utf-8")
    return text.partition("\n\n")[2] if re.match(r"\w{3} \w{3} ", text) else text


def limit(value: float | str) -> Limit:
    if isinstance(value, str):
        return Limit(regex=value)
    return Limit(count=value) if isinstance(value, int) else Limit(fraction=value)


@pytest.mark.parametrize("version", VERSIONS)
def test_each_version_printed_the_same_table(version: str) -> None:
    text = call_report(load(DATA / f"{version}.prof"), sort=["cumulative"], limits=[limit(40)])
    assert text == stored(f"{version}.stats.txt")


@pytest.mark.parametrize("version", VERSIONS)
def test_without_folders_and_with_three_restrictions(version: str) -> None:
    text = call_report(
        load(DATA / f"{version}.prof"),
        sort=["time", "name"],
        limits=[limit("sample|built-in"), limit(0.5), limit(20)],
        strip_dirs=True,
    )
    assert text == stored(f"{version}.stripped.txt")


@pytest.mark.parametrize("version", VERSIONS)
def test_callers_and_callees(version: str) -> None:
    profile = load(DATA / f"{version}.prof")
    text = call_report(profile, sort=["time"], limits=[limit(0.05)], callers="")
    assert text == stored(f"{version}.callers.txt")
    text = call_report(profile, sort=["cumulative"], callees="main|parse|speak|fails|is_")
    assert text == stored(f"{version}.callees.txt")


def test_a_file_of_python_2_and_one_of_the_module_profile() -> None:
    text = call_report(load(DATA / "py2.7.prof"), sort=["cumulative"])
    # Python 2 keeps no order of what is equal.
    assert sorted(text.splitlines()) == sorted(stored("py2.7.stats.txt").splitlines())
    name = "py3.13.pure-python-profile"
    text = call_report(load(DATA / f"{name}.prof"), sort=["cumulative"], limits=[limit(20)])
    text += call_report(load(DATA / f"{name}.prof"), sort=["cumulative"], callers="fib|read")
    # The address of a code object says nothing.
    assert text == re.sub(r" at 0x[0-9a-f]+", "", stored(f"{name}.stats.txt"))


def test_a_whole_session() -> None:
    profile = load(DATA / "mosaic.py3.11.prof")
    texts = [
        call_report(profile, sort=["cumulative"], limits=[limit(30)], strip_dirs=True),
        call_report(profile, sort=["cumulative"], callees="readCatalog", strip_dirs=True),
        call_report(profile, sort=["cumulative"], callees="getAllForCcd", strip_dirs=True),
        call_report(profile, sort=["cumulative"], callers="readFits", strip_dirs=True),
    ]
    assert "".join(texts) == stored("mosaic.py3.11.report.txt")


@pytest.mark.parametrize("key", SORT_KEYS)
def test_the_first_ten_are_those_that_were_written_down(key: str) -> None:
    orders = json.loads((DATA / "mosaic.py3.13.sort-orders.json").read_text("utf-8"))
    text = call_report(load(DATA / "mosaic.py3.13.prof"), sort=[key], limits=[limit(10)])
    names = re.findall(r"^ +\S+ +[\d.]+ +[\d.]+ +[\d.]+ +[\d.]+ (.+)$", text, re.MULTILINE)
    assert names == [
        f"{{{name[1:-1]}}}" if file == "~" else f"{file}:{line}({name})"
        for file, line, name in orders[key]
    ]


amounts = st.lists(
    st.integers(0, 9)
    | st.floats(0, 1, exclude_max=True)
    | st.sampled_from(["a.py", "f", "built-in", "^/", ":1", "nothing"]),
    max_size=3,
)


@given(
    files=st.lists(tables, min_size=1, max_size=3),
    keys=st.lists(st.sampled_from([*SORT_KEYS]), max_size=3),
    limits=amounts,
    strip=st.booleans(),
    reverse=st.booleans(),
    what=st.sampled_from(["stats", "callers", "callees"]),
    name=st.sampled_from(["", "f", "a|b"]),
)
@settings(deadline=None)
def test_any_file_and_any_options(
    files: Any, keys: list[str], limits: Any, strip: bool, reverse: bool, what: str, name: str
) -> None:
    """pstats reads the bytes by itself here, and prints."""
    data = [marshal.dumps(table) for table in files]
    theirs, *others = map(stats_of, data)
    if others:
        theirs.add(*others)  # type: ignore[arg-type]
    if strip:
        theirs.strip_dirs()
    if keys:
        theirs.sort_stats(*keys)
    if reverse:
        theirs.reverse_order()
    out = vars(theirs)["stream"] = io.StringIO()
    names = [name] if name and what != "stats" else []
    getattr(theirs, f"print_{what}")(*names, *limits)
    text = call_report(
        loads([(f"{number}.prof", one) for number, one in enumerate(data)]),
        sort=keys,
        limits=[limit(value) for value in limits],
        strip_dirs=strip,
        reverse=reverse,
        **({what: name} if what != "stats" else {}),
    )
    assert text == out.getvalue()


def stats_of(data: bytes) -> pstats.Stats:
    stats = pstats.Stats(stream=io.StringIO())
    vars(stats)["stats"] = marshal.loads(data)
    vars(stats)["get_top_level_stats"] = None
    pstats.Stats.get_top_level_stats(stats)  # type: ignore[attr-defined]
    return stats


def test_what_a_terminal_would_act_on_is_an_escape() -> None:
    table = {("\x1b[2J.py", 1, "f\r\u202e"): (1, 1, 0.5, 0.5, {})}
    text = call_report(loads([("a", marshal.dumps(table))]))
    assert "\\x1b[2J.py:1(f\\r\\u202e)\n" in text


def test_samples_are_shown_in_the_same_manner() -> None:
    data = b"main;work (a.py:3) 30\nmain;work (a.py:4);sort 60\nmain 10\nf\x1b 1\n"
    profile = loads([("a.folded", data)])
    expected = (
        "         101 samples in 4 functions\n\n"
        "   Ordered by: cumulative samples, function name\n"
        "   List reduced from 4 to 2 due to restriction <2>\n\n"
        " internal cumulative filename:lineno(function)\n"
        "       10        100 main\n"
        "       30         90 a.py:0(work)"
    )
    assert value_text(profile, sort=["cumulative", "name"], limits=[limit(2)]) == expected
    assert str(profile) == value_text(profile, strip_dirs=True)
    assert "f\\x1b" in value_text(profile)
    assert value_text(profile, rows=1).endswith("\n(3 more functions)")
    assert value_text(profile, sort=["name"], reverse=True).splitlines()[-1].endswith(" f\\x1b")
