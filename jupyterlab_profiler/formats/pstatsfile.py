"""Files of cProfile and of the module ``profile``, of Python 2.7 and 3: a marshalled table.

Nothing of a file is executed, and no object made but texts and numbers (:mod:`.marshalled`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..collect.names import builtin_name
from ..model import (
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
    Warned,
)
from ..rows import NO_FILE
from . import marshalled
from .badfile import BadFileError, shown
from .contents import label_of, naming
from .filename import file_of_path
from .pstats import add_counts, add_entries, add_tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .contents import Contents
    from .pstats import Counts, Key, Stats

#: Bytes of a file that is read.
MOST_BYTES = 128_000_000
#: Rows of functions, and of their callers.
MOST_ROWS = 1 << 22

_MOST_COUNT = 2**63
_MOST_LINE = 2**31

#: File and name of functions that run in threads of their own, or in a kernel's.
_OTHER_THREADS = (
    (r"(?:^|[\\/])threading\.py\Z", r"(?:_bootstrap|_bootstrap_inner|run)\Z"),
    (r"(?:^|[\\/])ipykernel[\\/](?:iostream|heartbeat|control|thread)\.py\Z", r""),
    (r"(?:^|[\\/])zmq[\\/](?:.*[\\/])?(?:ioloop|zmqstream|_future)\.py\Z", r""),
    (r"(?:^|[\\/])selectors\.py\Z", r"select\Z"),
)
_THREADS = Warned(
    "threads",
    "This file may mix threads: since Python 3.12 cProfile also sees the calls of other threads, "
    "such as those of a notebook kernel, and takes them for calls of what just ran. Times and "
    "callers near them may be wrong.",
)
_COUNTS = Warned(
    "edges", "Some callers have no times in this file. Times under a caller are left out."
)


def sniff(file: Contents) -> bool:
    """Whether a file begins as such one: a dict, and in it a tuple of three."""
    head = file.data[:6]
    if head[:1] not in (b"{", b"\xfb"):  # the latter: it is referred to
        return False
    kind = head[1] & 0x7F if len(head) > 1 else 0
    if kind == ord("("):
        return head[2:6] == b"\3\0\0\0"
    return head[1:] == b"0" or (kind == ord(")") and head[2:3] == b"\3")


def read(files: Sequence[Contents]) -> Profile:
    """The profile in files, added as pstats adds them."""
    tables, warnings = [], []
    for file in files:
        with naming(file.path):
            table, rest = read_table(file.data)
        tables.append(table)
        if rest:
            text = f"{file.name}: {rest} bytes behind the end of the profile were not read."
            warnings.append(Warned("rest", text))
    profile = to_profile(add_tables(tables), label_of(files))
    profile.meta.warnings[:0] = warnings
    return profile


def read_table(data: bytes) -> tuple[Stats, int]:
    """The table of a file, and how many bytes lie behind it. Raises :class:`BadFileError`."""
    if len(data) > MOST_BYTES:
        raise BadFileError(MOST_BYTES, f"{len(data)} bytes are more than are read, {MOST_BYTES}")
    found, end = marshalled.read(data)
    if not isinstance(found, marshalled.Pairs):
        raise BadFileError(0, "this is no file of cProfile: a dict was expected")
    table: Stats = {}
    rows = 0
    for at, (key, value) in zip(found.places, found, strict=True):
        if type(value) is not tuple or len(value) != 5:
            raise BadFileError(at, "two counts, two times and callers of a function were expected")
        primitive, calls, own, total, callers = value
        if type(callers) is not marshalled.Pairs:
            raise BadFileError(at, f"callers of a function were expected, not {shown(callers)}")
        # One dict of callers may be repeated without taking room in the file.
        rows += 1 + len(callers)
        if rows > min(len(data), MOST_ROWS):
            raise BadFileError(at, "there are more callers than a file of this size holds")
        counts: dict[Key, Counts] = {}
        for caller, number in callers:
            caller_key = _key(caller, at)
            counts[caller_key] = (
                add_counts(counts[caller_key], _counts(number, at))
                if caller_key in counts
                else _counts(number, at)
            )
        entry = (_count(primitive, at), _count(calls, at), _time(own, at), _time(total, at), counts)
        place = _key(key, at)
        # Code objects that differ in their addresses alone have one name here.
        table[place] = add_entries(table[place], entry) if place in table else entry
    return table, len(data) - end


def to_profile(table: Stats, label: str = "") -> Profile:
    """The profile of a table: seconds as they are, functions and callers in the table's order."""
    index: dict[Key, int] = {}
    for key, entry in table.items():
        for one in (key, *entry[4]):
            index.setdefault(one, len(index))
    files: dict[str, int] = {}
    described: list[File] = []
    functions = [_function(key, files, described) for key in index]
    edges = [
        (index[caller], index[key], counts)
        for key, entry in table.items()
        for caller, counts in entry[4].items()
    ]
    timed = [counts for _, _, counts in edges if isinstance(counts, tuple)]
    is_counted = len(timed) < len(edges)
    warnings = [_COUNTS] if timed and is_counted else []
    if _may_mix_threads(index):
        warnings.append(_THREADS)
    columns: dict[str, list[Any]] = {
        "caller": [caller for caller, _, _ in edges],
        "callee": [callee for _, callee, _ in edges],
    }
    if is_counted:
        columns["self.calls"] = [n if isinstance(n, int) else n[0] for _, _, n in edges]
    else:
        columns.update(_columns([(n[1], n[0], *n[2:]) for n in timed]))
    return Profile(
        meta=Meta(
            label=label,
            source=Origin("file"),
            engine=Engine("profile" if is_counted and not timed else "cProfile"),
            python=_python(files),
            warnings=warnings,
        ),
        metrics=[replace(TIME, tick=1e9), CALLS],
        files=described,
        functions=functions,
        threads=[Thread("")],
        totals=Table(
            {
                "function": [index[key] for key in table],
                **_columns([entry[:4] for entry in table.values()]),
            }
        ),
        edges=Table(columns),
    )


