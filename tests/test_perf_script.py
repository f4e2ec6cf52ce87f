"""Text of perf script, read in Python: with the shares that perf itself reports of the same samples.

Samples: `hot…`, `mosaic…` by perf 6.1 of a C++ program and of Python with a C extension; `spin.txt`
of perf record -e cpu-clock,task-clock --call-graph dwarf, `spin.srcline.txt` the same with lines.
Reports: perf report of `hot`, perf report --children of `spin`.
"""

from __future__ import annotations

import gzip
import random
import re
from contextlib import suppress
from pathlib import Path

import pytest
from test_stack_files import of, stacks_of

from jupyterlab_profiler import load
from jupyterlab_profiler.derive import totals_and_edges
from jupyterlab_profiler.model import Profile

PERF = Path(__file__).parent / "data" / "perf"


def by_name(profile: Profile, metric: str) -> dict[str, tuple[float, float]]:
    """Own and total value of each function, threads together."""
    totals, _ = totals_and_edges(profile)
    found: dict[str, tuple[float, float]] = {}
    for function, *values in zip(
        totals.ints("function"), totals[f"self.{metric}"], totals[f"total.{metric}"], strict=True
    ):
        name = profile.functions[function].qualified or profile.functions[function].name
        own, whole = found.get(name, (0, 0))
        found[name] = own + values[0], whole + values[1]
    return found


def test_shares_are_those_that_perf_reports() -> None:
    profile = load(PERF / "hot.perf.script.txt.gz")
    assert [(metric.id, metric.unit) for metric in profile.metrics] == [
        ("samples", "samples"),
        ("time", "ns"),
    ]
    own = {name: value for name, (value, _) in by_name(profile, "samples").items()}
    rows = re.findall(
        r"^ +([\d.]+)% +hot +\S+ +\[[k.]\] (.*?) *$",
        (PERF / "hot.perf.report.txt").read_text(),
        re.MULTILINE,
    )
    assert len(rows) == sum(1 for value in own.values() if value)
    for share, name in rows:
        assert f"{own[name] / 338 * 100:.2f}" == share, name
    assert sum(own.values()) == 338  # "Samples: 338"
    time = by_name(profile, "time").values()
    assert sum(value for value, _ in time) == 1_698_492_250  # "Event count (approx.)"
    assert profile.meta.warnings == []


def test_totals_of_each_event_are_those_that_perf_reports() -> None:
    profile = load(PERF / "spin.txt")
    assert [metric.id for metric in profile.metrics] == [
        "samples",
        "time",
        "samples_task_clock",
        "time_2",
    ]
    reports = (PERF / "spin.report.txt").read_text().split("of event 'task-clock'")
    for metric, report in zip(("time", "time_2"), reports, strict=True):
        totals = by_name(profile, metric)
        rows = re.findall(
            r"^ +([\d.]+)% .*\[[k.]\] (.*?)(?: \(inlined\))? *$", report, re.MULTILINE
        )
        assert len(rows) == 19
        for share, name in rows:
            assert f"{totals[name][1] / 36_666_663 * 100:.2f}" == share, name
    small = [function.name for function in profile.functions].index("small")
    assert profile.paths["inlined"][profile.paths.ints("function").index(small)] == 1
    number = profile.functions[small].object
    assert number is not None and profile.objects[number].path == "/home/user/spin"


def test_lines_are_there_where_they_are_printed() -> None:
    profile, plain = load(PERF / "spin.srcline.txt"), load(PERF / "spin.txt")
    assert stacks_of(profile, "time") == stacks_of(plain, "time")
    lines = profile.lines
    at = [
        lines["total.samples"][row]
        for row in range(lines.rows)
        if profile.functions[lines.ints("function")[row] - 1].name == "recurse"
        and lines.ints("line")[row] == 6
    ]
    # 11 samples, each below recurse at line 6, which stands in a stack up to four times.
    assert sum(at) == 11


def test_python_and_c_stand_in_one_stack() -> None:
    profile = load(PERF / "mosaic.py3.13-Xperf_jit-dwarf.perf.script.txt.gz")
    totals = by_name(profile, "samples")
    # grep -c of these frames in the file.
    assert totals["mosaic"][1] == 188
    assert totals["Butler.get"][1] == 63
    assert totals["_start"][1] == 192
    get = next(function for function in profile.functions if function.qualified == "Butler.get")
    assert (get.kind, get.name) == ("python", "get")
    assert get.file is not None and profile.files[get.file].path == "/opt/demo/mosaic.py"
    assert (profile.meta.wall or 0) > 1e9


def test_what_has_no_name_is_called_by_its_place() -> None:
    profile = of(
        "a b 7/8 [001] 1.5: 10 cycles:u: \n"
        "\t  22af [unknown] (/opt/a (x)/lib.so (deleted))\n"
        "\t  7f00 [unknown] ([unknown])\n"
        "\t  12 operator() (int)+0x3 (/opt/b)\n\n"
        "a b 7/8 [001] 2.5: 5 cycles:u: \n\n"
        "a b 7/8 [001] 2.5: PERF_RECORD_MMAP2 7/8: [0x7ffc2717b000(0x21000)]: rw-p [stack]\n"
        "a b 7/8 [001] 2.5: PERF_RECORD_LOST lost 4\n"
        "a b 7/8 [001] 3.5: 5 cycles:u: 22 f+0x1 (/opt/b)\n"
        "a b 7/8 [001] 3.5: 5 cycles:u: \n\t 22 f+0x\n\n"
    )
    stacks = {names: value for names, value in stacks_of(profile, "cycles").items() if value}
    assert stacks == {("operator() (int)", "0x7f00", "lib.so+0x22af"): 10, ("f",): 5}
    assert list(profile.paths["address"]) == [0, 0x7F00, 0x22AF, 0]
    assert "/opt/a (x)/lib.so" in [found.path for found in profile.objects]
    assert (profile.threads[0].pid, profile.threads[0].tid) == (7, 8)
    assert [warned.text for warned in profile.meta.warnings] == [
        "1 samples have no stack. They are not in the profile.",
        "1 samples have lines that are no frames, or were cut. They are not in the profile.",
        "4 records were lost while perf recorded.",
    ]


def test_long_lines_are_not_searched_for_long() -> None:
    blanks = " " * 1_000_000
    profile = of(
        f"a 7 1.5: 10 cycles:\n\t22 g+0x1 (/b)\n\na 7 1.5: 10 cycles:\n\t22 {blanks}f\n"
        f"{blanks}1{blanks}\n\na 7 1.5: 10 cycles:\n\t22 {'(' * 1_000_000} (x)\n\n"
    )
    assert sum(value for value in stacks_of(profile, "cycles").values()) == 20


def test_damage_is_survived() -> None:
    text = (PERF / "spin.srcline.txt").read_bytes()[:6000]
    chance = random.Random(8)
    for _ in range(150):
        damaged = bytearray(text[: chance.randrange(len(text))])
        for _ in range(chance.randrange(6)):
            if damaged:
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        with suppress(ValueError):
            of(bytes(damaged))


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_several_texts_are_added(pack: type[bytes]) -> None:
    text = pack((PERF / "spin.txt").read_bytes())
    once, twice = of(text), of(text, text)
    assert stacks_of(twice) == {names: 2 * value for names, value in stacks_of(once).items()}
