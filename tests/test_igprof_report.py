"""Reports of igprof-analyse, line for line, and files for igprof-navigator.

Truth is what igprof-analyse of June 2026 printed (`data/igprof/README.md`); where we differ from
it, and why, is listed in `igprof_samples.py`.
"""

from __future__ import annotations

import gzip
import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from igprof_samples import (
    IGPROF,
    alike,
    count,
    full_text,
    named,
    named_as,
    of_text,
    printed,
    text_of,
    without_signs,
)

from jupyterlab_profiler import load
from jupyterlab_profiler.__main__ import main
from jupyterlab_profiler.igprof.counted import Limits, difference, negated
from jupyterlab_profiler.igprof.flat import flat_of
from jupyterlab_profiler.igprof.renamed import (
    by_ancestors,
    by_library,
    by_patterns,
    parse_ancestors,
    parse_renames,
)
from jupyterlab_profiler.igprof.stacktext import top_text, tree_text
from jupyterlab_profiler.igprof.text import Columns, seconds, thousands


class TestReport:
    @pytest.mark.parametrize("command", ["show", "analyse"])
    def test_of_a_dump_it_is_the_one_that_igprof_analyse_prints(
        self, command: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        options = ["-d", "-v"] if command == "analyse" else []
        text = printed(capsys, command, *options, IGPROF / "hot.pp.gz")
        assert text == text_of("hot.pp.no-g.txt")

    @pytest.mark.parametrize(
        ("sample", "dump", "options"),
        [
            ("hot.pp.txt", "hot.pp.gz", {}),
            ("threads.pp.txt", "threads.pp.gz", {}),
            ("hot.mp.MEM_TOTAL.txt", "hot.mp.gz", {"counter": "MEM_TOTAL"}),
            ("hot.mp.MEM_LIVE.txt", "hot.mp.gz", {"counter": "MEM_LIVE"}),
            ("hot.mp.MEM_LIVE.peak.txt", "hot.mp.gz", {"counter": "MEM_LIVE", "peak": True}),
            ("hot.pp.min-count-20.txt", "hot.pp.gz", {"limits": Limits(min_value=20)}),
        ],
    )
    def test_with_the_names_of_that_machine(
        self, sample: str, dump: str, options: dict[str, Any]
    ) -> None:
        text = text_of(sample)
        assert alike(full_text(named(count(dump, **options), text))) == alike(text)

    def test_runs_are_added(self) -> None:
        text = text_of("merged-two-runs.txt")
        assert full_text(named(count("hot.pp.gz", "hot_run2.pp.gz"), text)) == text

    def test_columns_of_calls_paths_and_libraries(self) -> None:
        text = text_of("hot.pp.paths-calls-libs.txt")
        columns = Columns(calls=True, paths=True, libraries=True)
        assert full_text(named(count("hot.pp.gz"), _without_files(text)), columns) == text

    def test_bytes_of_python(self) -> None:
        # Names of many functions are others there; these 300 lines have the whole in them.
        text = text_of("mosaic.mp.MEM_TOTAL.first300lines.txt")
        ours = full_text(count("mosaic.mp.gz", counter="MEM_TOTAL"))
        names = {"_start", "Py_BytesMain", "Py_RunMain", "<spontaneous>"}
        rows = re.compile(r"^ +[\d.]+ +[\d']+ +[\d']+  (.*) \[\d+\]$", re.MULTILINE)
        common = [row[0] for row in rows.finditer(text) if row[1] in names]
        assert len(common) >= 4
        assert Counter(common) <= Counter(row[0] for row in rows.finditer(ours))

    def test_a_difference(self) -> None:
        text = text_of("diff-run2-vs-run1.txt")
        old, new = count("hot.pp.gz"), count("hot_run2.pp.gz")
        both = named(difference(new, old), text)
        baseline = flat_of(negated(named_as(old, both)))
        ours = full_text(both, baseline=baseline, diff=True)
        assert "-0.01" in ours
        assert alike(without_signs(ours)) == alike(text)

    def test_a_difference_on_the_command_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        for options in (["show", "--diff", "--baseline"], ["analyse", "-D", "-b"]):
            text = printed(capsys, *options, IGPROF / "hot.pp.gz", IGPROF / "hot_run2.pp.gz")
            assert "delta %      Total  Function\n   63.0       2.15  <spontaneous> [1]\n" in text
        assert main(["analyse", "-D", str(IGPROF / "hot.pp.gz")]) == 1
        assert "a difference needs a baseline" in capsys.readouterr().err

    def test_the_hottest_stacks(self) -> None:
        found = named(count("hot.pp.gz"), text_of("hot.pp.txt"))
        text = "".join(f"{line}\n" for line in top_text(found, 3))
        assert text == text_of("hot.pp.top3.txt")

    def test_the_tree(self) -> None:
        found = named(count("hot.pp.gz"), text_of("hot.pp.txt"))
        # Of equal values theirs come in any order.
        assert sorted(tree_text(found)) == sorted(text_of("hot.pp.tree.txt").splitlines())

    def test_the_value_of_a_maximum_is_that_of_one_allocation(self) -> None:
        # igprof-analyse adds those of four places in readCatalog: 819'200.
        data = gzip.decompress((IGPROF / "hot.mp.gz").read_bytes()).decode()
        sizes = [
            int(size, 16) for size in re.findall(r" V1(?:=\(MEM_MAX\))?:\([^,]+,([^,]+),", data)
        ]
        flat = flat_of(count("hot.mp.gz", counter="MEM_MAX"))
        assert flat.total == sorted(sizes)[-3] == 204_800  # larger are two of igprof's own

    def test_the_counter_is_the_first_one_or_one_that_is_there(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = IGPROF / "hot.mp.gz"
        assert printed(capsys, "show", path).startswith("Counter: MEM_TOTAL\n")
        text = printed(capsys, "show", path, "--counter", "MEM_LIVE", "--value", "peak")
        assert text == printed(capsys, "analyse", "-r", "MEM_LIVE", "--value", "peak", path)
        assert "  100.0   935'036       201  main [5]" in text
        assert main(["show", str(path), "--counter", "PERF_TICKS"]) == 1
        assert "it has MEM_TOTAL, MEM_MAX, MEM_LIVE" in capsys.readouterr().err

    def test_what_else_is_asked_for_is_a_table(self, capsys: pytest.CaptureFixture[str]) -> None:
        text = printed(capsys, "show", IGPROF / "hot.pp.gz", "--limit", "2")
        assert "filename:lineno(function)" in text
        assert text.count("lin::matmul") == 1

    def test_other_profiles_with_call_paths_have_it_too(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = IGPROF.parent / "collapsed" / "mosaic.mixed.folded"
        text = printed(capsys, "show", path, "--tree")
        assert text.startswith("<spontaneous>\n")
        assert "Counter: Samples\n" in printed(capsys, "analyse", path)
        assert main(["show", str(path), "--no-filters"]) == 1
        assert "are for dumps of igprof" in capsys.readouterr().err
        assert main(["analyse", str(IGPROF.parent / "pstats" / "py3.13.prof")]) == 1
        assert "no call paths" in capsys.readouterr().err

    @pytest.mark.parametrize(
        "arguments",
        [
            ["-mr", "s/(/x/"],
            ["-mr", "x"],
            ["-mr", "s/a/\\1/"],
            ["-ma", "a>b"],
            ["-tn", "0"],
            ["-x"],
        ],
    )
    def test_what_cannot_be_meant_is_told(
        self, arguments: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit) as ended:
            main(["analyse", *arguments, str(IGPROF / "hot.pp.gz")])
        assert ended.value.code == 2
        assert "error: " in capsys.readouterr().err

    def test_numbers_are_rounded_as_there(self) -> None:
        # A tick is a number of single precision: one of 5 ms is just below half a hundredth.
        assert [seconds(ticks, 0.005) for ticks in (1, 3, 10, 683, -3, 300_000)] == [
            "0.00", "0.01", "0.05", "3.41", "-0.01", "1'500.00",
        ]  # fmt: skip
        assert [thousands(number) for number in (0, 999, -1000, 16499836)] == [
            "0", "999", "-1'000", "16'499'836",
        ]  # fmt: skip


def _without_files(text: str) -> str:
    """A report without the library behind the names."""
    return re.sub(r"(/opt/demo/hot|/usr/lib/\S+|<unknown>)$", "", text, flags=re.MULTILINE)


class TestFilters:
    def test_totals_are_those_that_igprof_analyse_has(self) -> None:
        # What it prints, and what it prints with -nf.
        for dump, shown, everything in (
            ("hot.mp.gz", 16_499_836, 18_596_924),
            ("mosaic.mp.gz", 10_141_250, 12_238_338),
        ):
            assert flat_of(count(dump, counter="MEM_TOTAL")).total == shown
            assert flat_of(count(dump, counter="MEM_TOTAL", filters=False)).total == everything
            profile = load(IGPROF / dump)
            assert sum(profile.paths["self.bytes"]) == shown
            (told,) = (one.text for one in profile.meta.warnings if one.code == "filters")
            assert "are counted to their callers, as igprof-analyse does" in told
            # Two buffers of its own.
            assert f"Bytes allocated (MEM_TOTAL) {everything - shown} bytes" in told
            assert everything - shown == 2 * 1_048_544

    def test_what_an_allocator_took_is_its_callers(self) -> None:
        text = (
            "P=(HEX ID=1 N=(a) T=0.000000)\n"
            "C1 FN0=(F0=(a)+1 N=(main))+1\n"
            "C2 FN1=(F1=(/usr/lib/libstdc++.so.6)+2 N=(_Znwm))+1\n"
            "C3 FN2=(F2=(/lib/libc.so.6)+3 N=(malloc))+1 V0=(MEM_TOTAL):(2,40,40)\n"
            "C4 FN3=(F3=(/opt/lib/libigprof.so)+4 N=(domalloc))+1 V0:(1,8,8)\n"
            "C5 FN4=(F0+5 N=(hook))+1 V0:(1,1,1)\n"
        )
        rows = {row.name: (row.own, row.total) for row in flat_of(of_text(text)).rows}
        assert rows == {
            "<spontaneous>": (0, 0x41), "main": (0x40, 0x41), "hook": (1, 1),
        }  # fmt: skip
        rows = {row.name: row.own for row in flat_of(of_text(text, filters=False)).rows}
        assert rows["malloc"] == 0x40 and rows["domalloc"] == 8
        ticks = text.replace("MEM_TOTAL", "PERF_TICKS")
        assert "malloc" in {row.name for row in flat_of(of_text(ticks)).rows}

    def test_pools_hold_nothing_that_lives(self) -> None:
        text = (
            "P=(HEX ID=1 N=(a) T=0.000000)\n"
            "C1 FN0=(F0=(a)+1 N=(main))+1 V0=(MEM_TOTAL):(1,1,1) V1=(MEM_LIVE):(1,1,1)\n"
            "C2 FN1=(F1=(/usr/lib/libstdc++.so.5)+2 N=(_ZNSt24__default_alloc_templateILb1ELi0EE"
            "9_S_refillEj))+1\nC3 FN2=(F0+3 N=(malloc))+1 V0:(1,2,2) V1:(1,2,2)\n"
        )
        assert flat_of(of_text(text, counter="MEM_TOTAL")).total == 3
        assert flat_of(of_text(text, counter="MEM_LIVE")).total == 1
        assert flat_of(of_text(text, counter="MEM_LIVE", filters=False)).total == 3

    def test_lines_are_left_out_by_value_events_and_average(self) -> None:
        text = (
            "P=(ID=1 N=(a) T=0.000000)\nC1 FN0=(F0=(a)+1 N=(f))+1 V0=(MEM_TOTAL):(2,10,10)\n"
            "C1 FN1=(F0+2 N=(g))+1 V0:(1,100,100)\n"
        )
        for limits, expected in (
            (Limits(min_value=11), 100), (Limits(max_value=99), 10), (Limits(min_count=2), 10),
            (Limits(max_count=1), 100), (Limits(min_average=6), 100), (Limits(max_average=5), 10),
            (Limits(min_value=10, max_average=100), 110),
        ):  # fmt: skip
            assert flat_of(of_text(text, limits=limits)).total == expected


class TestRenaming:
    def test_by_library(self) -> None:
        text = text_of("hot.pp.merged-libs.txt")
        assert full_text(by_library(count("hot.pp.gz"))) == text

    def test_by_pattern(self) -> None:
        text = text_of("hot.pp.merge-regexp.txt")
        found = by_patterns(count("hot.pp.gz"), parse_renames("s/^_ZSt.*/STD/"))
        assert full_text(named(found, text)) == text

    def test_a_pattern_is_of_the_name_for_people_of_the_one_in_the_program_or_of_the_file(
        self,
    ) -> None:
        found = count("hot.pp.gz")
        for pattern, name in (
            ("s/lin::(\\w+)\\(.*/\\1/", "matmul"),
            ("s/^_ZN3lin6matmul.*/product/", "product"),
            ("s!.*/demo/hot$!HOT!", "HOT"),
            ("s/nothing/x/;s,lin::.*,LIN,", "LIN"),
        ):
            rows = {
                row.name: row for row in flat_of(by_patterns(found, parse_renames(pattern))).rows
            }
            assert name in rows
            assert sum(row.own for row in rows.values()) == 683

    def test_functions_that_get_one_name_are_one(self) -> None:
        # There they are 38 rows of one name.
        renames = parse_renames("s/^@\\{libm.*/LIBM/")
        rows = list(flat_of(by_patterns(count("hot.pp.gz"), renames)).rows)
        assert [row.own for row in rows if row.name == "LIBM"] == [101]

    def test_by_what_is_above(self) -> None:
        found = by_ancestors(count("hot.pp.gz"), parse_ancestors("^main$>readCatalog/RC"))
        rows = {row.name: row.total for row in flat_of(found).rows}
        assert rows["RC"] == 666
        assert rows["RC:lin::matmul(lin::Matrix const&, lin::Matrix const&, lin::Matrix&)"] == 338
        assert "readCatalog(int)" not in rows

    def test_a_long_name_costs_no_time(self) -> None:
        # In the whole of it this pattern would be tried 10**12 times.
        name = "a" * 1_000_000
        found = of_text(
            f"P=(HEX ID=1 N=(a) T=0.1)\nC1 FN0=(F0=(a)+1 N=({name}))+1 V0=(PERF_TICKS):(1,1,1)\n"
        )
        flat_of(by_patterns(found, parse_renames("s/a*b/x/")))
        rows = flat_of(by_patterns(found, parse_renames("s/^a+/x/"))).rows
        assert [row.name for row in rows] == ["<spontaneous>", "x"]


class TestRecursion:
    def test_inner_calls_are_rows_of_their_own(self) -> None:
        text = (
            "P=(ID=1 N=(a) T=0.01)\nC1 FN0=(F0=(a)+1 N=(f))+1 V0=(PERF_TICKS):(1,1,1)\n"
            "C2 FN1=(F0+2 N=(g))+1\nC3 FN0+1 V0:(2,2,2)\nC4 FN0+1 V0:(4,4,4)\n"
        )
        rows = {row.name: (row.own, row.total) for row in flat_of(of_text(text)).rows}
        assert rows == {
            "<spontaneous>": (0, 7), "f": (1, 7), "g": (0, 6), "f'2": (2, 6), "f'3": (4, 4),
        }  # fmt: skip

    @given(
        st.lists(
            st.tuples(st.integers(1, 6), st.integers(0, 3), st.integers(0, 9)),
            min_size=1, max_size=40,
        )
    )  # fmt: skip
    def test_rows_add_up(self, lines: list[tuple[int, int, int]]) -> None:
        text, depth, whole = "P=(ID=1 N=(a) T=0.01)\n", 0, 0
        for wanted, function, value in lines:
            depth = min(wanted, depth + 1)
            whole += value
            counter = f" V0=(PERF_TICKS):({value},{value},{value})"
            text += f"C{depth} FN{function}=(F0=(a)+{function} N=(f{function}))+1{counter}\n"
        flat = flat_of(of_text(text))
        assert flat.total == whole
        assert sum(row.own for row in flat.rows) == whole
        for row in flat.rows:
            assert row.own + sum(edge.value for edge in row.callees) == row.total <= whole
            if row.callers:
                assert sum(edge.value for edge in row.callers) == row.total
