"""Adds profiles of any sort: rows of all of them, functions that are the same put together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..derive import totals_and_edges
from ..model import Function, Meta, NativeObject, Origin, Profile, Source, Table, Thread, Warned

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..model import File, Metric

_TABLES = ("totals", "edges", "paths", "lines")
#: Columns that are numbers of functions; and those where 0 is none.
_FUNCTIONS, _REFERENCES = ("function", "caller", "callee"), ("file", "function")


def added(profiles: Sequence[Profile]) -> Profile:
    """One profile with the rows of all. Readers put rows together that are about the same.

    What is true of one run alone is left out: when it ran, how it ended, what was checked. Raises
    ``ValueError`` where one metric has two units.
    """
    first, *others = profiles
    if not others:
        return first
    if any(profile.totals.rows for profile in profiles):
        # Totals count beside paths: where some have none, theirs are derived.
        profiles = [_with_totals(profile) for profile in profiles]
    sum_ = _Sum()
    for profile in profiles:
        sum_.add(profile)
    return sum_.profile(profiles)


def _with_totals(profile: Profile) -> Profile:
    totals, edges = totals_and_edges(profile)
    return replace(profile, totals=totals, edges=edges)


class _Sum:
    def __init__(self) -> None:
        self._metrics: dict[str, Metric] = {}
        self._files: dict[File, int] = {}
        self._objects: dict[NativeObject, int] = {}
        self._functions: dict[tuple[Function, int], int] = {}
        self._threads: dict[tuple[str, str, int | None], int] = {}
        self._walls: list[float] = []
        self._sources: dict[Source, None] = {}
        self._parts: dict[str, list[dict[str, Sequence[float]]]] = {name: [] for name in _TABLES}

    def add(self, profile: Profile) -> None:
        scales = {metric.id: self._scale(metric) for metric in profile.metrics}
        files = [self._files.setdefault(file, len(self._files)) for file in profile.files]
        objects = [self._objects.setdefault(one, len(self._objects)) for one in profile.objects]
        functions = self._add_functions(profile, files, objects)
        threads = self._add_threads(profile.threads or [Thread("")])
        for source in profile.sources:
            self._sources[replace(source, file=files[source.file])] = None
        for name in _TABLES:
            table: Table = getattr(profile, name)
            if not table.rows:
                continue
            columns: dict[str, Sequence[float]] = {
                "thread": [threads[thread] for thread in table.ints("thread")]
            }
            for column, values in table.items():
                role, _, metric = column.partition(".")
                if column in _FUNCTIONS and not (name == "lines" and column in _REFERENCES):
                    columns[column] = [functions[index] for index in table.ints(column)]
                elif name == "lines" and column in _REFERENCES:
                    numbers = files if column == "file" else functions
                    columns[column] = [n and numbers[n - 1] + 1 for n in table.ints(column)]
                elif role in ("self", "total", "primitive") and metric:
                    if metric in scales:
                        scale = scales[metric]
                        columns[column] = [v * scale for v in values] if scale != 1 else values
                elif column != "thread":
                    columns[column] = values
            self._parts[name].append(columns)

    def _scale(self, metric: Metric) -> float:
        """What values of this metric are multiplied by, to be in ticks of the first one."""
        known = self._metrics.setdefault(metric.id, metric)
        if (known.unit, known.combine) != (metric.unit, metric.combine):
            raise ValueError(
                f"{metric.id} is in {known.unit} in one file and in {metric.unit} in another one"
            )
        return 1 if metric.tick == known.tick else metric.tick / known.tick

    def _add_functions(self, profile: Profile, files: list[int], objects: list[int]) -> list[int]:
        found = []
        times: dict[Function, int] = {}
        for function in profile.functions:
            own = replace(
                function,
                file=None if function.file is None else files[function.file],
                object=None if function.object is None else objects[function.object],
            )
            # Namesakes within one profile stay apart, in their order.
            times[own] = times.get(own, -1) + 1
            key = own, times[own]
            found.append(self._functions.setdefault(key, len(self._functions)))
        return found

    def _add_threads(self, threads: Sequence[Thread]) -> list[int]:
        found: list[int] = []
        for thread in threads:
            # A parent may stand behind its child: those are told apart by name and kind alone.
            above = thread.parent
            parent = found[above] if above is not None and above < len(found) else None
            key = thread.name, thread.kind, parent
            index = self._threads.setdefault(key, len(self._threads))
            if index == len(self._walls):
                self._walls.append(0)
            self._walls[index] += thread.wall
            found.append(index)
        return found

    def profile(self, profiles: Sequence[Profile]) -> Profile:
        warnings: dict[Warned, None] = {}
        for profile in profiles:
            warnings.update(dict.fromkeys(profile.meta.warnings))
        walls = [profile.meta.wall for profile in profiles]
        tables = [_joined(self._parts[name]) for name in _TABLES]
        totals, edges, paths, lines = tables
        for name, table in zip(_TABLES, tables, strict=True):
            lost = {column for part in self._parts[name] for column in part} - set(table)
            if lost:
                text = f"Not all files have {', '.join(sorted(lost))} of {name}: left out here."
                warnings[Warned("left-out", text)] = None
        engines = {profile.meta.engine for profile in profiles}
        return Profile(
            Meta(
                label=", ".join(filter(None, (profile.meta.label for profile in profiles))),
                wall=None if None in walls else sum(wall or 0 for wall in walls),
                source=Origin("file"),
                engine=engines.pop() if len(engines) == 1 else Meta().engine,
                warnings=list(warnings),
            ),
            list(self._metrics.values()),
            list(self._files),
            list(self._objects),
            [function for function, _ in self._functions],
            [
                Thread(name, kind, parent, wall=wall)
                for (name, kind, parent), wall in zip(self._threads, self._walls, strict=True)
            ],
            totals,
            edges,
            paths,
            lines,
            sources=_apart(self._sources),
        )


def _joined(parts: list[dict[str, Sequence[float]]]) -> Table:
    """Rows of all parts. A value that one part does not have is not known of the others, too."""
    names = dict.fromkeys(name for part in parts for name in part)
    known = [name for name in names if "." not in name or all(name in part for part in parts)]
    return Table(
        {
            name: [value for part in parts for value in part.get(name, bytes(len(part["thread"])))]
            for name in known
        }
    )


def _apart(sources: Iterable[Source]) -> list[Source]:
    """Blocks of text in order, without those that lie over an earlier one."""
    found: list[Source] = []
    end = 0
    for source in sorted(sources, key=lambda one: (one.file, one.line)):
        if not found or found[-1].file != source.file or source.line >= end:
            found.append(source)
            end = source.line + len(source.text.splitlines())
    return found
