"""Totals and edges of a call tree: cProfile's numbers, by the rule of the outermost place."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from hypothesis import HealthCheck, given, settings
from make_samples import SAMPLES, fib_calls
from strategies import profiles

from jupyterlab_profiler.derive import derive, totals_and_edges
from jupyterlab_profiler.model import CALLS, TIME, Function, Metric, Profile, Table, Thread


def by_name(profile: Profile, name: str) -> dict[str, float]:
    totals, _ = totals_and_edges(profile)
    names = [profile.functions[index].name for index in totals.ints("function")]
    row = names.index(name)
    return {column: totals[column][row] for column in totals}


def test_fib_10_is_called_177_times_and_once_primitively() -> None:
    # 2 * F(11) - 1 = 177 calls, F being Fibonacci's numbers; cProfile shows 177/1.
    assert sum(fib_calls(10)) == 177
    fib = by_name(SAMPLES["functions"](), "fib")
    assert (fib["self.calls"], fib["primitive.calls"]) == (177, 1)
    assert fib["self.time"] == fib["total.time"]


def test_mutual_recursion_counts_each_function_once_a_path() -> None:
    # is_even(40) calls is_odd 20 times and itself 20 times more, all below the first call.
    profile = SAMPLES["functions"]()
    even, odd = by_name(profile, "is_even"), by_name(profile, "is_odd")
    assert (even["self.calls"], even["primitive.calls"]) == (21, 1)
    assert (odd["self.calls"], odd["primitive.calls"]) == (20, 1)
    assert even["total.time"] == even["self.time"] + odd["self.time"]


def test_a_total_never_passes_the_whole() -> None:
    profile = SAMPLES["large"]()
    totals, edges = derive(profile.paths, profile.metrics)
    whole = sum(profile.paths["self.time"])
    assert max(totals["total.time"]) == whole
    assert max(edges["total.time"]) <= whole
    assert sum(totals["self.time"]) == whole


def test_threads_have_rows_of_their_own() -> None:
    profile = SAMPLES["paths"]()
    totals, _ = derive(profile.paths, profile.metrics)
    search = [
        thread
        for function, thread in zip(totals["function"], totals["thread"], strict=True)
        if profile.functions[int(function)].name == "search"
    ]
    assert search == [0, 1, 3]


def test_a_path_100_000_calls_deep_is_summed() -> None:
    rows = 100_000
    deep = Table(
        {"parent": [0] + [1] * (rows - 1), "function": [0] * rows, "self.time": [1] * rows}
    )
    totals, edges = derive(deep, [TIME])
    assert (list(totals["self.time"]), list(totals["total.time"])) == ([rows], [rows])
    assert (list(edges["self.time"]), list(edges["total.time"])) == ([rows - 1], [rows - 1])


def test_a_profile_with_totals_of_its_own_keeps_them() -> None:
    totals = Table({"function": [0], "self.time": [7]})
    profile = Profile(
        metrics=[TIME],
        functions=[Function("f", "f")],
        threads=[Thread("MainThread")],
        totals=totals,
        paths=Table({"parent": [0], "function": [0], "self.time": [5]}),
    )
    assert totals_and_edges(profile)[0] is totals


def test_a_metric_with_max_has_the_largest_value_and_an_unknown_one_has_none() -> None:
    # In make_samples: main calls walk (900), which calls itself (400), and read (-5).
    profile = SAMPLES["combine"]()
    main, walk, read = (by_name(profile, name) for name in ("main", "walk", "read"))
    assert (main["self.peak"], main["total.peak"]) == (100, 900)
    assert (walk["self.peak"], walk["total.peak"]) == (900, 900)
    assert (read["self.peak"], read["total.peak"]) == (-5, -5)
    assert not [column for column in main if column.endswith(".median")]
    edges = totals_and_edges(profile)[1]
    assert list(edges["total.peak"]) == [900, 400, -5, 950]


@given(profiles())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_every_sum_is_that_of_its_definition(profile: Profile) -> None:
    # Whole numbers, so that the order of adding does not matter.
    rows = profile.paths.rows
    values = [index * 7 % 11 for index in range(rows)]
    paths = Table(
        {
            **{name: profile.paths[name] for name in ("parent", "function", "thread") if rows},
            **({"self.time": values, "self.calls": values} if rows else {}),
        }
    )
    totals, edges = derive(paths, [TIME, CALLS, Metric("bytes", "Bytes", "bytes")])
    assert table_of(totals, "function", "thread") == defined_totals(paths, values)
    assert table_of(edges, "caller", "callee", "thread") == defined_edges(paths, values)


def table_of(table: Table, *key: str) -> dict[Any, Any]:
    columns = [table.ints(name) for name in key]
    roles = ("self.time", "total.time", "self.calls", "primitive.calls")
    rows = zip(*(table.ints(name) for name in roles), strict=True)
    return dict(zip(zip(*columns, strict=True), rows, strict=True))


def ancestors(paths: Table, index: int) -> list[int]:
    found = []
    while offset := int(paths["parent"][index]):
        index -= offset
        found.append(index)
    return found


def below(paths: Table, values: list[int], top: int) -> int:
    return sum(
        value
        for index, value in enumerate(values)
        if index == top or top in ancestors(paths, index)
    )


def defined_totals(paths: Table, values: list[int]) -> dict[Any, Any]:
    sums: Any = defaultdict(lambda: [0, 0, 0, 0])
    for index, value in enumerate(values):
        function = paths["function"][index]
        row = sums[function, paths["thread"][index]]
        row[0] += value
        row[2] += value
        if all(paths["function"][above] != function for above in ancestors(paths, index)):
            row[1] += below(paths, values, index)
            row[3] += value
    return {key: tuple(row) for key, row in sums.items()}


def defined_edges(paths: Table, values: list[int]) -> dict[Any, Any]:
    def pair(index: int) -> tuple[float, float] | None:
        offset = int(paths["parent"][index])
        return (paths["function"][index - offset], paths["function"][index]) if offset else None

    sums: Any = defaultdict(lambda: [0, 0, 0, 0])
    for index, value in enumerate(values):
        found = pair(index)
        if found is None:
            continue
        row = sums[(*found, paths["thread"][index])]
        row[0] += value
        row[2] += value
        if all(pair(above) != found for above in ancestors(paths, index)):
            row[1] += below(paths, values, index)
            row[3] += value
    return {key: tuple(row) for key, row in sums.items()}
