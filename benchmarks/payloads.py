"""Profiles of any size, made up but adding up, for the benchmarks of wire format and views.

    python benchmarks/payloads.py --functions 5000 --edges 20000 > PAYLOAD.json
    python benchmarks/payloads.py --functions 5000 --edges 20000 --format pstats > RUN.prof
    python benchmarks/payloads.py --paths 100000 > PAYLOAD.json
    python benchmarks/payloads.py --tree 100000 > PAYLOAD.json

Nothing of them is folded. The same arguments make the same payload.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from array import array
from typing import TYPE_CHECKING, Any

from jupyterlab_profiler.formats import dumps
from jupyterlab_profiler.model import (
    CALLS,
    TIME,
    Engine,
    File,
    Function,
    Meta,
    Origin,
    Profile,
    Table,
    Thread,
)
from jupyterlab_profiler.wire import encode

if TYPE_CHECKING:
    from collections.abc import Iterator

VERBS = ("read", "parse", "merge", "sort", "render", "check", "load", "visit", "emit", "_walk")
NOUNS = ("rows", "node", "header", "token", "frame", "index", "event", "cache", "field", "text")
DEEPEST = 60
DEEPEST_OF_TREE = 64


def _files(count: int) -> list[File]:
    packages = ("numbers", "tables", "documents", "network", "plots")
    files = [File("/tmp/ipykernel_1/1.py", "Cell [1]", "cell", execution=1)]
    for number in range(count - 1):
        package = packages[number % len(packages)]
        path = f"/usr/lib/python3.13/site-packages/{package}/part_{number // 9}/module_{number}.py"
        files.append(File(path, f"{package}/module_{number}.py", "package", package))
    return files


def _functions(count: int, files: int) -> Iterator[Function]:
    for number in range(count):
        verb = VERBS[number * 7 % len(VERBS)]
        name = f"{verb}_{NOUNS[number // 10 % len(NOUNS)]}_{number // 100}"
        if number % 9 == 8:
            yield Function(name, name, None, 0, "builtin")
        else:
            owner = f"Class{number % 97}." if number % 3 else ""
            file, line = number * number % files, number * 13 % 2000 + 1
            yield Function(name, owner + name, file, line)


def _profile(functions: int, wall: int) -> Profile:
    files = _files(max(2, min(2000, functions // 12)))
    return Profile(
        Meta(
            label=f"{functions} functions",
            started="2026-01-02T03:04:05+00:00",
            wall=wall,
            source=Origin("cell", execution=1),
            engine=Engine("made up", reason="for a benchmark", clock="none"),
            python="CPython 3.13.0",
            platform="linux x86_64",
        ),
        [TIME, CALLS],
        files,
        [],
        list(_functions(functions, len(files))),
        [Thread("MainThread", wall=float(wall))],
    )


def function_profile(functions: int, edges: int) -> Profile:
    """A profile of so many functions and caller-callee pairs, as cProfile measures them.

    Function 0 calls what nobody else does; callers have lower numbers than callees. Own times are
    spread over seven powers of ten, as real ones are.
    """
    chance = random.Random(functions * 31 + edges)
    pairs = {
        (0 if n == 1 else chance.randrange(max(0, n - 500), n), n) for n in range(1, functions)
    }
    while len(pairs) < edges:
        callee = chance.randrange(1, functions)
        pairs.add((int(callee * chance.random() ** 2), callee))
    own = [int(10 ** chance.uniform(2, 8)) for _ in range(functions)]
    calls, total = [1] + [0] * (functions - 1), own.copy()
    columns: dict[str, list[int]] = {
        name: []
        for name in ("caller", "callee", "self.time", "total.time", "self.calls", "primitive.calls")
    }
    callers: dict[int, list[int]] = {}
    for caller, callee in sorted(pairs):
        callers.setdefault(callee, []).append(caller)
    for callee in range(functions - 1, 0, -1):
        share = len(callers[callee])
        for caller in callers[callee]:
            count = int(10 ** chance.uniform(0, 5))
            calls[callee] += count
            total[caller] += total[callee] // share
            row = (caller, callee, own[callee] // share, total[callee] // share, count, count)
            for column, value in zip(columns.values(), row, strict=True):
                column.append(value)
    profile = _profile(functions, sum(own))
    profile.totals = Table(
        {
            "function": list(range(functions)),
            "self.time": own,
            "total.time": total,
            "self.calls": calls,
            "primitive.calls": calls,
        }
    )
    profile.edges = Table(columns)
    return profile


def path_profile(nodes: int) -> Profile:
    """A profile with a call tree of so many nodes, at most 60 deep, in columns as recorded ones."""
    chance = random.Random(nodes)
    functions = max(2, nodes // 40)
    parents, own, stack = [0], [1000], [0]
    callees = [0]
    for node in range(1, nodes):
        keep = len(stack) if chance.random() < 0.6 else chance.randrange(1, len(stack) + 1)
        del stack[min(keep, DEEPEST) :]
        parents.append(node - stack[-1])
        callees.append(chance.randrange(1, functions))
        own.append(int(10 ** chance.uniform(2, 6)))
        stack.append(node)
    profile = _profile(functions, sum(own))
    profile.paths = Table(
        {
            "parent": array("q", parents),
            "function": array("q", callees),
            "self.time": array("q", own),
            "self.calls": array("q", [value // 90 + 1 for value in own]),
        }
    )
    return profile


def tree_profile(nodes: int) -> Profile:
    """A profile with a call tree of so many nodes, shaped as those of programs are.

    A few callees of a function have most of what is below it, at any depth: so there are wide boxes
    far down, and very many that are too narrow to be seen. At most 64 deep.
    """
    chance = random.Random(nodes)
    functions = min(5000, max(50, nodes // 4))
    parents: list[int] = []
    callees: list[int] = []
    own: list[int] = []
    waiting = [(0, nodes, 0)]  # parent, nodes of the subtree, depth
    while waiting:
        parent, size, depth = waiting.pop()
        node = len(parents)
        parents.append(node - parent)
        callees.append(0 if node == 0 else 1 + int(chance.random() ** 2 * (functions - 1)))
        ticks = chance.expovariate(1 / 40_000) * chance.random() ** 3
        own.append(int(ticks * (60 if chance.random() < 0.02 else 1)) + 1)
        waiting += [(node, part, depth + 1) for part in _parts(size - 1, depth, chance)]
    profile = _profile(functions, sum(own))
    profile.paths = Table(
        {
            "parent": parents,
            "function": callees,
            "self.time": own,
            "self.calls": [value // 900 + 1 for value in own],
        }
    )
    return profile


def _parts(size: int, depth: int, chance: random.Random) -> list[int]:
    """Sizes of the subtrees of some children, which are ``size`` in all."""
    if size <= 0:
        return []
    if depth >= DEEPEST_OF_TREE:
        return [1] * size
    count = min(size, 2 if depth < 4 else 1 + int(chance.random() ** 1.6 * 6))
    weights = [chance.random() ** 2 + 0.02 for _ in range(count)]
    left = size - count
    parts = [1 + int(left * weight / sum(weights)) for weight in weights]
    parts[-1] += size - sum(parts)
    return parts


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--functions", type=int, default=5000)
    parser.add_argument("--edges", type=int, default=20000)
    parser.add_argument("--paths", type=int, help="a call tree of so many nodes instead")
    parser.add_argument("--tree", type=int, help="the same, shaped as trees of programs are")
    parser.add_argument(
        "--format", choices=("json", "pstats"), default="json", help="pstats: a file of cProfile"
    )
    arguments = parser.parse_args()
    if arguments.paths:
        profile = path_profile(arguments.paths)
    elif arguments.tree:
        profile = tree_profile(arguments.tree)
    else:
        profile = function_profile(arguments.functions, arguments.edges)
    if arguments.format == "pstats":
        sys.stdout.buffer.write(dumps(profile, "pstats"))
        return
    payload: dict[str, Any] = encode(profile, limit=None)
    json.dump(payload, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
