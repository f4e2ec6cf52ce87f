"""Writes wire/samples: payloads that the tests of both languages read, and what is in them.

Run it as a script after a change; ``test_samples.py`` checks that the files are what it makes.
Nothing here is random or reads a clock. The numbers are made up, yet add up as measured ones do:
totals and edges are derived from call trees.
"""

from __future__ import annotations

import base64
import copy
import json
import math
import struct
import zlib
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guide_profile import guide_profile
from stats_profiles import profile_of_file

from jupyterlab_profiler.derive import derive, totals_and_edges
from jupyterlab_profiler.model import (
    CALLS,
    TIME,
    Check,
    Engine,
    File,
    Function,
    Limit,
    Meta,
    Metric,
    NativeObject,
    Origin,
    Profile,
    Source,
    Table,
    Thread,
    View,
    Warned,
    Where,
)
from jupyterlab_profiler.wire import encode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FOLDER = Path(__file__).parent.parent / "wire" / "samples"
GENERATOR = "jupyterlab_profiler samples"
#: A value that is null, where none takes the key away.
NULL = object()

CELL_ID = "3f1c9a52-6d0e-4c1b-9f57-2a7d0c5be011"
CELL_PATH = "/tmp/ipykernel_4242/1832094617.py"
STDLIB = "/usr/lib/python3.13"
SITE = "/home/ada/project/.venv/lib/python3.13/site-packages"

CELL_SOURCE = """\
import json, math, random, statistics
from dataclasses import dataclass
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
@dataclass
class Point:
    x: float; y: float
@dataclass
class Segment:
    a: Point; b: Point
def is_even(n): return n == 0 or is_odd(n - 1)
def is_odd(n): return n != 0 and is_even(n - 1)
pair = (lambda v: v * v, lambda v: v + v)
def simulate(n):
    rows = []
    for i in range(n):
        p = Segment(Point(random.random(), i), Point(i, random.random()))
        rows.append(math.sqrt(pair[0](p.a.x) + pair[1](p.b.y)))
    return sorted(rows)
async def naïve_fetch(π): return π
fib(10); is_even(40)
rows = simulate(200)
await asyncio.sleep(0.05)
json.dumps(rows); statistics.mean(rows)
"""

Node = tuple[int, int, int, "list[Node]"]


def rows_of(nodes: list[Node], thread: int = 0) -> dict[str, list[int]]:
    """Columns of a call tree in pre-order. A node: function, self ns, calls, callees."""
    columns: dict[str, list[int]] = {
        name: [] for name in ("parent", "function", "thread", "self.time", "self.calls")
    }

    def put(node: Node, parent: int | None) -> None:
        function, self_ns, calls, callees = node
        index = len(columns["parent"])
        columns["parent"].append(0 if parent is None else index - parent)
        columns["function"].append(function)
        columns["thread"].append(thread)
        columns["self.time"].append(self_ns)
        columns["self.calls"].append(calls)
        for callee in callees:
            put(callee, index)

    for node in nodes:
        put(node, None)
    return columns


def chain(levels: list[tuple[int, int, int]]) -> Node:
    """A node that has one callee at most, and so on: (function, self ns, calls) from the top."""
    function, self_ns, calls = levels[0]
    return (function, self_ns, calls, [chain(levels[1:])] if levels[1:] else [])


def fib_calls(n: int) -> list[int]:
    """How often fib runs at each depth of fib(n)."""
    counts: list[int] = []
    arguments = {n: 1}
    while arguments:
        counts.append(sum(arguments.values()))
        deeper: dict[int, int] = {}
        for argument, count in arguments.items():
            if argument >= 2:
                for less in (argument - 1, argument - 2):
                    deeper[less] = deeper.get(less, 0) + count
        arguments = deeper
    return counts


def noise(seed: int) -> Iterator[int]:
    """0 to 2^31 - 1, the same on every machine: the "minimal standard" generator."""
    state = seed
    while True:
        state = state * 48271 % 0x7FFFFFFF
        yield state


