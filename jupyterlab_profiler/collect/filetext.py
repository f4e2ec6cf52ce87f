"""The text of source files, and whether it is the text that ran.

A file may have changed since it was compiled; then its text must not be shown. It is what ran

- if nobody touched the file since this process began: neither its modification nor its change of
  status (which a copy that keeps old times, or a package manager's link, cannot hide) is later;
- else if the text, compiled now, gives an equal code object under the same name and line.

The first says nothing of a folder that was swapped for another one, older than the process. So the
name of the function has to stand in its lines, too (:mod:`.sources`).
"""

from __future__ import annotations

import os
import stat
import sys
import tokenize
import warnings
from dataclasses import dataclass
from functools import cache
from types import CodeType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Larger files are generated, and take long to read.
FILE_LIMIT = 2_000_000

#: How many bytes of files are compiled for one profile: it takes about 0.1 s.
_COMPILE_LIMIT = 200_000

#: How exact the times of files and of the process's begin may be, in seconds.
_MARGIN = 2.0


@dataclass(frozen=True)
class FileText:
    """The lines of a file, each with its end, as they are on disk.

    ``touched``: it may have changed since this process began.
    """

    path: str
    lines: list[str]
    size: int
    touched: bool


class Reader:
    """Reads files for one profile. No method raises, whatever a file holds."""

    def __init__(self) -> None:
        self._to_compile = _COMPILE_LIMIT
        self._compiled: dict[str, dict[tuple[str, int], list[CodeType]]] = {}

    def read(self, path: str) -> FileText | None:
        """The text of a file, or None: it is not there, not a file, too large, or no text.

        Not through ``linecache``, which may hold an older text, and would keep this one.
        """
        try:
            status = os.stat(path)
            if not stat.S_ISREG(status.st_mode) or status.st_size > FILE_LIMIT:
                return None
            with tokenize.open(path) as file:
                lines = list(file)
        except Exception:  # noqa: BLE001 - whatever is in the way, the profile is whole without
            return None
        touched = not os.path.isabs(path) or is_touched(status)
        return FileText(path, lines, status.st_size, touched)

    def is_what_ran(self, code: CodeType, text: FileText) -> bool:
        """Whether this code was made of this text."""
        if not text.touched:
            return True
        known = self._compiled.get(text.path)
        if known is None:
            known = self._compiled[text.path] = {}
            self._to_compile -= text.size
            if self._to_compile >= 0:
                for made in _code_objects(text):
                    known.setdefault((made.co_qualname, made.co_firstlineno), []).append(made)
        return code in known.get((code.co_qualname, code.co_firstlineno), ())


def _code_objects(text: FileText) -> list[CodeType]:
    """All that the text compiles to. Nothing of it runs."""
    # What the compiler warns of was said when the file was imported. Not catch_warnings(): that
    # has every warning of the session said a second time.
    silent = ("ignore", None, Warning, None, 0)
    filters: list[object] = vars(warnings)["filters"]
    filters.insert(0, silent)
    try:
        found = [compile("".join(text.lines), text.path, "exec", dont_inherit=True)]
    except Exception:  # noqa: BLE001 - the text does not compile, for whatever reason
        return []
    finally:
        filters.remove(silent)
    for code in found:
        found += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return found


def is_touched(status: os.stat_result) -> bool:
    """Whether a file may have changed since this process began, by what the system tells of it."""
    return max(status.st_mtime, status.st_ctime) > _began() - _MARGIN


@cache
def _began() -> float:
    """When this process began, in seconds since the epoch; 0 where it is not known.

    By psutil, which every ipykernel has loaded.
    """
    psutil = sys.modules.get("psutil")
    try:
        return float(psutil.Process().create_time()) if psutil is not None else 0.0
    except Exception:  # noqa: BLE001 - then each file is compiled to be sure
        return 0.0


def runs_of(numbers: set[int]) -> Iterator[tuple[int, int]]:
    """Runs of numbers without a gap: the first and the last of each."""
    first = last = 0
    for number in sorted(numbers):
        if number != last + 1 and last:
            yield first, last
            first = 0
        first, last = first or number, number
    if last:
        yield first, last
