"""Files for igprof-navigator: the tables of ``igprof-analyse -s`` in sqlite, and its JSON.

Both have one counter: rows by rank, and for each its callers and callees, with shares in percent.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from .counted import counted_of
from .flat import flat_of
from .text import NEW, shares_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from ..model import Profile
    from .counted import Counted
    from .flat import Flat

_SCHEMA = """\
CREATE TABLE summary (counter TEXT, total_count INTEGER, total_freq INTEGER, tick_period REAL);
CREATE TABLE files (id, name TEXT);
CREATE TABLE symbols (
    id,
    name TEXT,
    filename_id INTEGER CONSTRAINT file_id_exists REFERENCES files(id)
);
CREATE TABLE mainrows (
    id INTEGER PRIMARY KEY,
    symbol_id INTEGER CONSTRAINT symbol_id_exists REFERENCES symbols(id),
    self_count INTEGER,
    cumulative_count INTEGER,
    kids INTEGER,
    self_calls INTEGER,
    total_calls INTEGER,
    self_paths INTEGER,
    total_paths INTEGER,
    pct REAL
);
CREATE TABLE children (
    self_id INTEGER CONSTRAINT self_exists REFERENCES mainrows(id),
    parent_id INTEGER CONSTRAINT parent_exists REFERENCES mainrows(id),
    from_parent_count INTEGER,
    from_parent_calls INTEGER,
    from_parent_paths INTEGER,
    pct REAL
);
CREATE TABLE parents (
    self_id INTEGER CONSTRAINT self_exists REFERENCES mainrows(id),
    child_id INTEGER CONSTRAINT child_exists REFERENCES mainrows(id),
    to_child_count INTEGER,
    to_child_calls INTEGER,
    to_child_paths INTEGER,
    pct REAL
);
"""
_INDEXES = """\
CREATE UNIQUE INDEX fileIndex ON files (id);
CREATE UNIQUE INDEX symbolsIndex ON symbols (id);
CREATE INDEX selfCountIndex ON mainrows(self_count);
CREATE INDEX totalCountIndex ON mainrows(cumulative_count);
"""
#: In the place of a share of what the baseline does not have.
_NO_SHARE = -101.0
#: A whole number of sqlite is below it.
_MOST = 2**63


class _Tables(NamedTuple):
    """What both files hold. Files and symbols are in order of their numbers, from 0."""

    files: list[str]
    #: Names, and the numbers of their files.
    symbols: list[tuple[str, int]]
    #: rank, symbol, file, own, total, kids, own calls, calls, own paths, paths, share
    rows: list[tuple[int, int, int, int, int, int, int, int, int, int, float]]
    #: rank of the row, rank of the other one, value, calls, paths, share
    callers: list[tuple[int, int, int, int, int, float]]
    callees: list[tuple[int, int, int, int, int, float]]


def _tables(flat: Flat, baseline: Flat | None) -> _Tables:
    share_of, _, share_of_edge = shares_of(flat, baseline)
    if any(abs(number) >= _MOST for row in flat.rows for number in (row.total, row.total_calls)):
        raise ValueError(f"this profile has values, and sums above {_MOST} are among them")

    def told(share: float) -> float:
        return _NO_SHARE if share == NEW else round(share, 2)

    files: dict[str, int] = {}
    tables = _Tables([], [], [], [], [])
    for number, row in enumerate(flat.rows):
        file = files.setdefault(row.file, len(files))
        tables.symbols.append((row.name, file))
        share = told(share_of(row))
        numbers = (row.own, row.total, row.kids, row.own_calls, row.total_calls)
        tables.rows.append((row.rank, number, file, *numbers, row.paths, row.paths, share))
        for one, value, calls, paths in row.callers:
            share = told(share_of_edge(one, row, value))
            tables.callers.append((row.rank, one.rank, value, calls, paths, share))
        for one, value, calls, paths in row.callees:
            share = told(share_of_edge(row, one, value))
            tables.callees.append((row.rank, one.rank, value, calls, paths, share))
    tables.files.extend(files)
    return tables


def _database(counted: Counted, flat: Flat, baseline: Flat | None) -> sqlite3.Connection:
    try:
        import sqlite3
    except ImportError:
        raise ValueError("this Python was built without sqlite3") from None
    tables = _tables(flat, baseline)
    database = sqlite3.connect(":memory:")
    database.executescript(_SCHEMA)
    with database:
        database.execute(
            "INSERT INTO summary VALUES (?, ?, ?, ?)",
            (counted.counter, flat.total, flat.calls, counted.tick),
        )
        database.executemany("INSERT INTO files VALUES (?, ?)", enumerate(map(_text, tables.files)))
        database.executemany(
            "INSERT INTO symbols VALUES (?, ?, ?)",
            ((number, _text(name), file) for number, (name, file) in enumerate(tables.symbols)),
        )
        database.executemany(
            "INSERT INTO mainrows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (row[:2] + row[3:] for row in tables.rows),
        )
        for statement, edges in (
            ("INSERT INTO parents VALUES (?, ?, ?, ?, ?, ?)", tables.callers),
            ("INSERT INTO children VALUES (?, ?, ?, ?, ?, ?)", tables.callees),
        ):
            rows = ((other, rank, *numbers) for rank, other, *numbers in edges)
            database.executemany(statement, rows)
    database.executescript(_INDEXES)
    return database


def _text(text: str) -> str:
    """Text without what sqlite cannot hold."""
    return text.encode("utf-8", "backslashreplace").decode()


def sqlite_file(counted: Counted, flat: Flat, baseline: Flat | None = None) -> bytes:
    """The database as a file. Raises ``ValueError`` where Python has no sqlite."""
    return _database(counted, flat, baseline).serialize()


def sqlite_text(counted: Counted, flat: Flat, baseline: Flat | None = None) -> str:
    """The database as statements, for ``sqlite3 FILE``."""
    return "".join(f"{line}\n" for line in _database(counted, flat, baseline).iterdump())


def json_text(counted: Counted, flat: Flat, baseline: Flat | None = None) -> str:
    """The JSON that igprof-analyse writes, a row a line."""
    tables = _tables(flat, baseline)
    summary = {
        "counter": counted.counter,
        "total_counts": flat.total,
        "total_freq": flat.calls,
        "tick_period": counted.tick,
    }
    parts: tuple[tuple[str, Sequence[object]], ...] = (
        ("mainrows", tables.rows),
        ("files", tables.files),
        ("symbols", [name for name, _ in tables.symbols]),
        ("callers", tables.callers),
        ("callees", tables.callees),
    )
    lists = (f'"{name}": [\n{_rows(rows)}]' for name, rows in parts)
    return "{\n" + ",\n".join([f'"summary": {json.dumps(summary)}', *lists]) + "\n}\n"


def _rows(rows: Sequence[object]) -> str:
    return ",\n".join(json.dumps(row) for row in rows)


def dump_sqlite(profile: Profile) -> bytes:
    """A profile with call paths for igprof-navigator. Raises ``ValueError`` for another one."""
    counted = counted_of(profile)
    return sqlite_file(counted, flat_of(counted))


def dump_json(profile: Profile) -> bytes:
    """A profile with call paths as igprof's JSON. Raises ``ValueError`` for another one."""
    counted = counted_of(profile)
    return json_text(counted, flat_of(counted)).encode()
