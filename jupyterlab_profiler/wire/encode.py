"""Profile to payload."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..version import version
from .columns import WireError, encode_column
from .layout import SCHEMA, VALUES, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..model import Check, Limit, Meta, Metric, Profile, Table


def encode_all(profile: Profile, generator: str | None = None) -> dict[str, Any]:
    """The whole profile as a payload, however large. Raises :class:`WireError` if it cannot be."""
    strings = _Strings()
    tables: dict[str, Any] = {}
    for name, columns in _entries(profile, strings).items():
        _put(tables, name, columns)
    for name, (structure, roles) in VALUES.items():
        table: Table = getattr(profile, name)
        known = {f"{role}.{metric.id}" for role in roles for metric in profile.metrics}
        if unknown := sorted(table.keys() - structure.keys() - known):
            raise WireError(f"{name} has columns that are not of the format: {', '.join(unknown)}")
        for column, meaning in structure.items():
            if meaning.table and table.rows and column in table:
                # A reference counts from 1 and has 0 for none.
                most = len(getattr(profile, meaning.table)) - (meaning.kind == "index")
                _check_range(table[column], most, f"{name}.{column}")
        _put(tables, name, table)
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "generator": _generator() if generator is None else generator,
        "meta": _meta(profile.meta),
        "metrics": [_metric(metric) for metric in profile.metrics],
        "strings": strings.all,
        "tables": tables,
        "checks": [_check(check) for check in profile.checks],
        "view": {
            "sort": [clean(key) for key in profile.view.sort],
            "limits": [_limit(limit) for limit in profile.view.limits],
        },
    }


def clean(text: str) -> str:
    r"""Text that UTF-8 can hold: a lone surrogate becomes its escape, such as ``\udce9``.

    Python gives one for each byte of a file name that is not in the file system's encoding.
    """
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


class _Strings:
    """Each text once, with its index."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._index: dict[str, int] = {}

    def __call__(self, texts: Iterable[str]) -> list[int]:
        return [self._add(text) for text in texts]

    def _add(self, text: str) -> int:
        index = self._index.get(text)
        if index is None:
            index = self._index[text] = len(self.all)
            self.all.append(clean(text))
        return index


def _entries(profile: Profile, strings: _Strings) -> dict[str, Mapping[str, Sequence[float]]]:
    files, objects, functions = profile.files, profile.objects, profile.functions
    threads, sources = profile.threads, profile.sources
    return {
        "files": {
            "path": strings(file.path for file in files),
            "label": strings(file.label for file in files),
            "origin": strings(file.origin for file in files),
            "package": strings(file.package for file in files),
            "cell": strings(file.cell for file in files),
            "execution": [file.execution for file in files],
        },
        "objects": {
            "path": strings(item.path for item in objects),
            "build_id": strings(item.build_id for item in objects),
        },
        "functions": {
            "name": strings(function.name for function in functions),
            "qualified": strings(function.qualified for function in functions),
            "file": [_reference(function.file) for function in functions],
            "line": [function.line for function in functions],
            "kind": strings(function.kind for function in functions),
            "object": [_reference(function.object) for function in functions],
        },
        "threads": {
            "name": strings(thread.name for thread in threads),
            "kind": strings(thread.kind for thread in threads),
            "parent": [_reference(thread.parent) for thread in threads],
            "pid": [thread.pid for thread in threads],
            "tid": [thread.tid for thread in threads],
            "wall": [thread.wall for thread in threads],
        },
        "sources": {
            "file": [source.file + 1 for source in sources],
            "line": [source.line for source in sources],
            "text": strings(source.text for source in sources),
        },
    }


def _put(tables: dict[str, Any], name: str, columns: Mapping[str, Sequence[float]]) -> None:
    length = len(next(iter(columns.values()), ()))
    if length:
        tables[name] = {
            "length": length,
            "columns": {
                column: encode_column(values, f"{name}.{column}")
                for column, values in columns.items()
            },
        }


def _check_range(column: Sequence[float], most: int, where: str) -> None:
    """Find here what the reader would refuse, while it is still known who made it."""
    if min(column) < 0 or max(column) > most:
        raise WireError(f"{where} holds an index that is out of range: 0 to {most} are there")


def _reference(index: int | None) -> int:
    return 0 if index is None else index + 1


def _metric(metric: Metric) -> dict[str, Any]:
    return {
        "id": metric.id,
        "label": clean(metric.label),
        "unit": clean(metric.unit),
        "tick": _finite(metric.tick, f"the tick of {metric.id}"),
        "exact": metric.exact,
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "id": clean(check.id),
        "text": clean(check.text),
        "ok": check.ok,
        "value": _finite(check.value, f"the value of the check {check.id}"),
        "expected": _finite(check.expected, f"the expected value of the check {check.id}"),
        "tolerance": _finite(check.tolerance, f"the tolerance of the check {check.id}"),
        "unit": _optional(check.unit),
    }


def _limit(limit: Limit) -> dict[str, Any]:
    if limit.count is not None:
        return {"count": limit.count}
    if limit.fraction is not None:
        return {"fraction": _finite(limit.fraction, "a limit")}
    return {"regex": clean(limit.regex or "")}


def _meta(meta: Meta) -> dict[str, Any]:
    source, engine, where = meta.source, meta.engine, meta.where
    return {
        "label": clean(meta.label),
        "started": _optional(meta.started),
        "wall": _finite(meta.wall, "the wall time"),
        "status": meta.status,
        "where": where
        and {"file": _reference(where.file), "line": where.line, "text": clean(where.text)},
        "source": {
            "kind": source.kind,
            "cell": _optional(source.cell),
            "execution": source.execution,
            "command": _optional(source.command),
        },
        "engine": {
            "name": clean(engine.name),
            "version": clean(engine.version),
            "reason": clean(engine.reason),
            "clock": clean(engine.clock),
        },
        "python": _optional(meta.python),
        "platform": _optional(meta.platform),
        "warnings": [
            {"code": clean(warned.code), "text": clean(warned.text)} for warned in meta.warnings
        ],
    }


def _optional(text: str | None) -> str | None:
    return None if text is None else clean(text)


def _finite(value: float | None, where: str) -> float | None:
    """JSON has no infinity and no NaN; Python's json would write them all the same."""
    if value is not None and value - value != 0:
        raise WireError(f"{where} is {value}, which is not a finite number")
    return value


def _generator() -> str:
    return f"jupyterlab_profiler {version()}"