def functions() -> Profile:
    """A cell as cProfile sees it: recursion, namesakes, builtins, an await, a displayed value."""
    files = [
        File(CELL_PATH, "Cell [5]", "cell", "", CELL_ID, 5),
        File("<string>", "<string>", "none"),
        File(f"{STDLIB}/json/__init__.py", "json/__init__.py", "stdlib", "json"),
        File(f"{STDLIB}/json/encoder.py", "json/encoder.py", "stdlib", "json"),
        File(f"{STDLIB}/statistics.py", "statistics.py", "stdlib", "statistics"),
        File("<frozen abc>", "abc", "frozen", "abc"),
        File(f"{SITE}/numpy/linalg/_linalg.py", "numpy/linalg/_linalg.py", "package", "numpy"),
    ]
    table = [
        Function("<module>", "<module>", 0, 1),
        Function("fib", "fib", 0, 3),
        Function("is_even", "is_even", 0, 11),
        Function("is_odd", "is_odd", 0, 12),
        Function("simulate", "simulate", 0, 14),
        Function("<lambda>", "<lambda>", 0, 13),
        Function("<lambda>", "<lambda>", 0, 13),
        Function("__init__", "__create_fn__.<locals>.__init__", 1, 2, "generated"),
        Function("__init__", "__create_fn__.<locals>.__init__", 1, 2, "generated"),
        Function("naïve_fetch", "naïve_fetch", 0, 20),
        Function("<built-in method math.sqrt>", "math.sqrt", None, 0, "builtin"),
        Function("<built-in method builtins.sorted>", "builtins.sorted", None, 0, "builtin"),
        Function("<built-in method builtins.sum>", "builtins.sum", None, 0, "builtin"),
        Function("<method 'append' of 'list' objects>", "list.append", None, 0, "builtin"),
        Function(
            "<method 'random' of '_random.Random' objects>",
            "_random.Random.random",
            None,
            0,
            "builtin",
        ),
        Function("dumps", "dumps", 2, 183),
        Function("encode", "JSONEncoder.encode", 3, 183),
        Function("iterencode", "JSONEncoder.iterencode", 3, 205),
        Function("<method 'join' of 'str' objects>", "str.join", None, 0, "builtin"),
        Function("mean", "mean", 4, 482),
        Function("_sum", "_sum", 4, 193),
        Function("_exact_ratio", "_exact_ratio", 4, 303),
        Function(
            "<method 'as_integer_ratio' of 'float' objects>",
            "float.as_integer_ratio",
            None,
            0,
            "builtin",
        ),
        Function("__instancecheck__", "ABCMeta.__instancecheck__", 5, 117),
        Function("svd", "svd", 6, 1681),
        Function("(awaiting)", "awaiting", None, 0, "pseudo"),
        Function("(displaying)", "displaying", None, 0, "pseudo"),
    ]
    fib = chain([(1, 95 * calls + 41, calls) for calls in fib_calls(10)])
    parity = chain([(2 + depth % 2, 120 + depth, 1) for depth in range(41)])
    simulate: Node = (
        4,
        91_730,
        1,
        [
            (7, 41_310, 400, []),
            (8, 38_660, 200, []),
            (14, 19_020, 400, []),
            (5, 14_208, 200, []),
            (6, 13_992, 200, []),
            (10, 15_600, 200, []),
            (13, 9_114, 200, []),
            (11, 12_877, 1, []),
        ],
    )
    dumps: Node = (
        15,
        3_406,
        1,
        [
            (
                16,
                8_021,
                1,
                [(17, 212_345, 1, []), (18, 7_550, 1, [])],
            )
        ],
    )
    ratio: Node = (21, 61_204, 200, [(22, 23_111, 200, [])])
    mean: Node = (19, 4_180, 1, [(20, 98_377, 1, [ratio]), (23, 1_950, 1, []), (12, 777, 1, [])])
    svd: Node = (24, 3_141_592, 3, [(23, 2_718, 3, [])])
    fetch: Node = (9, 640, 1, [])
    module: Node = (
        0,
        402_118,
        1,
        [
            fib,
            parity,
            simulate,
            fetch,
            dumps,
            mean,
            svd,
            (25, 50_134_907, 1, []),
            (26, 1_204_660, 1, []),
        ],
    )
    metrics = [TIME, CALLS]
    totals, edges = derive(Table(rows_of([module])), metrics)
    self_ns = sum(totals.ints("self.time"))
    tracing = 181_440
    wall = self_ns + tracing + 1_204
    return Profile(
        Meta(
            label="first model",
            started="2026-05-04T09:30:00.125000+02:00",
            wall=wall,
            source=Origin("cell", CELL_ID, 5),
            engine=Engine(
                "cprofile",
                "3.13.0",
                "the compiled engine is not installed",
                "wall time, time.perf_counter_ns",
            ),
            python="CPython 3.13.0",
            platform="linux x86_64",
            warnings=[
                Warned("edges-only", "This engine keeps no call paths: no call tree can be drawn."),
            ],
        ),
        metrics,
        files,
        [],
        table,
        [Thread("MainThread", "thread", None, 4242, 4242, float(wall))],
        totals,
        edges,
        sources=[
            Source(0, 1, CELL_SOURCE),
            Source(4, 193, "def _sum(data):\n    count = 0\n    types = set()\n"),
            Source(4, 482, "def mean(data):\n    T, total, n = _sum(data)\n"),
        ],
        checks=[
            Check(
                "wall",
                "Self times, awaiting and tracing add up to the wall time.",
                True,
                self_ns + tracing,
                wall,
                0.01 * wall,
                "ns",
            ),
            Check("tracing", "The profiler itself took about 0.2 ms.", None, tracing, unit="ns"),
            Check(
                "collisions",
                "pstats cannot tell 4 functions apart; its export sums them: "
                "__init__ (<string>:2), <lambda> (Cell [5]:13).",
                None,
                4,
                unit="count",
            ),
        ],
        view=View(
            ["cumulative", "name"], [Limit(regex="e"), Limit(fraction=0.75), Limit(count=12)]
        ),
    )


