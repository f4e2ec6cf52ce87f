"""Payload to profile. Trusts nothing: every length, index and text is looked at.

Memory is bounded by the limits in :mod:`.layout`, also for compressed columns, and no code here
recurses: whatever comes in, either a profile or a :class:`WireError` comes out.
"""

from __future__ import annotations

import sys
from array import array
from typing import TYPE_CHECKING, Any, cast

from ..model import (
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
from . import layout
from .columns import Numbers, WireError, decode_column, shown
from .trees import check_paths, check_threads

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..model import Status


def decode(payload: object) -> Profile:
    """The profile in a payload, which is JSON as ``json.loads`` gives it.

    Raises :class:`WireError`, and nothing else, for a payload that is not what ``wire/README.md``
    says or that passes its limits.
    """
    top = _object(payload, "the payload")
    if top.get("schema") != layout.SCHEMA:
        raise WireError(f"this is no profile: its schema is not {layout.SCHEMA!r}")
    version = _uint(top.get("version"), "version")
    if version > layout.VERSION:
        raise WireError(
            f"the profile is of format version {version}, this reader knows {layout.VERSION}: "
            "a newer jupyterlab-profiler reads it"
        )
    if version < layout.VERSION:
        raise WireError(f"there is no format version {version}")
    _text(top.get("generator", ""), "generator")
    strings = _strings(top.get("strings"))
    metrics = _metrics(top.get("metrics"))
    reader = _Tables(_object(top.get("tables"), "tables"), strings, [m.id for m in metrics])

    files = reader.rows("files")
    objects = reader.rows("objects")
    functions = reader.rows("functions")
    threads = reader.rows("threads")
    sources = reader.rows("sources")
    tables = {name: reader.values(name) for name in layout.VALUES}
    if not threads and any(table.rows for table in tables.values()):
        threads = [{}]
    check_threads([thread.get("parent") for thread in threads])
    check_paths(tables["paths"])
    for index, source in enumerate(sources):
        if source["file"] is None:
            raise WireError(f"sources, row {index}: no file")
    return Profile(
        _meta(_object(top.get("meta"), "meta"), len(files)),
        metrics,
        [File(**{"origin": "other", **file}) for file in files],
        [NativeObject(**item) for item in objects],
        [Function(**{"qualified": "", "kind": "other", **function}) for function in functions],
        [Thread(**{"name": "", "kind": "other", **thread}) for thread in threads],
        tables["totals"],
        tables["edges"],
        tables["paths"],
        tables["lines"],
        [Source(**source) for source in sources],
        [_check(item, f"checks[{i}]") for i, item in _items(top, "checks", "checks")],
        _view(_object(top.get("view", {}), "view")),
    )


def _strings(value: object) -> list[str]:
    strings = _list(value, "strings")
    if len(strings) > layout.MAX_STRINGS:
        raise WireError(f"there are more than {layout.MAX_STRINGS} strings")
    characters = 0
    for index, text in enumerate(strings):
        characters += len(_text(text, f"strings[{index}]"))
    if characters > layout.MAX_CHARACTERS:
        raise WireError(f"the strings have more than {layout.MAX_CHARACTERS} characters")
    return strings


def _metrics(value: object) -> list[Metric]:
    items = _list(value, "metrics")
    if len(items) > layout.MAX_METRICS:
        raise WireError(f"there are more than {layout.MAX_METRICS} metrics")
    metrics: dict[str, Metric] = {}
    for index, item in enumerate(items):
        where = f"metrics[{index}]"
        metric = _object(item, where)
        name = _text(metric.get("id"), f"{where}.id")
        if not layout.METRIC.fullmatch(name):
            raise WireError(f"{where}.id is {shown(name)}, not a word of a-z, 0-9 and _")
        if name in metrics:
            raise WireError(f"{where}.id: {shown(name)} is there twice")
        tick = _number(metric.get("tick", 1), f"{where}.tick")
        if tick <= 0:
            raise WireError(f"{where}.tick is not above 0")
        exact = metric.get("exact", True)
        if not isinstance(exact, bool):
            raise WireError(f"{where}.exact is neither true nor false")
        metrics[name] = Metric(
            name,
            _text(metric.get("label", name), f"{where}.label"),
            _text(metric.get("unit"), f"{where}.unit"),
            tick,
            exact,
            _text(metric.get("combine", "sum"), f"{where}.combine"),
        )
    return list(metrics.values())


class _Tables:
    """Reads tables. Entry tables must be read in the order of :data:`layout.ENTRIES`."""

    def __init__(self, tables: dict[str, Any], strings: list[str], metrics: list[str]) -> None:
        self._tables = tables
        self._strings = strings
        self._metrics = metrics
        self._numbers = 0
        self._length = {name: self._length_of(name) for name in layout.ENTRIES}

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Rows of a table of things, with strings and indices put in."""
        known = layout.ENTRIES[name]
        rows = self._length[name]
        columns: dict[str, Sequence[Any]] = {}
        for column, numbers in self._columns(name, rows, known).items():
            match known[column].kind:
                case "string":
                    texts = [self._strings[int(number)] for number in numbers]
                    columns[column] = _known(name, column, texts)
                case "reference":
                    columns[column] = [number - 1 if number else None for number in numbers]
                case _:
                    columns[column] = numbers
        names = list(columns)
        return [
            dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=True)
        ]

    def values(self, name: str) -> Table:
        """A table of measured values."""
        known, roles = layout.VALUES[name]
        rows = self._length_of(name)
        value = layout.Column("value")
        roles_known = {f"{role}.{metric}": value for role in roles for metric in self._metrics}
        return Table(self._columns(name, rows, {**known, **roles_known}))

    def _length_of(self, name: str) -> int:
        if name not in self._tables:
            return 0
        table = _object(self._tables[name], name)
        length = _uint(table.get("length"), f"{name}.length")
        most = layout.MAX_ENTRIES if name in layout.ENTRIES else layout.MAX_ROWS
        if length > most:
            raise WireError(f"{name} has more than {most} rows")
        return length

    def _columns(
        self, name: str, rows: int, known: Mapping[str, layout.Column]
    ) -> dict[str, Numbers]:
        if name not in self._tables:
            return {}
        columns = _object(_object(self._tables[name], name).get("columns"), f"{name}.columns")
        found: dict[str, Numbers] = {}
        for column, meaning in known.items():
            where = f"{name}.{column}"
            if column not in columns:
                if meaning.required and rows:
                    raise WireError(f"{where} is missing")
                continue
            self._numbers += rows
            if self._numbers > layout.MAX_NUMBERS:
                raise WireError(f"the tables hold more than {layout.MAX_NUMBERS} numbers")
            numbers = decode_column(columns[column], rows, where)
            found[column] = self._checked(numbers, meaning, where)
        return found if rows else {}

    def _checked(self, numbers: Numbers, meaning: layout.Column, where: str) -> Numbers:
        if meaning.kind in ("value", "number"):
            return numbers
        if not isinstance(numbers, bytes):
            numbers = _whole(numbers, where)
        if meaning.kind in ("uint", "offset") or not numbers:
            return numbers
        if meaning.kind == "string":
            length, what = len(self._strings), "strings"
        else:
            length, what = self._length[meaning.table], f"rows of {meaning.table}"
        if meaning.kind == "index" and meaning.table == "threads":
            length = max(length, 1)  # without threads there is one that has no name
        if meaning.kind == "reference":
            length += 1
        if (high := max(numbers)) >= length:
            row = next(row for row, number in enumerate(numbers) if number == high)
            raise WireError(
                f"{where}, row {row}: {shown(high)} is out of range, "
                f"there are {length - (meaning.kind == 'reference')} {what}"
            )
        return numbers


def _whole(numbers: array[int] | array[float], where: str) -> array[int]:
    if numbers.typecode == "d":
        if not all(0 <= number < 2**53 and number == int(number) for number in numbers):
            raise WireError(f"{where} holds a number that is not whole, or out of range")
        return array("q", [int(number) for number in numbers])
    if numbers and min(numbers) < 0:
        raise WireError(f"{where} holds a number below 0")
    return cast("array[int]", numbers)


_WORDS = {
    ("functions", "kind"): layout.FUNCTION_KINDS,
    ("files", "origin"): layout.FILE_ORIGINS,
    ("threads", "kind"): layout.THREAD_KINDS,
}


def _known(table: str, column: str, texts: list[str]) -> list[str]:
    """Kinds and origins of later days are read as ``other``."""
    words = _WORDS.get((table, column))
    if words is None:
        return texts
    return [text if text in words else "other" for text in texts]


def _meta(meta: dict[str, Any], files: int) -> Meta:
    status = _text(meta.get("status", "ok"), "meta.status")
    where = meta.get("where")
    source = _object(_or_empty(meta, "source"), "meta.source")
    engine = _object(_or_empty(meta, "engine"), "meta.engine")
    kind = _text(source.get("kind", "other"), "meta.source.kind")
    wall = _number_or_none(meta, "wall", "meta")
    if wall is not None and wall != int(wall):
        raise WireError(f"meta.wall is {shown(wall)}, not a whole number")
    return Meta(
        label=_text(meta.get("label", ""), "meta.label"),
        started=_text_or_none(meta, "started", "meta"),
        wall=None if wall is None else int(wall),
        status=cast("Status", status if status in layout.STATUSES else "other"),
        where=None if where is None else _where(_object(where, "meta.where"), files),
        source=Origin(
            kind if kind in layout.SOURCE_KINDS else "other",
            _text_or_none(source, "cell", "meta.source"),
            None
            if source.get("execution") is None
            else _uint(source["execution"], "meta.source.execution"),
            _text_or_none(source, "command", "meta.source"),
        ),
        engine=Engine(
            *(
                _text(engine.get(key, ""), f"meta.engine.{key}")
                for key in ("name", "version", "reason", "clock")
            )
        ),
        python=_text_or_none(meta, "python", "meta"),
        platform=_text_or_none(meta, "platform", "meta"),
        warnings=[
            Warned(
                _text(_object(item, where).get("code", ""), f"{where}.code"),
                _text(item.get("text"), f"{where}.text"),
            )
            for i, item in _items(meta, "warnings", "meta.warnings")
            if (where := f"meta.warnings[{i}]")
        ],
    )


def _where(where: dict[str, Any], files: int) -> Where:
    file = _uint(where.get("file", 0), "meta.where.file")
    if file > files:
        raise WireError(f"meta.where.file is {file}, there are {files} rows of files")
    return Where(
        file - 1 if file else None,
        _uint(where.get("line", 0), "meta.where.line"),
        _text(where.get("text", ""), "meta.where.text"),
    )


def _check(value: object, where: str) -> Check:
    check = _object(value, where)
    ok = check.get("ok")
    if ok is not None and not isinstance(ok, bool):
        raise WireError(f"{where}.ok is neither true, false nor null")
    return Check(
        _text(check.get("id"), f"{where}.id"),
        _text(check.get("text"), f"{where}.text"),
        ok,
        _number_or_none(check, "value", where),
        _number_or_none(check, "expected", where),
        _number_or_none(check, "tolerance", where),
        _text_or_none(check, "unit", where),
    )


def _view(view: dict[str, Any]) -> View:
    limits: list[Limit] = []
    for i, item in _items(view, "limits", "view.limits"):
        limit, where = _object(item, f"view.limits[{i}]"), f"view.limits[{i}]"
        if "count" in limit:
            limits.append(Limit(count=_uint(limit["count"], f"{where}.count")))
        elif "fraction" in limit:
            limits.append(Limit(fraction=_number(limit["fraction"], f"{where}.fraction")))
        elif "regex" in limit:
            limits.append(Limit(regex=_text(limit["regex"], f"{where}.regex")))
    return View(
        [_text(key, f"view.sort[{i}]") for i, key in _items(view, "sort", "view.sort")], limits
    )


def _or_empty(parent: dict[str, Any], key: str) -> object:
    value = parent.get(key)
    return {} if value is None else value


def _items(parent: dict[str, Any], key: str, where: str) -> enumerate[Any]:
    return enumerate(_list(parent.get(key, []), where))


def _object(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise WireError(f"{where} is {shown(value)}, not an object")
    return value


def _list(value: object, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise WireError(f"{where} is {shown(value)}, not a list")
    return value


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise WireError(f"{where} is {shown(value)}, not a text")
    return value


def _text_or_none(parent: dict[str, Any], key: str, where: str) -> str | None:
    value = parent.get(key)
    return None if value is None else _text(value, f"{where}.{key}")


def _number(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WireError(f"{where} is {shown(value)}, not a number")
    if not abs(value) <= sys.float_info.max:
        raise WireError(f"{where} is {shown(value)}, which is not a finite number")
    return value


def _number_or_none(parent: dict[str, Any], key: str, where: str) -> float | None:
    value = parent.get(key)
    return None if value is None else _number(value, f"{where}.{key}")


def _uint(value: object, where: str) -> int:
    number = _number(value, where)
    if number != int(number) or not 0 <= number < 2**53:
        raise WireError(f"{where} is {shown(value)}, not a whole number of 0 or more")
    return int(number)
