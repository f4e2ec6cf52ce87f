"""The made-up profiles of the benchmarks are what a reader accepts, and add up."""

from __future__ import annotations

import importlib.util
from collections import Counter
from pathlib import Path

from jupyterlab_profiler.derive import totals_and_edges
from jupyterlab_profiler.wire import decode, encode

PATH = Path(__file__).parent.parent / "benchmarks" / "payloads.py"
spec = importlib.util.spec_from_file_location("payloads", PATH)
assert spec is not None and spec.loader is not None
payloads = importlib.util.module_from_spec(spec)
spec.loader.exec_module(payloads)


def test_functions_and_edges_are_as_many_as_asked_for_and_calls_add_up() -> None:
    profile = decode(encode(payloads.function_profile(300, 1200), limit=None))
    assert (len(profile.functions), profile.totals.rows, profile.edges.rows) == (300, 300, 1200)
    calls: Counter[int] = Counter()
    for callee, count in zip(profile.edges["callee"], profile.edges["self.calls"], strict=True):
        calls[int(callee)] += int(count)
    assert profile.totals.ints("self.calls")[1:] == [calls[n] for n in range(1, 300)]
    assert sum(profile.totals.ints("self.time")) == profile.meta.wall
    rows = zip(profile.totals["self.time"], profile.totals["total.time"], strict=True)
    assert all(own <= total for own, total in rows)


def test_a_call_tree_has_as_many_nodes_as_asked_for_and_is_not_flat() -> None:
    profile = decode(encode(payloads.path_profile(2000), limit=None))
    assert profile.paths.rows == 2000
    depths: list[int] = []
    for row, up in enumerate(profile.paths.ints("parent")):
        depths.append(depths[row - up] + 1 if up else 0)
    assert 20 < max(depths) <= payloads.DEEPEST
    totals, _ = totals_and_edges(profile)
    assert sum(totals.ints("self.time")) == profile.meta.wall


def test_the_same_arguments_make_the_same_payload() -> None:
    one, other = (encode(payloads.function_profile(40, 90), limit=None) for _ in range(2))
    assert one == other
