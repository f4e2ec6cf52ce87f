"""Profiles of every shape, for hypothesis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from jupyterlab_profiler.model import (
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
from jupyterlab_profiler.restrictions import SORT_KEYS
from jupyterlab_profiler.wire import layout

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Any text that UTF-8 can hold, and some that breaks things.
texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.sampled_from(
        [
            "<module>",
            "</script><script>alert(1)</script>",
            "a&amp;b",
            "__proto__",
            "(awaiting)",
            "\x00\x1b[31m\r\n\t",
            "\u202e\u2028\ufeff",
            "\U0001f40d" * 3,
            "x" * 300,
        ]
    ),
)
maybe_texts = st.none() | texts
whole = st.one_of(st.integers(0, 300), st.integers(0, 2**53 - 1))
signed = st.one_of(st.integers(-300, 300), st.integers(-(2**52), 2**52 - 1))
# Sums of a few hundred, times a tick, are still finite.
floats = st.floats(-1e290, 1e290)
numbers = st.none() | signed | floats


def columns(rows: int, values: st.SearchStrategy[float]) -> st.SearchStrategy[list[float]]:
    return st.lists(values, min_size=rows, max_size=rows)


def references(count: int) -> st.SearchStrategy[int]:
    return st.integers(0, count)


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    files = draw(
        st.lists(
            st.builds(
                File, texts, texts, st.sampled_from(layout.FILE_ORIGINS), texts, texts, whole
            ),
            max_size=4,
        )
    )
    objects = draw(st.lists(st.builds(NativeObject, texts, texts), max_size=2))
    functions = draw(
        st.lists(
            st.builds(
                Function,
                texts,
                texts,
                _index(files),
                whole,
                st.sampled_from(layout.FUNCTION_KINDS),
                _index(objects),
            ),
            max_size=6,
        )
    )
    threads: list[Thread] = []
    for _ in range(draw(st.integers(1, 3))):
        threads.append(
            draw(
                st.builds(
                    Thread,
                    texts,
                    st.sampled_from(layout.THREAD_KINDS),
                    _index(threads),
                    whole,
                    whole,
                    floats,
                )
            )
        )
    metrics = draw(
        st.lists(
            st.builds(
                Metric,
                st.sampled_from(["time", "calls", "hits", "bytes", "m_0"]),
                texts,
                st.sampled_from(["ns", "count", "bytes", "samples", "1"]),
                st.floats(1e-9, 1e9) | st.integers(1, 10**9),
                st.booleans(),
                st.sampled_from(["sum", "max", "median"]),
            ),
            unique_by=lambda metric: metric.id,
            max_size=4,
        )
    )
    tables = {
        name: draw(_table(name, metrics, len(files), len(functions), len(threads)))
        for name in ("totals", "edges", "lines")
    }
    return Profile(
        draw(_metas(files)),
        metrics,
        files,
        objects,
        functions,
        threads,
        tables["totals"],
        tables["edges"],
        draw(_paths(metrics, len(functions), len(threads))),
        tables["lines"],
        draw(st.lists(st.builds(Source, st.integers(0, len(files) - 1), whole, texts), max_size=3))
        if files
        else [],
        draw(
            st.lists(
                st.builds(
                    Check,
                    texts,
                    texts,
                    st.none() | st.booleans(),
                    numbers,
                    numbers,
                    numbers,
                    maybe_texts,
                ),
                max_size=3,
            )
        ),
        View(
            draw(st.lists(st.sampled_from(list(SORT_KEYS)), max_size=3)),
            draw(
                st.lists(
                    st.one_of(
                        st.builds(Limit, count=st.integers(0, 50)),
                        st.builds(Limit, fraction=st.floats(0, 1)),
                        st.builds(Limit, regex=texts),
                    ),
                    max_size=3,
                )
            ),
        ),
    )


def _index(entries: Sequence[object]) -> st.SearchStrategy[int | None]:
    if not entries:
        return st.none()
    return st.none() | st.integers(0, len(entries) - 1)


@st.composite
def _metas(draw: st.DrawFn, files: list[File]) -> Meta:
    return Meta(
        draw(texts),
        draw(maybe_texts),
        draw(st.none() | whole),
        draw(st.sampled_from(layout.STATUSES)),
        draw(st.none() | st.builds(Where, _index(files), whole, texts)),
        draw(
            st.builds(
                Origin,
                st.sampled_from(layout.SOURCE_KINDS),
                maybe_texts,
                st.none() | whole,
                maybe_texts,
            )
        ),
        draw(st.builds(Engine, texts, texts, texts, texts)),
        draw(maybe_texts),
        draw(maybe_texts),
        draw(st.lists(st.builds(Warned, texts, texts), max_size=3)),
    )


@st.composite
def _table(
    draw: st.DrawFn, name: str, metrics: list[Metric], files: int, functions: int, threads: int
) -> Table:
    structure, roles = layout.VALUES[name]
    if name != "lines" and not functions:
        return Table()
    rows = draw(st.integers(0, 8))
    found: dict[str, list[float]] = {}
    lengths = {"files": files, "functions": functions, "threads": threads}
    for column, meaning in structure.items():
        if meaning.required or draw(st.booleans()):
            values: st.SearchStrategy[float] = whole
            if meaning.kind == "index":
                values = st.integers(0, lengths[meaning.table] - 1)
            elif meaning.kind == "reference":
                values = references(lengths[meaning.table])
            found[column] = draw(columns(rows, values))
    for metric in metrics:
        for role in roles:
            if draw(st.booleans()):
                values = draw(st.sampled_from([whole, signed, floats]))
                found[f"{role}.{metric.id}"] = draw(columns(rows, values))
    return Table(found)


@st.composite
def _paths(draw: st.DrawFn, metrics: list[Metric], functions: int, threads: int) -> Table:
    if not functions:
        return Table()
    parents: list[int] = []
    thread: list[float] = []
    path: list[int] = []
    for index in range(draw(st.integers(0, 12))):
        del path[draw(st.integers(0, len(path))) :]
        parents.append(index - path[-1] if path else 0)
        thread.append(thread[path[-1]] if path else draw(st.integers(0, threads - 1)))
        path.append(index)
    rows = len(parents)
    found: dict[str, Sequence[float]] = {
        "parent": parents,
        "function": draw(columns(rows, st.integers(0, functions - 1))),
        "thread": thread,
    }
    for column, values in (
        ("line", whole),
        ("address", floats),
        ("inlined", st.integers(0, 1)),
    ):
        if draw(st.booleans()):
            found[column] = draw(columns(rows, values))
    for metric in metrics:
        found[f"self.{metric.id}"] = draw(
            columns(rows, draw(st.sampled_from([whole, signed, floats])))
        )
    return Table(found)
