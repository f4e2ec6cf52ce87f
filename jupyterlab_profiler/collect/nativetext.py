"""Files of compiled code, and the text around the lines of them that matter.

What is in a binary may have been built elsewhere, of other text than lies here now. So text is kept
only where it is sure that it is what was compiled: of a file that nobody touched since this process
began, or that is no younger than the binary that was built of it.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from ..formats.filename import CYTHON, compiled_file
from ..model import File, Source
from .files import describe
from .filetext import FILE_LIMIT, is_touched, runs_of
from .sources import FILES_LIMIT, FUNCTION_LIMIT, PACKAGES_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..model import Profile
    from .files import Cells
    from .objects import LoadedObjects

    #: Whether a file, by its number and what the system tells of it, is what was compiled.
    IsWhatRan = Callable[[int, os.stat_result], bool]

#: Lines that are kept before and after one that matters.
AROUND = 12
#: What is looked like source text. A binary may name any file, and no other one is read.
_ENDINGS = (
    ".c", ".cc", ".cpp", ".cxx", ".c++", ".h", ".hh", ".hpp", ".hxx", ".h++", ".icc", ".inc",
    ".inl", ".ipp", ".ixx", ".tcc", ".tpp", ".txx", ".cu", ".cuh", ".m", ".mm", ".f", ".for",
    ".ftn", ".f77", ".f90", ".f95", ".f03", ".f08", ".rs", *CYTHON, ".s", ".asm",
)  # fmt: skip


def native_file(path: str, cells: Cells) -> File:
    """The file of a compiled function of this process, as debug information has it.

    The user's own is one that is here and lies in no folder of packages or of the system: paths in
    a library are often those of the machine that built it.
    """
    found = compiled_file(path)
    if found.origin != "file":
        return found
    if os.path.isabs(path) and os.path.isfile(path):
        return describe(path, cells)
    return File(path, os.path.basename(path), "native")


def native_sources(
    profile: Profile, columns: Sequence[str], is_what_ran: IsWhatRan
) -> list[Source]:
    """Text around lines of compiled code, those of the greatest weight first.

    The weight is the sum of ``columns`` of ``profile.lines``. Left out are files of which the
    profile has text, and what does not fit into what is left.
    """
    wanted: dict[int, set[int]] = {}
    texts: dict[int, list[str]] = {}
    left = {True: FILES_LIMIT, False: PACKAGES_LIMIT}
    for file, line in _dearest(profile, columns):
        if file not in texts:
            texts[file] = _read(profile.files[file].path, file, is_what_ran)
        text = texts[file]
        if not 1 <= line <= len(text):
            continue
        have = wanted.setdefault(file, set())
        around = range(max(1, line - AROUND), min(len(text), line + AROUND) + 1)
        length = sum(len(text[one - 1]) for one in around if one not in have)
        is_own = profile.files[file].origin == "file"
        if length <= min(left[is_own], FUNCTION_LIMIT):
            left[is_own] -= length
            have.update(around)
    return [
        Source(file, first, "".join(texts[file][first - 1 : last]))
        for file, numbers in wanted.items()
        for first, last in runs_of(numbers)
    ]


def ran_here(profile: Profile, objects: LoadedObjects) -> IsWhatRan:
    """Tells of files that libraries of this process were built of whether that text ran."""

    def is_what_ran(file: int, status: os.stat_result) -> bool:
        if not is_touched(status):
            return True
        built = objects.built_of(profile.files[file].path)
        return any(status.st_mtime <= written(path) for path in built)

    return is_what_ran


def written(path: str) -> float:
    """When a file was written, in seconds since the epoch; 0 where it is not here."""
    try:
        return os.stat(path).st_mtime
    except OSError:
        return 0.0


def _dearest(profile: Profile, columns: Sequence[str]) -> list[tuple[int, int]]:
    """Files and lines without text."""
    known = {source.file for source in profile.sources}
    weights: dict[tuple[int, int], float] = {}
    lines = profile.lines
    if not lines.rows:
        return []
    for file, line, *values in zip(
        lines.ints("file"), lines.ints("line"), *(lines[name] for name in columns), strict=True
    ):
        if file and line and file - 1 not in known:
            key = file - 1, line
            weights[key] = weights.get(key, 0) + sum(values)
    return sorted(weights, key=lambda key: -weights[key])


def _read(path: str, file: int, is_what_ran: IsWhatRan) -> list[str]:
    """The lines of a file with source text; none if it is not sure that it ran."""
    if not os.path.isabs(path) or not (path.lower().endswith(_ENDINGS) or "/c++/" in path):
        return []
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode) or status.st_size > FILE_LIMIT:
            return []
        if not is_what_ran(file, status):
            return []
        with open(path, encoding="utf-8", errors="replace") as text:
            return list(text)
    except (OSError, ValueError):
        return []
