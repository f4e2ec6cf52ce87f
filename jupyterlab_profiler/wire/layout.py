"""The tables and columns of version 1, as ``wire/README.md`` lists them."""

from __future__ import annotations

import re
from typing import NamedTuple

MIME = "application/vnd.jupyterlab-profiler.profile.v1+json"
SCHEMA = "jupyterlab-profiler"
VERSION = 1

#: What a reader accepts at most. The writer stays far below.
MAX_ROWS = 4_194_304
MAX_ENTRIES = 1_048_576
MAX_NUMBERS = 33_554_432
MAX_STRINGS = 1_048_576
MAX_CHARACTERS = 64 * 1024 * 1024
MAX_DEPTH = 1_048_576
MAX_METRICS = 256

#: Bytes of JSON above which the writer folds.
SOFT_LIMIT = 1_000_000

ROLES = ("self", "total", "primitive")
STATUSES = ("ok", "error", "interrupted", "exit", "other")
#: What the id of a metric looks like.
METRIC = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)

FUNCTION_KINDS = ("python", "builtin", "callable", "native", "jit", "generated", "pseudo", "other")
FILE_ORIGINS = ("cell", "file", "package", "stdlib", "frozen", "native", "none", "other")
THREAD_KINDS = ("thread", "task", "process", "other")
SOURCE_KINDS = ("cell", "statement", "code", "script", "file", "other")


class Column(NamedTuple):
    """What the numbers of a column mean.

    ``kind``: ``string`` (index into strings), ``reference`` (index + 1 into ``table``, 0 = none),
    ``index`` (into ``table``), ``offset`` (to the parent row), ``uint`` or ``number``. A table
    with rows must have its ``required`` columns; others are 0, none or "" where they are missing.
    """

    kind: str
    table: str = ""
    required: bool = False


_STRING = Column("string")
_UINT = Column("uint")
_NUMBER = Column("number")
_THREAD = Column("index", "threads")

#: Tables whose rows are things with a name. Read in this order.
ENTRIES: dict[str, dict[str, Column]] = {
    "files": {
        "path": Column("string", required=True),
        "label": _STRING,
        "origin": _STRING,
        "package": _STRING,
        "cell": _STRING,
        "execution": _UINT,
    },
    "objects": {"path": Column("string", required=True), "build_id": _STRING},
    "functions": {
        "name": Column("string", required=True),
        "qualified": _STRING,
        "file": Column("reference", "files"),
        "line": _UINT,
        "kind": _STRING,
        "object": Column("reference", "objects"),
    },
    "threads": {
        "name": Column("string", required=True),
        "kind": _STRING,
        "parent": Column("reference", "threads"),
        "pid": _UINT,
        "tid": _UINT,
        "wall": _NUMBER,
    },
    "sources": {
        "file": Column("reference", "files", required=True),
        "line": Column("uint", required=True),
        "text": Column("string", required=True),
    },
}

#: Tables whose rows are measured values, with the roles that their value columns may have.
VALUES: dict[str, tuple[dict[str, Column], tuple[str, ...]]] = {
    "totals": (
        {"function": Column("index", "functions", required=True), "thread": _THREAD},
        ROLES,
    ),
    "edges": (
        {
            "caller": Column("index", "functions", required=True),
            "callee": Column("index", "functions", required=True),
            "thread": _THREAD,
        },
        ROLES,
    ),
    "paths": (
        {
            "parent": Column("offset", required=True),
            "function": Column("index", "functions", required=True),
            "thread": _THREAD,
            "line": _UINT,
            "address": _NUMBER,
            "inlined": _UINT,
        },
        ("self",),
    ),
    "lines": (
        {
            "file": Column("reference", "files", required=True),
            "line": Column("uint", required=True),
            "function": Column("reference", "functions"),
            "thread": _THREAD,
        },
        ("self", "total"),
    ),
}