def interrupted() -> Profile:
    """A cell that was interrupted; its texts are hostile."""
    label = "<b>not bold</b> & \"quoted\" 'text' \u202eesrever \U0001f40d"
    files = [File(CELL_PATH, "Cell [<i>7</i>]", "cell", "", "a&b", 7)]
    table = [
        Function("<module>", "<module>", 0, 1),
        Function("<img src=x onerror=alert(1)>", "Spin.<img src=x onerror=alert(1)>", 0, 2),
        Function("tab\tnew\nline\x1b[31m\x00", "control", 0, 4),
        Function("<built-in method time.sleep>", "time.sleep", None, 0, "builtin"),
        Function("__proto__", "__proto__", 0, 9),
        Function("constructor", "constructor", 0, 11),
    ]
    tree: Node = (
        0,
        12_000,
        1,
        [
            (1, 48_000, 3, [(3, 2_000_400_000, 2, [])]),
            (2, 700, 1, []),
            (4, 300, 1, [(5, 100, 1, [])]),
        ],
    )
    totals, edges = derive(Table(rows_of([tree])), [TIME, CALLS])
    return Profile(
        Meta(
            label=label,
            started="2026-05-04T07:31:12Z",
            wall=2_000_470_000,
            status="interrupted",
            where=Where(0, 3, "KeyboardInterrupt"),
            source=Origin("cell", "a&b", 7),
            engine=Engine("cprofile", "3.11.7", "asked for", "wall time, time.perf_counter_ns"),
            python="CPython 3.11.7",
            platform="linux x86_64",
            warnings=[
                Warned("interrupted", "Interrupted: only what ran until then was measured."),
                Warned("<x>", "</script><script>alert('warning')</script>"),
            ],
        ),
        [TIME, CALLS],
        files,
        [],
        table,
        [Thread("MainThread", wall=2_000_470_000.0, pid=77, tid=77)],
        totals,
        edges,
        sources=[Source(0, 1, "import time\nclass Spin: ...\ntime.sleep(1)  # </pre>\n")],
        checks=[
            Check(
                "wall",
                "Self times miss 8.9 us of the wall time.",
                False,
                2_000_461_100,
                2_000_470_000,
                1_000,
                "ns",
            ),
        ],
    )


