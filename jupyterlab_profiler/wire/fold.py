"""A smaller profile that keeps what is hot, and every sum.

::

    a 5                      a 5
    ├ b 40        share      ├ b 40
    │ └ c 1      ──────►     │ └ (3 more) 1
    ├ d 2                    └ (3 more) 3
    └ e 1

What is folded becomes rows of a pseudo function *(N more)*; ``wire/README.md`` says what its
numbers mean.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ..derive import combiner_of, put_together, totals_and_edges
from ..model import Check, Profile, Source, Table
from ..rows import function_rows, sort_rows, time_tick
from .foldpaths import FoldedPaths, combine_of, folded_function, weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Rows that are kept of each kind, however little room there is.
LEAST = 50
#: Rows that stay because the first view would show them on top.
SHOWN = 100


def fold(profile: Profile, share: float) -> Profile:
    """A profile with about ``share`` (0 to 1) of the rows, the hottest; the rest is folded.

    Checks ``folded`` say how much. Functions and files that no row names any more are left out.
    What functions took in all is that of the whole tree, also where the tree is folded.
    """
    return Folding(profile).fold(share)


class Folding:
    """One profile folded more and more, with shares that become smaller."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._paths = FoldedPaths(profile, weights(profile.paths))
        self._derived: tuple[Table, Table] | None = None

    def fold(self, share: float) -> Profile:
        """As the function :func:`fold`."""
        whole = self._profile
        self._paths.shrink(max(LEAST, int(whole.paths.rows * share)))
        if not (gone := self._paths.gone):
            return _compact(_fold_lines(_fold_functions(whole, share), share))
        what = f"{gone} of {whole.paths.rows} rows of the call tree"
        smaller = replace(
            whole,
            functions=[*whole.functions, folded_function(gone)],
            paths=self._paths.table(),
            checks=[*whole.checks, _check(whole, whole.paths, what, self._paths.ticks)],
        )
        of_functions = share
        if not whole.totals.rows:
            self._derived = self._derived or totals_and_edges(whole)
            totals, edges = self._derived
            smaller = replace(smaller, totals=totals, edges=edges)
            # There are fewer functions than paths, and who looks for one wants its numbers.
            of_functions = share**0.5
        return _compact(_fold_lines(_fold_functions(smaller, of_functions), share))


def drop_sources(profile: Profile, size: int) -> Profile:
    """The profile without source text of the coldest files, at least ``size`` characters of it."""
    heat = dict.fromkeys(range(len(profile.files)), 0.0)
    for row in function_rows(profile):
        if row.function.file is not None:
            heat[row.function.file] += row.tottime
    if profile.lines.rows:
        for file, value in zip(profile.lines.ints("file"), weights(profile.lines), strict=True):
            if file:
                heat[file - 1] += value
    dropped: set[int] = set()
    sizes: dict[int, int] = {}
    for source in profile.sources:
        sizes[source.file] = sizes.get(source.file, 0) + len(source.text)
    for file in sorted(sizes, key=lambda file: heat[file]):
        if size <= 0:
            break
        size -= sizes[file]
        dropped.add(file)
    files = "file" if len(dropped) == 1 else "files"
    check = Check(
        "sources",
        f"To keep this result small, the source text of {len(dropped)} {files} with little time "
        "is not in it.",
        value=len(dropped),
        unit="count",
    )
    sources = [source for source in profile.sources if source.file not in dropped]
    return replace(profile, sources=sources, checks=[*profile.checks, check])


