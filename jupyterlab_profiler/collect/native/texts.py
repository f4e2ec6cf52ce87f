"""The text of what was sampled: of Python as ever, of C and C++ what surrounds the sampled lines.

Text of a compiled language is shown only where it is what was compiled: the file is not younger
than the object that was built of it, or than this process.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ...derive import derive
from ...formats.frames import is_python_path
from ...model import Profile, Source
from ..collector import CallRow
from ..filetext import FileText, Reader, runs_of
from ..sources import FILES_LIMIT, PACKAGES_LIMIT, sources

if TYPE_CHECKING:
    from ..files import Cells
    from ..names import Names
    from ..objects import LoadedObjects

#: Lines before and behind each one that was sampled.
_AROUND = 6


def native_sources(
    profile: Profile, names: Names, cells: Cells, objects: LoadedObjects
) -> list[Source]:
    """Blocks of text, those of one file in order and apart."""
    rows = _rows(profile, names)
    found = sources(profile.files, profile.functions, rows, cells)
    found += _of_compiled(profile, objects)
    return sorted(found, key=lambda source: (source.file, source.line))


def _rows(profile: Profile, names: Names) -> dict[int, CallRow]:
    totals, _ = derive(profile.paths, profile.metrics)
    rows: dict[int, CallRow] = {}
    for function, own, whole in zip(
        *(totals.ints(name) for name in ("function", "self.time", "total.time")), strict=True
    ):
        code = names.codes.get(function) or profile.functions[function].name
        row = CallRow(code, 0, 0, whole, own)
        rows[function] = rows[function] + row if function in rows else row
    return rows


def _of_compiled(profile: Profile, objects: LoadedObjects) -> list[Source]:
    """The dearest lines first; what does not fit into what is left is left out."""
    lines = profile.lines
    if not lines.rows:
        return []
    dear: dict[tuple[int, int], float] = {}
    for file, line, own, whole in zip(
        *(lines.ints(name) for name in ("file", "line", "self.time", "total.time")), strict=True
    ):
        path = profile.files[file - 1].path
        if not is_python_path(path):
            key = file - 1, line
            dear[key] = dear.get(key, 0) + own + whole
    reader = Reader()
    texts: dict[int, FileText | None] = {}
    wanted: dict[int, set[int]] = {}
    left = {True: FILES_LIMIT, False: PACKAGES_LIMIT}
    for file, line in sorted(dear, key=lambda key: -dear[key]):
        if file not in texts:
            texts[file] = _read(reader, profile.files[file].path, objects)
        text = texts[file]
        if text is None or line > len(text.lines):
            continue
        have = wanted.setdefault(file, set())
        first, last = max(line - _AROUND, 1), min(line + _AROUND, len(text.lines))
        more = set(range(first, last + 1)) - have
        length = sum(len(text.lines[number - 1]) for number in more)
        is_own = profile.files[file].origin == "file"
        if length <= left[is_own]:
            left[is_own] -= length
            have |= more
    found = []
    for file, numbers in wanted.items():
        text = texts[file]
        if text is not None:
            for first, last in runs_of(numbers):
                found.append(Source(file, first, "".join(text.lines[first - 1 : last])))
    return found


def _read(reader: Reader, path: str, objects: LoadedObjects) -> FileText | None:
    text = reader.read(path) if os.path.isabs(path) else None
    if text is None or not text.touched:
        return text
    return text if any(_is_younger(built, path) for built in objects.built_of(path)) else None


def _is_younger(built: str, source: str) -> bool:
    try:
        return os.stat(built).st_mtime >= os.stat(source).st_mtime
    except OSError:
        return False
