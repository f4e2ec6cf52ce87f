"""Dumps of igprof as profiles, with the sums of igprof-analyse.

Its built-in filters are applied (:mod:`.igproffold`), names are those for people, and functions of
one name are one; each address of a function is a node of its own. A function without a name is
called as there, ``@{libm.so.6+459483}``, by library and offset, the same in every run.
``src/formats/igprof.ts`` has the same rules.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from ..demangle import demangled
from ..model import (
    SAMPLES,
    TIME,
    Engine,
    Function,
    Meta,
    Metric,
    NativeObject,
    Origin,
    Profile,
    Table,
    Thread,
    Warned,
)
from ..wire.layout import MAX_ENTRIES
from .badfile import BadFileError
from .contents import label_of, naming
from .igprofdump import LOST, Dumps
from .igproffold import LIVE, Folded, combined, fold, is_of_memory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .contents import Contents
    from .igprofdump import Counter, Symbol

#: Under this all stacks stand in what igprof-analyse prints.
_ROOT = Function("<spontaneous>", "spontaneous", kind="pseudo")

#: Of counters of memory: what their values are, and what their events.
_MEMORY = {
    "MEM_TOTAL": (
        Metric("bytes", "Bytes allocated (MEM_TOTAL)", "bytes"),
        Metric("allocations", "Allocations (MEM_TOTAL)", "count"),
    ),
    "MEM_MAX": (
        Metric("max_bytes", "Largest allocation (MEM_MAX)", "bytes", combine="max"),
        Metric("max_allocations", "Allocations (MEM_MAX)", "count"),
    ),
    "MEM_LIVE": (
        Metric("live_bytes", "Bytes not freed (MEM_LIVE)", "bytes"),
        Metric("live_allocations", "Allocations not freed (MEM_LIVE)", "count"),
    ),
}

#: What is to be known of a dump, by its code.
_WARNINGS = {
    "lost": "{} lines of this dump cannot be read, as those that two processes wrote at a time. "
    "What they counted is missing.",
    "moved": "The callers of {} nodes are on lines that cannot be read. These nodes stand below "
    "the nearest caller that is known.",
    "undefined": "{} nodes are of functions of which the names are on lines that cannot be read: "
    "(lost).",
    "resources": "The dump lists {} live resources one by one. Their addresses are not kept.",
}


def sniff(file: Contents) -> bool:
    """Whether a file begins with a dump's header."""
    return Dumps.known_by(file.data)


def read(files: Sequence[Contents]) -> Profile:
    """The profile in dumps, their counters added by the names of functions."""
    return profile_of(read_dumps(files), label_of(files))


def read_dumps(files: Sequence[Contents]) -> Dumps:
    """The lines of several dumps."""
    dumps = Dumps()
    for file in files:
        with naming(file.path):
            dumps.read(file.data)
    return dumps


def names_of(symbols: Sequence[Symbol]) -> tuple[list[str], list[int]]:
    """Names for people, each once, and of each symbol the number of its name."""
    known = demangled(symbol.name for symbol in symbols)
    numbers: dict[str, int] = {}
    of_symbol = [
        numbers.setdefault(known.get(symbol.name, symbol.name), len(numbers)) for symbol in symbols
    ]
    return list(numbers), of_symbol


def profile_of(dumps: Dumps, label: str, *, filters: bool = True) -> Profile:
    """A profile of dumps. Without ``filters`` every frame of them is a node."""
    names, of_symbol = names_of(dumps.symbols)
    if len(names) >= MAX_ENTRIES:
        raise BadFileError(0, f"there are more than {MAX_ENTRIES} functions")
    functions, objects = _functions(dumps.symbols, names, of_symbol)
    # Of a place its function and address; of the root, which has none, the last one.
    things: dict[tuple[int, int], int] = {}
    of_place = [
        things.setdefault((of_symbol[place.symbol] + 1, place.address), len(things))
        for place in dumps.known
    ]
    root = things.setdefault((0, 0), len(things))
    folded = fold(dumps, of_place, root, filters=filters, memory=is_of_memory(dumps.counters))
    metrics, columns, left = _measured(dumps, folded)
    paths = _paths(folded, list(things), columns)
    return Profile(
        meta=Meta(
            label=label,
            source=Origin("file", command=dumps.program),
            engine=Engine("igprof"),
            warnings=remarks(dumps, folded, left),
        ),
        metrics=metrics,
        objects=objects,
        functions=functions,
        threads=[Thread("")],
        paths=paths,
    )


