"""The one model of a profile: what was measured, of which functions, called by whom.

A :class:`Profile` knows nothing of how it was collected, how it travels or how it is shown. Engines
build one (:mod:`jupyterlab_profiler.collect`), :mod:`~jupyterlab_profiler.wire` takes it to the
browser, :mod:`~jupyterlab_profiler.text` and :mod:`~jupyterlab_profiler.html` print it. The tables
and their columns are those of the wire format (``wire/README.md``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import os
    import pstats

    import pandas as pd

    from .linestats import LineStats

Status = Literal["ok", "error", "interrupted", "exit", "other"]


@dataclass(frozen=True, slots=True)
class Metric:
    """Something measured. A stored value times ``tick`` is a value in ``unit``.

    ``combine``: how values of rows, threads and subtrees go together, ``sum`` or ``max``. Values of
    a metric with another word are not put together: nothing is known of them then.
    """

    id: str
    label: str
    unit: str
    tick: float = 1
    exact: bool = True
    combine: str = "sum"


#: Time in nanoseconds, how often a function was entered, and how often a line began.
TIME = Metric("time", "Time", "ns")
CALLS = Metric("calls", "Calls", "count")
HITS = Metric("hits", "Hits", "count")
#: How often a stack was seen.
SAMPLES = Metric("samples", "Samples", "samples")


@dataclass(frozen=True, slots=True)
class File:
    """Where functions come from.

    ``origin``: cell, file, package, stdlib, frozen, native, none, other.
    """

    path: str
    label: str = ""
    origin: str = "file"
    package: str = ""
    cell: str = ""
    execution: int = 0


@dataclass(frozen=True, slots=True)
class NativeObject:
    """A shared library or an executable that native frames lie in."""

    path: str
    build_id: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """One code object or builtin, or something else that is called.

    ``file`` and ``object`` are indices into the profile's lists, or None. ``kind``: python,
    builtin, callable (a class, a ufunc, a partial: what cProfile does not see), native, jit,
    generated, pseudo or other. A pseudo function stands for something that is
    no function, such as *(awaiting)*; its ``qualified`` tells which (awaiting, displaying, tracing,
    block, folded).
    """

    name: str
    qualified: str
    file: int | None = None
    line: int = 0
    kind: str = "python"
    object: int | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """One root of the profile: a thread, a task or a process.

    ``wall`` in ns, how long it was observed.
    """

    name: str
    kind: str = "thread"
    parent: int | None = None
    pid: int = 0
    tid: int = 0
    wall: float = 0.0


@dataclass(frozen=True, slots=True)
class Source:
    """Text of a file as it was when it ran, from line ``line`` on."""

    file: int
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Warned:
    """A sentence for the reader of the profile, with a code for programs."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Check:
    """Something that adds up (``ok`` is True), does not (False), or is only told (None)."""

    id: str
    text: str
    ok: bool | None = None
    value: float | None = None
    expected: float | None = None
    tolerance: float | None = None
    unit: str | None = None


#: The text of :class:`Where` where code ended by ``sys.exit()`` without a code, or with 0.
EXITED = "SystemExit: 0"


@dataclass(frozen=True, slots=True)
class Where:
    """Where the profiled code ended before its end. ``file`` is an index, or None."""

    file: int | None
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Origin:
    """What was profiled. ``kind``: cell, statement, code, script or file."""

    kind: str = "code"
    cell: str | None = None
    execution: int | None = None
    command: str | None = None


@dataclass(frozen=True, slots=True)
class Engine:
    """What measured, and why that one was taken. ``clock`` names the clock in words."""

    name: str
    version: str = ""
    reason: str = ""
    clock: str = ""


@dataclass
class Meta:
    """What ran, when, how it ended and what measured it.

    ``wall`` in ns, ``started`` in ISO 8601 with zone.
    """

    label: str = ""
    started: str | None = None
    wall: int | None = None
    status: Status = "ok"
    where: Where | None = None
    source: Origin = field(default_factory=Origin)
    engine: Engine = field(default_factory=lambda: Engine("none"))
    python: str | None = None
    platform: str | None = None
    warnings: list[Warned] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Limit:
    """One restriction of pstats, of which only one part is not None.

    The first ``count`` rows, a ``fraction`` of them, or names in which ``regex`` is found.
    """

    count: int | None = None
    fraction: float | None = None
    regex: str | None = None


@dataclass
class View:
    """What the text and the first view show. It never cuts the data.

    Of lines, in texts alone: ``unit`` of their times in seconds, and whether functions that did not
    run are left out (``skip_zeros``).
    """

    sort: list[str] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    unit: float | None = None
    skip_zeros: bool = False


