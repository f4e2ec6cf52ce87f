"""Files that a profile is saved to and loaded from. One module a format.

The ending of the name tells what is written, and what a file holds how it is read.
"""

from __future__ import annotations

import os
from functools import reduce
from operator import add
from pathlib import Path
from typing import TYPE_CHECKING

from ..linestats import LineStats
from ..model import Profile

if TYPE_CHECKING:
    from collections.abc import Callable


def save(profile: Profile, path: str | os.PathLike[str]) -> None:
    """Write the profile to ``path`` in the format that its ending names.

    Raises ``ValueError`` for an ending that is not known, ``OSError`` when the file cannot be
    written. The file is there whole, or as it was before.
    """
    writer_of(path)(profile, path)


def writer_of(
    path: str | os.PathLike[str],
) -> Callable[[Profile, str | os.PathLike[str]], None]:
    """What writes files with this ending. Raises ``ValueError`` if nothing does."""
    from .json import write_json
    from .lprof import write_lprof
    from .pstats import write_pstats

    writers = {
        ".prof": write_pstats,
        ".pstats": write_pstats,
        ".lprof": write_lprof,
        ".json": write_json,
    }
    ending = Path(path).suffix
    writer = writers.get(ending.lower())
    if writer is None:
        raise ValueError(
            f"no format has the ending {ending!r}: expected one of {', '.join(writers)}"
        )
    return writer


def load(*paths: str | os.PathLike[str]) -> Profile:
    """The profile in a file; several files of line_profiler are added.

    Known are files of line_profiler and kernprof (``.lprof``), and those that ``save`` writes with
    the ending ``.json``. Nothing of a file is executed. Raises ``ValueError`` with the file, and
    the byte where there is one, for what is not such a file; ``OSError`` for what cannot be read.
    """
    if not paths:
        raise ValueError("load() takes the name of a file, or of several")
    found = [_read(path) for path in paths]
    if len(found) == 1 and isinstance(found[0], Profile):
        return found[0]
    sums = [stats for stats in found if isinstance(stats, LineStats)]
    if len(sums) < len(found):
        raise ValueError("only files of line_profiler (.lprof) can be added here")
    from .lprof import to_profile

    label = ", ".join(Path(path).name for path in paths)
    return to_profile(reduce(add, sums), label)


def _read(path: str | os.PathLike[str]) -> Profile | LineStats:
    from json import loads

    from ..wire import WireError, decode
    from .lprof import MOST_BYTES, BadFileError, read

    with open(path, "rb") as file:
        data = file.read(MOST_BYTES + 1)
    try:
        if data.lstrip()[:1] == b"{":
            return decode(loads(data))
        if data[:1] == b"\x80":
            return read(data)
    except (BadFileError, WireError, ValueError, RecursionError) as error:
        raise ValueError(f"{os.fspath(path)}: {error}") from None
    raise ValueError(
        f"{os.fspath(path)}: this is neither a file of line_profiler (.lprof) nor one that this "
        "package saved as .json"
    )