def remarks(dumps: Dumps, folded: Folded, left: Sequence[str]) -> list[Warned]:
    """What is to be known of dumps. ``left``: what of their counters belongs to no node."""
    warnings = [
        Warned(code, _WARNINGS[code].format(count))
        for code, count in (
            ("lost", dumps.lost),
            ("moved", dumps.moved),
            ("undefined", dumps.undefined),
            ("resources", dumps.resources),
        )
        if count
    ]
    told = folded.told(left)
    return [*warnings, Warned("filters", told)] if told else warnings


def _functions(
    symbols: Sequence[Symbol], names: Sequence[str], of_symbol: Sequence[int]
) -> tuple[list[Function], list[NativeObject]]:
    """Functions by their names behind the root; each in the object where it was met first."""
    objects: dict[str, int] = {}
    first: dict[int, Symbol] = {}
    for symbol, number in zip(symbols, of_symbol, strict=True):
        first.setdefault(number, symbol)
    functions = [_ROOT]
    for number, name in enumerate(names):
        symbol = first[number]
        path = symbol.path
        kind = "other" if symbol == LOST else "native" if path else "jit"
        place = objects.setdefault(path, len(objects)) if path else None
        qualified = name if name != symbol.name else ""
        functions.append(Function(name, qualified, kind=kind, object=place))
    return functions, [NativeObject(path) for path in objects]


def _paths(
    folded: Folded, things: Sequence[tuple[int, int]], columns: dict[str, Sequence[float]]
) -> Table:
    tree = folded.tree
    order = tree.in_order()
    return Table(
        {
            "parent": tree.offsets(order),
            "function": array("q", [things[tree.things[node]][0] for node in order]),
            "thread": array("q", bytes(8 * len(order))),
            "address": array("q", [things[tree.things[node]][1] for node in order]),
            **{
                f"self.{name}": array(
                    column.typecode if isinstance(column, array) else "d",
                    [column[node] for node in order],
                )
                for name, column in columns.items()
            },
        }
    )


def _measured(
    dumps: Dumps, folded: Folded
) -> tuple[list[Metric], dict[str, Sequence[float]], list[str]]:
    """What was measured, by node, and in words what belongs to no node.

    What counts events once more adds nothing: it is left out where it is the value itself, or the
    events of an earlier counter.
    """
    metrics: list[Metric] = []
    columns: dict[str, Sequence[float]] = {}
    left: list[str] = []
    ticks = replace(TIME, tick=dumps.period)

    def put(metric: Metric, column: Sequence[float], lost: int) -> None:
        # Calls and time mean something; and two names may differ by capitals alone.
        name = metric.id
        while (name in ("calls", "time") and metric is not ticks) or name in columns:
            name += "_"
        metrics.append(replace(metric, id=name))
        columns[name] = column
        if lost and metric.combine == "sum":
            unit = "" if metric.unit == "count" else f" {metric.unit}"
            left.append(f"{metric.label} {lost * metric.tick}{unit}")

    counted: list[Sequence[float]] = []
    for name, counter in dumps.counters.items():
        is_max = name.endswith("_MAX")
        values, counts, peaks = (
            combined(
                folded, counter.lines, part, is_max=is_value and is_max, drop_pooled=name == LIVE
            )
            for part, is_value in (
                (counter.values, True),
                (counter.counts, False),
                (counter.peaks, False),
            )
        )
        if name == "PERF_TICKS":
            if dumps.period:
                put(ticks, _times(dumps, counter, folded) or values[0], values[1])
            put(SAMPLES, *values)
            continue
        value, events = _MEMORY.get(name) or _other_metrics(name)
        put(value, *values)
        if counts[0] not in (values[0], *counted):
            put(events, *counts)
            counted.append(counts[0])
        if name.endswith("_LIVE"):
            label = f"{name} at its peak"
            put(replace(value, id=f"{value.id}_peak", label=label), *peaks)
    return metrics, columns, left


def _times(dumps: Dumps, counter: Counter, folded: Folded) -> list[float] | None:
    """Ticks of the first dump's length by node; None if all are of that length."""
    if len({period for _, period in dumps.periods}) == 1:
        return None
    starts = [line for line, _ in dumps.periods]
    column = [0.0] * len(folded.tree.parents)
    for line, value in zip(counter.lines, counter.values, strict=True):
        node = folded.targets[line]
        if node >= 0:
            _, period = dumps.periods[bisect_right(starts, line) - 1]
            column[node] += value * period / dumps.period
    return column


def _other_metrics(name: str) -> tuple[Metric, Metric]:
    combine = "max" if name.endswith("_MAX") else "sum"
    word = name.lower() if name[0].isalpha() else f"c{name.lower()}"
    return (
        Metric(word, name, "count", combine=combine),
        Metric(f"{word}_events", f"Events ({name})", "count"),
    )
