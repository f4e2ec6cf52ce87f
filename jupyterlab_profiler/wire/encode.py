"""Profile to payload."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..version import version
from . import layout
from .columns import WireError, are_machine_integers, encode_column, shown
from .layout import ENTRIES, METRIC, SCHEMA, STATUSES, VALUES, VERSION
from .trees import check_paths, check_threads

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..model import Check, Limit, Meta, Metric, Profile, Table, Where


def encode_all(profile: Profile, generator: str | None = None) -> dict[str, Any]:
    """The whole profile as a payload, however large. Raises :class:`WireError` if it cannot be."""
    strings = _Strings()
    tables: dict[str, Any] = {}
    for name, columns in _entries(profile, strings).items():
        for column, meaning in ENTRIES[name].items():
            if meaning.kind == "reference" and columns[column]:
                least = int(meaning.required)
                most = len(getattr(profile, meaning.table))
                _check_range(columns[column], least, most, f"{name}.{column}")
        _put(tables, name, columns)
    check_threads([thread.parent for thread in profile.threads])
    for name, (structure, roles) in VALUES.items():
        table: Table = getattr(profile, name)
        known = {f"{role}.{metric.id}" for role in roles for metric in profile.metrics}
        if unknown := sorted(table.keys() - structure.keys() - known):
            raise WireError(f"{name} has columns that are not of the format: {', '.join(unknown)}")
        values = dict(table)
        for column, meaning in structure.items():
            if not table.rows:
                break
            if column not in table:
                if meaning.required:
                    raise WireError(f"{name} has no column {column}")
            elif meaning.table:
                # A reference counts from 1 and has 0 for none.
                most = len(getattr(profile, meaning.table)) - (meaning.kind == "index")
                _check_range(table[column], 0, most, f"{name}.{column}")
            elif meaning.kind == "uint":
                values[column] = [_uint(value) for value in table[column]]
            elif meaning.kind == "offset":
                _check_range(table[column], 0, table.rows, f"{name}.{column}")
        _put(tables, name, values)
    check_paths(profile.paths)
    if len({metric.id for metric in profile.metrics}) < len(profile.metrics):
        raise WireError("two metrics have one id")
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "generator": _generator() if generator is None else generator,
        "meta": _meta(profile.meta, len(profile.files)),
        "metrics": [_metric(metric) for metric in profile.metrics],
        "strings": strings.all,
        "tables": tables,
        "checks": [encode_check(check) for check in profile.checks],
        "view": {
            "sort": [clean(key) for key in profile.view.sort],
            # A number below 0 restricts nothing, in pstats too.
            "limits": [
                _limit(limit)
                for limit in profile.view.limits
                if limit.count is None or limit.count >= 0
            ],
        },
    }


def check_limits(payload: dict[str, Any]) -> None:
    """Refuse a payload that passes a limit of its readers."""
    numbers = 0
    for name, table in payload["tables"].items():
        most = layout.MAX_ENTRIES if name in ENTRIES else layout.MAX_ROWS
        numbers += table["length"] * len(table["columns"])
        if table["length"] > most:
            raise WireError(f"{name} would have more than {most} rows")
    if numbers > layout.MAX_NUMBERS:
        raise WireError(f"the tables would hold more than {layout.MAX_NUMBERS} numbers")
    if len(payload["metrics"]) > layout.MAX_METRICS:
        raise WireError(f"there are more than {layout.MAX_METRICS} metrics")
    strings = payload["strings"]
    if len(strings) > layout.MAX_STRINGS or sum(map(len, strings)) > layout.MAX_CHARACTERS:
        raise WireError("there is more text than a reader takes")


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
            "execution": [_uint(file.execution) for file in files],
        },
        "objects": {
            "path": strings(item.path for item in objects),
            "build_id": strings(item.build_id for item in objects),
        },
        "functions": {
            "name": strings(function.name for function in functions),
            "qualified": strings(function.qualified for function in functions),
            "file": [_reference(function.file) for function in functions],
            "line": [_uint(function.line) for function in functions],
            "kind": strings(function.kind for function in functions),
            "object": [_reference(function.object) for function in functions],
        },
        "threads": {
            "name": strings(thread.name for thread in threads),
            "kind": strings(thread.kind for thread in threads),
            "parent": [_reference(thread.parent) for thread in threads],
            "pid": [_uint(thread.pid) for thread in threads],
            "tid": [_uint(thread.tid) for thread in threads],
            "wall": [thread.wall for thread in threads],
        },
        "sources": {
            "file": [source.file + 1 for source in sources],
            "line": [_uint(source.line) for source in sources],
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


def _check_range(column: Sequence[float], least: int, most: int, where: str) -> None:
    """Find here what the reader would refuse, while it is still known who made it."""
    is_whole = are_machine_integers(column) or not any(value % 1 for value in column)
    if min(column) < least or max(column) > most or not is_whole:
        raise WireError(f"{where} holds an index that is out of range: {least} to {most} are there")


def _uint(value: float) -> int:
    """A line, an id or a count; 0, which says that it is not known, for what a reader refuses."""
    return int(value) if 0 <= value < 2**53 and value == int(value) else 0


def _reference(index: int | None) -> int:
    return 0 if index is None else index + 1


def _metric(metric: Metric) -> dict[str, Any]:
    if not METRIC.fullmatch(metric.id):
        raise WireError(f"the metric id {shown(metric.id)} is not a word of a-z, 0-9 and _")
    if metric.tick <= 0:
        raise WireError(f"the tick of {metric.id} is not above 0")
    return {
        "id": metric.id,
        "label": clean(metric.label),
        "unit": clean(metric.unit),
        "tick": _finite(metric.tick, f"the tick of {metric.id}"),
        "exact": metric.exact,
        "combine": clean(metric.combine),
    }


def encode_check(check: Check) -> dict[str, Any]:
    """A check as a payload has it."""
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
        return {"count": _uint(limit.count)}
    if limit.fraction is not None:
        return {"fraction": _finite(limit.fraction, "a limit")}
    return {"regex": clean(limit.regex or "")}


def _meta(meta: Meta, files: int) -> dict[str, Any]:
    source, engine = meta.source, meta.engine
    wall = _finite(meta.wall, "the wall time")
    return {
        "label": clean(meta.label),
        "started": _optional(meta.started),
        "wall": None if wall is None else round(wall),
        "status": meta.status if meta.status in STATUSES else "other",
        "where": None if meta.where is None else _where(meta.where, files),
        "source": {
            "kind": clean(source.kind),
            "cell": _optional(source.cell),
            "execution": None if source.execution is None else _uint(source.execution),
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


def _where(where: Where, files: int) -> dict[str, Any]:
    if where.file is not None:
        _check_range([where.file], 0, files - 1, "where it ended")
    return {
        "file": _reference(where.file),
        "line": _uint(where.line),
        "text": clean(where.text),
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
