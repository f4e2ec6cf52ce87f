"""Profiles too large for a notebook: folded, with every sum kept."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from make_samples import SAMPLES, noise
from strategies import profiles

from jupyterlab_profiler.derive import derive, totals_and_edges
from jupyterlab_profiler.model import (
    CALLS,
    TIME,
    Check,
    File,
    Function,
    Limit,
    Metric,
    Profile,
    Source,
    Table,
    Thread,
    View,
)
from jupyterlab_profiler.wire import MIME, SOFT_LIMIT, decode, encode, mime_bundle
from jupyterlab_profiler.wire import fold as folding
from jupyterlab_profiler.wire.fold import Folding, fold


def size(payload: object) -> int:
    return len(json.dumps(payload, ensure_ascii=False).encode("utf-8"))


def many_functions(count: int = 6_000) -> Profile:
    """A program of many small functions, each called by three others, and a long await."""
    draw = noise(11)
    functions = [
        Function(f"function_{index}", f"Class.function_{index}", index % 40, index)
        for index in range(count)
    ]
    functions.append(Function("(awaiting)", "awaiting", kind="pseudo"))
    own = [next(draw) % 5_000_000 for _ in range(count)] + [3]
    callees = [callee for callee in range(1, count) for _ in range(3)]
    return Profile(
        metrics=[TIME, CALLS],
        files=[File(f"/project/part_{index}.py") for index in range(40)],
        functions=functions,
        threads=[Thread("MainThread")],
        totals=Table(
            {
                "function": list(range(count + 1)),
                "self.time": own,
                "total.time": [2 * value for value in own],
                "self.calls": [1 + value % 9 for value in own],
                "primitive.calls": [1] * (count + 1),
            }
        ),
        edges=Table(
            {
                "caller": [next(draw) % callee for callee in callees],
                "callee": callees,
                "self.time": [own[callee] // 3 for callee in callees],
                "total.time": [own[callee] // 2 for callee in callees],
                "self.calls": [2] * len(callees),
            }
        ),
    )


def folded_function(profile: Profile) -> int:
    found = [
        index
        for index, function in enumerate(profile.functions)
        if function.kind == "pseudo" and function.qualified == "folded"
    ]
    assert len(found) == 1
    return found[0]


def check(profile: Profile, name: str = "folded") -> Check:
    (found,) = [check for check in profile.checks if check.id == name]
    return found


class TestLimit:
    def test_a_profile_below_the_limit_is_sent_as_it_is(self) -> None:
        profile = SAMPLES["large"]()
        assert size(encode(profile)) < SOFT_LIMIT
        assert decode(encode(profile)) == profile

    @pytest.mark.parametrize("divisor", [2, 5, 20])
    @pytest.mark.parametrize("name", ["large", "gz"])
    def test_a_payload_is_as_small_as_asked_and_self_values_add_up_as_before(
        self, name: str, divisor: int
    ) -> None:
        profile = SAMPLES[name]()
        limit = max(size(encode(profile)) // divisor, 20_000)
        payload = encode(profile, limit=limit)
        assert limit / 2 < size(payload) <= limit
        read = decode(payload)
        for table in ("paths", "lines"):
            before, after = getattr(profile, table), getattr(read, table)
            for column in before:
                if column.startswith("self."):
                    assert sum(before[column]) == sum(after[column])

    def test_what_a_notebook_gets_tells_how_long_folding_took(self) -> None:
        payload = mime_bundle(many_functions(40_000))[MIME]
        assert size(payload) <= SOFT_LIMIT
        told = check(decode(payload), "folding")
        assert told.unit == "ns" and (told.value or 0) > 0
        whole = mime_bundle(many_functions(10))[MIME]
        assert "folding" not in {found.id for found in decode(whole).checks}

    @pytest.mark.parametrize("share", [0.7, 0.3, 0.05])
    def test_a_tree_has_no_more_rows_than_asked_for(self, share: float) -> None:
        profile = SAMPLES["large"]()
        rows = fold(profile, share).paths.rows
        most = share * profile.paths.rows
        assert 0.9 * most < rows <= most + len(profile.threads)

    def test_folding_by_steps_is_folding_at_once(self) -> None:
        profile = SAMPLES["large"]()
        folding = Folding(profile)
        for share in (0.8, 0.5, 0.2):
            folded = folding.fold(share)
        assert folded == fold(profile, 0.2)

    def test_nothing_is_folded_where_the_whole_is_asked_for(self) -> None:
        profile = many_functions()
        assert decode(encode(profile, limit=None)) == profile

    @given(profiles())
    @settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=50)
    def test_a_profile_of_any_shape_can_be_folded(self, profile: Profile) -> None:
        added = {f"self.{metric.id}" for metric in profile.metrics if metric.combine == "sum"}
        least = folding.LEAST
        folding.LEAST = 1
        try:
            read = decode(encode(fold(profile, 0.2), limit=None))
        finally:
            folding.LEAST = least
        for table in ("totals", "paths", "lines"):
            before, after = getattr(profile, table), getattr(read, table)
            if not before.rows:
                continue
            for column in before:
                if column in added:
                    whole = sum(map(abs, before[column]), 1)
                    assert sum(after.get(column, ())) == pytest.approx(
                        sum(before[column]), abs=1e-9 * whole
                    )


class TestFunctions:
    FULL = many_functions()
    SMALL = decode(encode(FULL, limit=100_000))

    def test_the_hottest_stay_and_the_coldest_are_folded(self) -> None:
        full, small = self.FULL.totals, self.SMALL.totals
        kept = sorted(small["self.time"], reverse=True)
        assert 50 < len(kept) < 3_000
        # The folded row itself is the largest of all.
        assert kept[1:100] == sorted(full["self.time"], reverse=True)[:99]

    def test_calls_and_self_time_add_up_as_before(self) -> None:
        for column in ("self.time", "self.calls", "primitive.calls"):
            assert sum(self.SMALL.totals[column]) == sum(self.FULL.totals[column])

    def test_the_folded_row_says_how_many_it_stands_for(self) -> None:
        name = self.SMALL.functions[folded_function(self.SMALL)].name
        gone = self.FULL.totals.rows - (self.SMALL.totals.rows - 1)
        assert name == f"({gone} more)"
        assert f"{gone} of 6001 functions" in check(self.SMALL).text

    def test_its_total_is_its_own_time_and_no_more(self) -> None:
        folded = folded_function(self.SMALL)
        row = self.SMALL.totals.ints("function").index(folded)
        assert self.SMALL.totals["total.time"][row] == self.SMALL.totals["self.time"][row]
        assert check(self.SMALL).value == self.SMALL.totals["self.time"][row]

    def test_edges_into_and_out_of_it_are_summed_and_those_among_the_folded_are_gone(self) -> None:
        folded = folded_function(self.SMALL)
        edges = self.SMALL.edges
        ends = list(zip(edges.ints("caller"), edges.ints("callee"), strict=True))
        assert len(set(ends)) == len(ends)
        assert (folded, folded) not in ends
        names = {function.name for function in self.SMALL.functions}
        into = sum(
            calls
            for caller, callee, calls in zip(
                self.FULL.edges.ints("caller"),
                self.FULL.edges.ints("callee"),
                self.FULL.edges.ints("self.calls"),
                strict=True,
            )
            if f"function_{caller}" in names and f"function_{callee}" not in names
        )
        assert into == sum(
            calls
            for (_, callee), calls in zip(ends, edges.ints("self.calls"), strict=True)
            if callee == folded
        )

    def test_what_is_no_function_is_never_folded(self) -> None:
        assert "(awaiting)" in {function.name for function in self.SMALL.functions}

    def test_what_the_first_view_has_on_top_is_never_folded(self) -> None:
        # The first functions by line are none of the hot ones.
        view = View(["line"], [Limit(count=20)])
        small = decode(encode(replace(self.FULL, view=view), limit=100_000))
        names = {function.name for function in small.functions}
        assert {f"function_{index}" for index in range(20)} <= names

    def test_functions_and_files_that_no_row_names_are_left_out(self) -> None:
        used = set(self.SMALL.totals.ints("function"))
        assert used == set(range(len(self.SMALL.functions)))
        files = {function.file for function in self.SMALL.functions} - {None}
        assert files == set(range(len(self.SMALL.files)))


class TestPaths:
    def test_the_smallest_subtrees_become_one_row_a_parent(self) -> None:
        # As in the picture above the code, with a long chain that is kept in front of it.
        hot = 60
        profile = Profile(
            metrics=[TIME],
            functions=[Function(name, name) for name in "abcdef"],
            threads=[Thread("MainThread")],
            paths=Table(
                {
                    "parent": [0] + [1] * (hot - 1) + [1, 1, 3, 4, 5],
                    "function": [0] * hot + [1, 2, 3, 4, 5],
                    "self.time": [1000] * hot + [40, 1, 2, 1, 3],
                }
            ),
        )
        small = fold(profile, 0.97)
        functions = [small.functions[index].name for index in small.paths.ints("function")]
        assert functions[hot - 1 :] == ["a", "(3 more)", "b", "c"]
        assert list(small.paths["self.time"])[hot - 1 :] == [1000, 6, 40, 1]
        assert list(small.paths["parent"])[hot - 1 :] == [1, 1, 2, 1]

    def test_totals_of_what_stays_are_as_before(self) -> None:
        profile = SAMPLES["large"]()
        small = decode(encode(profile, limit=100_000))
        before, after = (derive(p.paths, p.metrics)[0] for p in (profile, small))
        root = profile.functions[before.ints("function")[0]]
        assert small.functions[after.ints("function")[0]] == root
        assert after["total.time"][0] == before["total.time"][0]

    def test_what_functions_took_in_all_is_that_of_the_whole_tree(self) -> None:
        profile = SAMPLES["large"]()
        small = decode(encode(fold(profile, 0.5), limit=None))
        before, after = totals_and_edges(profile)[0], totals_and_edges(small)[0]
        assert small.paths.rows < profile.paths.rows
        assert after is small.totals
        rows = [
            {
                p.functions[int(function)].name: values
                for function, *values in zip(
                    *(t[name] for name in ("function", "self.time", "total.time", "self.calls")),
                    strict=True,
                )
            }
            for p, t in ((profile, before), (small, after))
        ]
        for name, values in rows[1].items():
            if "more" not in name:
                assert values == rows[0][name]

    def test_roots_that_are_folded_stay_in_their_thread(self) -> None:
        rows = 200
        profile = Profile(
            metrics=[TIME],
            functions=[Function("root", "root")],
            threads=[Thread("one"), Thread("two")],
            paths=Table(
                {
                    "parent": [0] * rows,
                    "function": [0] * rows,
                    "thread": [index % 2 for index in range(rows)],
                    "self.time": [rows - index for index in range(rows)],
                }
            ),
        )
        small = decode(encode(fold(profile, 0.3)))
        for thread in (0, 1):
            whole, left = (
                sum(
                    value
                    for value, of in zip(p.paths["self.time"], p.paths["thread"], strict=True)
                    if of == thread
                )
                for p in (profile, small)
            )
            assert whole == left

    def test_a_path_100_000_calls_deep_can_be_folded(self) -> None:
        deep = Profile(
            metrics=[CALLS],
            functions=[Function("down", "down")],
            threads=[Thread("MainThread")],
            paths=Table(
                {
                    "parent": [0] + [1] * 99_999,
                    "function": [0] * 100_000,
                    "self.calls": [1] * 100_000,
                }
            ),
        )
        assert sum(fold(deep, 0.5).paths["self.calls"]) == 100_000


class TestLines:
    def test_cold_lines_of_a_file_become_one_row_without_a_line(self) -> None:
        profile = SAMPLES["gz"]()
        small = decode(encode(profile, limit=30_000))
        folded = [row for row, line in enumerate(small.lines["line"]) if line == 0]
        files = [small.lines["file"][row] for row in folded]
        assert len(files) == len(set(files)) > 0
        assert sum(small.lines["self.time"][row] for row in folded) == check(small).value
        assert "without a line" in check(small).text
        assert "(N more)" not in check(small).text

    def test_lines_as_line_profiler_counts_them_keep_every_sum(self) -> None:
        # Calls included, so there is no own time; two functions of one file, in two threads.
        rows = 600
        profile = Profile(
            metrics=[Metric("hits", "Hits", "count"), TIME],
            files=[File("/a.py")],
            functions=[Function("f", "f", 0, 1), Function("g", "g", 0, 400)],
            threads=[Thread("one"), Thread("two")],
            lines=Table(
                {
                    "file": [1] * rows,
                    "line": [row + 1 for row in range(rows)],
                    "function": [1 + row // 300 for row in range(rows)],
                    "thread": [row % 2 for row in range(rows)],
                    "self.hits": [rows - row for row in range(rows)],
                    "total.time": [row * row for row in range(rows)],
                }
            ),
        )
        small = decode(encode(fold(profile, 0.2), limit=None))
        before, after = sums_of(profile.lines), sums_of(small.lines)
        assert small.lines.rows < 130
        assert before == after
        # The lines with the most time stay, not those with the most hits.
        assert list(small.lines["line"][-50:]) == list(range(rows - 49, rows + 1))
        assert check(small).value is None


def sums_of(lines: Table) -> dict[tuple[int, int], list[float]]:
    """Hits and time of each function and thread."""
    sums: dict[tuple[int, int], list[float]] = {}
    for function, thread, *values in zip(
        *(lines.ints(name) for name in ("function", "thread", "self.hits", "total.time")),
        strict=True,
    ):
        row = sums.setdefault((function, thread), [0, 0])
        for index, value in enumerate(values):
            row[index] += value
    return sums


class TestMetricsThatDoNotSum:
    def profile(self) -> Profile:
        rows = 300
        peaks: dict[str, list[float]] = {
            "self.peak": [-1 - row for row in range(rows)],
            "self.median": list(range(rows)),
        }
        times = [rows - row for row in range(rows)]
        return Profile(
            metrics=[
                TIME,
                Metric("peak", "Peak", "bytes", combine="max"),
                Metric("median", "Median", "ns", combine="median"),
            ],
            functions=[Function(f"f{row}", f"f{row}") for row in range(rows)],
            threads=[Thread("MainThread")],
            totals=Table({"function": list(range(rows)), "self.time": times, **peaks}),
            paths=Table(
                {
                    "parent": [0] * rows,
                    "function": list(range(rows)),
                    "self.time": times,
                    **peaks,
                }
            ),
        )

    def test_folded_rows_have_the_largest_value_and_none_of_what_is_not_known(self) -> None:
        small = decode(encode(fold(self.profile(), 0.3), limit=None))
        for table in (small.totals, small.paths):
            assert table.rows < 150
            assert table["self.peak"][-1] == -1 - (table.rows - 1)
            assert "self.median" not in table
        assert all("Median" in found.text for found in small.checks)


class TestSources:
    def test_texts_of_cold_files_go_first_where_texts_are_the_bulk(self) -> None:
        profile = SAMPLES["functions"]()
        # File 4 is a module that the cell uses; nothing of file 5 takes long.
        text = "x = 1\n" * 20_000
        bulky = replace(profile, sources=[*profile.sources, Source(5, 1, text), Source(0, 90, "y")])
        read = decode(encode(bulky, limit=50_000))
        assert read.totals == profile.totals
        assert Source(5, 1, text) not in read.sources
        assert Source(0, 90, "y") in read.sources
        assert "source text" in check(read, "sources").text

    def test_texts_stay_where_leaving_them_out_would_not_help(self) -> None:
        profile = replace(many_functions(), sources=[Source(0, 1, "x = 1\n")])
        assert decode(encode(profile, limit=100_000)).sources == [Source(0, 1, "x = 1\n")]
