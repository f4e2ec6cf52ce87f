"""The text of C++ files with what took most in them, as of Python's functions."""

from __future__ import annotations

import os
import stat
from collections import defaultdict
from contextlib import suppress
from typing import TYPE_CHECKING

from ..collect.sources import FILES_LIMIT, FUNCTION_LIMIT, FUNCTION_LINES, PACKAGES_LIMIT
from ..model import Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..model import Profile

#: What is looked like source text. A binary may name any file, and no other one is read.
_ENDINGS = (
    ".c", ".cc", ".cpp", ".cxx", ".c++", ".h", ".hh", ".hpp", ".hxx", ".inl", ".ipp", ".tcc",
    ".txx", ".cu", ".cuh", ".f", ".for", ".f90", ".f95", ".f03", ".f08", ".rs", ".pyx", ".pxd",
    ".pxi", ".s", ".asm",
)  # fmt: skip
_MOST_BYTES = 1 << 23
#: Lines that are shown above the first and below the last one that took something.
_AROUND = 3


def texts_of(profile: Profile, binaries: Mapping[int, str]) -> list[Source]:
    """Blocks of text round the lines that took something, dearest functions first.

    Beside those that the profile has. ``binaries`` by the numbers of objects: of a file that is
    newer than the binary made of it nothing is kept, as it is not sure that this is what ran.
    """
    built = {number: _written(path) for number, path in binaries.items()}
    have = {source.file for source in profile.sources}
    lines = profile.lines
    column = next((lines[name] for name in lines if name.startswith("total.")), None)
    if column is None:
        return profile.sources
    hit: dict[tuple[int, int], list[int]] = defaultdict(list)
    cost: dict[tuple[int, int], float] = defaultdict(float)
    for file, function, line, value in zip(
        lines.ints("file"), lines.ints("function"), lines.ints("line"), column, strict=True
    ):
        if file and function and line and file - 1 not in have:
            hit[file - 1, function].append(line)
            cost[file - 1, function] = max(cost[file - 1, function], value)
    wanted: dict[int, set[int]] = defaultdict(set)
    texts: dict[int, list[str]] = {}
    left = {"package": PACKAGES_LIMIT, "file": FILES_LIMIT}
    for key in sorted(hit, key=lambda key: -cost[key]):
        file, known = key[0], profile.files[key[0]]
        if file not in texts:
            place = profile.functions[key[1] - 1].object
            texts[file] = _text(known.path, 0.0 if place is None else built.get(place, 0.0))
        text = texts[file]
        first = max(1, min(hit[key]) - _AROUND)
        last = min(len(text), max(hit[key]) + _AROUND, first + FUNCTION_LINES)
        more = {line for line in range(first, last + 1) if line not in wanted[file]}
        length = sum(len(text[line - 1]) for line in more)
        origin = known.origin if known.origin in left else "file"
        if more and length <= min(left[origin], FUNCTION_LIMIT):
            left[origin] -= length
            wanted[file] |= more
    found = [
        block for file, kept in wanted.items() for block in _blocks(file, sorted(kept), texts[file])
    ]
    return sorted([*profile.sources, *found], key=lambda source: (source.file, source.line))


def _written(path: str) -> float:
    with suppress(OSError):
        return os.stat(path).st_mtime
    return 0.0


def _text(path: str, built: float) -> list[str]:
    """The lines of a file with source text; none if it is not sure that it ran."""
    if not os.path.isabs(path) or not (path.lower().endswith(_ENDINGS) or "/c++/" in path):
        return []
    with suppress(OSError, ValueError):
        told = os.stat(path)
        if not stat.S_ISREG(told.st_mode) or told.st_size > _MOST_BYTES or told.st_mtime > built:
            return []
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(_MOST_BYTES).splitlines(keepends=True)
    return []


def _blocks(file: int, lines: Sequence[int], text: Sequence[str]) -> list[Source]:
    found: list[Source] = []
    begin = 0
    for place, line in enumerate(lines):
        if place + 1 == len(lines) or lines[place + 1] != line + 1:
            first = lines[begin]
            found.append(Source(file, first, "".join(text[first - 1 : line])))
            begin = place + 1
    return found