def _columns(rows: list[tuple[int, int, float, float]]) -> dict[str, list[Any]]:
    return {
        "self.time": [row[2] for row in rows],
        "total.time": [row[3] for row in rows],
        "self.calls": [row[1] for row in rows],
        "primitive.calls": [row[0] for row in rows],
    }


def _function(key: Key, files: dict[str, int], described: list[File]) -> Function:
    path, line, name = key
    if (path, line) == (NO_FILE, 0):
        return Function(name, builtin_name(name), None, 0, "builtin")
    file = files.get(path)
    if file is None:
        file = files[path] = len(described)
        described.append(file_of_path(path))
    if not path and not line:  # a builtin, as the module profile writes it
        return Function(name, name, file, 0, "builtin")
    is_generated = described[file].origin == "none"
    return Function(name, name, file, line, "generated" if is_generated else "python")


def _python(paths: Mapping[str, int]) -> str | None:
    found = (re.search(r"[\\/]python(\d)\.(\d+)t?[\\/]", path) for path in paths)
    version = next(filter(None, found), None)
    return f"Python {version[1]}.{version[2]}" if version else None


def _may_mix_threads(keys: Mapping[Key, int]) -> bool:
    """Whether a file of Python 3.12 or newer, or of an unknown one, holds other threads' code."""
    python = _python(dict.fromkeys((path for path, _, _ in keys), 0))
    if python is not None:
        major, minor = python.removeprefix("Python ").split(".")
        if (int(major), int(minor)) < (3, 12):
            return False
    return any(
        re.search(file, path) and re.match(function, name)
        for path, _, name in keys
        for file, function in _OTHER_THREADS
    )


def _key(value: object, at: int) -> Key:
    if type(value) is tuple and len(value) == 3:
        path, line, name = value
        if isinstance(path, bytes):  # Python 2
            path = marshalled.text_of(path)
        if isinstance(name, bytes):
            name = marshalled.text_of(name)
        if isinstance(name, marshalled.Code):
            name = str(name)
        if (
            isinstance(path, str)
            and type(line) is int
            and abs(line) < _MOST_LINE
            and isinstance(name, str)
        ):
            return path, line, name
    raise BadFileError(at, "file, line and name of a function were expected")


def _counts(value: object, at: int) -> Counts:
    if type(value) is tuple and len(value) == 4:
        calls, primitive, own, total = value
        return _count(calls, at), _count(primitive, at), _time(own, at), _time(total, at)
    return _count(value, at)


def _count(value: object, at: int) -> int:
    if type(value) is int and 0 <= value < _MOST_COUNT:
        return value
    raise BadFileError(at, f"a count of calls was expected, not {shown(value)}")


def _time(value: object, at: int) -> float:
    # What is compared so refuses what is no number, too.
    if type(value) in (int, float) and abs(value) < _MOST_COUNT:  # type: ignore[arg-type]  # its type is asked for
        return value  # type: ignore[return-value]  # the same
    raise BadFileError(at, f"a time in seconds was expected, not {shown(value)}")