class Table(Mapping[str, Sequence[float]]):
    """Named columns of one length.

    >>> edges = Table(caller=[0], callee=[1], **{"self.time": [5]})
    >>> len(edges), edges.rows, edges["callee"]
    (3, 1, [1])
    """

    __slots__ = ("_columns",)

    def __init__(
        self, columns: Mapping[str, Sequence[float]] | None = None, /, **more: Sequence[float]
    ) -> None:
        self._columns: dict[str, Sequence[float]] = {**(columns or {}), **more}
        lengths = {name: len(column) for name, column in self._columns.items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"columns of one table differ in length: {lengths}")

    @property
    def rows(self) -> int:
        """How many rows the table has."""
        return len(next(iter(self._columns.values()), ()))

    def __getitem__(self, name: str) -> Sequence[float]:
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Table):
            return NotImplemented
        if not self.rows and not other.rows:
            return True
        return self.keys() == other.keys() and all(
            list(column) == list(other[name]) for name, column in self.items()
        )

    def __repr__(self) -> str:
        return f"Table({self.rows} rows of {', '.join(self)})"

    def ints(self, name: str) -> list[int]:
        """The column as whole numbers; zeros where the table has no such column."""
        column = self._columns.get(name)
        return [0] * self.rows if column is None else [int(value) for value in column]


@dataclass
class Profile:
    """A profile: displays and saves itself, and gives its numbers to pstats and pandas.

    ``totals`` and ``edges`` hold what an engine summed (pstats' numbers), ``paths`` a call tree in
    pre-order, ``lines`` what lines cost. Columns are called ``ROLE.METRIC``: ``self.time``,
    ``total.time``, ``self.calls``, ``primitive.calls``.
    """

    meta: Meta = field(default_factory=Meta)
    metrics: list[Metric] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    objects: list[NativeObject] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)
    threads: list[Thread] = field(default_factory=list)
    totals: Table = field(default_factory=Table)
    edges: Table = field(default_factory=Table)
    paths: Table = field(default_factory=Table)
    lines: Table = field(default_factory=Table)
    sources: list[Source] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    view: View = field(default_factory=View)

    def has_functions(self) -> bool:
        """Whether functions were measured, and not lines alone."""
        return bool(self.totals.rows or self.paths.rows or not self.lines.rows)

    def stats(self) -> pstats.Stats:
        """The function profile as ``pstats.Stats``: sort it, print it, add it to others.

        Functions that pstats cannot tell apart (equal file, line and name) are summed, and the
        check ``collisions`` says which.
        """
        from .formats.pstats import to_stats

        return to_stats(self)

    def line_stats(self) -> LineStats:
        """Hits and times of lines, of all threads together, as line_profiler's ``LineStats``."""
        from .linereport import line_stats

        return line_stats(self)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the profile to a file; the ending tells the format.

        Known are ``.prof``, ``.pstats``, ``.lprof`` (of lines), ``.json``, ``.speedscope.json``,
        ``.collapsed``, ``.folded`` and ``.csv``. Raises ``ValueError`` for an ending that is not
        known, or of a format that has no place for what was measured, ``OSError`` when the file
        cannot be written.
        """
        from .formats import save

        save(self, path)

    def to_frame(self) -> pd.DataFrame:
        """One row a function, summed over threads. Needs pandas.

        Columns: ncalls, primitive, tottime, cumtime (seconds), name, file, line, kind.
        What is not known is NaN.
        """
        from .formats.frame import to_frame

        return to_frame(self)

    def text(self, *, limit: int | None = 30) -> str:
        """The function table in pstats' layout, in the order and with the limits of ``view``.

        Without limits in ``view``, the first ``limit`` rows and how many more; None shows all. Of
        lines the report in line_profiler's layout, the dearest functions first and no more than
        ten times as many rows; in the order of line_profiler where all are shown.
        """
        from .text import profile_text

        return profile_text(self, limit)

    def _repr_mimebundle_(
        self,
        include: Any = None,  # noqa: ARG002 - IPython's names
        exclude: Any = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        from .wire import mime_bundle

        return mime_bundle(self)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        from .derive import totals_and_edges

        name = self.meta.label or self.meta.source.kind
        if not self.has_functions():
            return f"<Profile {name!r}: {len(self.functions)} functions line by line>"
        calls = sum(totals_and_edges(self)[0].ints("self.calls"))
        return f"<Profile {name!r}: {calls} calls of {len(self.functions)} functions>"
