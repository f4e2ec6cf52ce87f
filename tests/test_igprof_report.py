"""Reports of igprof-analyse, line for line, and files for igprof-navigator.

Truth is what igprof-analyse of June 2026 printed (`data/igprof/README.md`); where we differ from
it, and why, is listed in `igprof_samples.py`.
"""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from igprof_samples import (
    IGPROF,
    alike,
    count,
    dumps_of,
    full_text,
    named,
    text_of,
    without_signs,
)

from jupyterlab_profiler import load
from jupyterlab_profiler.__main__ import main
from jupyterlab_profiler.formats import dumps as dump_as
from jupyterlab_profiler.formats.contents import Contents
from jupyterlab_profiler.formats.igprof import read_dumps
from jupyterlab_profiler.igprof.counted import Counted, Limits, counted, difference, negated
from jupyterlab_profiler.igprof.flat import flat_of
from jupyterlab_profiler.igprof.navigator import json_text, sqlite_file
from jupyterlab_profiler.igprof.renamed import (
    by_ancestors,
    by_library,
    by_patterns,
    parse_ancestors,
    parse_renames,
)
from jupyterlab_profiler.igprof.stacktext import top_text, tree_text
from jupyterlab_profiler.igprof.text import Columns, seconds, thousands


def printed(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert main([str(argument) for argument in arguments]) == 0
    return capsys.readouterr().out


def of_text(text: str, **options: Any) -> Counted:
    return counted(read_dumps([Contents("a", text.encode())]), **options)


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


def named_as(found: Counted, other: Counted) -> Counted:
    """The same with the names that another has."""
    names = {one.raw: one.name for one in other.functions}
    found.functions = [one._replace(name=names.get(one.raw, one.name)) for one in found.functions]
    return found


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


class TestNavigator:
    @pytest.mark.parametrize(
        ("dump", "counter", "sample"),
        [("hot.pp.gz", None, "hot.pp.sql3"), ("hot.mp.gz", "MEM_TOTAL", "hot.mp.MEM_TOTAL.sql3")],
    )
    def test_the_database_has_the_rows_that_theirs_has(
        self, dump: str, counter: str | None, sample: str, tmp_path: Path
    ) -> None:
        found = count(dump, counter=counter)
        path = tmp_path / "a.sql3"
        path.write_bytes(sqlite_file(found, flat_of(found)))
        with (
            closing(sqlite3.connect(path)) as ours,
            closing(
                sqlite3.connect(f"file:{IGPROF / sample}?mode=ro&immutable=1", uri=True)
            ) as theirs,
        ):

            def ask(database: sqlite3.Connection, question: str) -> list[Any]:
                return database.execute(question).fetchall()

            tables = "SELECT name FROM sqlite_master ORDER BY name"
            assert ask(ours, tables) == ask(theirs, tables)
            for table in ("summary", "files", "symbols", "mainrows", "children", "parents"):
                columns = f"SELECT name FROM pragma_table_info('{table}')"
                assert ask(ours, columns) == ask(theirs, columns)
            assert ask(ours, "SELECT * FROM summary") == ask(theirs, "SELECT * FROM summary")
            rows = (
                "SELECT id, self_count, cumulative_count, kids, self_calls, total_calls, "
                "total_paths, pct FROM mainrows ORDER BY id"
            )
            assert ask(ours, rows) == ask(theirs, rows)
            edges = "SELECT * FROM {} ORDER BY 1, 2, 3"
            assert ask(ours, edges.format("parents")) == ask(theirs, edges.format("parents"))
            # Of callees equal in name and numbers theirs has one.
            callees = [set(ask(one, edges.format("children"))) for one in (ours, theirs)]
            assert callees[0] >= callees[1]
            assert {(a, b, *rest) for a, b, *rest in callees[0]} == {
                (b, a, *rest) for a, b, *rest in ask(ours, edges.format("parents"))
            }
            assert ask(ours, "PRAGMA foreign_key_check") == []
            # Theirs has garbage in places; here every row has a name and a file.
            names = (
                "SELECT mainrows.id, symbols.name, files.name FROM mainrows "
                "JOIN symbols ON symbol_id = symbols.id JOIN files ON filename_id = files.id"
            )
            assert len(ask(ours, names)) == len(ask(ours, "SELECT id FROM mainrows"))
            assert (5, "main", "/opt/demo/hot") in ask(ours, names)

    def test_json_has_the_rows_that_theirs_has(self) -> None:
        found = count("hot.pp.gz")
        ours = json.loads(json_text(found, flat_of(found)))
        theirs = json.loads(text_of("hot.pp.json"))
        assert list(ours) == list(theirs)
        assert ours["summary"] == theirs["summary"]
        assert [[row[0], *row[3:]] for row in ours["mainrows"]] == [
            [row[0], *row[3:]] for row in theirs["mainrows"]
        ]
        assert ours["callers"] == theirs["callers"]
        assert {tuple(row) for row in theirs["callees"]} <= {tuple(row) for row in ours["callees"]}
        assert ours["symbols"][4] == theirs["symbols"][4] == "main"

    def test_by_convert_and_as_statements(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "a.sql3"
        printed(capsys, "convert", IGPROF / "hot.pp.gz", path)
        statements = printed(capsys, "analyse", "-s", IGPROF / "hot.pp.gz")
        text = printed(
            capsys, "convert", "--to", "igprof-json", IGPROF / "hot.pp.gz", tmp_path / "b"
        )
        assert text == ""
        total = "SELECT sum(self_count), max(cumulative_count) FROM mainrows"
        with closing(sqlite3.connect(path)) as one, closing(sqlite3.connect(":memory:")) as other:
            other.executescript(statements)
            assert one.execute(total).fetchall() == other.execute(total).fetchall() == [(683, 683)]
        assert json.loads((tmp_path / "b").read_bytes())["summary"]["total_counts"] == 683

    def test_names_are_data(self) -> None:
        found = of_text(
            "P=(ID=1 N=(a) T=0.01)\nC1 FN0=(F0=(a')--\")+1 N=(f'); DROP TABLE files; --\"))+1 "
            "V0=(PERF_TICKS):(1,1,1)\n"
        )
        database = sqlite3.connect(":memory:")
        database.deserialize(sqlite_file(found, flat_of(found)))
        names = [name for (name,) in database.execute("SELECT name FROM symbols")]
        assert names == ["<spontaneous>", "f'); DROP TABLE files; --\""]
        database.close()

    def test_sums_that_sqlite_cannot_hold_are_refused(self) -> None:
        profile = load(IGPROF / "hot.pp.gz")
        column = profile.paths["self.samples"]
        profile.paths = type(profile.paths)(
            {
                **profile.paths,
                "self.samples": [2**62] * len(column),
                "self.time": [2**62] * len(column),
            }
        )
        with pytest.raises(ValueError, match=r"above \d+ are among them"):
            dump_as(profile, "igprof-sqlite")


class TestHostileDumps:
    def test_a_line_of_many_ends_is_read_in_one_go(self) -> None:
        # A pattern that goes back would look at each pair of them: 10**11.
        line = "C1 FN0=(F0=(" + ")+1 N=(" * 300_000
        with pytest.raises(ValueError, match="no node can be read"):
            of_text(f"P=(HEX ID=1 N=(a) T=0.1)\n{line}\n")

    @given(st.data())
    def test_any_bytes_are_read_or_refused(self, data: st.DataObject) -> None:
        whole = (IGPROF / "hot.plain.pp").read_bytes()[:3000]
        at = data.draw(st.integers(0, len(whole) - 1))
        end = data.draw(st.integers(at, min(len(whole), at + 40)))
        broken = whole[:at] + data.draw(st.binary(max_size=8)) + whole[end:]
        try:
            found = counted(read_dumps([Contents("a", broken)]))
        except ValueError as error:
            assert " " in str(error)  # noqa: PT017
            return
        flat = flat_of(found)
        assert flat.total == sum(found.values)
        assert all(line.isprintable() for line in full_text(found).splitlines())

    def test_a_number_that_is_defined_anew_is_the_new_function(self) -> None:
        text = (
            "P=(HEX ID=1 N=(a) T=0.1)\nC1 FN0=(F0=(a)+1 N=(f))+1 V0=(PERF_TICKS):(1,1,1)\n"
            "C1 FN0+1 V0:(1,1,1)\nC1 FN0=(F0+2 N=(g))+1 V0:(1,1,1)\nC1 FN0+1 V0:(1,1,1)\n"
            "C1 FN0+1 V0=(OTHER):(7,7,7)\nC1 FN0+1 V0:(7,7,7)\n"
        )
        rows = {row.name: row.own for row in flat_of(of_text(text)).rows}
        assert rows == {"<spontaneous>": 0, "f": 2, "g": 2}
        assert flat_of(of_text(text, counter="OTHER")).total == 14

    def test_a_deep_stack_is_no_matter(self) -> None:
        lines = "".join(f"C{depth:x} FN0+1\n" for depth in range(2, 20_000))
        text = (
            f"P=(HEX ID=1 N=(a) T=0.1)\nC1 FN0=(F0=(a)+1 N=(f))+1\n{lines}"
            "C4e20 FN1=(F0+2 N=(g))+1 V0=(PERF_TICKS):(1,1,1)\n"
        )
        rows = flat_of(of_text(text)).rows
        assert len(rows) == 20_001 and rows[-1].name == "g"

    def test_what_would_be_too_much_is_refused(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        # A long name stands in each row of its recursion, and in the tree beside each bar.
        path = str(IGPROF / "hot.pp.gz")
        for place, size, told in (
            ("igprof.flat._MOST_CHARACTERS", 5000, "names of this report are too long"),
            ("igprof.command._MOST_CHARACTERS", 50_000, "more than 50000 characters"),
            ("formats.igprofdump._MOST_LINES", 100, "more than 100 nodes"),
        ):
            with monkeypatch.context() as patch:
                patch.setattr(f"jupyterlab_profiler.{place}", size)
                assert main(["show", path]) == 1
                assert told in capsys.readouterr().err
        assert main(["show", path]) == 0

    def test_ticks_of_two_lengths_are_not_added(self) -> None:
        one = "P=(HEX ID=1 N=(a) T=0.{})\nC1 FN0=(F0=(a)+1 N=(f))+1 V0=(PERF_TICKS):(1,1,1)\n"
        with pytest.raises(ValueError, match=r"ticks of 0.1 s and 0.2 s cannot be added"):
            of_text(one.format(1) + one.format(2))

    def test_plain_lines_are_read_as_any_others(self) -> None:
        # A blank line makes nothing else of a dump, but each line behind it is looked at anew.
        for name in ("hot.pp.gz", "hot.mp.gz", "mosaic.fd.gz"):
            found = dumps_of(name)
            data = gzip.decompress((IGPROF / name).read_bytes())
            # Numbers that begin with 0 are none that igprof writes, and mean the same.
            longer = re.sub(rb" FN([0-9a-f]+)\+", rb" FN000000000000\1+", data)
            slow = read_dumps([Contents("a", longer)])
            assert list(slow.parents) == list(found.parents)
            assert [slow.known[place] for place in slow.places] == [
                found.known[place] for place in found.places
            ]
            for counter, values in found.counters.items():
                assert vars(slow.counters[counter]) == vars(values)
