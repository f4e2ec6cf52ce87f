"""One counter of a call tree: what a report is about."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from ..formats.igprof import names_of, remarks
from ..formats.igproffold import LIVE, combined, fold
from ..formats.stackfiles import own_values
from ..formats.stacks import NONE, Tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..formats.igprofdump import Dumps
    from ..model import Metric, Profile, Warned

#: A counter of time: values are ticks.
TICKS = "PERF_TICKS"
_GENERATED = "<dynamically generated>"


class Named(NamedTuple):
    """A function: what is printed, what it is called in the program, and where it lies."""

    name: str
    raw: str
    file: str


ROOT = Named("<spontaneous>", "<spontaneous>", "<unknown>")


@dataclass(frozen=True)
class Limits:
    """Lines of a dump that count: those with value, events and value an event in these bounds.

    0 or below is no bound.
    """

    min_value: int = 0
    max_value: int = 0
    min_count: int = 0
    max_count: int = 0
    min_average: int = 0
    max_average: int = 0

    def keep(self, value: int, count: int) -> bool:
        """Whether a line counts."""
        return _within(value, self.min_value, self.max_value) and (
            _within(count, self.min_count, self.max_count)
            and (not count or _within(int(value / count), self.min_average, self.max_average))
        )


def _within(number: int, low: int, high: int) -> bool:
    return not ((low > 0 and number < low) or (high > 0 and number > high))


@dataclass
class Counted:
    """A call tree with a value and a count at each node. Its first node is the root of all.

    ``tick``: seconds of a unit of the value, where it is time; else 0.
    """

    counter: str
    tick: float
    functions: list[Named]
    tree: Tree
    values: Sequence[int]
    counts: Sequence[int]
    program: str | None = None
    warnings: Sequence[Warned] = ()

    @property
    def is_max(self) -> bool:
        """Whether the whole of some nodes is the largest of their values."""
        return self.counter.endswith("_MAX")

    @property
    def is_time(self) -> bool:
        """Whether values are printed in seconds."""
        return self.counter == TICKS or self.counter.startswith("NRG_")


def counted(
    dumps: Dumps,
    counter: str | None = None,
    *,
    peak: bool = False,
    filters: bool = True,
    limits: Limits | None = None,
) -> Counted:
    """One counter of dumps; without a name the first one. Raises ``ValueError`` if there is none.

    ``peak``: the highest values in the place of those at the end.
    """
    name = counter or next(iter(dumps.counters), None)
    if name is None:
        raise ValueError("there are no counters in this dump")
    if name not in dumps.counters:
        known = ", ".join(dumps.counters)
        raise ValueError(f"there is no counter {name} in this dump: it has {known}")
    periods = {period for _, period in dumps.periods if period}
    if len(periods) > 1 and name == TICKS:
        told = " and ".join(f"{period / 1e9:g} s" for period in sorted(periods))
        raise ValueError(f"ticks of {told} cannot be added")
    names, of_symbol = names_of(dumps.symbols)
    functions = _functions(dumps, names, of_symbol)
    things = [of_symbol[place.symbol] + 1 for place in dumps.known]
    memory = name.startswith("MEM_")
    folded = fold(dumps, things, 0, filters=filters, memory=memory)
    found = dumps.counters[name]
    lines, values, counts = found.lines, found.peaks if peak else found.values, found.counts
    if limits is not None:
        kept = [limits.keep(*pair) for pair in zip(values, counts, strict=True)]
        lines, values, counts = (
            array("q", (number for number, is_kept in zip(part, kept, strict=True) if is_kept))
            for part in (lines, values, counts)
        )
    is_max = name.endswith("_MAX")
    drops = filters and name == LIVE
    own, dropped = combined(folded, lines, values, is_max=is_max, drop_pooled=drops)
    return Counted(
        name,
        dumps.period / 1e9,
        functions,
        folded.tree,
        own,
        combined(folded, lines, counts, is_max=False, drop_pooled=drops)[0],
        dumps.program,
        remarks(dumps, folded, [f"{name} {dropped}"] if dropped and not is_max else []),
    )


def _functions(dumps: Dumps, names: Sequence[str], of_symbol: Sequence[int]) -> list[Named]:
    """Functions by number, the root first; each with what was met first of its name."""
    found: dict[int, Named] = {}
    for symbol, number in zip(dumps.symbols, of_symbol, strict=True):
        if number not in found:
            found[number] = Named(names[number], symbol.name, symbol.path or _GENERATED)
    return [ROOT, *(found[number] for number in range(len(names)))]


#: Counters of igprof by the metrics that are made of them, with what counts their events.
_COUNTERS = {
    "samples": (TICKS, "samples"),
    "bytes": ("MEM_TOTAL", "allocations"),
    "max_bytes": ("MEM_MAX", "max_allocations"),
    "live_bytes": (LIVE, "live_allocations"),
}


def counted_of(profile: Profile, counter: str | None = None) -> Counted:
    """One metric of a profile's call paths, by its id or igprof's name; else the first that fits.

    Raises ``ValueError`` where there are no call paths, or no such metric.
    """
    own_values(profile)  # refuses what has no call paths, in words
    metric = _metric(profile, counter)
    name, events = _COUNTERS.get(metric.id, (metric.label, ""))
    tick = 0.0
    if metric.id == "samples":
        time = next((one for one in profile.metrics if one.id == "time"), None)
        if time is not None and _is_of_samples(profile):
            tick = time.tick / 1e9
        else:
            name = metric.label
    elif metric.unit == "ns":
        name, tick, events = TICKS, metric.tick / 1e9, "calls"
    functions: dict[Named, int] = {ROOT: 0}
    of_function = []
    for function in profile.functions:
        shown = function.qualified or function.name
        if function.kind == "pseudo" and shown == "spontaneous":
            of_function.append(0)
            continue
        file = _GENERATED
        if function.object is not None:
            file = profile.objects[function.object].path
        elif function.file is not None:
            file = profile.files[function.file].path
        own = Named(shown, shown, file)
        of_function.append(functions.setdefault(own, len(functions)))
    tree, nodes = Tree(), array("q")
    top = tree.child(NONE, 0)
    rows = zip(profile.paths.ints("parent"), profile.paths.ints("function"), strict=True)
    for row, (offset, index) in enumerate(rows):
        number = of_function[index]
        above = nodes[row - offset] if offset else top
        nodes.append(above if number == 0 else tree.child(above, number))
    values = _by_node(profile, metric.id, nodes, len(tree.parents), is_max=metric.combine == "max")
    counts = _by_node(profile, events, nodes, len(tree.parents), is_max=False)
    program = profile.meta.source.command
    warnings = profile.meta.warnings
    return Counted(name, tick, list(functions), tree, values, counts, program, warnings)


def _metric(profile: Profile, counter: str | None) -> Metric:
    known = [metric for metric in profile.metrics if f"self.{metric.id}" in profile.paths]
    for metric in known:
        if counter and counter in (metric.id, metric.label, *_COUNTERS.get(metric.id, ())[:1]):
            return metric
    if counter:
        names = ", ".join(metric.id for metric in known)
        raise ValueError(f"there is no counter {counter} in this profile: it has {names}")
    # Ticks are whole numbers, and time is made of them.
    samples = next((metric for metric in known if metric.id == "samples"), None)
    return samples if samples is not None and _is_of_samples(profile) else known[0]


def _is_of_samples(profile: Profile) -> bool:
    """Whether time is nothing but the number of samples."""
    columns = [profile.paths.get(f"self.{name}") for name in ("time", "samples")]
    return (
        columns[0] is not None
        and columns[1] is not None
        and (all(a == b for a, b in zip(columns[0], columns[1], strict=True)))
    )


def _by_node(
    profile: Profile, metric: str, nodes: Sequence[int], length: int, *, is_max: bool
) -> list[int]:
    column = [0] * length
    for node, value in zip(nodes, profile.paths.get(f"self.{metric}", ()), strict=False):
        number = round(value)
        column[node] = max(column[node], number) if is_max else column[node] + number
    return column


def difference(one: Counted, baseline: Counted) -> Counted:
    """What one has more than the other, by name and place in the tree."""
    functions: dict[str, int] = {}
    named: list[Named] = []
    tree = Tree()
    parts: list[tuple[array[int], Counted, int]] = []
    for part, sign in ((baseline, -1), (one, 1)):
        numbers = []
        for function in part.functions:
            number = functions.setdefault(function.name, len(named))
            if number == len(named):
                named.append(function)
            numbers.append(number)
        nodes = array("q")
        for parent, thing in zip(part.tree.parents, part.tree.things, strict=True):
            nodes.append(tree.child(NONE if parent == NONE else nodes[parent], numbers[thing]))
        parts.append((nodes, part, sign))
    values, counts = [0] * len(tree.parents), [0] * len(tree.parents)
    for nodes, part, sign in parts:
        for node, value, count in zip(nodes, part.values, part.counts, strict=True):
            values[node] += sign * value
            counts[node] += sign * count
    return replace(one, functions=named, tree=tree, values=values, counts=counts)


def negated(one: Counted) -> Counted:
    """The same with its values below 0, as those of a baseline are."""
    return replace(
        one, values=[-value for value in one.values], counts=[-count for count in one.counts]
    )
