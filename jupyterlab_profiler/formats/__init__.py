"""Files that a profile is saved to and loaded from. One module a format.

The ending of the name tells what is written, and what a file holds how it is read.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from .badfile import BadFileError
from .files import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..model import Profile
    from .contents import Contents, Kind

#: What is written, by the endings of its files. Of two that fit, the longer one counts.
ENDINGS = {
    ".prof": "pstats",
    ".pstats": "pstats",
    ".lprof": "lprof",
    ".json": "json",
    ".speedscope.json": "speedscope",
    ".collapsed": "collapsed",
    ".folded": "collapsed",
    ".csv": "csv",
    ".sql3": "igprof-sqlite",
    ".sqlite3": "igprof-sqlite",
    ".igprof.json": "igprof-json",
}
FORMATS = tuple(dict.fromkeys(ENDINGS.values()))


def save(profile: Profile, path: str | os.PathLike[str]) -> None:
    """Write the profile to ``path`` in the format that its ending names.

    Raises ``ValueError`` for an ending that is not known, and for what the format has no place for;
    ``OSError`` when the file cannot be written. The file is there whole, or as it was before.
    """
    write_whole(path, dumps(profile, format_of(path)))


def format_of(path: str | os.PathLike[str]) -> str:
    """The format of files with this ending. Raises ``ValueError`` if there is none."""
    name = os.path.basename(os.fspath(path)).lower()
    endings = [ending for ending in ENDINGS if name.endswith(ending) and name != ending]
    if not endings:
        known = ", ".join(ENDINGS)
        ending = os.path.splitext(os.fspath(path))[1]
        raise ValueError(f"no format has the ending {ending!r}: expected one of {known}")
    return ENDINGS[max(endings, key=len)]


def dumps(profile: Profile, name: str) -> bytes:
    """The profile as a file of a format of :data:`FORMATS`. Raises ``ValueError`` as ``save``."""
    return _dumper(name)(profile)


def _dumper(name: str) -> Callable[[Profile], bytes]:
    if name.startswith("igprof-"):
        from ..igprof import navigator

        return navigator.dump_sqlite if name == "igprof-sqlite" else navigator.dump_json
    from .csv import dump_csv
    from .json import dump_json
    from .lprof import dump_lprof
    from .pstats import dump_pstats
    from .stackfiles import dump_collapsed, dump_speedscope

    return {
        "pstats": dump_pstats,
        "lprof": dump_lprof,
        "json": dump_json,
        "speedscope": dump_speedscope,
        "collapsed": dump_collapsed,
        "csv": dump_csv,
    }[name]


def load(*paths: str | os.PathLike[str]) -> Profile:
    """The profile in a file; several files of one kind are added.

    Known are files of cProfile, of line_profiler and kernprof, dumps of igprof, CPU profiles of
    gperftools, text of perf script, speedscope's JSON, collapsed stacks, and what ``save`` writes
    as ``.json``; each also packed by gzip or bzip2. What a file is, its content tells. Nothing of a
    file is executed. Raises ``ValueError`` with the file, and the byte where there is one, for what
    is not such a file; ``OSError`` for what cannot be read.
    """
    if not paths:
        raise ValueError("load() takes the name of a file, or of several")
    from .unpack import MOST_BYTES

    files = []
    for path in paths:
        with open(path, "rb") as file:
            files.append((os.fspath(path), file.read(MOST_BYTES + 1)))
    return loads(files)


def loads(files: Sequence[tuple[str, bytes]]) -> Profile:
    """The profile in files that were read, each with its name. As :func:`load`."""
    contents, kind = told(files)
    return kind.read(contents)


def told(files: Sequence[tuple[str, bytes]]) -> tuple[list[Contents], Kind]:
    """Files that were read, unpacked, and of which kind they all are. Raises ``ValueError``."""
    from .contents import naming
    from .kinds import recognized
    from .unpack import MOST_BYTES, unpacked

    kinds: dict[str, Kind] = {}
    contents = []
    sentences = []
    for path, data in files:
        with naming(path):
            if len(data) > MOST_BYTES:
                raise BadFileError(MOST_BYTES, f"more than {MOST_BYTES} bytes are not read")
            file, kind = recognized(path, unpacked(data))
        contents.append(file)
        kinds[kind.id] = kind
        sentences.append(f"{path} is {kind.label}")
    if len(kinds) > 1:
        raise ValueError(f"only files of one kind can be added: {'; '.join(sentences)}")
    (kind,) = kinds.values()
    return contents, kind
