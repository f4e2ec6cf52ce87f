"""Files of compiled code, and the text around the lines of them that matter."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ..formats.filename import file_of_path
from ..model import File, Source
from .filetext import Reader, runs_of
from .sources import FILES_LIMIT, FUNCTION_LIMIT, PACKAGES_LIMIT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Lines that are kept before and after one that matters.
AROUND = 12
#: Where headers and sources of systems and compilers lie.
_SYSTEM = ("/usr/include/", "/usr/lib/", "/usr/local/include/", "/lib/", "/opt/rh/")


def native_file(path: str) -> File:
    """The file of a compiled function, as debug information has it.

    The user's own is one that is here and lies in no folder of packages or of the system: paths in
    a library are often those of the machine that built it.
    """
    found = file_of_path(path)
    if found.origin != "file":
        return found
    is_own = os.path.isabs(path) and not path.startswith(_SYSTEM) and os.path.isfile(path)
    return File(path, os.path.basename(path), "file" if is_own else "native")


def native_sources(files: Sequence[File], lines: Mapping[tuple[int, int], int]) -> list[Source]:
    """Text around lines of compiled code, those of the greatest weight first.

    ``lines``: weights by file and line. A file that is not here, or is not text, is left out, and
    so is one that was changed since this process began: what runs was made of an older one.
    """
    reader = Reader()
    wanted: dict[int, set[int]] = {}
    texts: dict[int, list[str]] = {}
    left = {True: FILES_LIMIT, False: PACKAGES_LIMIT}
    for file, line in sorted(lines, key=lambda place: -lines[place]):
        if files[file].origin not in ("file", "package"):
            continue
        if file not in texts:
            text = reader.read(files[file].path)
            texts[file] = text.lines if text is not None and not text.touched else []
        if not 1 <= line <= len(texts[file]):
            continue
        have = wanted.setdefault(file, set())
        around = range(max(1, line - AROUND), min(len(texts[file]), line + AROUND) + 1)
        length = sum(len(texts[file][one - 1]) for one in around if one not in have)
        is_own = files[file].origin == "file"
        if length <= min(left[is_own], FUNCTION_LIMIT):
            left[is_own] -= length
            have.update(around)
    return [
        Source(file, first, "".join(texts[file][first - 1 : last]))
        for file, numbers in wanted.items()
        for first, last in runs_of(numbers)
    ]
