"""Lines of what ``perf script`` prints. ``src/formats/perfLines.ts`` has the same rules."""

from __future__ import annotations

import re
from typing import NamedTuple

from .frames import Parts, opening_bracket, trampoline_function

_TIME = re.compile(r"\s(\d{1,12}\.\d{1,9}):\s", re.ASCII)
_IDS = re.compile(r"(-1|\d{1,10})(?:/(-1|\d{1,10}))?", re.ASCII)
_EVENT = re.compile(r"(?:(\d{1,20})\s+)?(PERF_RECORD_\w{1,40}|\S{1,500}(?=:)):?(?:\s|\Z)", re.ASCII)
_MODIFIERS = re.compile(r":[ukhpPGHSDIWe]{1,8}\Z")
_START = re.compile(r"\s{0,64}([\da-f]{1,16}) ", re.ASCII)
_OFFSET = re.compile(r"[\da-f]{1,16}", re.ASCII)
_INLINED = re.compile(r"\s{0,64}([\da-f]{1,16}) (.{1,8000})\+0x[\da-f]{1,16}", re.ASCII)
_UNKNOWN = "[unknown]"
#: Characters of a header's first words at most; perf cuts names of commands at 15.
_MOST_BEFORE = 200
#: Objects of code that was made while the program ran.
_MADE = re.compile(
    r"^\[jitted-\d+\.so\]\Z|/perf-\d+\.map\Z|/jitted-[\d-]+\.so\Z|^//anon\Z|^\[anon", re.ASCII
)


class Header(NamedTuple):
    """The first line of a sample.

    ``pid`` is 0 and ``period`` None where they are not given. ``rest`` stands behind the event: a
    frame, if samples have no stacks.
    """

    comm: str
    pid: int
    tid: int
    time: float
    period: int | None
    event: str
    rest: str


class PerfFrame(NamedTuple):
    """A line of a stack: the symbol as printed, without the offset; "" where no object is known."""

    address: int
    symbol: str
    object: str
    is_inlined: bool


def header_of(line: str) -> Header | None:
    """The parts of ``comm pid/tid [cpu] time: period event:``; None for another line.

    perf leaves out what was not asked for.
    """
    time = _TIME.search(line[:_MOST_BEFORE])
    if time is None or line[:_MOST_BEFORE].lstrip().startswith("#"):
        return None
    before = line[: time.start()].split()
    at = len(before) - 1
    while at > 0 and not _IDS.fullmatch(before[at]):
        at -= 1  # [cpu], and flags
    ids = _IDS.fullmatch(before[at]) if before else None
    parts = _EVENT.match(line[time.end() :].lstrip())
    if ids is None or parts is None:
        return None
    return Header(
        " ".join(before[:at]),
        max(int(ids[1]), 0) if ids[2] is not None else 0,
        max(int(ids[2] or ids[1]), 0),
        float(time[1]),
        None if parts[1] is None else int(parts[1]),
        _MODIFIERS.sub("", parts[2]),
        line[time.end() :].lstrip()[parts.end() :].strip(),
    )


def frame_of(text: str) -> PerfFrame | None:
    """The parts of ``address symbol+0xoffset (object)``; None for another line.

    Symbols of C++ hold blanks and brackets: the object is in the last brackets, and may hold others
    in pairs.
    """
    start = _START.match(text)
    line = text.rstrip()
    if start is None or not line.endswith(")"):
        return None
    space = opening_bracket(line) - 1
    if space < start.end() - 1 or line[space] != " ":
        return None
    symbol = line[start.end() : space].rstrip()
    name, plus, offset = symbol.rpartition("+0x")
    path = line[space + 2 : -1].removesuffix(" (deleted)")
    return PerfFrame(
        int(start[1], 16),
        name if plus and name and _OFFSET.fullmatch(offset) else symbol,
        "" if path in (_UNKNOWN, "inlined") else path,
        path == "inlined",
    )


def inlined_of(text: str) -> PerfFrame | None:
    """The parts of ``address symbol+0xoffset``: an inlined frame that has its source below it."""
    parts = _INLINED.fullmatch(text)
    return None if parts is None else PerfFrame(int(parts[1], 16), parts[2], "", is_inlined=True)


def is_nameless(frame: PerfFrame) -> bool:
    """Whether perf found no symbol."""
    return frame.symbol in ("", _UNKNOWN)


def function_of(frame: PerfFrame, path: str) -> Parts:
    """The function of a frame in the object ``path``, which an inlined one does not say itself.

    What has no name is called by its place: ``libc.so.6+0x2724a``, or the address alone.
    """
    python = trampoline_function(frame.symbol)
    if python is not None:
        return python
    kind = "jit" if _MADE.search(path) else "native"
    if not is_nameless(frame):
        return Parts(frame.symbol, kind=kind, object=path)
    base = path.rpartition("/")[2]
    place = f"{frame.address:#x}"
    return Parts(f"{base}+{place}" if base else place, kind=kind, object=path)