def paths() -> Profile:
    """Call trees of two threads, a task and a child process, Python and native frames in one."""
    metrics = [
        TIME,
        CALLS,
        Metric("samples", "Samples", "samples", 1, False),
        Metric("cpu", "CPU time", "ns", 100),
        Metric("bytes", "Bytes allocated", "bytes", 1024),
    ]
    files = [
        File(CELL_PATH, "Cell [8]", "cell", "", CELL_ID, 8),
        File("/src/kdtree/kdtree.cpp", "kdtree.cpp", "native", "kdtree"),
        File("/src/kdtree/heap.hpp", "heap.hpp", "native", "kdtree"),
    ]
    objects = [
        NativeObject(f"{SITE}/kdtree/_kdtree.so", "5d2f0c1e9bb1a7640b8c"),
        NativeObject("/usr/lib/x86_64-linux-gnu/libc.so.6", "c289da5071a3399de893d2af81d6a30c"),
    ]
    table = [
        Function("<module>", "<module>", 0, 1),
        Function("search", "search", 0, 3),
        Function("query", "KDTree::query(double const*, int)", 1, 210, "native", 0),
        Function("push", "Heap<double>::push(double)", 2, 31, "native", 0),
        Function(
            "__memmove_avx_unaligned_erms", "__memmove_avx_unaligned_erms", None, 0, "native", 1
        ),
        Function("worker", "worker", 0, 9),
        Function("fetch", "fetch", 0, 14),
        Function("(awaiting)", "awaiting", None, 0, "pseudo"),
        Function("main", "main", 0, 20),
        Function("0x7f3c2a10", "0x7f3c2a10", None, 0, "jit"),
    ]
    threads = [
        Thread("MainThread", "thread", None, 4242, 4242, 41_000_000.0),
        Thread("pool-1", "thread", 0, 4242, 4250, 20_500_000.5),
        Thread("Task-3", "task", 0, 4242, 4242, 9_000_000.0),
        Thread("ForkProcess-1", "process", 0, 4260, 4260, 12_000_000.0),
    ]
    columns: dict[str, list[float]] = {}

    def add(thread: int, *roots: Node) -> None:
        for name, values in rows_of(list(roots), thread).items():
            columns.setdefault(name, []).extend(values)

    heap: Node = (3, 1_900_000, 90_000, [(4, 400_100, 700, [])])
    query: Node = (2, 11_250_000, 3_000, [heap])
    add(
        0,
        (
            0,
            310_000,
            1,
            [
                # search calls itself: it counts once a path.
                (1, 2_200_000, 10, [query, (1, 900_000, 4, [(2, 3_000_000, 800, [heap])])]),
                (9, 75_000, 1, []),
            ],
        ),
    )
    add(1, (5, 8_000_000, 1, [(1, 4_500_000, 20, [query])]), (5, 120_000, 1, []))
    add(2, (6, 300_000, 2, [(7, 8_600_000, 2, [])]))
    add(3, (8, 6_000_000, 1, [(6, 1_000_000, 1, []), (1, 5_000_000, 2, [])]))
    rows = len(columns["parent"])
    functions = [int(function) for function in columns["function"]]
    lines = {0: 22, 1: 5, 2: 214, 3: 33, 5: 10, 6: 15, 8: 21}
    addresses = {2: 0x27305, 3: 0x1F00C, 4: 0x1841D7, 9: 0x7F3C2A10}
    columns["line"] = [lines.get(function, 0) for function in functions]
    columns["address"] = [addresses.get(function, 0) for function in functions]
    columns["inlined"] = [int(function == 3) for function in functions]
    columns["self.samples"] = [int(ns) // 5_000_000 for ns in columns["self.time"]]
    columns["self.cpu"] = [int(ns) // 100 * 9 // 10 for ns in columns["self.time"]]
    columns["self.bytes"] = [index * index * 4096 for index in range(rows)]
    return Profile(
        Meta(
            started="2026-05-04T09:33:00+00:00",
            wall=41_000_000,
            source=Origin("script", command="search.py --leaf 16"),
            engine=Engine("native", "0.1", "asked for", "wall time, CLOCK_MONOTONIC"),
            python="CPython 3.12.1",
            platform="linux x86_64",
        ),
        metrics,
        files,
        objects,
        table,
        threads,
        paths=Table(columns),
        checks=[Check("threads", "Two threads, a task and a child process were seen.", None, 4)],
    )


def lines() -> Profile:
    """What each line of two functions cost, as line_profiler counts, in two threads."""
    source = (
        "def smooth(image, k):\n"
        "    out = image.copy()\n"
        "    for y in range(k, len(image) - k):\n"
        "        for x in range(k, len(image) - k):\n"
        "            window = image[y - k : y + k + 1, x - k : x + k + 1]\n"
        "            out[y, x] = window.mean()\n"
        "    return out\n"
    )
    return Profile(
        Meta(
            label="smooth",
            wall=912_500_000,
            source=Origin("statement", command="smooth(picture, 2)"),
            engine=Engine("lines", "0.1", "the best there is", "wall time"),
        ),
        [Metric("hits", "Hits", "count"), TIME],
        [
            File(CELL_PATH, "Cell [5]", "cell", "", CELL_ID, 5),
            File(f"{STDLIB}/statistics.py", "statistics.py", "stdlib", "statistics"),
        ],
        [],
        [Function("smooth", "smooth", 0, 1), Function("mean", "mean", 1, 482)],
        [Thread("MainThread"), Thread("worker")],
        lines=Table(
            {
                "file": [1, 1, 1, 1, 1, 1, 2, 2],
                "line": [2, 3, 4, 5, 6, 7, 495, 495],
                "function": [1, 1, 1, 1, 1, 1, 2, 0],
                "thread": [0, 0, 0, 0, 0, 0, 0, 1],
                "self.hits": [1, 97, 9_312, 9_216, 9_216, 1, 5, 3],
                "self.time": [8_100, 41_203, 3_004_870, 4_911_006, 7_120_554, 410, 650, 220],
                "total.time": [
                    31_400,
                    41_203,
                    3_004_870,
                    4_911_006,
                    898_004_310,
                    410,
                    88_650,
                    40_220,
                ],
            }
        ),
        sources=[Source(0, 1, source), Source(0, 12, "smooth(picture, 2)\n")],
    )


def negative() -> Profile:
    """The difference of two profiles: what became slower, and what faster."""
    return Profile(
        Meta(label="after - before", source=Origin("file", command="before.prof after.prof")),
        [Metric("time", "Time", "ns", 100), CALLS, Metric("ratio", "Ratio", "1", 0.5, False)],
        [File("/home/ada/model.py", "model.py", "file", "model")],
        [],
        [
            Function("<module>", "<module>", 0, 1),
            Function("fit", "Model.fit", 0, 12),
            Function("predict", "Model.predict", 0, 40),
        ],
        [Thread("MainThread")],
        Table(
            {
                "function": [0, 1, 2],
                "self.time": [0, -(2**40) - 1, 63],
                "total.time": [-(2**40) + 62, -(2**40) - 1, 64],
                "self.calls": [0, -64, 63],
                "primitive.calls": [0, -65, 64],
                "self.ratio": [0.1, -2.5, 1e300],
            }
        ),
        Table(
            {
                "caller": [0, 0],
                "callee": [1, 2],
                "self.time": [-(2**52), 2**52 - 1],
                "total.time": [-1, 0],
                "self.calls": [-64, 63],
            }
        ),
    )


def gz() -> Profile:
    """A column above 64 kB of bytes, which is compressed, beside small ones, which are not."""
    rows = 24_000
    return Profile(
        Meta(label="200 long modules"),
        [Metric("hits", "Hits", "count"), TIME],
        [File(f"/home/ada/generated_{index}.py") for index in range(200)],
        [],
        [],
        [Thread("MainThread")],
        lines=Table(
            {
                "file": [row // 120 + 1 for row in range(rows)],
                "line": [row % 120 + 1 for row in range(rows)],
                "self.hits": [row // 100 % 7 for row in range(rows)],
                "self.time": [row % 1_000 * 16_411 for row in range(rows)],
            }
        ),
    )


def large() -> Profile:
    """A call tree of 28 000 paths and 1 200 functions, as deep as real programs go."""
    draw = noise(2026)
    count = 1_200
    files = [
        File(f"{SITE}/library/part_{index}.py", f"library/part_{index}.py", "package", "library")
        for index in range(60)
    ]
    table = [
        Function(f"step_{index}", f"Stage{index % 37}.step_{index}", index % 60, 5 + 7 * index)
        for index in range(count)
    ]
    parents, functions, own, calls = [0], [0], [1_000], [1]
    path = [0]
    for index in range(1, 28_000):
        # Down one, or up a few: 40 to 90 frames deep, with short steps as in a parser.
        up = min(next(draw) % 5, len(path) - 1) if len(path) > 40 else 0
        if len(path) > 90:
            up = 50
        if up:
            del path[-up:]
        parent = path[-1]
        parents.append(index - parent)
        functions.append((functions[parent] * 31 + next(draw) % 9) % count)
        own.append(100 * (next(draw) % 1_000 if next(draw) % 8 else 0))
        calls.append(1 + next(draw) % 3)
        path.append(index)
    wall = sum(own)
    return Profile(
        Meta(
            label="deep",
            started="2026-05-04T10:00:00+00:00",
            wall=wall,
            source=Origin("code"),
            engine=Engine("native", "0.1"),
        ),
        [TIME, CALLS],
        files,
        [],
        table,
        [Thread("MainThread", wall=float(wall))],
        paths=Table(
            {
                "parent": parents,
                "function": functions,
                "self.time": own,
                "self.calls": calls,
            }
        ),
    )


def empty() -> Profile:
    """A cell that called nothing."""
    return Profile(
        Meta(wall=0, source=Origin("cell", CELL_ID, 1), engine=Engine("cprofile")),
        [TIME, CALLS],
        threads=[Thread("MainThread")],
    )


def both() -> Profile:
    """A folded call tree beside the totals and edges of the whole one: those count."""
    metrics = [TIME, CALLS]
    fold: Node = (3, 40, 2, [(1, 15, 5, [])])
    whole: Node = (0, 1_000, 1, [(1, 700, 3, [(2, 90, 9, []), (1, 60, 2, [fold])]), (2, 25, 1, [])])
    folded: Node = (0, 1_000, 1, [(1, 700, 3, [(4, 205, 18, [])]), (2, 25, 1, [])])
    totals, edges = derive(Table(rows_of([whole])), metrics)
    return Profile(
        Meta(label="folded", wall=2_000, source=Origin("code"), engine=Engine("native", "0.1")),
        metrics,
        [File("/home/ada/model.py", "model.py", "file", "model")],
        [],
        [
            Function("<module>", "<module>", 0, 1),
            Function("visit", "visit", 0, 12),
            Function("leaf", "leaf", 0, 40),
            Function("fold", "fold", 0, 60),
            Function("(4 more)", "folded", None, 0, "pseudo"),
        ],
        [Thread("MainThread")],
        totals,
        edges,
        Table(rows_of([folded])),
        checks=[Check("folded", "4 of 7 rows of the call tree were folded.", None, 205, unit="ns")],
    )


def combine() -> Profile:
    """Metrics that do not add up: a peak, and one that no reader of today can put together."""
    columns = rows_of([(0, 5, 1, [(1, 7, 2, [(1, 11, 3, [])]), (2, 13, 1, [])])])
    other = rows_of([(1, 17, 1, [(2, 19, 4, [])])], 1)
    table = {name: columns[name] + other[name] for name in columns}
    table["self.peak"] = [100, 900, 400, -5, 300, 950]
    table["self.median"] = [8, 6, 7, 5, 3, 9]
    return Profile(
        Meta(label="peaks", wall=72, source=Origin("code"), engine=Engine("native", "0.1")),
        [
            TIME,
            CALLS,
            Metric("peak", "Peak memory", "bytes", 1024, combine="max"),
            Metric("median", "Median", "ns", combine="median"),
        ],
        functions=[Function(name, name) for name in ("main", "walk", "read")],
        threads=[Thread("MainThread"), Thread("pool-1", parent=0)],
        paths=Table(table),
        lines=Table(
            {
                "file": [0, 0],
                "line": [0, 0],
                "function": [2, 2],
                "thread": [0, 0],
                "self.peak": [3, 4],
            }
        ),
    )


def guide() -> Profile:
    """A worked example whose reader must see certain things: 30 rows of 4671."""
    return guide_profile()


def mosaic() -> Profile:
    """A program of the shape of that example, as cProfile wrote it, all of it."""
    profile = profile_of_file("mosaic.py3.13.prof")
    profile.meta = Meta(label="mosaic.py", source=Origin("file", command="mosaic.py3.13.prof"))
    profile.view = View(sort=["cumulative"])
    return profile


SAMPLES: dict[str, Callable[[], Profile]] = {
    make.__name__: make
    for make in (
        functions,
        interrupted,
        paths,
        lines,
        negative,
        gz,
        large,
        empty,
        both,
        combine,
        guide,
        mosaic,
    )
}


def refused() -> list[dict[str, Any]]:
    """Payloads that no reader takes, each broken in one place, and what is wrong with it."""
    base = encode(
        Profile(
            Meta(),
            [TIME],
            [File("/a.py")],
            [],
            [Function("f", "f", 0, 1), Function("g", "g", 0, 5)],
            [Thread("MainThread")],
            Table({"function": [0, 1], "thread": [0, 0], "self.time": [5, 700]}),
            paths=Table({"parent": [0, 1, 2], "function": [0, 1, 1], "self.time": [1, 2, 3]}),
        ),
        generator=GENERATOR,
    )
    del base["checks"], base["view"]
    cases: list[dict[str, Any]] = []

    def case(why: str, *path: str | int, value: Any = None) -> None:
        payload = copy.deepcopy(base)
        target: Any = payload
        for key in path[:-1]:
            target = target[key]
        if value is NULL:
            target[path[-1]] = None
        elif value is None:
            del target[path[-1]]
        else:
            target[path[-1]] = value
        cases.append({"why": why, "payload": payload})

    def data(raw: bytes, enc: str = "uvarint", **more: bool) -> dict[str, Any]:
        return {"enc": enc, "data": base64.b64encode(raw).decode(), **more}

    own = ("tables", "totals", "columns", "self.time")
    function = ("tables", "totals", "columns", "function")
    case("no schema", "schema")
    case("another schema", "schema", value="speedscope")
    case("a newer version", "version", value=2)
    case("a version that is a text", "version", value="1")
    case("a version that is no whole number", "version", value=1.5)
    case("version 0", "version", value=0)
    case("no tables", "tables")
    case("strings that are no list", "strings", value={"0": "f"})
    case("a string that is a number", "strings", 0, value=5)
    case("two metrics with one id", "metrics", value=base["metrics"] * 2)
    case("a metric's id that is no word", "metrics", 0, "id", value="Time!")
    case("a tick of 0", "metrics", 0, "tick", value=0)
    case(
        "257 metrics", "metrics", value=[{**base["metrics"][0], "id": f"m{i}"} for i in range(257)]
    )
    case("a status that is a number", "meta", "status", value=5)
    case("a wall time that is no whole number", "meta", "wall", value=1.5)
    case("a way to combine that is a number", "metrics", 0, "combine", value=1)
    case(
        "where it ended is no row of files",
        "meta",
        "where",
        value={"file": 2, "line": 1, "text": "Error"},
    )
    case("a table that is a list", "tables", "totals", value=[])
    case("a length below 0", "tables", "totals", "length", value=-1)
    case("a length that is no whole number", "tables", "totals", "length", value=1.5)
    case("a length above the limit", "tables", "totals", "length", value=4_194_305)
    case("a length that the columns do not have", "tables", "totals", "length", value=3)
    case("a table without its names", "tables", "functions", "columns", "name")
    case(
        "edges without callees",
        "tables",
        "edges",
        value={"length": 1, "columns": {"caller": data(b"\x00")}},
    )
    case("a column that is a list of numbers", *own, value=[5, 700])
    case("an encoding that is not known", *own, value=data(b"\x05\x06", "i32"))
    case("a column without data", *own, value={"enc": "uvarint"})
    case("data that is not base64", *own, value={"enc": "uvarint", "data": "B\u00e9=="})
    case("base64 without its padding", *own, value={"enc": "uvarint", "data": "BQY"})
    case("too few values", *own, value=data(b"\x05"))
    case("too many values", *own, value=data(b"\x05\x06\x07"))
    case("a value that does not end", *own, value=data(b"\x05\x85"))
    case("a value above 2^53 - 1", *own, value=data(b"\x05" + b"\x80" * 7 + b"\x10"))
    case("a value of nine bytes", *own, value=data(b"\x05" + b"\x80" * 8 + b"\x00"))
    case("more than eight bytes a row", *own, value=data(b"\x80" * 17))
    case("seven bytes for a binary64", *own, value=data(bytes(15), "f64"))
    case("a value that is not a number", *own, value=data(struct.pack("<2d", 1, math.nan), "f64"))
    case("an infinite value", *own, value=data(struct.pack("<2d", 1, math.inf), "f64"))
    case("gz that is no gzip", *own, value=data(b"\x05\x06", gz=True))
    case("gzip that ends too early", *own, value=data(packed(b"\x05\x06")[:-4], gz=True))
    case("gzip that holds too much", *own, value=data(packed(bytes(1000)), gz=True))
    case("bytes behind the gzip member", *own, value=data(packed(b"\x05\x06") + b"\x00", gz=True))
    case("a function that is not there", *function, value=data(b"\x00\x02"))
    case("a function below 0", *function, value=data(b"\x00\x01", "zigzag"))
    case("half a function", *function, value=data(struct.pack("<2d", 0, 0.5), "f64"))
    case(
        "a thread that is not there",
        "tables",
        "totals",
        "columns",
        "thread",
        value=data(b"\x00\x01"),
    )
    case(
        "a string that is not there",
        "tables",
        "functions",
        "columns",
        "name",
        value=data(b"\x00\x7f"),
    )
    case(
        "a file that is not there",
        "tables",
        "functions",
        "columns",
        "file",
        value=data(b"\x01\x02"),
    )
    case(
        "a parent before the first row",
        "tables",
        "paths",
        "columns",
        "parent",
        value=data(b"\x00\x02\x01"),
    )
    case(
        "a tree that is not in pre-order",
        "tables",
        "paths",
        value={
            "length": 4,
            "columns": {"parent": data(b"\x00\x01\x02\x02"), "function": data(bytes(4))},
        },
    )
    case(
        "a thread that is its own parent",
        "tables",
        "threads",
        "columns",
        "parent",
        value=data(b"\x01"),
    )
    case("a check that is a text", "checks", value=["wall"])
    case("a check whose value is a text", "checks", value=[{"id": "a", "text": "b", "value": "c"}])
    case("a sort key that is a number", "view", value={"sort": [1]})
    case("a view that is null", "view", value=NULL)
    case("a limit that is a number", "view", value={"limits": [1]})
    case("a path in another thread than its parent", "tables", value=in_two_threads(base))
    return cases


def in_two_threads(base: dict[str, Any]) -> dict[str, Any]:
    """The tables of a payload, with a second thread that the last path is in."""
    tables = copy.deepcopy(base["tables"])
    name = {"enc": "uvarint", "data": base64.b64encode(bytes(2)).decode()}
    tables["threads"] = {"length": 2, "columns": {"name": name}}
    thread = {"enc": "uvarint", "data": base64.b64encode(b"\x00\x00\x01").decode()}
    tables["paths"]["columns"]["thread"] = thread
    return tables


def packed(raw: bytes) -> bytes:
    """One gzip member of stored blocks, which no version of zlib writes otherwise."""
    packer = zlib.compressobj(0, zlib.DEFLATED, 31)
    return packer.compress(raw) + packer.flush()


def expected(profile: Profile) -> dict[str, Any]:
    """What a reader must find, in numbers and texts that do not depend on how they are stored."""
    tables: dict[str, Any] = {
        name: {
            "rows": table.rows,
            "columns": {column: column_facts(table[column]) for column in table},
        }
        for name in ("totals", "edges", "paths", "lines")
        if (table := getattr(profile, name)).rows
    }
    entries = {
        name: {"rows": len(rows), "first": [asdict(row) for row in rows[:10]]}
        for name in ("files", "objects", "functions", "threads", "sources")
        if (rows := getattr(profile, name))
    }
    facts = {
        "meta": {
            "label": profile.meta.label,
            "status": profile.meta.status,
            "wall": profile.meta.wall,
        },
        "metrics": [asdict(metric) for metric in profile.metrics],
        "tables": tables,
        "entries": entries,
    }
    if profile.paths.rows:
        derived = totals_and_edges(profile)
        facts["derived"] = {
            name: {"rows": table.rows, "columns": {c: column_facts(table[c]) for c in table}}
            for name, table in zip(("totals", "edges"), derived, strict=True)
        }
    return facts


def column_facts(values: Any) -> dict[str, Any]:
    """``weighted``: sum of value x (row mod 7 + 1), so that exchanged rows are noticed."""
    facts: dict[str, Any] = {"first": list(values[:5]), "last": list(values[-2:])}
    if all(float(value).is_integer() and abs(value) < 2**52 for value in values):
        facts["sum"] = sum(values)
        facts["weighted"] = sum(value * (row % 7 + 1) for row, value in enumerate(values))
    return facts


def text_of(value: Any) -> str:
    """JSON as the files hold it: ASCII, one key a line."""
    return json.dumps(value, indent=1, allow_nan=False) + "\n"


def files() -> dict[str, str]:
    """Name and text of every sample file."""
    profiles = {name: make() for name, make in SAMPLES.items()}
    texts = {
        f"{name}.json": text_of(encode(profile, generator=GENERATOR))
        for name, profile in profiles.items()
    }
    # One case a line: the file would be ten times as long with a line a key.
    cases = ",\n".join(json.dumps(case) for case in refused())
    texts["refused.json"] = f"[\n{cases}\n]\n"
    texts["expected.json"] = text_of({name: expected(p) for name, p in profiles.items()})
    return texts


if __name__ == "__main__":
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="ascii", newline="\n")
        print(f"{len(text):8} {name}")
