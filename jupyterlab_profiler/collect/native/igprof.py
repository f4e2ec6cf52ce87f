"""igprof, where it is installed: a program is run under it, never the kernel itself.

It is known to hang now and then, where threads load libraries; who runs it watches the time.
Names of Python functions come from the map that CPython's perf trampoline writes: only the function
next to a call of compiled code has one, as igprof unwinds no further.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from ...formats.filename import file_of_path
from ...formats.frames import trampoline_function
from ...model import Function, Profile, Table
from ..collector import Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

MISSING = (
    "igprof is not installed: it has to be built from its source, github.com/igprof/igprof. Dumps "
    "that it wrote elsewhere can be opened without it (%profile_open), and %native needs no igprof"
)
HUNG = (
    "igprof hung twice and was ended both times: a known fault of igprof, where threads load "
    "libraries. --timeout SECONDS gives it more time; %native shows the same code without igprof"
)
#: How long a program may take where nothing is known of it, and what is added to any time, in
#: seconds.
UNKNOWN_TIME = 600.0
MARGIN = 10.0
#: Bytes of a map that are read.
_MOST_MAP = 64_000_000


def find() -> str:
    """The path of igprof. Raises :class:`Unavailable` with what to do."""
    path = shutil.which("igprof")
    if path is None:
        raise Unavailable(MISSING)
    return path


def command(path: str, target: str, program: Sequence[str]) -> list[str]:
    """What runs Python with these arguments under igprof, which writes its dump to ``target``."""
    trampoline = ["-X", "perf"] if sys.platform == "linux" and sys.version_info >= (3, 12) else []
    return [path, "-pp", "-z", "-o", target, sys.executable, *trampoline, *program]


def limit_of(timeout: float | None, plain_seconds: float | None = None) -> float:
    """How many seconds a program may take: three times its plain time where that is known."""
    known = None if plain_seconds is None else 3 * plain_seconds
    return (timeout or known or UNKNOWN_TIME) + MARGIN


def take_map(pid: int, folder: str = "/tmp") -> list[tuple[int, int, str]]:  # noqa: S108 - CPython's
    """Begin, end and symbol of each trampoline of a process that has ended; its map is removed.

    Only a plain file of our own is read.
    """
    path = os.path.join(folder, f"perf-{pid}.map")
    try:
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return []
    with open(number, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.getuid():
            return []
        data = file.read(_MOST_MAP)
    os.unlink(path)
    found = []
    for line in data.decode("utf-8", "replace").splitlines():
        begin, _, rest = line.partition(" ")
        size, _, symbol = rest.partition(" ")
        try:
            at = int(begin, 16)
            found.append((at, at + int(size, 16), symbol))
        except ValueError:
            continue
    return sorted(found)


def name_python(profile: Profile, trampolines: Sequence[tuple[int, int, str]]) -> int:
    """Give functions that are an address alone the name of the trampoline that it lies in.

    Returns how many were named. Addresses of one function become one.
    """
    begins = [begin for begin, _, _ in trampolines]
    functions: dict[Function, int] = {}
    paths = {file.path: index for index, file in enumerate(profile.files)}
    numbers, named = [], 0
    kept: list[Function] = []
    for function in profile.functions:
        symbol = _symbol(function, begins, trampolines)
        parts = trampoline_function(symbol) if symbol else None
        if parts is None:
            numbers.append(len(kept))
            kept.append(function)
            continue
        named += 1
        if parts.path not in paths:
            paths[parts.path] = len(profile.files)
            profile.files.append(file_of_path(parts.path))
        python = replace(
            function,
            name=parts.name,
            qualified=parts.qualified,
            file=paths[parts.path],
            kind="python",
            object=None,
        )
        if python not in functions:
            functions[python] = len(kept)
            kept.append(python)
        numbers.append(functions[python])
    if named:
        profile.functions = kept
        columns = dict(profile.paths)
        columns["function"] = [numbers[old] for old in profile.paths.ints("function")]
        profile.paths = Table(columns)
    return named


def _symbol(
    function: Function, begins: Sequence[int], trampolines: Sequence[tuple[int, int, str]]
) -> str:
    if not function.name.startswith("@?0x"):
        return ""
    try:
        address = int(function.name[2:], 16)
    except ValueError:
        return ""
    at = bisect_right(begins, address) - 1
    return trampolines[at][2] if at >= 0 and address < trampolines[at][1] else ""