def _fold_functions(profile: Profile, share: float) -> Profile:
    """Fold the functions with the least self time in ``totals`` and ``edges``."""
    totals, edges = profile.totals, profile.edges
    rows = function_rows(replace(profile, paths=Table())) if totals.rows else []
    keep = max(LEAST, int(len(rows) * share))
    if len(rows) <= keep + 1:
        return profile
    hottest = sort_rows(rows, ["time"])
    tops = (sort_rows(rows, profile.view.sort), sort_rows(rows, ["cumulative"]))
    # What a first view has on top is kept before what is merely hot.
    wanted = [row.index for pair in zip(*tops, strict=True) for row in pair][: 2 * SHOWN]
    kept = {row.index for row in rows if row.function.kind == "pseudo"}
    for index in [*wanted[: keep // 2], *(row.index for row in hottest)]:
        if len(kept) >= keep:
            break
        kept.add(index)
    gone = {row.index for row in rows} - kept
    if len(gone) < 2:
        return profile
    more = len(profile.functions)
    new = [more if index in gone else index for index in range(more)]

    columns = totals.ints("function"), totals.ints("thread")
    merged = _merged(
        profile,
        totals,
        [(new[function], thread) for function, thread in zip(*columns, strict=True)],
    )
    greatest = {f"total.{metric.id}" for metric in profile.metrics if metric.combine == "max"}
    for column in [name for name in merged.names if name.startswith("total.")]:
        if column in greatest:
            continue
        own = merged.values.get(column.replace("total.", "self."))
        for row, (function, _) in enumerate(merged.keys):
            if function == more:
                merged.values[column][row] = own[row] if own else 0
    new_totals = merged.table("function", "thread")

    ends = edges.ints("caller"), edges.ints("callee"), edges.ints("thread")
    keys = [
        None if caller in gone and callee in gone else (new[caller], new[callee], thread)
        for caller, callee, thread in zip(*ends, strict=True)
    ]
    new_edges = _merged(profile, edges, keys).table("caller", "callee", "thread")

    ticks = sum(
        value
        for function, value in zip(columns[0], weights(totals), strict=True)
        if function in gone
    )
    what = f"{len(gone)} of {len(rows)} functions"
    if len(new_edges["caller"] if new_edges.rows else ()) < edges.rows:
        what += f" and {edges.rows - new_edges.rows} of {edges.rows} edges between functions"
    return replace(
        profile,
        functions=[*profile.functions, folded_function(len(gone))],
        totals=new_totals,
        edges=new_edges,
        checks=[*profile.checks, _check(profile, totals, what, ticks)],
    )


def _fold_lines(profile: Profile, share: float) -> Profile:
    """Fold the lines with the least time, those of one function into one row without a line."""
    lines = profile.lines
    keep = max(LEAST, int(lines.rows * share))
    if lines.rows <= keep + 1:
        return profile
    heat = weights(lines)
    order = sorted(range(lines.rows), key=lambda index: -abs(heat[index]))
    columns = [lines.ints(name) for name in ("file", "line", "function", "thread")]
    # A row that stays has its own index in its key, so that it is not put together with another.
    keys = [(*key, index) for index, key in enumerate(zip(*columns, strict=True))]
    groups: dict[tuple[int, ...], list[int]] = {}
    for index in order[keep:]:
        file, _, function, thread, _ = keys[index]
        groups.setdefault((file, 0, function, thread, -1), []).append(index)
    gone = 0
    for place, members in groups.items():
        if len(members) > 1:  # a row in place of a row would save nothing
            gone += len(members)
            for index in members:
                keys[index] = place
    if not gone:
        return profile
    merged = _merged(profile, lines, keys)
    ticks = sum(heat[index] for index, key in enumerate(keys) if key[-1] < 0)
    return replace(
        profile,
        lines=merged.table("file", "line", "function", "thread"),
        checks=[
            *profile.checks,
            _check(
                profile,
                lines,
                f"{gone} of {lines.rows} lines",
                ticks,
                into="one row without a line for each function and thread",
            ),
        ],
    )


class _Merged(NamedTuple):
    keys: list[tuple[int, ...]]
    values: dict[str, list[float]]
    names: list[str]
    #: Columns of the key that the table had.
    present: set[str]

    def table(self, *parts: str) -> Table:
        columns: dict[str, Sequence[float]] = {
            part: [key[index] for key in self.keys]
            for index, part in enumerate(parts)
            if part in self.present
        }
        return Table({**columns, **self.values})


def _merged(profile: Profile, table: Table, keys: Sequence[tuple[int, ...] | None]) -> _Merged:
    """Rows with one key put together in all value columns, in the order of first appearance.

    A column whose values nothing puts together is left out: it is not known.
    """
    rows: dict[tuple[int, ...], int] = {}
    into = [-1 if key is None else rows.setdefault(key, len(rows)) for key in keys]
    values: dict[str, list[float]] = {}
    for name in table:
        combine = combiner_of(combine_of(profile, name)) if "." in name else None
        if combine is not None:
            values[name] = put_together(combine, len(rows), into, table[name])
    return _Merged(list(rows), values, list(values), set(table))


def _check(
    profile: Profile, table: Table, what: str, ticks: float, into: str = "(N more)"
) -> Check:
    text = f"To keep this result small, {what} were folded into {into}"
    lost = [
        metric.label or metric.id
        for metric in profile.metrics
        if combiner_of(metric.combine) is None
        and any(name.partition(".")[2] == metric.id for name in table)
    ]
    if lost:
        text += f", and {', '.join(lost)}, of which no sums can be made, left out"
    if "self.time" not in table:
        return Check("folded", f"{text}." if lost else f"{text}; no own value is lost.")
    tick = time_tick(profile)
    whole = sum(table["self.time"])
    held = f", {ticks / whole:.1%} of all" if whole > 0 else ""
    return Check(
        "folded",
        f"{text}. They hold {ticks * tick / 1e9:.3g} s of self time{held}.",
        value=ticks * tick,
        unit="ns",
    )


def _compact(profile: Profile) -> Profile:
    """The profile without functions and files that nothing refers to."""
    used = {
        *profile.totals.ints("function"),
        *profile.edges.ints("caller"),
        *profile.edges.ints("callee"),
        *profile.paths.ints("function"),
        *(function - 1 for function in profile.lines.ints("function") if function),
    }
    functions = _renumbered(len(profile.functions), used)
    where = profile.meta.where
    used_files = {
        *(profile.functions[function].file for function in functions),
        *(source.file for source in profile.sources),
        *(file - 1 for file in profile.lines.ints("file") if file),
        None if where is None else where.file,
    }
    files = _renumbered(len(profile.files), (file for file in used_files if file is not None))

    def file_of(file: int | None) -> int | None:
        return None if file is None else files[file]

    return replace(
        profile,
        meta=profile.meta
        if where is None
        else replace(profile.meta, where=replace(where, file=file_of(where.file))),
        files=[profile.files[file] for file in files],
        functions=[
            replace(function, file=file_of(function.file))
            for function in (profile.functions[index] for index in functions)
        ],
        totals=_with(profile.totals, function=functions),
        edges=_with(profile.edges, caller=functions, callee=functions),
        paths=_with(profile.paths, function=functions),
        lines=_with(
            profile.lines,
            function={0: 0} | {old + 1: new + 1 for old, new in functions.items()},
            file={0: 0} | {old + 1: new + 1 for old, new in files.items()},
        ),
        sources=[
            Source(files[source.file], source.line, source.text) for source in profile.sources
        ],
    )


def _renumbered(count: int, used: Iterable[int]) -> dict[int, int]:
    wanted = set(used)
    return {old: new for new, old in enumerate(old for old in range(count) if old in wanted)}


def _with(table: Table, **new: dict[int, int]) -> Table:
    columns = dict(table)
    for name, numbers in new.items():
        if name in columns:
            columns[name] = [numbers[old] for old in table.ints(name)]
    return Table(columns)
